"""Publications at rest: events of the log, one for each snapshot that was pushed."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from components.records import Action, Event
from components.store.schema import SELDOM
from components.store.writer import Transaction

LATEST = text(f"""
    SELECT contributor, received_at, payload FROM events WHERE {SELDOM} AND action = 'published'
    ORDER BY received_at DESC, writer DESC, number DESC LIMIT :most
""")
MOST = 1000


@dataclass(frozen=True, slots=True)
class Publication:
    """One snapshot that was pushed.

    Attributes:
        by: Who did it, or `sprints.TERMINAL`.
        told: to, version, revision, url, prompts, ratings, difference.
    """

    by: str
    at: int
    told: Mapping[str, object]


def add(transaction: Transaction, contributor: str, told: Mapping[str, object]) -> None:
    """Note that a snapshot was pushed."""
    payload = json.dumps(told, ensure_ascii=False)
    event = Event(str(uuid.uuid4()), contributor, Action.PUBLISHED, transaction.now, payload=payload)
    transaction.append(event)


def latest(connection: Connection, most: int = MOST) -> list[Publication]:
    """Those that were pushed last, the newest first."""
    rows = connection.execute(LATEST, {"most": most})
    return [Publication(row.contributor, row.received_at, json.loads(row.payload)) for row in rows]


def latest_to(connection: Connection, repository: str) -> Publication | None:
    """The last one that went to a repository."""
    return next((one for one in latest(connection) if one.told["to"] == repository), None)
