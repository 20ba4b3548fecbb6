"""Milestones at rest: events of the log, each noted once, by whoever sees first that it is reached."""

import json
import uuid
from collections.abc import Collection
from dataclasses import replace
from operator import attrgetter

from sqlalchemy import Connection, text

from components.records import Action, Event, Milestone
from components.store import events
from components.store.sprints import TERMINAL
from components.store.writer import Transaction

# Two that note the same milestone give its event the same id, so that also after a merge it is there once.
NAMESPACE = uuid.UUID("6f2b1c1e-7d0c-4c62-9d0e-3b1f6a0a7f11")
# The log finds the events of one contributor without looking through all.
EVERY = text("""
    SELECT happened_at, payload FROM events WHERE contributor = :terminal AND action = :action
""")


def add(transaction: Transaction, reached: Collection[Milestone]) -> None:
    """Note milestones that are not noted yet."""
    made = {}
    for one in reached:
        payload = json.dumps(
            {"kind": one.kind, "number": one.number, "ratings_per_prompt": one.ratings_per_prompt}
        )
        event_id = str(uuid.uuid5(NAMESPACE, payload))
        made[TERMINAL, event_id] = Event(
            event_id, TERMINAL, Action.MILESTONE, transaction.now, happened_at=one.reached_at, payload=payload
        )
    known = events.known(transaction, list(made))
    transaction.append(*(event for key, event in made.items() if key not in known))


def every(connection: Connection) -> list[Milestone]:
    """All that are noted, the first to be reached foremost.

    Ratings that arrive late tell that a number was passed earlier than was noted for a smaller one. What counts
    is when ratings were given, so the smaller number was there by then too, and is told with that moment.
    """
    rows = connection.execute(EVERY, {"terminal": TERMINAL, "action": Action.MILESTONE})
    noted = [Milestone(**json.loads(row.payload), reached_at=row.happened_at) for row in rows]
    told, earliest = [], {}
    for one in sorted(noted, key=attrgetter("number"), reverse=True):
        way = one.kind, one.ratings_per_prompt
        earliest[way] = min(one.reached_at, earliest.get(way, one.reached_at))
        told.append(replace(one, reached_at=earliest[way]))
    return sorted(told, key=attrgetter("reached_at", "kind", "number"))
