"""Several stores side by side: what was said to each, cut into segments, and merged."""

import hmac
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from components.records import Identity
from components.store import exports
from components.store.merge import Merge
from components.store.store import Store
from components.store.transfers import changed, everything
from tests.conftest import Clock

Segment = list[tuple[str, dict]]


def hashed(identity: Identity) -> str:
    """A keyed hash of who somebody is, as the account makes it."""
    return hmac.digest(b"key", f"{identity.issuer} {identity.subject}".encode(), "sha256").hex()


def new_store(path: Path, clock: Clock) -> Store:
    """An open, empty store."""
    return Store(f"sqlite:///{path}", clock).open("A test sprint", 3)


def rows_of(store: Store) -> Segment:
    """Every row of a store that is not derived."""
    with store.reading() as connection:
        return list(everything(connection))


def segment(store: Store, after: int = 0, through: int | None = None) -> Segment:
    """What a store's own writer changed."""
    with store.reading() as connection:
        return list(changed(connection, store.writer.name, after, through or store.writer.number))


@contextmanager
def merged(
    folder: Path, segments: Iterable[Iterable[tuple[str, dict]]], clock: Clock, template: Path | None = None
) -> Iterator[Store]:
    """An open store that was made of segments.

    Args:
        template: A store with its tables made and nothing in it, which is quicker to copy than to make.
    """
    path = folder / "merged.db"
    if template is not None:
        shutil.copy(template, path)
    store = Store(f"sqlite:///{path}", clock)
    store.database.migrate()
    with store.database.writing() as connection:
        merge = Merge(connection, hashed)
        for one in segments:
            merge.take(one)
        merge.finish()
    store.open()
    try:
        yield store
    finally:
        store.close()
        for left in folder.glob("merged.db*"):
            left.unlink()


def rows(store: Store, table: str, where: str = "1 = 1") -> Sequence[dict]:
    """Rows of a table, as dictionaries."""
    with store.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {where}")
        return [dict(row) for row in found.mappings()]


def names(store: Store) -> dict[str, str]:
    """The username of each contributor."""
    return {row["contributor_id"]: row["username"] for row in rows(store, "contributors")}


def exported(connection: Connection) -> list[str]:
    """The events that a dataset tells of: those of people it may tell of."""
    people = {row.contributor_id for row in exports.pseudonyms(connection)}
    lines = [line for text in exports.events(connection) for line in text.splitlines()]
    return [line for line in lines if line.split(",")[1] in people]


def published(connection: Connection) -> list[str]:
    """The opinions that count in a dataset."""
    pairs = [tuple(line.split(",")[1::-1]) for line in exported(connection)]
    return list(exports.opinions(connection, sorted(set(pairs))).values())
