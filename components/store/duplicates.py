"""Duplicates at rest: prompts that say the same, or nearly, and what organizers decided about them."""

import json
import uuid
from collections.abc import Iterator

from sqlalchemy import Connection, Row, text

from components.records import Action, Event, Status
from components.store import moderation
from components.store.database import streamed
from components.store.schema import SELDOM
from components.store.writer import Transaction

COMPARED = "status NOT IN ('retired', 'undone')"
EVERY = text(f"""
    SELECT prompts.prompt_id, text, context, source, kind, status,
           n1 + n2 + n3 + n4 + n5 AS ratings
    FROM prompts JOIN prompt_tallies ON prompt_tallies.prompt_id = prompts.prompt_id
    WHERE {COMPARED} ORDER BY added_at, prompts.prompt_id
""")
COUNT = text(f"SELECT COUNT(*) FROM prompts WHERE {COMPARED}")
DECIDED = text(f"""
    SELECT prompt_id, payload FROM events WHERE {SELDOM} AND action = 'compared'
    ORDER BY received_at, writer, number
""")
NOT_ACTIVE = text("SELECT prompt_id, status FROM prompts WHERE status <> 'active'")
COPIES = text("SELECT * FROM prompts WHERE status = 'duplicate' AND status_reason = :prompt_id")

# What can be decided about two prompts, and what becomes of the second.
DECISIONS = {
    "keep": "both are rated",
    "merge": "the second is no longer rated, since it says what the first does",
    "retire": "the second is retired",
}


def every(connection: Connection) -> Iterator[Row]:
    """Every prompt that is not retired, with what it is compared by, the one that came first foremost, a few at a time."""
    yield from streamed(connection, EVERY)


def count(connection: Connection) -> int:
    """How many prompts `every` yields."""
    return connection.execute(COUNT).scalar_one()


def decided(connection: Connection) -> dict[frozenset[str], str]:
    """What was decided last, by the ids of the two prompts."""
    found = {}
    for prompt_id, payload in connection.execute(DECIDED):
        said = json.loads(payload)
        found[frozenset((prompt_id, said["with"]))] = said["decision"]
    return found


def not_active(connection: Connection) -> dict[str, str]:
    """The status of every prompt that is not simply to be rated."""
    return dict(connection.execute(NOT_ACTIVE).all())


def decide(transaction: Transaction, contributor: str, decision: str, first: str, second: str) -> None:
    """Decide about two prompts, and note who did. No rating is lost: each stays with its prompt.

    Args:
        decision: One of `DECISIONS`.
        first: The prompt that stays as it is.

    Raises:
        UnknownPrompt: One of them is not here.
    """
    standing = moderation.find(transaction, first)
    before = moderation.find(transaction, second)
    status, reason = before["status"], before["status_reason"]
    copies = []
    if decision == "merge":
        original = standing["status_reason"] if standing["status"] == Status.DUPLICATE else first
        status, reason = (Status.ACTIVE, None) if original == second else (Status.DUPLICATE, original)
        # Copies of the second follow it.
        copies = transaction.connection.execute(COPIES, {"prompt_id": second}).mappings().all()
    elif decision == "retire":
        status, reason = Status.RETIRED, "duplicate"
    elif status == Status.DUPLICATE or (status, reason) == (Status.RETIRED, "duplicate"):
        status, reason = Status.KEPT, None
    told = {"status": str(status), "status_reason": reason, "changed_at": transaction.now}
    changes = [(before, dict(before) | told)]
    followed = {"status_reason": reason, "changed_at": transaction.now}
    changes += [(row, dict(row) | followed) for row in copies if row["prompt_id"] != reason]
    moderation.change(transaction, changes)
    payload = json.dumps({"decision": decision, "with": first})
    transaction.append(
        Event(str(uuid.uuid4()), contributor, Action.COMPARED, transaction.now, second, payload=payload)
    )
