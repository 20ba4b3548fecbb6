"""What the store holds, read from front to back at one moment and laid on shelves, without anything that names a person."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Connection

from components.records import ABOUT_PROMPTS
from components.snapshots.shelves import Shelves, bound, shelves_for
from components.store import exports

PROMPTS = pa.schema(
    [(name, pa.string()) for name in ("prompt_id", "text", "context", "source", "kind", "metadata")]
)
OPINIONS = pa.schema(
    [
        ("prompt_id", pa.string()),
        ("who", pa.int32()),
        ("event_id", pa.string()),
        ("action", pa.int8()),
        ("score", pa.int8()),
    ]
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
ACTION_NUMBERS = {str(action): number for number, action in enumerate(ABOUT_PROMPTS)}
# Nobody a dataset may tell of.
NOBODY = -1


@dataclass
class Material:
    """All that a snapshot is made of, shelf by shelf.

    Attributes:
        shelves: How many there are.
        pseudonyms: Of everybody; a row's `who` is a place in it.
        removed: Why prompts are left out, and how many for each reason.
    """

    shelves: int
    pseudonyms: pa.Array
    prompts: Shelves
    opinions: Shelves
    events: Shelves
    removed: Counter[str] = field(default_factory=Counter)

    def take(self, shelf: int) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Prompts, opinions and events of a shelf."""
        return self.prompts.take(shelf), self.opinions.take(shelf), self.events.take(shelf)

    def bound(self, shelf: int) -> str | None:
        """What is less than this is on this shelf or one before; None for the last."""
        return bound(shelf, self.shelves)


def read(connection: Connection, folder: Path, advance: Callable[[int], None]) -> Material:
    """Read everything.

    Args:
        folder: Where files may lie meanwhile.
        advance: Told how many rows were read.
    """
    _, characters = exports.size(connection)
    number = shelves_for(exports.count(connection), characters)
    people = sorted(exports.pseudonyms(connection), key=lambda row: (row.pseudonym, row.contributor_id))
    material = Material(
        number,
        pa.array([row.pseudonym for row in people], pa.string()),
        *(Shelves(folder, schema, number) for schema in (PROMPTS, OPINIONS, EVENTS)),
    )
    places = {row.contributor_id: place for place, row in enumerate(people)}
    _read_prompts(connection, material, advance)
    _read_opinions(connection, material.opinions, places, advance)
    _read_events(connection, material.events, places, advance)
    return material


def _read_prompts(connection: Connection, material: Material, advance: Callable[[int], None]) -> None:
    flagged = exports.flagged(connection)
    for rows in exports.prompts(connection):
        published = []
        for *prompt, status, reason in rows:
            if status == "retired":
                material.removed[f"retired: {reason}" if reason else "retired"] += 1
            elif status != "kept" and prompt[0] in flagged:
                material.removed[f"flagged: {flagged[prompt[0]]}"] += 1
            else:
                published.append(prompt)
        if published:
            material.prompts.add(*map(pa.array, zip(*published, strict=True), PROMPTS.types))
        advance(len(rows))
    material.prompts.close()


def _read_opinions(
    connection: Connection, shelves: Shelves, places: dict[str, int], advance: Callable[[int], None]
) -> None:
    for rows in exports.opinions(connection):
        prompt_id, contributor, event_id, action, score = zip(*rows, strict=True)
        shelves.add(
            pa.array(prompt_id, pa.string()),
            _places(contributor, places),
            pa.array(event_id, pa.string()),
            _numbers(action),
            pa.array(score, pa.int8()),
        )
        advance(len(rows))
    shelves.close()


def _read_events(
    connection: Connection, shelves: Shelves, places: dict[str, int], advance: Callable[[int], None]
) -> None:
    for rows in exports.events(connection):
        columns = zip(*rows, strict=True)
        prompt_id, contributor, event_id, target, action, score, reason, shown_ms, hour, payload = columns
        shelves.add(
            pa.array(prompt_id, pa.string()),
            _places(contributor, places),
            pa.array(event_id, pa.string()),
            pa.array(target, pa.string()),
            _numbers(action),
            pa.array(score, pa.int8()),
            pa.array(reason, pa.string()),
            pa.array(shown_ms, pa.int64()),
            pa.array(hour, pa.int32()),
            pa.array([noted is not None and _is_late(noted) for noted in payload], pa.bool_()),
        )
        advance(len(rows))
    shelves.close()


def _places(contributors: Iterator[str], places: dict[str, int]) -> pa.Array:
    return pa.array([places.get(one, NOBODY) for one in contributors], pa.int32())


def _numbers(actions: Iterator[str]) -> pa.Array:
    return pa.array(map(ACTION_NUMBERS.__getitem__, actions), pa.int8())


def _is_late(payload: str) -> bool:
    # Most payloads say something else, and there are millions.
    return '"late"' in payload and bool(json.loads(payload).get("late"))
