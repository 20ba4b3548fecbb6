"""A folder as a zip that is made while it is sent.

With the standard library's `zipfile` rather than a package: nothing is compressed, since Parquet
already is, so all that is left is to hand on what it writes.
"""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

CHUNK = 1024 * 1024


class _Outbox:
    """A file that can only be written, and is emptied from the other end."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: whoever reads takes all there is."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def zipped(folder: Path) -> Iterator[bytes]:
    """Yield a zip of all files in a folder, about a megabyte at a time."""
    outbox = _Outbox()
    with ZipFile(outbox, "w", ZIP_STORED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            details = ZipInfo.from_file(path, path.relative_to(folder).as_posix(), strict_timestamps=False)
            with path.open("rb") as file, archive.open(details, "w") as entry:
                while chunk := file.read(CHUNK):
                    entry.write(chunk)
                    yield outbox.take()
    yield outbox.take()
