"""Restoring a sprint from its backup into a store that is empty: all of it, or nothing."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.backup.inventory import VIEWS, Inventory, inventory_of
from components.backup.last_views import confirmed_by, last_views
from components.backup.place import Place
from components.backup.reading import File, fetch, files_of_base, files_of_segments, rows_of
from components.backup.segments import EVENTS, Head
from components.errors import DamagedBackup, StoreUnavailable
from components.store import ratings
from components.store.audit import differences
from components.store.database import Database
from components.store.events import any_at_all
from components.store.identities import Hashed
from components.store.merge import Merge
from components.store.transfers import totals

# Told how much is done, from 0 to 1.
OnShare = Callable[[float], None]

# Of the time a restore takes, about so much goes by until all files are here, then until all are taken in,
# and then until all is counted; the rest until it is audited.
FETCHING_SHARE, TAKING_SHARE, COUNTING_SHARE = 0.1, 0.4, 0.3


@dataclass(frozen=True)
class Restored:
    """What a restore has brought back."""

    events: int
    prompts: int
    people: int
    ratings: int
    title: str

    def __str__(self) -> str:
        told = f"{self.prompts:,} prompts, {self.people:,} people, {self.ratings:,} ratings"
        return f"Brought back from {self.title}: {told}."


def restore(
    database: Database,
    place: Place,
    hashed: Hashed | None = None,
    on_share: OnShare = lambda share: None,
    inventory: Inventory | None = None,
) -> Restored | None:
    """Bring a sprint back, in one transaction, and derive all that follows from it.

    Args:
        database: One with its tables made, that nobody uses meanwhile.
        hashed: What erasures know people by, as for `Merge`.
        inventory: What the place holds, if somebody just looked.

    Returns:
        What came, or None if the place holds no sprint.

    Raises:
        PlaceUnreachable: The place could not be read; that says nothing of what it holds.
        PlaceRefused: The same, until somebody does something.
        DamagedBackup: A file is missing, damaged or another one; nothing was brought back.
        StoreUnavailable: The store cannot take it.
    """
    inventory = inventory or inventory_of(place)
    if inventory.is_empty:
        return None
    inventory.check()
    inventory.check_known([(confirmed_by(last_views(place, inventory)), f"{VIEWS}/")])
    files = [file for base in inventory.bases for file in files_of_base(base)]
    # What another sprint's writer said under numbers that are taken is absorbed later, not merged. Of what
    # was not written to its end, the prompts and people are there, and others may speak of them.
    own = inventory.own_reach
    files += files_of_segments(
        segment
        for segment in inventory.needed()
        if segment.table != EVENTS or segment.last <= own.get(segment.writer, 0)
    )
    if not any(file.table == "sprint" for file in files):
        raise DamagedBackup("The backup lacks the sprint itself, in sprint/: put the missing files back.")
    # Events last: what they speak of is there then.
    files.sort(key=lambda file: file.table == EVENTS)
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        # Fetched first, so that no transaction waits for a network: a database server ends one that is silent.
        fetched = []
        for file, path in fetch(place, files, Path(folder)):
            fetched.append((file, path))
            on_share(FETCHING_SHARE * len(fetched) / len(files))
        with database.writing() as connection:
            if any_at_all(connection):
                raise StoreUnavailable("The store holds a sprint by now: another process was quicker.")
            _merge(Merge(connection, hashed), fetched, inventory, on_share)
            for difference in differences(connection):
                raise DamagedBackup(
                    f"Files are missing in {place.title}, or are not what was written: put them back. "
                    f"What is left does not agree with itself: {difference}."
                )
            rows, rated = totals(connection), ratings.count(connection)
    on_share(1.0)
    return Restored(rows[EVENTS], rows["prompts"], rows["contributors"], rated, place.title)


def _merge(
    merge: Merge, fetched: Sequence[tuple[File, Path]], inventory: Inventory, on_share: OnShare
) -> None:
    total, done = max(1, sum(file.rows for file, _ in fetched)), 0
    heads: list[Head] = []
    for file, path in fetched:
        merge.take(rows_of(file, path.read_bytes(), heads.append))
        done += file.rows
        on_share(FETCHING_SHARE + TAKING_SHARE * done / total)
    inventory.check_known((head.known, head.name) for head in heads)
    inventory.check_beside(heads)
    before = FETCHING_SHARE + TAKING_SHARE
    merge.finish(lambda prompts, of: on_share(before + COUNTING_SHARE * prompts / max(1, of)))
