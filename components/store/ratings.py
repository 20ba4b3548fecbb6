"""Ratings at rest: at most one opinion for each prompt and contributor, the latest of their events."""

from collections.abc import Iterator

from sqlalchemy import Connection, RowMapping, text

from components.errors import EventIdReused, UnknownPrompt
from components.records import Event, Opinion
from components.store import events, prompts, queue, tallies
from components.store.writer import Transaction

CURRENT = text("""
    SELECT action, score, decided_at, day, event_id FROM ratings
    WHERE contributor = :contributor AND prompt_id = :prompt_id
""")
KEEP = text("""
    INSERT INTO ratings (contributor, prompt_id, action, score, decided_at, day, event_id)
    VALUES (:contributor, :prompt_id, :action, :score, :decided_at, :day, :event_id)
    ON CONFLICT (contributor, prompt_id) DO UPDATE
    SET action = excluded.action, score = excluded.score, decided_at = excluded.decided_at,
        day = excluded.day, event_id = excluded.event_id
""")
EVERY = text("""
    SELECT prompt_id, contributor, action, score, decided_at, day, event_id FROM ratings
    ORDER BY prompt_id, contributor
""")
EVERY_SCORE = text("""
    SELECT prompt_id, contributor, pseudonym, score FROM ratings
    JOIN contributors ON contributor_id = contributor
    WHERE score IS NOT NULL ORDER BY prompt_id, decided_at, event_id
""")


def opinion(event: Event) -> Opinion:
    """What an event says its contributor thinks of its prompt."""
    day = tallies.plausible_day(event.local_date, event.decided_at)
    return Opinion(event.action, event.score, event.decided_at, day, event.event_id)


def keep(transaction: Transaction, event: Event) -> bool:
    """Append a contributor's event about a prompt and bring all that is derived from it up to date.

    Returns:
        Whether the event is new; the same one sent again changes nothing.

    Raises:
        UnknownPrompt: There is no such prompt.
        EventIdReused: The contributor used the event's id for something else.
    """
    connection = transaction.connection
    known = events.find(connection, event.contributor, event.event_id)
    if known is not None:
        if known.body != event.body:
            raise EventIdReused("This event_id was already used for something else; make a new one.")
        return False
    prompt = prompts.find(connection, event.prompt_id)
    if prompt is None:
        raise UnknownPrompt("There is no such prompt in this sprint; ask for the next ones.")
    transaction.append(event)

    old, new = current(connection, event.contributor, event.prompt_id), opinion(event)
    had_rating = old is not None and old.score is not None
    if old is None or new.precedence > old.precedence:
        tallies.change_opinion(transaction, prompt, event.contributor, old, new)
        connection.execute(
            KEEP,
            {
                "contributor": event.contributor,
                "prompt_id": event.prompt_id,
                "action": new.action,
                "score": new.score,
                "decided_at": new.decided_at,
                "day": new.day,
                "event_id": new.event_id,
            },
        )
        queue.settle(connection, event.contributor, event.prompt_id, (new.score is not None) - had_rating)
    else:
        queue.settle(connection, event.contributor, event.prompt_id, 0)
    return True


def current(connection: Connection, contributor: str, prompt_id: str) -> Opinion | None:
    """What a contributor thinks of a prompt, if anything."""
    row = connection.execute(CURRENT, {"contributor": contributor, "prompt_id": prompt_id}).first()
    return Opinion(**row._mapping) if row else None


def every(connection: Connection) -> Iterator[RowMapping]:
    """Every current opinion, skips included, ordered by prompt_id and contributor, a few at a time."""
    yield from connection.execution_options(yield_per=1000).execute(EVERY).mappings()


def every_score(connection: Connection) -> Iterator[RowMapping]:
    """Every current rating ordered by prompt_id, then as they were given: prompt_id, contributor, pseudonym, score."""
    yield from connection.execution_options(yield_per=1000).execute(EVERY_SCORE).mappings()
