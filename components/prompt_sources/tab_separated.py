"""TSV: with a header, or without one as FLAN publishes it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from components.prompt_sources.comma_separated import comma_separated
from components.prompt_sources.lines import TOO_LONG, lines
from components.prompt_sources.rows import NOT_UTF8, Rejection, Row

# A first line whose fields are all single short words names columns.
NAME = re.compile(r'"?\ufeff?[\w.-]{1,40}"?')
LOOKED_AT = 4096


def tab_separated(file: BinaryIO, name: str) -> Iterator[Row | Rejection]:
    """Each line as a row; without a header its columns are called 1, 2, 3, and quotes are but quotes.

    Raises:
        UnreadablePrompts: The file is no text.
        Damaged: It cannot be read any further.
    """
    first = file.peek(LOOKED_AT)[:LOOKED_AT].partition(b"\n")[0].decode("utf-8", "replace")
    if all(NAME.fullmatch(field) for field in first.strip().split("\t")):
        yield from comma_separated(file, name)
        return
    for number, line in lines(file, name):
        place = f"line {number}"
        if line is None:
            yield Rejection(place, TOO_LONG)
            continue
        try:
            fields = line.decode().rstrip("\r\n").split("\t")
        except UnicodeDecodeError:
            yield Rejection(place, NOT_UTF8)
            continue
        if any(fields):
            yield Row(place, {str(column): field for column, field in enumerate(fields, 1)})
