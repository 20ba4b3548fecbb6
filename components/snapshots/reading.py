"""What the store holds, read from front to back at one moment and laid on shelves, without anything that names a person."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from sqlalchemy import Connection

from components.records import ABOUT_PROMPTS, HOUR_MS
from components.snapshots.shelves import Shelves, bound, shelves_for
from components.store import exports
from components.store.imports import ELSEWHERE

PROMPTS = pa.schema(
    [(name, pa.string()) for name in ("prompt_id", "text", "context", "source", "kind", "metadata")]
)
EVENTS = pa.schema(
    [
        ("prompt_id", pa.string()),
        ("who", pa.int32()),
        ("event_id", pa.string()),
        ("target", pa.string()),
        ("action", pa.int8()),
        ("score", pa.int8()),
        ("reason", pa.string()),
        ("shown_ms", pa.int64()),
        ("hour", pa.int32()),
        ("late", pa.bool_()),
    ]
)
EVENT_LINES = {
    "prompt_id": pa.string(),
    "contributor": pa.string(),
    "event_id": pa.string(),
    "target": pa.string(),
    "action": pa.string(),
    "score": pa.int8(),
    "reason": pa.string(),
    "shown_ms": pa.int64(),
    "hour": pa.int32(),
    "late": pa.bool_(),
}
ACTION_PLACE = EVENTS.get_field_index("action")
ACTIONS = pa.array(map(str, ABOUT_PROMPTS))
ACTION_NUMBERS = {str(action): number for number, action in enumerate(ABOUT_PROMPTS)}
# So much of the work is done, of so much.
OnProgress = Callable[[int, int], None]
# Nobody a dataset may tell of.
NOBODY = -1


class Steps:
    """How far a snapshot is."""

    def __init__(self, total: int, on_progress: OnProgress) -> None:
        self._done, self._total = 0, total
        self._on_progress = on_progress

    def __call__(self, number: int) -> None:
        """So many steps more are done."""
        self._done += number
        self._on_progress(min(self._done, self._total), self._total)


@dataclass
class Material:
    """All that a snapshot is made of, shelf by shelf.

    Attributes:
        shelves: How many there are.
        pseudonyms: Of everybody; a row's `who` is a place in it.
        contributors: The ids of the same people; nothing of them leaves.
        elsewhere: Who of them never was here: their ratings came with the prompts.
        last_change: The hour the newest of it is of, as its beginning in epoch milliseconds; 0 if there is nothing.
        advance: Told of every row that was read, and of every row that was written.
        removed: Why prompts are left out, and how many for each reason.
    """

    shelves: int
    pseudonyms: pa.Array
    contributors: Sequence[str]
    elsewhere: np.ndarray
    last_change: int
    advance: Steps
    prompts: Shelves
    events: Shelves
    removed: Counter[str] = field(default_factory=Counter)

    def take(self, shelf: int) -> tuple[pa.Table, pa.Table]:
        """Prompts and events of a shelf."""
        return self.prompts.take(shelf), self.events.take(shelf)

    def standing(self, connection: Connection, pairs: Sequence[tuple[int, str]]) -> list[str | None]:
        """The events that say what people, each a place among the pseudonyms, think now of prompts, by their ids."""
        asked = [(self.contributors[who], prompt_id) for who, prompt_id in pairs]
        found = exports.opinions(connection, asked)
        return list(map(found.get, asked))

    def bound(self, shelf: int) -> str | None:
        """What is less than this is on this shelf or one before; None for the last."""
        return bound(shelf, self.shelves)


def read(connection: Connection, folder: Path, on_progress: OnProgress) -> Material:
    """Read everything.

    Args:
        folder: Where files may lie meanwhile.
        on_progress: Told how much was read, of twice as much: all of it is written, too.
    """
    size = exports.size(connection)
    rows = size.prompts + exports.count(connection)
    number = shelves_for(rows, int(size.characters))
    # Here and not there: databases do not agree on how to sort.
    people = sorted(exports.pseudonyms(connection), key=lambda row: (row.pseudonym, row.contributor_id))
    material = Material(
        number,
        pa.array([row.pseudonym for row in people], pa.string()),
        [row.contributor_id for row in people],
        np.array([row.issuer == ELSEWHERE for row in people], bool),
        (size.last_added or 0) // HOUR_MS * HOUR_MS,
        Steps(2 * rows, on_progress),
        *(Shelves(folder, schema, number) for schema in (PROMPTS, EVENTS)),
    )
    _read_prompts(connection, material)
    _read_events(connection, material)
    return material


def _read_prompts(connection: Connection, material: Material) -> None:
    for reason, number in exports.retired(connection).items():
        material.removed[f"retired: {reason}"] += number
    flagged = exports.flagged(connection)
    for reason in flagged.values():
        material.removed[f"flagged: {reason}"] += 1
    for rows in exports.prompts(connection):
        published = [row for row in rows if row[0] not in flagged] if flagged else rows
        if published:
            columns = zip(*published, strict=True)
            material.prompts.add(pa.record_batch(list(map(pa.array, columns, PROMPTS.types)), PROMPTS))
        material.advance(len(rows))
    material.prompts.close()


def _read_events(connection: Connection, material: Material) -> None:
    known = pa.array(material.contributors, pa.string())
    for text in exports.events(connection):
        rows = _table(text, EVENT_LINES)
        who = pc.fill_null(pc.index_in(rows["contributor"], value_set=known), NOBODY)
        actions = pc.index_in(rows["action"], value_set=ACTIONS)
        rows = rows.set_column(1, "who", who).set_column(ACTION_PLACE, "action", actions)
        material.events.add(_batch(rows, EVENTS))
        material.last_change = max(material.last_change, pc.max(rows["hour"]).as_py() * HOUR_MS)
        material.advance(rows.num_rows)
    material.events.close()


def _table(lines: str, columns: dict[str, pa.DataType]) -> pa.Table:
    """Lines of cells between commas, nothing being an empty one."""
    return csv.read_csv(
        pa.py_buffer(lines.encode()),
        read_options=csv.ReadOptions(
            use_threads=False, block_size=len(lines) + 1, column_names=list(columns)
        ),
        parse_options=csv.ParseOptions(quote_char=False),
        convert_options=csv.ConvertOptions(
            column_types=columns,
            null_values=[""],
            strings_can_be_null=True,
            true_values=["1"],
            false_values=["0"],
        ),
    )


def _batch(rows: pa.Table, schema: pa.Schema) -> pa.RecordBatch:
    [batch] = rows.cast(schema).combine_chunks().to_batches()
    return batch
