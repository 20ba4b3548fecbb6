"""The tables a dataset is made of, read from front to back: nothing is joined or ordered, however many rows there are.

Whoever reads them puts them in order: a database would look up millions of rows one by one for it.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Row, text

from components.records import ABOUT_PROMPTS, FLAG_REASONS, FLAGS_TO_RETIRE, HOUR_MS, OLDEST_EVENT_MS
from components.store.database import in_groups

ACTIONS = ", ".join(f"'{action}'" for action in ABOUT_PROMPTS)
HELD_BACK = " OR ".join(f"{reason} >= {FLAGS_TO_RETIRE}" for reason in FLAG_REASONS)

SIZE = text("""
    SELECT COUNT(*) AS prompts,
           COALESCE(SUM(LENGTH(text) + COALESCE(LENGTH(context), 0) + LENGTH(metadata)), 0) AS characters
    FROM prompts WHERE status <> 'undone'
""")
COUNTS = text("""
    SELECT (SELECT COUNT(*) FROM prompts WHERE status <> 'undone') + (SELECT COUNT(*) FROM ratings) + (SELECT COUNT(*) FROM events)
""")
PROMPTS = text("""
    SELECT prompt_id, text, context, source, kind, metadata, status, status_reason FROM prompts
    WHERE status <> 'undone'
""")
FLAGGED = text(f"SELECT prompt_id, {', '.join(FLAG_REASONS)} FROM prompt_tallies WHERE {HELD_BACK}")
OPINIONS = text("SELECT prompt_id, contributor, event_id, action, score FROM ratings")
# `Event.decided_at`, in hours.
EVENTS = text(f"""
    SELECT prompt_id, contributor, event_id, target, action, score, reason, shown_ms,
           CASE WHEN happened_at IS NULL OR happened_at > received_at THEN received_at
                WHEN happened_at < received_at - {OLDEST_EVENT_MS} THEN received_at - {OLDEST_EVENT_MS}
                ELSE happened_at END / {HOUR_MS} AS hour,
           payload
    FROM events WHERE action IN ({ACTIONS})
""")
CONTRIBUTORS = text("SELECT contributor_id, pseudonym FROM contributors WHERE NOT excluded")
EXCLUDED = text("""
    SELECT COALESCE(excluded_reason, '') AS reason, COUNT(*) AS people FROM contributors WHERE excluded
    GROUP BY excluded_reason
""")
ERASED = text("SELECT COUNT(DISTINCT contributor) FROM erasures")
LAST = text(
    f"SELECT MAX(received_at) FROM events WHERE action IN ({ACTIONS}, 'joined', 'imported', 'erased')"
)

Rows = Sequence[Sequence]


def size(connection: Connection) -> tuple[int, int]:
    """How many prompts there are, and how many characters they have."""
    row = connection.execute(SIZE).one()
    return row.prompts, int(row.characters)


def count(connection: Connection) -> int:
    """How many rows there are to be read in all."""
    return connection.execute(COUNTS).scalar_one()


def prompts(connection: Connection) -> Iterator[Rows]:
    """Every prompt: prompt_id, text, context, source, kind, metadata, status, status_reason."""
    yield from in_groups(connection, PROMPTS)


def flagged(connection: Connection) -> dict[str, str]:
    """The prompts that so many flagged for one reason that they wait for an organizer, with that reason."""
    rows = connection.execute(FLAGGED).mappings()
    return {row["prompt_id"]: max(FLAG_REASONS, key=lambda reason: row[reason]) for row in rows}


def opinions(connection: Connection) -> Iterator[Rows]:
    """What everybody thinks now: prompt_id, contributor, event_id, action, score."""
    yield from in_groups(connection, OPINIONS)


def events(connection: Connection) -> Iterator[Rows]:
    """All that was done to prompts: prompt_id, contributor, event_id, target, action, score, reason, shown_ms, hour, payload.

    The hour is that of the moment that counts, in hours since the epoch.
    """
    yield from in_groups(connection, EVENTS)


def pseudonyms(connection: Connection) -> list[Row]:
    """Everybody whose ratings count: contributor_id, pseudonym."""
    return connection.execute(CONTRIBUTORS).all()


def excluded(connection: Connection) -> dict[str, int]:
    """For each reason, how many people are excluded."""
    return {row.reason: row.people for row in connection.execute(EXCLUDED)}


def erased(connection: Connection) -> int:
    """How many people deleted their account."""
    return connection.execute(ERASED).scalar_one()


def last_change(connection: Connection) -> int | None:
    """When the newest of all that a dataset shows came in."""
    return connection.execute(LAST).scalar_one()
