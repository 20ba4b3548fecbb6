"""The database behind the store: opening, migrating, transactions."""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Executable, Result
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from components.errors import Outage, StoreUnavailable
from components.store import duties
from components.store.engines import cause_of, engine_at
from components.store.schema import DUTIES
from components.store.statement import Statement

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION = "migration"
# A migration that takes longer does no harm: whoever takes it for dead waits for its transaction.
MIGRATION_MS = 60_000
WAIT_S = 0.1
ROWS_AT_ONCE = 1000
# So many that start in the same moment may stumble over each other.
MOST_TOGETHER = 20


def epoch_ms() -> int:
    """The time now, in UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


class Database:
    """One database, read by many and written by one transaction at a time.

    Attributes:
        place: Where it is, as a person reads it.
    """

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet.

        Raises:
            BadSetting: The address is not one of a database this version can use.
        """
        self._engine = engine_at(url)
        self.place = self._engine.place

    def is_there(self) -> bool:
        """Whether there is a store already.

        Raises:
            StoreUnavailable: That cannot be found out.
        """
        with self._as_sentence():
            return self._engine.is_there()

    def migrate(self) -> None:
        """Create the tables, or bring those of an older version up to date; one replica does, the others wait.

        Raises:
            StoreUnavailable: The database cannot be opened or written.
        """
        self._engine.make_room()
        holder = str(uuid.uuid4())
        with self._as_sentence():
            self._make_duties()
            while not self._is_up_to_date():
                with self._migrating() as connection:
                    taken = duties.take(connection, MIGRATION, holder, epoch_ms(), MIGRATION_MS)
                if not taken:
                    time.sleep(WAIT_S)
                    continue
                try:
                    self._upgrade()
                except DBAPIError:
                    # Whose lease ran out in the middle of it may have come to an end after all.
                    if not self._is_up_to_date():
                        raise
                with self._migrating() as connection:
                    duties.let_go(connection, MIGRATION, holder)

    def _make_duties(self) -> None:
        for _ in range(MOST_TOGETHER):
            try:
                with self._migrating() as connection:
                    connection.execute(CreateTable(DUTIES, if_not_exists=True))
                    connection.execute(duties.MAKE_TURN)
                return
            except DBAPIError as error:
                made = self._engine.made_meanwhile(cause_of(error))
                if not made and not self.may_be_tried_again(error):
                    raise

    def _is_up_to_date(self) -> bool:
        with self._engine.reading.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        return current == ScriptDirectory(str(MIGRATIONS)).get_current_head()

    def _upgrade(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._migrating() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError:
                raise StoreUnavailable(
                    f"The store at {self.place} was made by a newer version; run that version, or set DATA_DIR elsewhere."
                ) from None

    @contextmanager
    def _migrating(self) -> Iterator[Connection]:
        """A transaction that needs no tables yet."""
        with self._engine.writing.connect() as connection:
            if self._engine.begin_migrating:
                connection.exec_driver_sql(self._engine.begin_migrating)
            yield connection
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the store, whatever is written meanwhile."""
        with self._as_sentence(), self._engine.reading.connect() as connection:
            if self._engine.begin_reading:
                connection.exec_driver_sql(self._engine.begin_reading)
            yield connection
            connection.rollback()

    @contextmanager
    def scanning(self) -> Iterator[Connection]:
        """The same for who reads everything once: nothing is worth keeping in memory for the next look."""
        with self.reading() as connection:
            if self._engine.begin_scanning:
                connection.exec_driver_sql(self._engine.begin_scanning)
            try:
                yield connection
            finally:
                if self._engine.end_scanning:
                    connection.exec_driver_sql(self._engine.end_scanning)

    @contextmanager
    def writing(self, kept: Connection | None = None) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or leaves no trace if it raises.

        What is read in it is still true when it is written: nobody else writes meanwhile.

        Args:
            kept: A connection of `connect` to do it in: taking one from the pool each time costs who
                writes often more than SQLite's own work for a rating. After an error, close it.
        """
        with self._as_sentence(), nullcontext(kept) if kept else self.connect() as connection:
            # Past SQLAlchemy, which takes twice as long to say it as SQLite to do it.
            connection.begin()
            driver_of(connection).execute(self._engine.begin_writing)
            yield connection
            connection.commit()

    def connect(self) -> Connection:
        """A connection to keep, for writing."""
        with self._as_sentence():
            return self._engine.writing.connect()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.reading.dispose()

    def is_outage(self, error: Exception) -> bool:
        """Whether an error is the disk's, the network's or another process's: nothing that is done now can stand."""
        lost = getattr(error, "connection_invalidated", False)
        return self._is_ours(error) and (lost or self._engine.is_outage(cause_of(error)))

    def may_be_tried_again(self, error: Exception) -> bool:
        """Whether the same transaction can succeed if it is done again: it met another one, or lost its connection."""
        if isinstance(error, StoreUnavailable):
            return self._engine.reconnects
        return self._is_ours(error) and self._engine.met_another(cause_of(error))

    def _is_ours(self, error: Exception) -> bool:
        return isinstance(error, (DBAPIError, self._engine.reading.dialect.dbapi.Error))

    @contextmanager
    def _as_sentence(self) -> Iterator[None]:
        """Turn what the database says of its disk or lock into a sentence; all else stays as it is."""
        try:
            yield
        except Exception as error:
            if self.is_outage(error):
                raise Outage(
                    f"The store at {self.place} cannot be used right now ({_first_line(cause_of(error))})."
                ) from error
            raise


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction that leaves no trace if it raises, while the rest goes on."""
    driver = driver_of(connection)
    driver.execute("SAVEPOINT work")
    try:
        yield
    except BaseException:
        with suppress(connection.dialect.dbapi.Error):  # where the disk is full, all is undone already
            driver.execute("ROLLBACK TO SAVEPOINT work")
            driver.execute("RELEASE SAVEPOINT work")
        raise
    driver.execute("RELEASE SAVEPOINT work")


def streamed(
    connection: Connection, statement: Executable, parameters: Mapping[str, object] | None = None
) -> Result:
    """What a statement answers, a few rows at a time, however many there are."""
    # For this statement alone: as an option of the connection it would last.
    return connection.execute(statement, parameters, execution_options={"yield_per": ROWS_AT_ONCE})


def answered(
    connection: Connection, statement: Statement, given: Sequence[Sequence] | None = None, **named: object
) -> list[Sequence]:
    """What a statement answers to who only reads, past SQLAlchemy: for what is read often, or much at once.

    Args:
        given: The rows of the statement's `given` table.
        named: Its other parameters.
    """
    cursor = driver_of(connection).cursor()
    rows = statement.answer(connection.dialect.name, cursor, given, named)
    cursor.close()
    return rows


def driver_of(connection: Connection):  # noqa: ANN201
    """The driver's own connection, in the same transaction."""
    return connection.connection.driver_connection


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
