"""Restoring a sprint from its backup into a store that is empty: all of it, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from components.backup.inventory import Inventory, inventory_of
from components.backup.place import Place
from components.backup.reading import files_of_base, files_of_segments, read
from components.backup.segments import EVENTS
from components.store.database import Database
from components.store.identities import Hashed
from components.store.merge import Merge

# Told how much is done, from 0 to 1.
OnShare = Callable[[float], None]

# Of the time a restore takes, about so much goes by before everything is read.
READING_SHARE = 0.6


@dataclass(frozen=True)
class Restored:
    """What a restore has brought back."""

    events: int
    files: int
    title: str

    def __str__(self) -> str:
        return f"Brought back from {self.title}: {self.events:,} events in {self.files:,} files."


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
        DamagedBackup: A file is missing or damaged; nothing was brought back.
        StoreUnavailable: The store cannot take it.
    """
    inventory = inventory or inventory_of(place)
    if inventory.is_empty:
        return None
    inventory.check()
    files = [file for base in inventory.bases for file in files_of_base(base)]
    # What another sprint's writer said under numbers that are taken is absorbed later, not merged.
    own = inventory.own_reach
    files += files_of_segments(
        segment for segment in inventory.needed() if segment.last <= own.get(segment.writer, 0)
    )
    total = max(1, sum(file.rows for file in files))
    done = 0
    with database.writing() as connection:
        merge = Merge(connection, hashed)
        # Events last: what they speak of is there then.
        for file, rows in read(place, sorted(files, key=lambda file: file.table == EVENTS)):
            merge.take(rows)
            done += file.rows
            on_share(READING_SHARE * done / total)

        def counted(prompts: int, of: int) -> None:
            on_share(READING_SHARE + (1 - READING_SHARE) * prompts / max(1, of))

        merge.finish(counted)
    on_share(1.0)
    events_read = sum(file.rows for file in files if file.table == EVENTS)
    return Restored(events_read, len(files), place.title)
