"""PostgreSQL: a server that any number of processes read and write, one of them at a time.

Ratings, leases, quotas and tallies depend on each other across many rows, so who writes holds one row, the
turn, until they commit: what they read is still true when they write it, as it is on SQLite. Without
that, two replicas would give the last prompt of a quota away twice, and those that group hundreds of
ratings would be thrown back by each other again and again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import orjson
import psycopg
from sqlalchemy import URL, create_engine, inspect

# Somebody who holds the turn and falls silent loses it; whoever waits for it so long gives up.
SILENT_MS = 15_000
PATIENCE_MS = 30_000
TAKE_TURN = f"""
    SET LOCAL idle_in_transaction_session_timeout = {SILENT_MS};
    SET LOCAL lock_timeout = {PATIENCE_MS};
    SELECT 1 FROM duties WHERE name = 'turn' FOR UPDATE
"""
# A server that vanished is noticed within seconds, not within the hours TCP would take.
CONNECTING = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": SILENT_MS,
}
# What PostgreSQL, and what speaks its protocol, calls a transaction that met another one: serialization
# failure and deadlock.
MET_ANOTHER = ("40001", "40P01")
# What it says to all but one of those who make the same table in the same moment, although each of them asks
# for it only if there is none: a row that is there, a table, a type.
MADE_MEANWHILE = ("23505", "42P07", "42710")
# Beginnings of what it calls its own troubles: connections, resources, locks, shutting down, the system's;
# a silent transaction that was ended; a server that only lets read.
OUTAGES = ("08", "53", "55P03", "57", "58", "25P03", "25006")
LOST = (psycopg.OperationalError, psycopg.InterfaceError)

NAME = re.compile(r"(?<!:):(\w+)")


class PostgresqlStatement:
    """A statement as PostgreSQL takes it: given rows go as one JSON text."""

    def __init__(self, sql: str, columns: Sequence[str], returns: int, lines: Sequence[str]) -> None:
        """Spell a `Statement`."""
        line = " || ',' || ".join(f"COALESCE(CAST({cell} AS text), '')" for cell in lines)
        sql = sql.replace("{lines}", f"string_agg({line}, chr(10))").replace("{given}", _given(columns))
        self._sql = NAME.sub(r"%(\1)s", sql.replace("%", "%%"))

    def calls(
        self, given: Sequence[Sequence] | None, named: Mapping[str, object]
    ) -> Iterator[tuple[str, Mapping[str, object]]]:
        """What the driver executes, and what it binds."""
        yield self._sql, named if given is None else {**named, "given": orjson.dumps(given).decode()}

    def rows(self, cursor) -> list[tuple]:  # noqa: ANN001
        """What a call answered."""
        return cursor.fetchall()


def _given(columns: Sequence[str]) -> str:
    cells = []
    for place, column in enumerate(columns):
        name, _, kind = column.partition(" ")
        cell = f"value ->> {place}"
        cells.append(f"{f'CAST({cell} AS bigint)' if kind else cell} AS {name}")
    rows = "jsonb_array_elements(CAST(:given AS jsonb)) AS one (value)"
    return f"(SELECT {', '.join(cells)} FROM {rows}) AS given"


class Postgresql:
    """One database of a server."""

    # The driver begins by itself.
    begin_reading = begin_migrating = begin_scanning = end_scanning = ""
    begin_writing = TAKE_TURN
    reconnects = True

    def __init__(self, address: URL) -> None:
        """Prepare; nothing is opened yet."""
        self.place = address.set(drivername="postgresql").render_as_string(hide_password=True)
        self.reading = create_engine(
            address.set(drivername="postgresql+psycopg"),
            # One moment of the store, whatever is written meanwhile.
            isolation_level="REPEATABLE READ",
            connect_args=CONNECTING | dict(address.query),
            pool_size=16,
            max_overflow=32,
            pool_pre_ping=True,
        )
        # Whoever had to wait for their turn must see what the one before them wrote.
        self.writing = self.reading.execution_options(isolation_level="READ COMMITTED")

    def is_there(self) -> bool:
        """Whether the database holds a sprint."""
        return inspect(self.reading).has_table("sprint")

    def make_room(self) -> None:
        """The database is there, or somebody else has to make it."""

    def is_outage(self, error: Exception) -> bool:
        """Whether an error is the server's or the network's, and no mistake of the statement."""
        state = getattr(error, "sqlstate", None)
        # Without a state there was no answer at all.
        return state.startswith(OUTAGES) if state else isinstance(error, LOST)

    def met_another(self, error: Exception) -> bool:
        """Whether the same transaction can succeed if it is done again."""
        return getattr(error, "sqlstate", None) in MET_ANOTHER

    def made_meanwhile(self, error: Exception) -> bool:
        """Whether somebody else made in the same moment what was to be made."""
        return getattr(error, "sqlstate", None) in MADE_MEANWHILE
