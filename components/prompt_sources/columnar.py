"""Parquet: columns in groups of rows, read a few rows at a time."""

from collections.abc import Iterator
from typing import BinaryIO

from components.errors import UnreadablePrompts
from components.prompt_sources.rows import NOT_UTF8, Damaged, Rejection, Row

ROWS_AT_ONCE = 200
# Without it, and with `pre_buffer`, a group of rows is read whole, and one group may be the whole file.
READ_BUFFER = 1024 * 1024


def columnar(file: BinaryIO, name: str) -> Iterator[Row | Rejection]:
    """Each row, counted from 1.

    Raises:
        UnreadablePrompts: The file is not Parquet.
        Damaged: A part of it cannot be read.
    """
    # Imported here: it takes a moment, which those who bring no Parquet need not wait for.
    import pyarrow
    from pyarrow.parquet import ParquetFile

    try:
        table = ParquetFile(file, buffer_size=READ_BUFFER, pre_buffer=False)
    except (pyarrow.ArrowException, OSError):
        raise UnreadablePrompts(f"{name} is not Parquet, or it is cut off; export it again.") from None
    yield from rows_of(table.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False))


def rows_of(batches: Iterator["pyarrow.RecordBatch"]) -> Iterator[Row | Rejection]:  # noqa: F821
    """Each row of some batches, counted from 1.

    Raises:
        Damaged: A batch cannot be read.
    """
    import pyarrow

    number = 0
    try:
        for batch in batches:
            for values in _values(batch):
                number += 1
                place = f"row {number}"
                yield Rejection(place, NOT_UTF8) if values is None else Row(place, values)
    except OSError as error:
        raise Damaged(error.strerror or "it is damaged") from None
    except pyarrow.ArrowException:
        raise Damaged("it is damaged") from None


def _values(batch: "pyarrow.RecordBatch") -> Iterator[dict | None]:  # noqa: F821
    """The rows of a batch; None for one whose text is not UTF-8."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for index in range(batch.num_rows):
            try:
                yield batch.slice(index, 1).to_pylist()[0]
            except UnicodeDecodeError:
                yield None
