"""The catalog: every format of file that prompts can come from, and every shape their rows may have."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from components.errors import BadRequest, UnreadablePrompts
from components.prompt_sources.argilla import PUSHED, RECORDS
from components.prompt_sources.arrow import arrow
from components.prompt_sources.columnar import columnar
from components.prompt_sources.comma_separated import comma_separated
from components.prompt_sources.founding import FOUNDING
from components.prompt_sources.json_document import json_document
from components.prompt_sources.json_lines import json_lines
from components.prompt_sources.label_studio import LABEL_STUDIO
from components.prompt_sources.lines import GZIP_MARK
from components.prompt_sources.ranked import RANKED
from components.prompt_sources.rows import Rejection, Row
from components.prompt_sources.shape import Shape
from components.prompt_sources.tab_separated import tab_separated


class Rows(Protocol):
    """From a buffered binary file and its name to its rows, one after the other.

    It reads no more than it needs for the next row, and may raise UnreadablePrompts and Damaged.
    """

    def __call__(self, file: BinaryIO, name: str) -> Iterator[Row | Rejection]: ...


def unpacked(rows: Rows) -> Rows:
    """A reader's rows from a file that is compressed with gzip."""

    def unpacked_rows(file: BinaryIO, name: str) -> Iterator[Row | Rejection]:
        if not file.peek(len(GZIP_MARK)).startswith(GZIP_MARK):
            raise UnreadablePrompts(
                f"{name} is not compressed with gzip; take .gz off its name if it is plain."
            )
        yield from rows(gzip.GzipFile(fileobj=file), name)

    return unpacked_rows


@dataclass(frozen=True)
class Reader:
    """One format.

    Attributes:
        name: What people call it.
        endings: How names of such files end, in lower case.
    """

    name: str
    endings: tuple[str, ...]
    rows: Rows


READERS = (
    Reader("JSONL", (".jsonl", ".ndjson"), json_lines),
    Reader("JSONL.gz", (".jsonl.gz", ".ndjson.gz"), unpacked(json_lines)),
    Reader("CSV", (".csv",), comma_separated),
    Reader("CSV.gz", (".csv.gz",), unpacked(comma_separated)),
    Reader("TSV", (".tsv",), tab_separated),
    Reader("JSON", (".json",), json_document),
    Reader("Parquet", (".parquet",), columnar),
    Reader("Arrow", (".arrow", ".feather"), arrow),
)

# A table with our own columns, or with those that somebody says are ours.
TABLE = Shape("table", "columns such as prompt, source and kind", frozenset(("prompt", "source", "kind")))

# The first that takes a row is meant, if nobody says which.
SHAPES = (RANKED, RECORDS, PUSHED, LABEL_STUDIO, TABLE, *FOUNDING)


def reader_for(name: str) -> Reader:
    """The reader of a file, by the ending of its name.

    Raises:
        UnreadablePrompts: No reader takes such a name.
    """
    for reader in READERS:
        if name.casefold().endswith(reader.endings):
            return reader
    endings = ", ".join(ending for reader in READERS for ending in reader.endings)
    raise UnreadablePrompts(
        f"{name} is in no format this sprint reads; its name has to end in one of {endings}."
    )


def shape_of(values: Mapping[str, object]) -> Shape | None:
    """The shape of a row, by its columns; None if it is none we know."""
    return next((shape for shape in SHAPES if shape.takes(values)), None)


def shape_named(name: str) -> Shape:
    """The shape people call so.

    Raises:
        BadRequest: There is none.
    """
    for shape in SHAPES:
        if shape.name.casefold() == name.strip().casefold():
            return shape
    raise BadRequest(f"{name} is none of {', '.join(shape.name for shape in SHAPES)}.")
