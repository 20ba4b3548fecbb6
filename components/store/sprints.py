"""The sprint's own row: the environment seeds it once, then the store wins."""

import json
import uuid

from sqlalchemy import Connection, text

from components.records import Action, Event, Sprint
from components.store.writer import Transaction

CURRENT = text("SELECT epoch, title, state, ratings_per_prompt, created_at FROM sprint WHERE sprint_id = 1")
BEGIN = text("""
    INSERT INTO sprint (sprint_id, epoch, title, state, ratings_per_prompt, created_at)
    VALUES (1, :epoch, :title, :state, :ratings_per_prompt, :created_at)
""")

# Who acts when somebody uses the command line or starts the server.
TERMINAL = "terminal"


def current(connection: Connection) -> Sprint:
    """The sprint as it stands."""
    return Sprint(**connection.execute(CURRENT).one()._mapping)


def begin(transaction: Transaction, title: str, ratings_per_prompt: int) -> None:
    """Make the sprint if the store holds none, and log how it began."""
    if transaction.connection.execute(CURRENT).first():
        return
    settings = {"title": title, "state": "open", "ratings_per_prompt": ratings_per_prompt}
    transaction.connection.execute(
        BEGIN, settings | {"epoch": str(uuid.uuid4()), "created_at": transaction.now}
    )
    transaction.append(
        Event(str(uuid.uuid4()), TERMINAL, Action.SETTING, transaction.now, payload=json.dumps(settings))
    )
