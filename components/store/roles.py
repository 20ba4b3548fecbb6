"""Roles: who is an organizer, by the word of another one."""

import json
import uuid

from sqlalchemy import text

from components.errors import BadRequest
from components.records import Action, Event
from components.store.writer import Transaction

STANDING = text("SELECT organizer, excluded FROM contributors WHERE contributor_id = :contributor")
ORGANIZERS = text("SELECT COUNT(*) FROM contributors WHERE organizer")
SET = text("""
    UPDATE contributors SET organizer = :organizer, role_at = :now,
                            writer = :writer, number = :number, changed_at = :now
    WHERE contributor_id = :contributor
""")


def give(transaction: Transaction, organizer: str, contributor: str, organizes: bool) -> bool:
    """Make somebody an organizer, or dismiss them; who is so already stays so. Returns whether that changed anything.

    Somebody named in ORGANIZERS who is dismissed stays dismissed: their name is used up.

    Raises:
        BadRequest: There is no such contributor, they are excluded, or they are the last organizer.
    """
    found = transaction.connection.execute(STANDING, {"contributor": contributor}).first()
    if found is None:
        raise BadRequest("There is no such contributor any more.")
    if bool(found.organizer) == organizes:
        return False
    if organizes and found.excluded:
        raise BadRequest("Somebody who is excluded cannot be an organizer; readmit them first.")
    if not organizes and transaction.connection.execute(ORGANIZERS).scalar_one() == 1:
        raise BadRequest("This is the last organizer; appoint another one first.")
    told = {"organizer": organizes, "contributor": contributor, "now": transaction.now}
    transaction.connection.execute(SET, told | transaction.stamp)
    payload = json.dumps({"from": bool(found.organizer), "to": organizes})
    event_id = str(uuid.uuid4())
    transaction.append(
        Event(event_id, organizer, Action.ROLE, transaction.now, target=contributor, payload=payload)
    )
    return True
