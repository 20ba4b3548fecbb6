"""Opening a file of prompts, on this machine or on the Hub, as a binary file that knows how far it was read."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from components.errors import UnreadablePrompts
from components.prompt_sources.hub_file import HUB, open_on_hub

BUFFER = 128 * 1024


class CountedFile(io.RawIOBase):
    """A binary file, and how many bytes were read from it."""

    def __init__(self, file: io.RawIOBase) -> None:
        self._file = file
        self.bytes_read = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._file.seekable()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:
        read = self._file.readinto(buffer)
        self.bytes_read += read
        return read

    def close(self) -> None:
        self._file.close()
        super().close()


@dataclass(frozen=True)
class OpenedFile:
    """A file of prompts, open.

    Attributes:
        name: Without the folders it lies in.
        file: For a reader.
        size: In bytes, None if unknown.
    """

    name: str
    file: io.BufferedReader
    counted: CountedFile
    size: int | None

    @property
    def bytes_read(self) -> int:
        """How far it was read; parts that were read twice do not make it longer than it is."""
        read = self.counted.bytes_read
        return read if self.size is None else min(read, self.size)


@contextmanager
def opened(path: str, token: str = "", name: str = "") -> Iterator[OpenedFile]:
    """Open a file of prompts for as long as the block lasts.

    Args:
        path: On this machine, or `hf://datasets/ORG/NAME/path` on the Hub.
        token: Of the Hub, for what is private there; empty for none.
        name: What whoever sent it calls it, if that is not its path.

    Raises:
        UnreadablePrompts: There is no such file, it cannot be read, or nothing is in it.
    """
    raw, size = open_on_hub(path, token) if path.startswith(HUB) else _open_here(path)
    counted = CountedFile(raw)
    with io.BufferedReader(counted, BUFFER) as file:
        try:
            empty = not file.peek(1)
        except OSError as error:
            raise UnreadablePrompts(f"{name or path} cannot be read ({error.strerror or error}).") from None
        if empty:
            raise UnreadablePrompts(f"{name or path} is empty.")
        name = name or path.rstrip("/").rpartition("/")[2]
        # A name may hold bytes that are no text; the log, and the page, hold only text.
        yield OpenedFile(os.fsencode(name).decode("utf-8", "replace"), file, counted, size)


def _open_here(path: str) -> tuple[io.RawIOBase, int | None]:
    place = Path(path).expanduser()
    try:
        if place.is_dir():
            raise UnreadablePrompts(f"{path} is a folder; name the file of prompts in it.")
        # Opening a pipe or a device could wait for ever.
        if place.exists() and not place.is_file():
            raise UnreadablePrompts(f"{path} is not a file; save the prompts to one first.")
        file = place.open("rb", buffering=0)
    except FileNotFoundError:
        raise UnreadablePrompts(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise UnreadablePrompts(f"{path} cannot be read ({getattr(error, 'strerror', error)}).") from None
    return file, os.fstat(file.fileno()).st_size
