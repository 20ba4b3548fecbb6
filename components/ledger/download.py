"""Everything a contributor did, as a file of their own: CSV for a spreadsheet, JSON for a program."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import orjson

from components.records import Action, Contributor
from components.spreadsheet import MARK, harmless
from components.store import ledger
from components.store.store import Store

COLUMNS = (
    "happened_at",
    "received_at",
    "local_date",
    "action",
    "score",
    "reason",
    "prompt_id",
    "prompt",
    "context",
    "source",
    "kind",
    "shown_ms",
    "event_id",
    "undoes",
)


def as_csv(store: Store, contributor: Contributor) -> Iterator[bytes]:
    """Yield a CSV file of every event, oldest first."""
    buffer = io.StringIO(newline="")
    rows = csv.DictWriter(buffer, COLUMNS)
    buffer.write(MARK)
    rows.writeheader()
    yield buffer.getvalue().encode()
    for group in _events(store, contributor):
        buffer.seek(0)
        buffer.truncate()
        rows.writerows({name: harmless(value) for name, value in event.items()} for event in group)
        yield buffer.getvalue().encode()


def as_json(store: Store, contributor: Contributor) -> Iterator[bytes]:
    """Yield a JSON object: who it is, when it was made, and every event, oldest first."""
    head = orjson.dumps(
        {
            "username": contributor.identity.username,
            "name": contributor.identity.name,
            "made_at": _moment(store.clock()),
        }
    )
    yield head[:-1] + b',"events":['
    between = b"\n"
    for group in _events(store, contributor):
        yield between + b",\n".join(map(orjson.dumps, group))
        between = b",\n"
    yield b"\n]}\n"


def _events(store: Store, contributor: Contributor) -> Iterator[list[dict]]:
    """The events in groups, each read by itself: a slow reader must not hold on to one moment of the store."""
    me = contributor.contributor_id
    with store.reading() as connection:
        ids = ledger.event_ids(connection, me)
    for start in range(0, len(ids), ledger.EVENTS_AT_ONCE):
        with store.reading() as connection:
            group = ids[start : start + ledger.EVENTS_AT_ONCE]
            events = [_row(event) for event in ledger.events(connection, me, group)]
        if events:
            yield events


def _row(event: Mapping) -> dict:
    """An event under the names of `COLUMNS`."""
    rated = event["current_action"] == Action.RATED
    told = {
        "happened_at": _moment(event["happened_at"]),
        "received_at": _moment(event["received_at"]),
        "prompt": event["text"],
        # Blind before, here as everywhere.
        "source": event["source"] if rated else None,
        "kind": event["kind"] if rated else None,
        "undoes": event["target"],
    }
    return {name: told[name] if name in told else event[name] for name in COLUMNS}


def _moment(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError):
        return str(milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
