"""Excluding a contributor: what they rated stays in the log and counts nowhere, until they are readmitted.

Whoever reads contributors sees at once who is excluded. What is counted of prompts follows a chunk at a time,
in the order of prompt ids: `counted_out` says how far that has come, and the rest still counts. So the
audit agrees in between, too, and whatever they rate meanwhile is counted or not like all else.
"""

import uuid

from sqlalchemy import Connection, text

from components.errors import BadRequest
from components.records import Action, Event
from components.store import queue
from components.store.ratings import COUNTED_OUT, Group
from components.store.writer import Transaction

# Nobody who rates meanwhile waits longer than for these.
PROMPTS_AT_ONCE = 100
# After the ids of all prompts, which are in hex.
ALL = "g"

JUDGE = text("""
    UPDATE contributors SET excluded = :excluded, excluded_reason = :reason, judged_at = :now,
                            writer = :writer, number = :number, changed_at = :now
    WHERE contributor_id = :contributor
""")
STANDING = text("SELECT excluded, organizer FROM contributors WHERE contributor_id = :contributor")
EVERY = text(COUNTED_OUT.sql)
THROUGH = text("SELECT through FROM counted_out WHERE contributor = :contributor")
PENDING = text(f"""
    SELECT contributor_id FROM contributors LEFT JOIN counted_out ON contributor = contributor_id
    WHERE (excluded AND (through IS NULL OR through <> '{ALL}')) OR (NOT excluded AND through IS NOT NULL)
    ORDER BY judged_at, contributor_id
""")
# The ids are of hex digits: these compare alike in every database.
OUT_NEXT = text("""
    SELECT DISTINCT prompt_id FROM events
    WHERE contributor = :contributor AND prompt_id > :through ORDER BY prompt_id LIMIT :most
""")
IN_NEXT = text("""
    SELECT DISTINCT prompt_id FROM events
    WHERE contributor = :contributor AND prompt_id <= :through ORDER BY prompt_id DESC LIMIT :most
""")
LEFT_OUT = text("""
    SELECT COUNT(*) FROM ratings WHERE contributor = :contributor AND prompt_id > :through
""")
REACH = text("""
    INSERT INTO counted_out (contributor, through) VALUES (:contributor, :through)
    ON CONFLICT (contributor) DO UPDATE SET through = excluded.through
""")
END = text("DELETE FROM counted_out WHERE contributor = :contributor")
ALL_AT_ONCE = text(f"""
    INSERT INTO counted_out (contributor, through) SELECT contributor_id, '{ALL}' FROM contributors WHERE excluded
""")


def exclude(transaction: Transaction, organizer: str, contributor: str, reason: str) -> None:
    """Have somebody's ratings count nowhere from now on.

    Raises:
        BadRequest: There is no such contributor, they are excluded already, or an organizer.
    """
    if _standing(transaction, contributor).excluded:
        raise BadRequest("They are excluded already.")
    if _standing(transaction, contributor).organizer:
        raise BadRequest("An organizer cannot be excluded; dismiss them first.")
    _judge(transaction, organizer, contributor, Action.EXCLUDED, reason)
    held = queue.held(transaction, [contributor])[contributor]
    queue.end(transaction, [(contributor, prompt_id) for prompt_id in held])


def readmit(transaction: Transaction, organizer: str, contributor: str, reason: str | None = None) -> None:
    """Have somebody's ratings count again, those from before and those to come.

    Raises:
        BadRequest: There is no such contributor, or they are not excluded.
    """
    if not _standing(transaction, contributor).excluded:
        raise BadRequest("They are not excluded.")
    _judge(transaction, organizer, contributor, Action.READMITTED, reason)


def _standing(transaction: Transaction, contributor: str):  # noqa: ANN202
    found = transaction.connection.execute(STANDING, {"contributor": contributor}).first()
    if found is None:
        raise BadRequest("There is no such contributor any more.")
    return found


def _judge(
    transaction: Transaction, organizer: str, contributor: str, action: Action, reason: str | None
) -> None:
    excluded = action == Action.EXCLUDED
    told = {"excluded": excluded, "reason": reason if excluded else None, "contributor": contributor}
    transaction.connection.execute(JUDGE, told | transaction.stamp | {"now": transaction.now})
    transaction.append(
        Event(str(uuid.uuid4()), organizer, action, transaction.now, reason=reason, target=contributor)
    )


def go_on(transaction: Transaction, contributor: str, most: int = PROMPTS_AT_ONCE) -> bool:
    """Count the next ratings out of somebody who is excluded, or in of somebody who is not any more.

    Returns:
        Whether something is left to do.
    """
    found = transaction.connection.execute(STANDING, {"contributor": contributor}).first()
    if found is None:  # who deletes their account takes everything along
        return False
    through = transaction.connection.execute(THROUGH, {"contributor": contributor}).scalar()
    if found.excluded:
        return _count_out(transaction, contributor, through or "", most)
    return through is not None and _count_in(transaction, contributor, through, most)


def _count_out(transaction: Transaction, contributor: str, through: str, most: int) -> bool:
    asked = {"contributor": contributor, "through": through, "most": most}
    prompt_ids = list(transaction.connection.execute(OUT_NEXT, asked).scalars())
    _recount(transaction, contributor, prompt_ids, -1)
    reached = prompt_ids[-1] if len(prompt_ids) == most else ALL
    transaction.connection.execute(REACH, {"contributor": contributor, "through": reached})
    return reached != ALL


def _count_in(transaction: Transaction, contributor: str, through: str, most: int) -> bool:
    asked = {"contributor": contributor, "through": through, "most": most}
    prompt_ids = list(transaction.connection.execute(IN_NEXT, asked).scalars())
    _recount(transaction, contributor, prompt_ids, 1)
    if len(prompt_ids) < most or int(prompt_ids[-1], 16) == 0:
        transaction.connection.execute(END, {"contributor": contributor})
        return False
    before = f"{int(prompt_ids[-1], 16) - 1:032x}"
    transaction.connection.execute(REACH, {"contributor": contributor, "through": before})
    return True


def _recount(transaction: Transaction, contributor: str, prompt_ids: list[str], change: int) -> None:
    group = Group(transaction, (), [(contributor, prompt_id) for prompt_id in prompt_ids])
    for prompt_id in sorted(prompt_ids):
        group.recount(contributor, prompt_id, change)
    group.write()


def counted_out(connection: Connection) -> dict[str, str]:
    """Whose ratings do not count, up to which prompt."""
    return {row.contributor: row.through for row in connection.execute(EVERY)}


def left(connection: Connection, contributor: str) -> int:
    """How many opinions of somebody excluded still count."""
    through = connection.execute(THROUGH, {"contributor": contributor}).scalar() or ""
    asked = {"contributor": contributor, "through": through}
    return connection.execute(LEFT_OUT, asked).scalar_one()


def pending(connection: Connection) -> list[str]:
    """Contributors who are not counted out, or in again, to the end, the first to be judged foremost."""
    return list(connection.execute(PENDING).scalars())


def all_at_once(connection: Connection) -> None:
    """Count nobody who is excluded, in a store whose tallies are made anew."""
    connection.execute(ALL_AT_ONCE)
