"""Deleting an account: the name at once, then what was said, a chunk at a time, as if it had never been.

The log keeps a tombstone for each event: that there was one, of somebody without a name, and nothing of
what it said. So the numbers of each writer stay without gaps, and a copy of the event that turns up later,
in a backup or on another device, finds its place taken.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, String, bindparam, text

from components.errors import NotSignedIn
from components.records import Action, Event
from components.store import queue, sprints
from components.store.ratings import Group
from components.store.schema import SELDOM
from components.store.statement import Statement
from components.store.writer import Transaction

# Nobody who rates meanwhile waits longer than for these: a fortieth of a second.
EVENTS_AT_ONCE = 100

WOULD_GO = text("""
    SELECT (SELECT COUNT(*) FROM ratings WHERE contributor = :contributor AND action = 'rated') AS ratings,
           (SELECT COUNT(*) FROM events WHERE contributor = :contributor) AS events
""")
FALLING = text("""
    SELECT prompts.prompt_id, text FROM ratings
    JOIN prompt_tallies ON prompt_tallies.prompt_id = ratings.prompt_id
    JOIN prompts ON prompts.prompt_id = ratings.prompt_id
    WHERE contributor = :contributor AND action = 'rated' AND n1 + n2 + n3 + n4 + n5 = :goal
    ORDER BY decided_at DESC, ratings.event_id DESC LIMIT :most
""")
COUNT_FALLING = text("""
    SELECT COUNT(*) FROM ratings
    JOIN prompt_tallies ON prompt_tallies.prompt_id = ratings.prompt_id
    WHERE contributor = :contributor AND action = 'rated' AND n1 + n2 + n3 + n4 + n5 = :goal
""")
FORGET_PERSON = text("DELETE FROM contributors WHERE contributor_id = :contributor")
REMEMBER = text("""
    INSERT INTO erasures (subject_hash, contributor, erased_at, done, writer, number)
    VALUES (:subject_hash, :contributor, :erased_at, :done, :writer, :number)
""")
ALSO = text("SELECT also FROM contributors WHERE contributor_id = :contributor")
REKEY = text("UPDATE erasures SET subject_hash = :other WHERE subject_hash = :subject_hash")
OF = text("SELECT contributor, erased_at, done FROM erasures WHERE subject_hash = :subject_hash")
LAST_DONE = text("SELECT MAX(erased_at) FROM erasures WHERE done AND erased_at <= :before")
FINISHED = text("SELECT COUNT(*) FROM erasures WHERE done")
UNFINISHED = text("SELECT contributor FROM erasures WHERE NOT done ORDER BY erased_at, contributor")
LEFT = text("SELECT COUNT(*) FROM events WHERE contributor = :contributor AND action <> 'erased'")
NEXT = text("""
    SELECT event_id, prompt_id FROM events
    WHERE contributor = :contributor AND event_id > :after AND action <> 'erased'
    ORDER BY event_id LIMIT :most
""")
BURY = """
    UPDATE events SET action = 'erased', prompt_id = NULL, score = NULL, reason = NULL, target = NULL,
                      shown_ms = NULL, happened_at = NULL, local_date = NULL, payload = NULL
    WHERE contributor = :contributor AND
"""
BURY_ABOUT = text(f"{BURY} prompt_id IN :prompt_ids").bindparams(
    bindparam("prompt_ids", expanding=True, type_=String)
)
BURY_THESE = text(f"{BURY} event_id IN :event_ids").bindparams(
    bindparam("event_ids", expanding=True, type_=String)
)
# Why organizers excluded somebody, among what organizers did.
FORGET_REASONS = text(f"""
    UPDATE events SET reason = NULL WHERE {SELDOM} AND target = :contributor AND reason IS NOT NULL
""")
FORGET_DAYS = tuple(
    text(f"DELETE FROM {table} WHERE contributor = :contributor")
    for table in ("contributor_tallies", "standing_tallies", "counted_out")
)
FINISH = text("UPDATE erasures SET done = :done WHERE contributor = :contributor")
BURIED = Statement(
    """
    SELECT 1 FROM erasures
    JOIN events ON events.contributor = erasures.contributor AND event_id = :event_id LIMIT 1
    """,
    returns=1,
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """An account that was deleted: the contributor it was, and since when."""

    contributor: str
    erased_at: int
    done: bool


def would_go(connection: Connection, contributor: str) -> dict[str, int]:
    """What deleting an account would remove: ratings, events, prompts_below_goal."""
    counted = connection.execute(WOULD_GO, {"contributor": contributor}).one()
    goal = sprints.current(connection).ratings_per_prompt
    falling = connection.execute(COUNT_FALLING, {"contributor": contributor, "goal": goal}).scalar_one()
    return {"ratings": counted.ratings, "events": counted.events, "prompts_below_goal": falling}


def would_fall(connection: Connection, contributor: str, most: int) -> list[RowMapping]:
    """Prompts that would no longer have the ratings wanted: prompt_id, text; the one rated last foremost."""
    goal = sprints.current(connection).ratings_per_prompt
    asked = {"contributor": contributor, "goal": goal, "most": most}
    return connection.execute(FALLING, asked).mappings().all()


def begin(transaction: Transaction, contributor: str, subject_hash: str) -> int:
    """Forget who a contributor is. What they said is still counted, under nobody's name, until `go_on`.

    Args:
        subject_hash: A keyed hash of their issuer and subject; all that is kept to know them by.

    Returns:
        How many events there are to erase.

    Raises:
        NotSignedIn: There is no such contributor any more.
    """
    connection = transaction.connection
    also = connection.execute(ALSO, {"contributor": contributor}).scalar()
    if also is None:
        raise NotSignedIn("This account is deleted already.")
    forget(transaction, contributor)
    rows = [_row(transaction, subject_hash, contributor, done=False)]
    rows += [_row(transaction, rekeyed(subject_hash, one), one, done=True) for one in json.loads(also)]
    transaction.append(Event(str(uuid.uuid4()), contributor, Action.ERASED, transaction.now))
    # Whoever comes back and goes again is found by the last time; the time before stays under another key.
    before = of(connection, subject_hash)
    if before is not None:
        other = rekeyed(subject_hash, before.contributor)
        connection.execute(REKEY, {"subject_hash": subject_hash, "other": other})
    connection.execute(REMEMBER, rows)
    return left(connection, contributor)


def forget(transaction: Transaction, contributor: str) -> None:
    """Delete the row that says who somebody is, and give back what they hold."""
    transaction.connection.execute(FORGET_PERSON, {"contributor": contributor})
    transaction.connection.execute(FORGET_REASONS, {"contributor": contributor})
    held = queue.held(transaction, [contributor])[contributor]
    queue.end(transaction, [(contributor, prompt_id) for prompt_id in held])


def rekeyed(subject_hash: str, contributor: str) -> str:
    """Under which key an erasure of somebody stands who deleted another account later."""
    return hashlib.sha256(f"{subject_hash} {contributor}".encode()).hexdigest()


def _row(transaction: Transaction, subject_hash: str, contributor: str, done: bool) -> dict[str, object]:
    told = {"subject_hash": subject_hash, "contributor": contributor, "done": done}
    return told | {"erased_at": transaction.now} | transaction.stamp


def go_on(
    transaction: Transaction, contributor: str, after: str = "", most: int = EVENTS_AT_ONCE
) -> str | None:
    """Erase the next events of somebody whose erasure has begun, and what they said with them.

    All events about a prompt go together, so that in between the opinions still follow from the log.

    Args:
        after: Where the last chunk ended; empty to begin.
        most: About how many events to erase.

    Returns:
        Where this chunk ends, or None if nothing is left and the erasure is done.
    """
    connection = transaction.connection
    asked = {"contributor": contributor, "after": after, "most": most}
    events = connection.execute(NEXT, asked).all()
    if not events:
        for forget_days in FORGET_DAYS:
            connection.execute(forget_days, {"contributor": contributor})
        connection.execute(FINISH, {"contributor": contributor, "done": True})
        return None
    prompt_ids = sorted({event.prompt_id for event in events if event.prompt_id is not None})
    group = Group(transaction, (), [(contributor, prompt_id) for prompt_id in prompt_ids])
    for prompt_id in prompt_ids:
        group.forget(contributor, prompt_id)
    group.write()
    connection.execute(BURY_ABOUT, {"contributor": contributor, "prompt_ids": prompt_ids})
    event_ids = [event.event_id for event in events if event.prompt_id is None]
    connection.execute(BURY_THESE, {"contributor": contributor, "event_ids": event_ids})
    return events[-1].event_id


def of(connection: Connection, subject_hash: str) -> Erasure | None:
    """The last time somebody deleted their account, if they ever did."""
    row = connection.execute(OF, {"subject_hash": subject_hash}).first()
    return Erasure(row.contributor, row.erased_at, bool(row.done)) if row else None


def finished(connection: Connection) -> int:
    """How many erasures are done."""
    return connection.execute(FINISHED).scalar_one()


def unfinished(connection: Connection) -> list[str]:
    """Contributors whose erasure has begun and is not done, the first to begin foremost."""
    return list(connection.execute(UNFINISHED).scalars())


def buried(transaction: Transaction, event_id: str) -> bool:
    """Whether an event of this id went, or is about to go, with an account that was deleted."""
    return bool(transaction.read(BURIED, event_id=event_id))


def left(connection: Connection, contributor: str) -> int:
    """How many events of somebody are still to be erased."""
    return connection.execute(LEFT, {"contributor": contributor}).scalar_one()


def last_done(connection: Connection, before: int) -> int | None:
    """When the last account was deleted, up to a moment, of which nothing is left in the store."""
    return connection.execute(LAST_DONE, {"before": before}).scalar_one()
