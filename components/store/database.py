"""The database behind the store: opening, migrating, transactions, and all that differs by engine."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from components.errors import BadSetting, StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit is on the disk before anybody hears of it
    "PRAGMA busy_timeout=30000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=16000",
)

# Words of what SQLite says when the fault is the disk's or another process's, not the statement's.
OUTSIDE_OUR_POWER = ("disk", "full", "locked", "readonly", "unable to open", "not a database")


class Database:
    """One database, SQLite at present, read by many and written by one transaction at a time."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet.

        Raises:
            BadSetting: The address is not one of a database this version can use.
        """
        try:
            address = make_url(url)
        except ArgumentError:
            raise BadSetting(
                "DATABASE_URL is no database address; leave it empty for a SQLite file in DATA_DIR."
            ) from None
        if address.get_backend_name() != "sqlite":
            raise BadSetting(
                f"DATABASE_URL names {address.get_backend_name()}, which this version cannot use yet; leave it empty for SQLite."
            )
        self.path = Path(address.database) if address.database else None
        if self.path is None or str(self.path) == ":memory:":
            raise BadSetting(
                "DATABASE_URL names no SQLite file; write sqlite:///folder/sprint.db, or leave it empty."
            )
        self._engine = _sqlite_engine(url)
        # Through SQLAlchemy and past it, the database says differently that it cannot go on.
        self.outages = (OperationalError, self._engine.dialect.dbapi.OperationalError)

    def migrate(self) -> None:
        """Create the tables, or bring those of an older version up to date.

        Raises:
            StoreUnavailable: The database cannot be opened or written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"{self.path.parent} cannot be made ({error.strerror}); set DATA_DIR to a folder that can."
            ) from None
        with self.writing() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError:
                raise StoreUnavailable(
                    f"The store at {self.path} was made by a newer version; run that version, or set DATA_DIR elsewhere."
                ) from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the store, whatever is written meanwhile."""
        with self._as_sentence(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self, kept: Connection | None = None) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or leaves no trace if it raises.

        Args:
            kept: A connection of `connect` to do it in: taking one from the pool each time costs who
                writes often more than SQLite's own work for a rating. After an error, close it.
        """
        with self._as_sentence(), nullcontext(kept) if kept else self._engine.connect() as connection:
            # IMMEDIATE, so that what is read here is still true when it is written.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def connect(self) -> Connection:
        """A connection to keep."""
        with self._as_sentence():
            return self._engine.connect()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _as_sentence(self) -> Iterator[None]:
        """Turn what the database says of its disk or lock into a sentence; all else stays as it is."""
        try:
            yield
        except (DBAPIError, self._engine.dialect.dbapi.Error) as error:
            reason = str(getattr(error, "orig", error))
            lost = getattr(error, "connection_invalidated", False)
            if lost or any(word in reason for word in OUTSIDE_OUR_POWER):
                raise StoreUnavailable(
                    f"The store at {self.path} cannot be used right now ({reason})."
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


def driver_of(connection: Connection):  # noqa: ANN201
    """The driver's own connection, in the same transaction."""
    return connection.connection.driver_connection


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=16, max_overflow=32)

    @event.listens_for(engine, "connect")
    def prepare(driver_connection: object, record: object) -> None:
        driver_connection.isolation_level = None  # BEGIN is ours
        cursor = driver_connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    return engine
