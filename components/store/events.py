"""The event log: everything that changed the sprint, each once, never changed itself."""

from collections.abc import Iterator

from sqlalchemy import Connection, RowMapping, text

from components.records import Event

COLUMNS = ", ".join(Event.__dataclass_fields__)
FIND = text(f"SELECT {COLUMNS} FROM events WHERE contributor = :contributor AND event_id = :event_id")
ABOUT_PROMPTS = text(f"""
    SELECT {COLUMNS} FROM events WHERE action IN ('rated', 'skipped') ORDER BY prompt_id, contributor
""")
EXPORTED = text("""
    SELECT events.event_id, events.prompt_id, pseudonym, events.action, events.score, shown_ms, happened_at,
           received_at, ratings.event_id AS current_event_id
    FROM events
    JOIN contributors ON contributor_id = events.contributor
    LEFT JOIN ratings ON ratings.contributor = events.contributor AND ratings.prompt_id = events.prompt_id
    WHERE events.action IN ('rated', 'skipped')
    ORDER BY events.prompt_id, pseudonym, events.event_id
""")
COUNT = text("SELECT COUNT(*) FROM events")


def find(connection: Connection, contributor: str, event_id: str) -> Event | None:
    """The event a contributor sent under this id, if any."""
    row = connection.execute(FIND, {"contributor": contributor, "event_id": event_id}).first()
    return Event(**row._mapping) if row else None


def about_prompts(connection: Connection) -> Iterator[Event]:
    """Every event that says something about a prompt, ordered by prompt_id and contributor, a few at a time."""
    for row in connection.execution_options(yield_per=1000).execute(ABOUT_PROMPTS):
        yield Event(**row._mapping)


def exported(connection: Connection) -> Iterator[RowMapping]:
    """Contributors' events as a snapshot shows them, under pseudonyms, ordered by prompt, a few at a time."""
    yield from connection.execution_options(yield_per=1000).execute(EXPORTED).mappings()


def count(connection: Connection) -> int:
    """How many events the log holds."""
    return connection.execute(COUNT).scalar_one()
