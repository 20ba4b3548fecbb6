"""Credits at rest: who wants to be named in the published dataset."""

import json
import uuid

from sqlalchemy import Connection, text

from components.records import Action, Event
from components.store.writer import Transaction

WANTED = text("SELECT credit FROM contributors WHERE contributor_id = :contributor")
WANT = text("""
    UPDATE contributors SET credit = :credit, writer = :writer, number = :number, changed_at = :now
    WHERE contributor_id = :contributor
""")


def wanted(connection: Connection, contributor: str) -> bool:
    """Whether a contributor wants to be named."""
    return bool(connection.execute(WANTED, {"contributor": contributor}).scalar_one())


def want(transaction: Transaction, contributor: str, credit: bool) -> None:
    """Note whether a contributor wants to be named."""
    named = {"contributor": contributor, "credit": credit, "now": transaction.now} | transaction.stamp
    if transaction.connection.execute(WANT, named).rowcount:
        payload = json.dumps({"credit": credit})
        transaction.append(
            Event(str(uuid.uuid4()), contributor, Action.PROFILE, transaction.now, payload=payload)
        )
