"""The tables a dataset is made of, read from front to back: nothing is joined or ordered, however many rows there are.

Whoever reads them puts them in order: a database would look up millions of rows one by one for it.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, Row, text

from components.records import ABOUT_PROMPTS, FLAG_REASONS, HOUR_MS, OLDEST_EVENT_MS
from components.store import tallies
from components.store.database import ROWS_AT_ONCE, answered, driver_of, streamed
from components.store.imports import ELSEWHERE
from components.store.moderation import HELD_BACK
from components.store.statement import Statement

ACTIONS = ", ".join(f"'{action}'" for action in ABOUT_PROMPTS)

SIZE = text("""
    SELECT COUNT(*) AS prompts,
           COALESCE(SUM(LENGTH(text) + COALESCE(LENGTH(context), 0) + LENGTH(metadata)), 0) AS characters,
           MAX(added_at) AS last_added
    FROM prompts WHERE status <> 'undone'
""")
PROMPTS = text(
    "SELECT prompt_id, text, context, source, kind, metadata FROM prompts WHERE status NOT IN ('retired', 'undone')"
)
RETIRED = text("""
    SELECT COALESCE(status_reason, '') AS reason, COUNT(*) AS prompts FROM prompts WHERE status = 'retired'
    GROUP BY status_reason
""")
FLAGGED = text(f"""
    SELECT prompts.prompt_id, {", ".join(FLAG_REASONS)} FROM prompt_tallies
    JOIN prompts ON prompts.prompt_id = prompt_tallies.prompt_id
    WHERE ({HELD_BACK}) AND status NOT IN ('retired', 'kept')
""")
OPINIONS = Statement(
    """
    SELECT ratings.contributor, ratings.prompt_id, event_id FROM {given}
    JOIN ratings ON ratings.contributor = given.contributor AND ratings.prompt_id = given.prompt_id
    """,
    "contributor",
    "prompt_id",
    returns=3,
)
# Ten million rows one by one would take a minute: they come as text, thousands at a time.
EVENTS = Statement(
    f"""
    SELECT {{lines}} FROM events
    WHERE writer = :writer AND number > :after AND number <= :through AND action IN ({ACTIONS})
    """,
    lines=(
        "prompt_id",
        "contributor",
        "event_id",
        "target",
        "action",
        "score",
        "reason",
        "shown_ms",
        # `Event.decided_at`, in hours.
        f"""(CASE WHEN happened_at IS NULL OR happened_at > received_at THEN received_at
             WHEN happened_at < received_at - {OLDEST_EVENT_MS} THEN received_at - {OLDEST_EVENT_MS}
             ELSE happened_at END / {HOUR_MS})""",
        # `Event.late`, as `Event.marked` writes it.
        """CASE WHEN payload LIKE '%"late": true%' THEN 1 ELSE 0 END""",
    ),
)
RATED_BEFORE = text("""
    SELECT 1 FROM events WHERE action = 'rated' AND received_at < :moment
    AND contributor NOT IN (SELECT contributor_id FROM contributors WHERE issuer = :elsewhere) LIMIT 1
""")
EVENTS_AT_ONCE = 20_000
CONTRIBUTORS = text("SELECT contributor_id, pseudonym, issuer FROM contributors WHERE NOT excluded")
CREDITS = text("""
    SELECT name, username, profile, visibility, nickname FROM contributors
    WHERE credit AND NOT excluded AND visibility <> 'hidden'
""")
EXCLUDED = text("""
    SELECT COALESCE(excluded_reason, '') AS reason, COUNT(*) AS people FROM contributors WHERE excluded
    GROUP BY excluded_reason
""")
ERASED = text("SELECT COUNT(DISTINCT contributor) FROM erasures")


def size(connection: Connection) -> Row:
    """How many prompts there are, how many characters they have, and when the last came in: prompts, characters, last_added."""
    return connection.execute(SIZE).one()


def count(connection: Connection) -> int:
    """About how many events there are."""
    return sum(tallies.vector(connection).values())


def prompts(connection: Connection) -> Iterator[Sequence[Row]]:
    """Every prompt that is not retired: prompt_id, text, context, source, kind, metadata."""
    yield from streamed(connection, PROMPTS).partitions(ROWS_AT_ONCE)


def retired(connection: Connection) -> dict[str, int]:
    """For each reason, how many prompts are retired."""
    return {row.reason: row.prompts for row in connection.execute(RETIRED)}


def flagged(connection: Connection) -> dict[str, str]:
    """The prompts that so many flagged for one reason that they wait for an organizer, with that reason."""
    rows = connection.execute(FLAGGED).mappings()
    return {row["prompt_id"]: max(FLAG_REASONS, key=lambda reason: row[reason]) for row in rows}


def opinions(connection: Connection, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The events that say what contributors think now, by contributor and prompt_id, of pairs of these."""
    rows = answered(connection, OPINIONS, pairs)
    return {(contributor, prompt_id): event_id for contributor, prompt_id, event_id in rows}


def events(connection: Connection) -> Iterator[str]:
    """All that was done to prompts, as texts of lines: prompt_id,contributor,event_id,target,action,score,reason,shown_ms,hour,late.

    The hour is that of the moment that counts, in hours since the epoch; late is 1 or 0.
    """
    for writer, last in sorted(tallies.vector(connection).items()):
        for after in range(0, last, EVENTS_AT_ONCE):
            piece = {"writer": writer, "after": after, "through": after + EVENTS_AT_ONCE}
            lines = in_lines(connection, EVENTS, piece)
            if lines:
                yield lines


def rated_before(connection: Connection, moment: int) -> bool:
    """Whether anybody had rated anything here by a moment; what was given elsewhere is not meant."""
    asked = {"moment": moment, "elsewhere": ELSEWHERE}
    return connection.execute(RATED_BEFORE, asked).first() is not None


def pseudonyms(connection: Connection) -> list[Row]:
    """Everybody whose ratings count: contributor_id, pseudonym, issuer."""
    return connection.execute(CONTRIBUTORS).all()


def credits(connection: Connection) -> list[Row]:
    """Those who want to be named, and may be seen: name, username, profile, visibility, nickname."""
    return connection.execute(CREDITS).all()


def excluded(connection: Connection) -> dict[str, int]:
    """For each reason, how many people are excluded."""
    return {row.reason: row.people for row in connection.execute(EXCLUDED)}


def erased(connection: Connection) -> int:
    """How many people deleted their account."""
    return connection.execute(ERASED).scalar_one()


def in_lines(connection: Connection, statement: Statement, named: Mapping[str, object]) -> str | None:
    """The text that a statement of lines answers; None if there is nothing."""
    cursor = driver_of(connection).cursor()
    statement.execute(connection.dialect.name, cursor, None, named)
    [lines] = cursor.fetchone()
    cursor.close()
    return lines
