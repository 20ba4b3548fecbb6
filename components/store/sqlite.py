"""SQLite: a file of this machine that one process writes at a time and many read."""

from collections.abc import Sequence
from pathlib import Path

import orjson
from sqlalchemy import URL, create_engine, event

from components.errors import BadSetting, StoreUnavailable

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit is on the disk before anybody hears of it
    "PRAGMA busy_timeout=30000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=16000",
)
# Words of what it says when the fault is the disk's or another process's, not the statement's.
OUTAGES = ("disk", "full", "locked", "readonly", "unable to open", "not a database")


class SqliteDialect:
    """How a statement is written for SQLite, and run."""

    def given(self, columns: Sequence[str]) -> str:
        """The table of given rows; each column is a name and, unless it is text, "int"."""
        names = [column.split()[0] for column in columns]
        cells = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
        return f"(SELECT {cells} FROM json_each(:given)) AS given"

    def lines(self, cells: Sequence[str]) -> str:
        """All rows as one text: a line for each, with these cells; nothing is an empty one."""
        line = " || ',' || ".join(f"COALESCE({cell}, '')" for cell in cells)
        return f"group_concat({line}, char(10))"

    def spelled(self, sql: str, returns: int) -> str:
        """A statement as the driver takes it; one that answers so many columns does so in one piece."""
        if not returns:
            return sql
        answer = ", ".join(f"c{place}" for place in range(returns))
        return f"WITH answer ({answer}) AS ({sql}) SELECT json_group_array(json_array({answer})) FROM answer"

    def rows(self, cursor) -> list[list]:  # noqa: ANN001
        """What a statement answered."""
        return orjson.loads(cursor.fetchone()[0])


class Sqlite:
    """One database file."""

    begin_reading = "BEGIN"
    begin_scanning, end_scanning = "PRAGMA cache_size=-4096", "PRAGMA cache_size=-65536"
    # IMMEDIATE, so that what is read is still true when it is written.
    begin_writing = begin_migrating = "BEGIN IMMEDIATE"
    reconnects = False

    def __init__(self, address: URL) -> None:
        """Prepare; nothing is opened yet.

        Raises:
            BadSetting: The address names no file.
        """
        if not address.database or address.database == ":memory:":
            raise BadSetting(
                "DATABASE_URL names no SQLite file; write sqlite:///folder/sprint.db, or leave it empty."
            )
        self.path = Path(address.database)
        self.place = str(self.path)
        self.reading = self.writing = create_engine(address, pool_size=16, max_overflow=32)
        event.listen(self.reading, "connect", _prepare)

    def is_there(self) -> bool:
        """Whether there is a file."""
        return self.path.exists()

    def make_room(self) -> None:
        """Make the folder of the file, and the file, for nobody else to read.

        Raises:
            StoreUnavailable: It cannot be made.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                # It holds names and what they said; the files SQLite puts beside it take after it.
                self.path.touch(mode=0o600)
        except OSError as error:
            raise StoreUnavailable(
                f"{self.path} cannot be made ({error.strerror}); set DATA_DIR to a folder that can be written."
            ) from None

    def is_outage(self, error: Exception) -> bool:
        """Whether an error is the disk's or another process's, and no mistake of the statement."""
        return any(word in str(error) for word in OUTAGES)

    def met_another(self, error: Exception) -> bool:
        """Whether the same transaction can succeed if it is done again."""
        return False


def _prepare(driver_connection: object, record: object) -> None:
    driver_connection.isolation_level = None  # BEGIN is ours
    cursor = driver_connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
