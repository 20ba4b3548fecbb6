"""The event log: everything that changed the sprint, each once, never changed itself."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Row, text

from components.records import ABOUT_PROMPTS, Event
from components.store.database import answered, streamed
from components.store.statement import Statement
from components.store.writer import Transaction

COLUMNS = ", ".join(f"events.{name}" for name in Event.__dataclass_fields__)
KNOWN = Statement(
    f"""
    SELECT {COLUMNS} FROM {{given}}
    JOIN events ON events.contributor = given.contributor AND events.event_id = given.event_id
    """,
    "contributor",
    "event_id",
    returns=len(Event.__dataclass_fields__),
)
BETWEEN = Statement(
    f"""
    SELECT {COLUMNS} FROM {{given}}
    JOIN events ON events.prompt_id = given.prompt_id AND events.contributor = given.contributor
    """,
    "contributor",
    "prompt_id",
    returns=len(Event.__dataclass_fields__),
)
ACTIONS = ", ".join(f"'{action}'" for action in ABOUT_PROMPTS)
TOLD = text(f"SELECT {COLUMNS} FROM events WHERE action IN ({ACTIONS}) ORDER BY prompt_id, contributor")
COUNT = text("SELECT COUNT(*) FROM events")
AFTER = text("""
    SELECT COUNT(*) AS events, COALESCE(SUM(CASE WHEN action = 'rated' THEN 1 ELSE 0 END), 0) AS ratings
    FROM events WHERE writer = :writer AND number > :number
""")
ANY = text("SELECT 1 FROM events LIMIT 1")
LAST = text("""
    SELECT writers.writer, writers.number, events.received_at FROM writers
    JOIN events ON events.writer = writers.writer AND events.number = writers.number
""")
# What counts is `Event.decided_at`; nothing is received before it.
RATED_AFTER = Statement(
    """
    SELECT contributor, prompt_id, score,
        CASE WHEN happened_at < received_at THEN happened_at ELSE received_at END AS decided_at
    FROM events
    WHERE writer = :writer AND number > :after AND action = 'rated'
      AND received_at >= :since AND COALESCE(happened_at, received_at) >= :since
      AND contributor NOT IN (SELECT contributor_id FROM contributors WHERE excluded)
    ORDER BY number
    """,
    returns=4,
)


def known(transaction: Transaction, ids: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Event]:
    """Those events of the log that have one of these ids, each a contributor with an event_id."""
    found = (Event(*row) for row in transaction.read(KNOWN, ids))
    return {(event.contributor, event.event_id): event for event in found}


def between(transaction: Transaction, pairs: Sequence[tuple[str, str]]) -> list[Event]:
    """All that contributors ever said of prompts, for pairs of contributor and prompt_id."""
    return [Event(*row) for row in transaction.read(BETWEEN, pairs)]


def about_prompts(connection: Connection) -> Iterator[Event]:
    """Every event that is about a prompt, ordered by prompt_id and contributor, a few at a time."""
    for row in streamed(connection, TOLD):
        yield Event(*row)


def count(connection: Connection) -> int:
    """How many events the log holds."""
    return connection.execute(COUNT).scalar_one()


def after(connection: Connection, writer: str, number: int) -> tuple[int, int]:
    """How many events a writer has after one of its numbers, and how many ratings are among them."""
    row = connection.execute(AFTER, {"writer": writer, "number": number}).one()
    return row.events, int(row.ratings)


def any_at_all(connection: Connection) -> bool:
    """Whether anything ever happened."""
    return connection.execute(ANY).first() is not None


def last(connection: Connection) -> list[Row]:
    """The last event of each writer: writer, number, received_at."""
    return connection.execute(LAST).all()


def rated_after(connection: Connection, writer: str, after: int, since: int) -> list[Sequence]:
    """Ratings of a writer after one of its numbers, in the order they came in: contributor, prompt_id, score, decided_at.

    Args:
        since: Those that were given before this moment are left out.
    """
    return answered(connection, RATED_AFTER, writer=writer, after=after, since=since)
