"""Restoring: how long it takes to make a store of the rows of another one, and to audit it.

The rows are JSON lines in a file that was just written, so no network counts.
"""

import argparse
import random
import resource
import tempfile
import time
import uuid
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import orjson

from components.records import Action, Event, Identity
from components.store import contributors
from components.store.audit import audit
from components.store.merge import Merge
from components.store.store import Store
from components.store.transfers import everything
from tests.bench.stock import FOLDER, opened, stock
from tests.bench.table import Table, number, say, say_where

PEOPLE = 314
A_RATING_EVERY_MS = 6000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prompts", type=int, default=20_000)
    parser.add_argument("--events", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--folder", type=Path, help=FOLDER)


def run(words: argparse.Namespace) -> None:
    with stock(words.folder) as stores, tempfile.TemporaryDirectory(dir=words.folder) as scratch:
        say_where(f"{PEOPLE} people")
        table = Table("prompts", " events", "rows", "take in s", "derive s", "both s", "audit s", "most MB")
        for events in words.events:
            lines = Path(scratch) / f"{events}.jsonl"
            rows = write(stores.copy(words.prompts), events, lines)
            restored = Store(f"sqlite:///{scratch}/{events}.db")
            try:
                took = restore(restored, lines)
                began = time.perf_counter()
                outcome = audit(restored)
                took += [sum(took), time.perf_counter() - began]
            finally:
                restored.close()
            if outcome.differences:
                say(str(outcome))
            cells = (number(value, 0) for value in (words.prompts, events, rows))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            table.row(*cells, *(number(seconds) for seconds in took), number(memory, 0))


def restore(store: Store, lines: Path) -> list[float]:
    """Make a store of rows; returns how long it took to take them in, and to derive the rest."""
    store.database.migrate()
    began = time.perf_counter()
    with store.database.writing() as connection, lines.open("rb") as file:
        merge = Merge(connection)
        merge.take(map(orjson.loads, file))
        taken = time.perf_counter()
        merge.finish()
    return [taken - began, time.perf_counter() - taken]


def write(database: Path, events: int, lines: Path) -> int:
    """Write every row of a sprint with these prompts and so many ratings, as JSON; returns how many they are."""
    store = opened(database)
    try:
        people = [
            store.write(
                lambda tx, name=f"rater-{n}": contributors.sign_in(tx, person(name), ())
            ).contributor_id
            for n in range(PEOPLE)
        ]
        with store.reading() as connection:
            rows = list(everything(connection))
    finally:
        store.close()
    prompt_ids = [row["prompt_id"] for name, row in rows if name == "prompts"]
    with lines.open("wb") as file:
        for one in chain(rows, (("events", row) for row in ratings(people, prompt_ids, events))):
            file.write(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE))
    return len(rows) + events


def ratings(people: list[str], prompt_ids: list[str], number: int) -> Iterator[dict]:
    """Rows of the events of so many ratings, by one writer."""
    dice = random.Random(20260301)
    writer, began = str(uuid.uuid4()), 1_772_366_400_000
    for place in range(1, number + 1):
        now = began + place * A_RATING_EVERY_MS
        event = Event(
            str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            dice.choice(people),
            Action.RATED,
            now,
            prompt_id=dice.choice(prompt_ids),
            score=dice.randint(1, 5),
            shown_ms=A_RATING_EVERY_MS,
            happened_at=now - 100,
            local_date=None,
        )
        told = {name: getattr(event, name) for name in Event.__dataclass_fields__}
        yield {"writer": writer, "number": place} | told


def person(name: str) -> Identity:
    """Somebody who rates."""
    return Identity("local", name, name, name)
