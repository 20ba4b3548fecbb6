"""The engines a store can live in; all that differs between them is in `sqlite.py` and `postgresql.py`."""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from components.errors import BadSetting
from components.store.postgresql import Postgresql, PostgresqlStatement
from components.store.sqlite import Sqlite, SqliteStatement

# By what an address begins with.
ENGINES = {"sqlite": Sqlite, "postgresql": Postgresql, "postgres": Postgresql}
# How each spells a statement, by what SQLAlchemy calls it.
STATEMENTS = {"sqlite": SqliteStatement, "postgresql": PostgresqlStatement}


def engine_at(url: str) -> Sqlite | Postgresql:
    """The engine at an address; nothing is opened yet.

    Raises:
        BadSetting: The address is not one of a database this version can use.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadSetting(
            "DATABASE_URL is no database address; leave it empty for a SQLite file in DATA_DIR."
        ) from None
    engine = ENGINES.get(address.get_backend_name())
    if engine is None:
        raise BadSetting(
            f"DATABASE_URL names {address.get_backend_name()}; it can name postgresql, or be empty for SQLite."
        )
    return engine(address)


def cause_of(error: Exception) -> Exception:
    """What the driver said, whether SQLAlchemy stood in between or not."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
