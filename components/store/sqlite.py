"""SQLite: a file of this machine that one process writes at a time and many read."""

import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path

import orjson
from sqlalchemy import URL, create_engine, event

from components.errors import BadSetting, StoreUnavailable

WRITE_AHEAD = "PRAGMA journal_mode=WAL"
PRAGMAS = (
    "PRAGMA synchronous=FULL",  # a commit is on the disk before anybody hears of it
    "PRAGMA busy_timeout=30000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=16000",
)
# Of those who open a new file in the same moment one makes it write ahead, and SQLite turns the others away
# at once, however long they would wait: so often, and so long apart, they ask again.
TRIES, APART_S = 100, 0.02
# So many given rows go into one call, and so many texts of statements are kept ready.
MOST_ROWS = 128
MOST_TEXTS = 512
NAME = re.compile(r"(?<!:):(\w+)")
# Words of what it says when the fault is the disk's or another process's, not the statement's.
OUTAGES = ("disk", "full", "locked", "readonly", "unable to open", "not a database")


class SqliteStatement:
    """A statement as SQLite takes it.

    Given rows are bound as they are, which costs a fraction of reading them out of JSON. The table of them is
    written for 1, 2, 4 … rows, so that few texts serve all, and what is left over is NULL: the first column
    of a given row never is.
    """

    def __init__(self, sql: str, columns: Sequence[str], returns: int, lines: Sequence[str]) -> None:
        """Spell a `Statement`."""
        # One call a row, in which a missing value is nothing: `||` would copy the row for each of its cells.
        line = f"printf('{','.join(['%s'] * len(lines))}', {', '.join(lines)})"
        sql = sql.replace("{lines}", f"group_concat({line}, char(10))")
        if returns:
            answer = ", ".join(f"c{place}" for place in range(returns))
            sql = (
                f"WITH answer ({answer}) AS ({sql}) SELECT json_group_array(json_array({answer})) FROM answer"
            )
        self._names = tuple(dict.fromkeys(NAME.findall(sql)))
        self._sql = NAME.sub(lambda found: f"?{self._names.index(found[1]) + 1}", sql)
        self._columns = [column.split()[0] for column in columns]
        self._of_size: dict[int, str] = {}

    def calls(
        self, given: Sequence[Sequence] | None, named: Mapping[str, object]
    ) -> Iterator[tuple[str, Sequence]]:
        """What the driver executes, one after the other, and what it binds."""
        own = [named[name] for name in self._names]
        if given is None:
            yield self._sql, own
            return
        for start in range(0, len(given), MOST_ROWS):
            rows = given[start : start + MOST_ROWS]
            size = 1 << (len(rows) - 1).bit_length()
            if size not in self._of_size:
                self._of_size[size] = self._sql.replace("{given}", self._table(size))
            rest = repeat(None, (size - len(rows)) * len(self._columns))
            yield self._of_size[size], [*own, *chain.from_iterable(rows), *rest]

    def _table(self, size: int) -> str:
        width, first = len(self._columns), len(self._names) + 1
        cells = ", ".join(f"column{place} AS {name}" for place, name in enumerate(self._columns, 1))
        rows = (
            ", ".join(f"?{number}" for number in range(start, start + width))
            for start in range(first, first + size * width, width)
        )
        return f"(SELECT {cells} FROM (VALUES ({'), ('.join(rows)})) WHERE column1 IS NOT NULL) AS given"

    def rows(self, cursor) -> list[list]:  # noqa: ANN001
        """What a call answered."""
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
        self.reading = self.writing = create_engine(
            address, pool_size=16, max_overflow=32, connect_args={"cached_statements": MOST_TEXTS}
        )
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

    def made_meanwhile(self, error: Exception) -> bool:
        """Whether somebody else made in the same moment what was to be made."""
        return False


def _prepare(driver_connection: sqlite3.Connection, record: object) -> None:
    driver_connection.isolation_level = None  # BEGIN is ours
    cursor = driver_connection.cursor()
    _write_ahead(cursor)
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    for left in reversed(range(TRIES)):
        try:
            cursor.execute(WRITE_AHEAD)
            return
        except sqlite3.OperationalError as error:
            if not left or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(APART_S)
