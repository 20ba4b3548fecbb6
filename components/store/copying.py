"""Copying a sprint into another database, of either engine: all of it, compared and recounted, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from components.errors import BadSetting, StoreUnavailable
from components.store import tallies
from components.store.audit import Audit, differences
from components.store.database import Database
from components.store.fingerprint import fingerprint
from components.store.merge import Merge
from components.store.store import Store
from components.store.transfers import ROWS_AT_ONCE, everything, totals

OnProgress = Callable[[int, int], None]


def copy(store: Store, url: str, on_progress: OnProgress | None = None) -> Audit:
    """Copy a sprint into an empty database; returns the audit of the copy.

    The copy has an epoch of its own, so browsers send it what they still hold, and that counts once.

    Args:
        url: The address of the other database.
        on_progress: Told how many rows are done, and of how many.

    Raises:
        BadSetting: The address cannot be used, or a sprint is there already.
        StoreUnavailable: The copy is not the same, or the sprint went on meanwhile; nothing is kept of it.
    """
    show = on_progress or (lambda done, total: None)
    try:
        database = Database(url)
    except BadSetting:
        raise BadSetting(
            "What stands after --to is no database this version can use: write "
            "postgresql://user:password@host/name or sqlite:///folder/sprint.db."
        ) from None
    with closing(database) as target:
        target.migrate()
        with store.reading() as source:
            # Before the other transaction begins: a database server ends one that is silent for long.
            counted, told = totals(source), fingerprint(source)
            with target.writing() as connection:
                if any(totals(connection).values()):
                    raise BadSetting(f"{target.place} holds a sprint already; name a database that is empty.")
                rows, prompts = sum(counted.values()), counted["prompts"]
                merge = Merge(connection)
                merge.take(_told(everything(source), lambda done: show(done, rows + prompts)))
                merge.finish(lambda done, _: show(rows + done, rows + prompts))
                outcome = Audit()
                outcome.differences.extend(differences(connection, outcome))
                if outcome.differences or told != fingerprint(connection):
                    raise StoreUnavailable(
                        f"The copy in {target.place} came out differently; nothing was kept."
                    )
                if store.vector() != tallies.vector(source):
                    raise StoreUnavailable(
                        "The sprint went on while it was copied, so nothing was kept; stop its servers and copy again."
                    )
    return outcome


def _told(rows: Iterable[tuple[str, dict]], show: Callable[[int], None]) -> Iterator[tuple[str, dict]]:
    for done, row in enumerate(rows, 1):
        yield row
        if done % ROWS_AT_ONCE == 0:
            show(done)
