"""Fingerprints: what a store holds as a few hashes, equal for a store and its copy.

A copy stands where a vector says (writer to number), and the store may have moved on since. What
an event said never changes, so the events a vector covers can be compared in any store. A prompt, a person
or the sprint keeps only its latest row: one that either store has changed past the vector cannot be
compared, so `moved_on` names these and both fingerprints leave them out. The events of somebody
whose erasure either store knows are compared as tombstones.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

import orjson
from sqlalchemy import Connection, text

from components.records import ABOUT_PROMPTS, Action
from components.store import identities
from components.store.database import streamed
from components.store.transfers import TABLES, every

SAID = (
    "prompt_id",
    "action",
    "score",
    "reason",
    "target",
    "shown_ms",
    "happened_at",
    "local_date",
    "payload",
)
# Of a second copy is told what the first says: in another store the two may have changed places.
EVENTS = text(f"""
    SELECT events.writer, events.number, events.contributor, events.received_at,
           COALESCE(first.event_id, events.event_id) AS event_id,
           {", ".join(f"CASE WHEN events.action = 'repeated' THEN first.{name} ELSE events.{name} END AS {name}" for name in SAID)}
    FROM events
    LEFT JOIN events AS first ON events.action = 'repeated'
                             AND first.contributor = events.contributor AND first.event_id = events.target
    ORDER BY events.writer, events.number
""")

# What is different in each store, or each time somebody comes by.
PASSING = {"sprint": {"epoch"}, "contributors": {"last_seen"}}
KEYS = {
    "prompts": itemgetter("prompt_id"),
    "contributors": itemgetter("issuer", "subject"),
    "sprint": itemgetter("sprint_id"),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """What cannot be compared: keys of rows by table, and ids of contributors who are erased."""

    rows: Mapping[str, frozenset] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()

    def __or__(self, other: "Moved") -> "Moved":
        """What cannot be compared in one store or in the other."""
        tables = self.rows.keys() | other.rows.keys()
        rows = {
            table: self.rows.get(table, frozenset()) | other.rows.get(table, frozenset()) for table in tables
        }
        return Moved(rows, self.erased | other.erased)


NOTHING = Moved()


def moved_on(connection: Connection, vector: Mapping[str, int] | None) -> Moved:
    """What a store has changed past a vector, and whom it has erased at any time.

    A person with several ids counts as changed: which of them stays depends on all stores that were merged.
    """
    rows = {
        name: frozenset(
            key(row)
            for _, row in every(connection, name)
            if not _covered(row, vector) or row.get("also", "[]") != "[]"
        )
        for name, key in KEYS.items()
    }
    return Moved(rows, frozenset(row["contributor"] for _, row in every(connection, "erasures")))


def fingerprint(
    connection: Connection, vector: Mapping[str, int] | None = None, moved: Moved = NOTHING
) -> dict[str, tuple[int, str]]:
    """Each table's rows and the SHA-256 of them, as far as a vector covers them.

    To compare two stores, give both of them `moved_on(one, vector) | moved_on(other, vector)`, and a
    vector of writers that both know.

    Args:
        vector: Writer to number; None for all there is.
    """
    return {name: _hashed(_rows(connection, name, vector, moved)) for name in TABLES}


def _rows(
    connection: Connection, name: str, vector: Mapping[str, int] | None, moved: Moved
) -> Iterable[Mapping]:
    if name == "events":
        return _events(connection, vector, moved)
    covered = (row for _, row in every(connection, name) if _covered(row, vector))
    if name == "erasures":
        # Under which key a person is remembered changes when they delete another account.
        told = ({"contributor": row["contributor"], "erased_at": row["erased_at"]} for row in covered)
        return sorted(told, key=itemgetter("contributor", "erased_at"))
    key, left_out, passing = KEYS[name], moved.rows.get(name, frozenset()), PASSING.get(name, set())
    compared = (row for row in covered if key(row) not in left_out)
    if name == "contributors":
        compared = (row for row in compared if moved.erased.isdisjoint(identities.ids_of(row)))
    told = ({column: value for column, value in row.items() if column not in passing} for row in compared)
    # Few enough to be sorted here: text sorts differently in each database.
    return told if name == "prompts" else sorted(told, key=key)


def _events(connection: Connection, vector: Mapping[str, int] | None, moved: Moved) -> Iterator[Mapping]:
    people = [row for _, row in every(connection, "contributors")]
    names = {row["contributor_id"]: [row["issuer"], row["subject"]] for row in people}
    erased = moved.erased | {row["contributor"] for _, row in every(connection, "erasures")}
    erased |= {row["contributor_id"] for row in people if not erased.isdisjoint(identities.ids_of(row))}
    for event in streamed(connection, EVENTS).mappings():
        if not _covered(event, vector):
            continue
        told = {name: event[name] for name in ("writer", "number", "received_at")}
        if event["contributor"] in erased:
            yield told | {"action": Action.ERASED}
            continue
        told |= {name: event[name] for name in ("event_id", *SAID)}
        if event["target"] in erased:
            told["reason"] = None  # why they were excluded goes with their account
        if event["action"] in ABOUT_PROMPTS:
            del told["payload"]  # noted by the server that took it, which may know more than another
        yield told | {"contributor": names.get(event["contributor"], event["contributor"])}


def _covered(row: Mapping, vector: Mapping[str, int] | None) -> bool:
    return vector is None or row["number"] <= vector.get(row["writer"], 0)


def _hashed(rows: Iterable[Mapping]) -> tuple[int, str]:
    number, digest = 0, hashlib.sha256()
    for row in rows:
        number += 1
        digest.update(orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
    return number, digest.hexdigest()
