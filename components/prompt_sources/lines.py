"""Lines of a file of any size, none of which may fill the memory."""

import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from components.errors import UnreadablePrompts
from components.prompt_sources.rows import Damaged

LONGEST_LINE = 16 * 1024 * 1024
SKIPPED_AT_ONCE = 1024 * 1024
TOO_LONG = f"The row is longer than {LONGEST_LINE // 1024**2} MB."

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
GZIP_MARK = b"\x1f\x8b"


def lines(file: BinaryIO, name: str) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number, counted from 1; None stands for one that is longer than `LONGEST_LINE`.

    Raises:
        UnreadablePrompts: The file is UTF-16, or compressed.
        Damaged: The file cannot be read any further. The line that is cut short by it is left out.
    """
    number = 0
    while line := _read_line(file):
        number += 1
        if number == 1:
            if line.startswith(UTF16_MARKS):
                raise UnreadablePrompts(f"{name} is UTF-16; save it as UTF-8 and import that.")
            if line.startswith(GZIP_MARK):
                raise UnreadablePrompts(f"{name} is compressed with gzip; add .gz to its name.")
            line = line.removeprefix(UTF8_MARK)
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = None
            while (rest := _read_line(file, SKIPPED_AT_ONCE)) and not rest.endswith(b"\n"):
                pass
        yield number, line


def _read_line(file: BinaryIO, longest: int = LONGEST_LINE + 1) -> bytes:
    try:
        return file.readline(longest)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Damaged("it is damaged or cut off") from None
    except OSError as error:
        raise Damaged(error.strerror or str(error)) from None
