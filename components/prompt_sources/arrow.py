"""Arrow: batches of rows, as a file or as the stream that `datasets` keeps on disks."""

from collections.abc import Iterator
from typing import BinaryIO

from components.errors import UnreadablePrompts
from components.prompt_sources.columnar import rows_of
from components.prompt_sources.rows import Rejection, Row

FILE_MARK = b"ARROW1"


def arrow(file: BinaryIO, name: str) -> Iterator[Row | Rejection]:
    """Each row, counted from 1.

    Raises:
        UnreadablePrompts: The file is not Arrow.
        Damaged: A part of it cannot be read.
    """
    # Imported here: it takes a moment, which those who bring no Arrow need not wait for.
    import pyarrow

    try:
        if file.peek(len(FILE_MARK)).startswith(FILE_MARK):
            whole = pyarrow.ipc.open_file(file)
            batches = (whole.get_batch(number) for number in range(whole.num_record_batches))
        else:
            batches = iter(pyarrow.ipc.open_stream(file))
    except (pyarrow.ArrowException, OSError):
        raise UnreadablePrompts(f"{name} is not Arrow, or it is cut off; export it again.") from None
    yield from rows_of(batches)
