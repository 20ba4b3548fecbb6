"""Rows on their way into order: they come as the store has them, and leave shelf by shelf in the order of their prompts.

What is larger than memory is laid into files, by the first characters of the prompts' ids.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# A shelf of so much fits into memory several times over.
ROWS = 100_000
CHARACTERS = 50_000_000
MOST_SHELVES = 256
# So much is laid aside before it goes to the shelves.
PILE_ROWS = 100_000
PILE_BYTES = 12_000_000
BEGINNINGS = pa.array([f"{number:02x}" for number in range(256)])
PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


def shelves_for(rows: int, characters: int) -> int:
    """How many shelves there have to be."""
    number = 1
    while number < MOST_SHELVES and (rows > number * ROWS or characters > number * CHARACTERS):
        number *= 4
    return number


def bound(shelf: int, number: int) -> str | None:
    """What every prompt_id on a shelf and those before it is less than; None for the last of so many."""
    return None if shelf + 1 == number else f"{(shelf + 1) * (256 // number):02x}"


class Shelves:
    """One kind of row, on so many shelves. All of one prompt are on one of them."""

    def __init__(self, folder: Path, schema: pa.Schema, number: int) -> None:
        """Prepare.

        Args:
            folder: For the files, if there are to be any.
            schema: With a column `prompt_id`.
            number: A divisor of 256; with 1 nothing is written.
        """
        self._folder = folder
        self._schema = schema
        self._number = number
        self._pile: list[pa.RecordBatch] = []
        self._pile_rows = self._pile_bytes = 0
        self._files: dict[int, pa.ipc.RecordBatchStreamWriter] = {}

    def add(self, rows: pa.RecordBatch) -> None:
        """Lay rows aside."""
        self._pile.append(rows)
        self._pile_rows += rows.num_rows
        self._pile_bytes += rows.nbytes
        if self._number > 1 and (self._pile_rows >= PILE_ROWS or self._pile_bytes >= PILE_BYTES):
            self._put_away()

    def close(self) -> None:
        """Take no more."""
        if self._number > 1:
            self._put_away()
            for file in self._files.values():
                file.close()

    def take(self, shelf: int) -> pa.Table:
        """All that is on a shelf, which is empty then."""
        if self._number == 1:
            batches, self._pile = self._pile, []
            return pa.Table.from_batches(batches, self._schema)
        path = self._path(shelf)
        if shelf not in self._files:
            return self._schema.empty_table()
        with pa.ipc.open_stream(path.open("rb")) as rows:
            table = rows.read_all()
        path.unlink()
        return table

    def _put_away(self) -> None:
        table = pa.Table.from_batches(self._pile, self._schema)
        self._pile, self._pile_rows, self._pile_bytes = [], 0, 0
        if not table.num_rows:
            return
        [rows] = table.combine_chunks().to_batches()
        first = pc.utf8_slice_codeunits(rows["prompt_id"], 0, 2)
        place = pc.index_in(first, value_set=BEGINNINGS).to_numpy() // (256 // self._number)
        place = place.astype(np.uint8)  # which numpy sorts in one go
        order = np.argsort(place, kind="stable")
        rows = rows.take(pa.array(order))
        shelves, starts = np.unique(place[order], return_index=True)
        for shelf, start, end in zip(shelves.tolist(), starts, [*starts[1:], len(order)], strict=True):
            if shelf not in self._files:
                self._files[shelf] = pa.ipc.new_stream(self._path(shelf), self._schema, options=PACKED)
            self._files[shelf].write_batch(rows.slice(start, end - start))
        del table, rows
        # Else it is kept for later, as if there was no end of memory.
        pa.default_memory_pool().release_unused()

    def _path(self, shelf: int) -> Path:
        return self._folder / f"{id(self):x}-{shelf:03}.arrow"
