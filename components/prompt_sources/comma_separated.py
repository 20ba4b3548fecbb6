"""CSV: a header, then records, whose quoted fields may hold line breaks."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from components.errors import UnreadablePrompts
from components.prompt_sources.lines import LONGEST_LINE, TOO_LONG, lines
from components.prompt_sources.rows import NOT_UTF8, Damaged, Rejection, Row

# Spreadsheets write semicolons where the comma is the decimal mark, and tabs on request.
DELIMITERS = ",;\t"
# How much of a file is read a second time at most, after quotes that were never closed: enough for
# honest mistakes, and a file made of nothing but such quotes cannot keep us busy for days.
READ_AGAIN_AT_MOST = 4 * LONGEST_LINE

NOT_CSV = "The row is not CSV; look at its quotes and line ends."
TOO_MANY_FIELDS = "The row has more fields than the header."


def comma_separated(file: BinaryIO, name: str) -> Iterator[Row | Rejection]:
    """Each record as a row, an empty field as None; its place is the line it begins on.

    Raises:
        UnreadablePrompts: The header cannot be read, or names a column twice.
    """
    # One limit for the whole process, and its default is shorter than what the sprint takes.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    records = _records(_Feed(lines(file, name)))
    header = None
    for number, fields in records:
        place = f"line {number}"
        if header is None:
            header = _header(fields, name)
        elif isinstance(fields, str):
            yield Rejection(place, fields)
        elif any(fields[len(header) :]):
            yield Rejection(place, TOO_MANY_FIELDS)
        else:
            yield Row(
                place,
                {column: field or None for column, field in zip(header, fields, strict=False) if column},
            )


def _header(fields: list[str] | str, name: str) -> list[str]:
    if isinstance(fields, str):
        raise UnreadablePrompts(
            f"The first line of {name} has to name the columns, and cannot be read. {fields}"
        )
    header = [column.strip() for column in fields]
    twice = [column for column in header if column and header.count(column) > 1]
    if twice:
        raise UnreadablePrompts(f"{name} names the column `{twice[0]}` twice; rename one of them.")
    return header


class _Feed:
    """Lines for a CSV parser that may have to go back to the second line of a record."""

    def __init__(self, numbered: Iterator[tuple[int, bytes | None]]) -> None:
        self._ahead = numbered
        self._again: deque[tuple[int, bytes | None]] = deque()
        self._may_read_again = READ_AGAIN_AT_MOST
        self.taken: list[tuple[int, bytes | None]] = []
        self._size = 0
        self.damage: Damaged | None = None

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        number, line = self._next_line()
        self.taken.append((number, line))
        self._size += len(line or b"")
        if line is None or self._size > LONGEST_LINE:
            raise csv.Error(TOO_LONG)
        # What is not UTF-8 stays recognisable, and does not hide where the record ends.
        return line.decode("utf-8", "surrogateescape")

    def _next_line(self) -> tuple[int, bytes | None]:
        if self._again:
            return self._again.popleft()
        try:
            return next(self._ahead)
        except Damaged as damage:
            self.damage = damage
            raise StopIteration from None

    def begin(self) -> None:
        """Begin a record."""
        self.taken, self._size = [], 0

    def go_back(self) -> None:
        """Offer all lines of the record again but its first."""
        self._may_read_again -= self._size
        if self._may_read_again > 0:
            self._again.extendleft(reversed(self.taken[1:]))

    def delimiter(self) -> str:
        """The delimiter that the first line uses most."""
        first = next(self._ahead, None)
        if first is None:
            return ","
        self._again.append(first)
        line = (first[1] or b"").decode("utf-8", "replace")
        return max(DELIMITERS, key=line.count)


def _records(feed: _Feed) -> Iterator[tuple[int, list[str] | str]]:
    """Each record's first line number and its fields, or the sentence that says what is wrong with it."""
    delimiter = feed.delimiter()
    parser = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            fields = next(parser)
        except StopIteration:
            break
        except csv.Error:
            number, line = feed.taken[0]
            yield number, TOO_LONG if line is None else NOT_CSV
            feed.go_back()
            parser = csv.reader(feed, delimiter=delimiter, strict=True)
            continue
        number = feed.taken[0][0]
        if not _is_utf8(fields):
            yield number, NOT_UTF8
        elif len(fields) > 1 or "".join(fields).strip():
            yield number, fields
    if feed.damage is not None:
        raise feed.damage


def _is_utf8(fields: list[str]) -> bool:
    try:
        "".join(fields).encode()
    except UnicodeEncodeError:
        return False
    return True
