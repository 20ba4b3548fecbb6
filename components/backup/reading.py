"""Reading a backup: its files fetched ahead of whoever takes their rows in, each checked."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from components.backup.inventory import Base
from components.backup.place import Place
from components.backup.segments import EVENTS, Head, Segment, as_named, segment_named, unpack
from components.errors import DamagedBackup

# Fetching is mostly waiting; so many files wait at the same time.
AT_ONCE = 8

Row = tuple[str, dict]


class File(NamedTuple):
    """A file to read.

    Attributes:
        rows: How many rows it has, or about how many; for progress only.
        sha256: What its content must have, if that is known.
    """

    name: str
    table: str
    rows: int
    sha256: str | None = None


def files_of_base(base: Base) -> list[File]:
    """The files a base consists of."""
    return [File(one["name"], _table_of(one["name"]), one["rows"], one["sha256"]) for one in base.files]


def files_of_segments(segments: Iterable[Segment]) -> list[File]:
    """The files segments are."""
    return [
        File(segment.name, segment.table, segment.last - segment.first + 1 if segment.table == EVENTS else 1)
        for segment in segments
    ]


def read(place: Place, files: Sequence[File]) -> Iterator[tuple[File, Iterator[Row]]]:
    """Yield each file with its rows, as (table, row), in the order given.

    Raises:
        DamagedBackup: A file is cut off, or not what was written.
    """
    for file, content in _contents(place, files):
        yield file, rows_of(file, content)


def fetch(place: Place, files: Sequence[File], folder: Path) -> Iterator[tuple[File, Path]]:
    """Yield each file, in the order given, with where it is in a folder of this machine from then on."""
    for number, (file, content) in enumerate(_contents(place, files)):
        path = folder / str(number)
        path.write_bytes(content)
        yield file, path


def _contents(place: Place, files: Sequence[File]) -> Iterator[tuple[File, bytes]]:
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reading")
    try:
        fetched: deque = deque()
        waiting = iter(files)
        while True:
            while len(fetched) < AT_ONCE and (file := next(waiting, None)):
                fetched.append((file, threads.submit(place.read, file.name)))
            if not fetched:
                return
            file, content = fetched.popleft()
            yield file, content.result()
    finally:
        # Whoever has enough does not wait for files they will not read.
        threads.shutdown(wait=False, cancel_futures=True)


def rows_of(
    file: File, content: bytes, on_head: Callable[[Head], object] = lambda head: None
) -> Iterator[Row]:
    """The rows of a file with this content, as (table, row).

    Args:
        on_head: Given the head of a segment, if it has one.

    Raises:
        DamagedBackup: It is cut off, or not what was written.
    """
    if file.sha256 is not None and hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedBackup(f"{file.name} is not what was written: put a good copy of it in its place.")
    rows, segment = unpack(file.name, content), segment_named(file.name)
    return ((file.table, row) for row in (as_named(segment, rows, on_head) if segment else rows))


def _table_of(name: str) -> str:
    return name.rpartition("/")[2].partition("-")[0]
