"""Findings: what was computed of the whole sprint in the background, kept for every replica and for the next start.

Nothing else follows from them and they follow from the rest, so no backup holds them and no audit compares
them: a store without them computes them anew.
"""

import hashlib
import json
from typing import NamedTuple

from sqlalchemy import Connection, text

from components.store import erasures, exclusions, tallies
from components.store.statement import Statement
from components.store.writer import Transaction

LATEST = text("SELECT version, made_at, took_ms FROM findings WHERE name = :name")
CONTENT = text("SELECT content FROM findings WHERE name = :name")
KEEP = Statement(
    """
    INSERT INTO findings (name, version, made_at, took_ms, content)
    SELECT name, version, made_at, took_ms, content FROM {given} WHERE true
    ON CONFLICT (name) DO UPDATE SET version = excluded.version, made_at = excluded.made_at,
                                     took_ms = excluded.took_ms, content = excluded.content
    """,
    "name",
    "version",
    "made_at int",
    "took_ms int",
    "content",
)


class Made(NamedTuple):
    """When something was computed.

    Attributes:
        version: Of what, as `version` tells.
        made_at: In epoch milliseconds.
        took_ms: How long it took.
    """

    version: str
    made_at: int
    took_ms: int


def version(connection: Connection) -> str:
    """What changes whenever numbers that are counted do; equal for every replica."""
    told = [
        sorted(tallies.vector(connection).items()),
        erasures.finished(connection),
        sorted(exclusions.counted_out(connection).items()),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def latest(connection: Connection, name: str) -> Made | None:
    """When what is kept under a name was made; None if nothing is."""
    row = connection.execute(LATEST, {"name": name}).first()
    return Made(*row) if row else None


def content(connection: Connection, name: str) -> str | None:
    """What is kept under a name, as JSON."""
    return connection.execute(CONTENT, {"name": name}).scalar()


def keep(transaction: Transaction, made: Made, contents: dict[str, str]) -> None:
    """Keep what was computed together, each under its name, instead of what was kept there."""
    transaction.change(KEEP, [(name, *made, told) for name, told in sorted(contents.items())])
