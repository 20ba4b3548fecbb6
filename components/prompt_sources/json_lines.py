"""JSONL: one JSON object on each line."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from components.prompt_sources.lines import TOO_LONG, lines
from components.prompt_sources.rows import NOT_UTF8, TOO_DEEP, Rejection, Row

NOT_JSON = "The line is not JSON."
NO_OBJECT = "The line is JSON, but not an object with columns."


def json_lines(file: BinaryIO, name: str) -> Iterator[Row | Rejection]:
    """The object on each line; blank lines are passed over."""
    for number, line in lines(file, name):
        if line is None:
            yield Rejection(f"line {number}", TOO_LONG)
        elif line.strip():
            yield _row(f"line {number}", line)


def _row(place: str, line: bytes) -> Row | Rejection:
    try:
        # A byte order mark opens each part of a file that was put together from several.
        values = json.loads(line.decode().removeprefix("\ufeff"))
    except UnicodeDecodeError:
        return Rejection(place, NOT_UTF8)
    except RecursionError:
        return Rejection(place, TOO_DEEP)
    except ValueError:
        return Rejection(place, NOT_JSON)
    return Row(place, values) if isinstance(values, dict) else Rejection(place, NO_OBJECT)
