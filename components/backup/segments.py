"""Segments: the files of a backup, each named after what it covers, written once, checked when read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson
import zstandard

from components.errors import DamagedBackup
from components.store.transfers import TABLES

EVENTS = TABLES[-1]
NAME = re.compile(
    rf"(?P<table>{'|'.join(TABLES)})/(?P<writer>[\w-]{{1,36}})/(?P<first>\d{{12}})-(?P<last>\d{{12}})\.jsonl\.zst"
)

# Compressed bytes that are taken apart together.
AT_ONCE = 100_000
# What the first line of a segment is called; those from before there was one have only rows.
HEAD = "segment"


class Segment(NamedTuple):
    """What one table says of a writer's events from the first number to the last, and what they changed."""

    table: str
    writer: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """Where it lies."""
        return f"{self.table}/{self.writer}/{self.first:012d}-{self.last:012d}.jsonl.zst"


class Head(NamedTuple):
    """What a segment says of itself and of others, so that one which is missing or swapped is noticed.

    Attributes:
        name: Its own.
        beside: Tables that have a segment of the same events.
        known: Up to which number events of writers had been confirmed when it was written.
    """

    name: str
    beside: Sequence[str] = ()
    known: Mapping[str, int] = {}


def segment_named(name: str) -> Segment | None:
    """The segment of a name, if it is one's."""
    match = NAME.fullmatch(name)
    return (
        Segment(match["table"], match["writer"], int(match["first"]), int(match["last"])) if match else None
    )


class Packer:
    """Rows on their way into one file: a line of JSON each, compressed, with a checksum over all.

    Attributes:
        rows: How many there are so far.
        size: How many bytes they have before they are compressed.
    """

    def __init__(self, head: Head | None = None) -> None:
        self.rows = self.size = 0
        self._compressor = zstandard.ZstdCompressor(level=6, write_checksum=True).compressobj()
        self._pieces: list[bytes] = []
        if head is not None:
            self._add({HEAD: head._asdict()})

    def add(self, row: Mapping[str, object]) -> None:
        """Add a row."""
        self.rows += 1
        self._add(row)

    def _add(self, document: Mapping[str, object]) -> None:
        line = orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
        self.size += len(line)
        self._pieces.append(self._compressor.compress(line))

    def packed(self) -> bytes:
        """The file; afterwards nothing can be added."""
        return b"".join((*self._pieces, self._compressor.flush()))


def pack(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Rows as one file."""
    packer = Packer()
    for row in rows:
        packer.add(row)
    return packer.packed()


def unpack(name: str, content: bytes) -> Iterator[dict]:
    """Yield the rows of a file. Whoever takes them must be able to undo that: damage may show at its end only.

    Raises:
        DamagedBackup: It is cut off, or not what was written.
    """
    decompressor = zstandard.ZstdDecompressor().decompressobj()
    rest = b""
    try:
        for place in range(0, len(content), AT_ONCE):
            *lines, rest = (rest + decompressor.decompress(content[place : place + AT_ONCE])).split(b"\n")
            yield from map(orjson.loads, lines)
        whole = decompressor.eof and not (decompressor.unused_data or rest)
    except (zstandard.ZstdError, orjson.JSONDecodeError):
        whole = False
    if not whole:
        raise DamagedBackup(f"{name} is damaged or cut off: put a good copy of it in its place.")


def as_named(
    segment: Segment, rows: Iterable[dict], on_head: Callable[[Head], object] = lambda head: None
) -> Iterator[dict]:
    """Yield the rows of a segment.

    Args:
        on_head: Given its head, if it has one.

    Raises:
        DamagedBackup: They are not those that its name promises.
    """
    number = 0
    for row in rows:
        if HEAD in row:
            head = Head(**row[HEAD])
            if head.name != segment.name:
                break
            on_head(head)
            continue
        due = segment.first + number
        of_events = segment.table == EVENTS
        if row.get("writer") != segment.writer or (
            row["number"] != due if of_events else row["number"] < segment.first
        ):
            break
        number += 1
        yield row
    else:
        if number == segment.last - segment.first + 1 if segment.table == EVENTS else number:
            return
    raise DamagedBackup(
        f"{segment.name} holds something else than its name says: put a good copy of it in its place."
    )
