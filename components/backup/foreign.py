"""Foreign writers: servers that keep the same backup but not the same store, whose events are taken in here.

Such a one is the old server that was still finishing while this one started from the backup, or a copy
of the sprint that runs elsewhere.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from components.backup.inventory import Inventory, covers, greater
from components.backup.place import Place
from components.backup.reading import File, Row, files_of_base, files_of_segments, read
from components.backup.segments import EVENTS
from components.store import absorption
from components.store.identities import Hashed
from components.store.store import Store
from components.store.transfers import TABLES

log = logging.getLogger(__name__)

# Nobody who rates meanwhile waits longer than for these.
EVENTS_AT_ONCE = 500


class Foreign:
    """Takes in what foreign writers have said.

    Attributes:
        absorbed: Up to which number the store holds their events, under numbers of its own.
    """

    def __init__(self, store: Store, place: Place, hashed: Hashed | None = None) -> None:
        self.absorbed: Mapping[str, int] = {}
        self._store = store
        self._place = place
        self._hashed = hashed
        self._taken: set[str] = set()

    def take(self, inventory: Inventory, meanwhile: Callable[[], None] = lambda: None) -> int:
        """Take in what a place holds of them and the store does not; returns how many events that were.

        Args:
            meanwhile: Called before each file; whatever it raises ends it, and the next time goes on from there.

        Raises:
            PlaceUnreachable: The place could not be read now; what was taken in until then stays.
            DamagedBackup: A file cannot be read.
        """
        # Later than the inventory: what a process with the same store has written is in the store by now.
        vector = self._store.vector()
        number = 0
        for base in inventory.bases:
            if not covers(greater(vector, self.absorbed), base.vector):
                number += self._take(sorted(files_of_base(base), key=_in_order), meanwhile)
            self.absorbed = greater(self.absorbed, base.reach)
        known = greater(vector, self.absorbed)
        # Events last of all: one writer's are about prompts and people of another's.
        for segment in sorted(inventory.segments, key=lambda one: (_place(one.table), one.writer, one.first)):
            if segment.last <= known.get(segment.writer, 0) or segment.name in self._taken:
                continue
            number += self._take(files_of_segments([segment]), meanwhile)
            self._taken.add(segment.name)
            if segment.table == EVENTS and segment.first <= known.get(segment.writer, 0) + 1:
                known[segment.writer] = segment.last
                self.absorbed = greater(self.absorbed, {segment.writer: segment.last})
        if number:
            log.info("Took in %d events that another server had left in %s.", number, self._place.title)
        return number

    def _take(self, files: Iterable[File], meanwhile: Callable[[], None]) -> int:
        number = 0
        for file, rows in read(self._place, list(files)):
            meanwhile()
            for some in _pieces(rows) if file.table == EVENTS else [list(rows)]:
                number += self._store.write(
                    lambda transaction, some=some: absorption.absorb(transaction, some, self._hashed)
                )
        return number


def _pieces(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, EVENTS_AT_ONCE)):
        yield some


def _place(table: str) -> int:
    return TABLES.index(table)


def _in_order(file: File) -> int:
    return _place(file.table)
