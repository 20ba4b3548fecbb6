"""Reading a backup: its files fetched ahead of whoever takes their rows in, each checked."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from components.backup.inventory import Base
from components.backup.place import Place
from components.backup.segments import EVENTS, Segment, unpack
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
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reading") as threads:
        fetched: deque = deque()
        waiting = iter(files)
        try:
            while True:
                while len(fetched) < AT_ONCE and (file := next(waiting, None)):
                    fetched.append((file, threads.submit(place.read, file.name)))
                if not fetched:
                    return
                file, content = fetched.popleft()
                yield file, _rows(file, content.result())
        finally:
            for _, content in fetched:
                content.cancel()


def _rows(file: File, content: bytes) -> Iterator[Row]:
    if file.sha256 is not None and hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedBackup(f"{file.name} is not what was written: put a good copy of it in its place.")
    return ((file.table, row) for row in unpack(file.name, content))


def _table_of(name: str) -> str:
    return name.rpartition("/")[2].partition("-")[0]
