"""Transfers: the rows of a store on their way out, to a backup or to another store.

Only what is not derived leaves: prompts, contributors, erasures, the sprint, and the event log. Whoever
takes the rows in (`merge`, `absorption`) derives the rest. Leases stay behind: they end by themselves.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Table, select, text

from components.errors import StoreUnavailable
from components.store.database import streamed
from components.store.schema import CONTRIBUTORS, ERASURES, EVENTS, PROMPTS, SPRINT

# In this order: whoever sees the events has all they speak of.
TABLES = ("prompts", "contributors", "erasures", "sprint", "events")
SCHEMA = {table.name: table for table in (PROMPTS, CONTRIBUTORS, ERASURES, SPRINT, EVENTS)}
COLUMNS = {name: dict.fromkeys(map(str, table.c.keys())) for name, table in SCHEMA.items()}
TOTALS = {name: text(f"SELECT COUNT(*) FROM {name}") for name in TABLES}

ROWS_AT_ONCE = 1000


def changed(connection: Connection, writer: str, after: int, through: int) -> Iterator[tuple[str, dict]]:
    """Yield what a writer changed, as (table, row): its events numbered after + 1 to through, and what they speak of.

    Of the other tables come all rows stamped after `after`: one that was changed again past `through`
    carries the later stamp, and would be missing if it waited for that.
    """
    for name in TABLES:
        table = SCHEMA[name]
        rows = select(table).where(table.c.writer == writer, table.c.number > after)
        if table is EVENTS:
            rows = rows.where(table.c.number <= through)
        yield from _rows(connection, name, rows.order_by(*table.primary_key))


def everything(connection: Connection) -> Iterator[tuple[str, dict]]:
    """Yield every row, as (table, row)."""
    for name in TABLES:
        yield from every(connection, name)


def every(connection: Connection, name: str) -> Iterator[tuple[str, dict]]:
    """Yield every row of one table, as (table, row), in the order of its key."""
    table = SCHEMA[name]
    yield from _rows(connection, name, select(table).order_by(*table.primary_key))


def totals(connection: Connection) -> dict[str, int]:
    """How many rows each table has, for whoever shows how far a transfer is."""
    return {name: connection.execute(count).scalar_one() for name, count in TOTALS.items()}


def complete(name: str, row: Mapping[str, object]) -> dict[str, object]:
    """A row with every column of its table: one from before a column was added gets that column's default.

    Raises:
        StoreUnavailable: It has a column, or is of a table, that this version does not know.
    """
    table: Table | None = SCHEMA.get(name)
    if table is None or not row.keys() <= COLUMNS[name].keys():
        raise StoreUnavailable(
            "These rows were written by a newer version; run that version, or update this one."
        )
    if len(row) == len(COLUMNS[name]):
        return dict(row)
    return {column.name: column.default and column.default.arg for column in table.c} | dict(row)


def _rows(connection: Connection, name: str, rows: object) -> Iterator[tuple[str, dict]]:
    columns = COLUMNS[name]
    for row in streamed(connection, rows):
        yield name, dict(zip(columns, row, strict=True))
