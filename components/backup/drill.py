"""A drill: the backup is restored into a scratch store, compared with the live one, and thrown away."""

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from components.backup.inventory import inventory_of
from components.backup.place import Place
from components.backup.restore import OnShare, restore
from components.backup.segments import EVENTS
from components.errors import AnotherSprint, BadRequest, PlaceRefused, SprintError
from components.store import ratings, tallies, transfers
from components.store.fingerprint import fingerprint, moved_on
from components.store.identities import Hashed
from components.store.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Compared:
    """One table: its rows in the live store now and in the scratch store, and whether those that are in both agree."""

    table: str
    rows: int
    restored_rows: int
    same: bool


@dataclass(frozen=True)
class Outcome:
    """What a drill found.

    Attributes:
        at: When it was over, in epoch milliseconds.
        waiting: Events of the live store that are not backed up yet.
        lost: Events that the backup had confirmed and does not hold.
    """

    at: int
    seconds: float
    tables: tuple[Compared, ...]
    waiting: int
    lost: int

    @property
    def same(self) -> bool:
        """Whether the backup is as good as the store."""
        return not self.lost and all(table.same for table in self.tables)

    def __str__(self) -> str:
        lines = [f"{'table':<14}{'store':>12}{'restored':>12}  same"]
        for one in self.tables:
            lines.append(
                f"{one.table:<14}{one.rows:>12,}{one.restored_rows:>12,}  {'yes' if one.same else 'NO'}"
            )
        if self.lost:
            lines.append(f"Confirmed, but missing in the backup: {self.lost:,} events.")
        if self.waiting:
            lines.append(f"Not backed up yet: {self.waiting:,} events.")
        whole = "all the rest of " if self.waiting else ""
        lines.append(
            f"The backup holds {whole}what the store does; restored in {self.seconds:.1f} s."
            if self.same
            else "The backup differs from the store."
        )
        return "\n".join(lines)


def drill(
    store: Store,
    place: Place,
    hashed: Hashed | None = None,
    on_share: OnShare = lambda share: None,
    confirmed: Callable[[], Mapping[str, int]] = dict,
) -> Outcome:
    """Restore what a place holds into a store of its own, compare it with what the store holds now, and delete it.

    Args:
        confirmed: Up to which number the place has confirmed each writer's events, as far as anybody knows.

    Raises:
        PlaceUnreachable: The place could not be read now.
        PlaceRefused: It cannot be read until somebody does something, or holds no backup.
        DamagedBackup: A file of the backup is missing or damaged.
    """
    began = time.perf_counter()
    known = dict(confirmed())
    inventory = inventory_of(place)
    if not inventory.is_of(store.vector()):
        raise AnotherSprint(place.title)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        scratch = Store(f"sqlite:///{folder}/scratch.db", store.clock)
        try:
            scratch.database.migrate()
            if restore(scratch.database, place, hashed, on_share, inventory) is None:
                raise PlaceRefused(
                    f"There is no backup in {place.title} yet: try again when one has been written."
                )
            seconds = time.perf_counter() - began
            with store.reading() as ours, scratch.reading() as theirs:
                live = tallies.vector(ours)
                vector = {
                    writer: min(number, live[writer])
                    for writer, number in inventory.own_reach.items()
                    if writer in live
                }
                moved = moved_on(ours, vector) | moved_on(theirs, vector)
                kept, restored = (fingerprint(one, vector, moved) for one in (ours, theirs))
                counted, recounted = (_counted(one) for one in (ours, theirs))
        finally:
            scratch.close()
    tables = tuple(
        # Ratings follow from the events.
        Compared(
            table,
            rows,
            recounted[table],
            kept.get(table, kept[EVENTS]) == restored.get(table, restored[EVENTS]),
        )
        for table, rows in counted.items()
    )
    reach = inventory.reach
    missing = {writer: (reach.get(writer, 0), number) for writer, number in live.items()}
    lost = sum(
        max(0, min(number, known.get(writer, 0)) - there) for writer, (there, number) in missing.items()
    )
    waiting = sum(max(0, number - there) for there, number in missing.values()) - lost
    return Outcome(store.clock(), round(seconds, 3), tables, waiting, lost)


def _counted(connection: Connection) -> dict[str, int]:
    """How many rows there are of each table, and how many ratings."""
    return transfers.totals(connection) | {"ratings": ratings.count(connection)}


class Drills:
    """Drills that somebody asks for on the page: one at a time, in a thread."""

    def __init__(self, attempt: Callable[[OnShare], Outcome], clock: Callable[[], int]) -> None:
        """Prepare.

        Args:
            attempt: Does one, as `drill`.
        """
        self._attempt = attempt
        self._clock = clock
        self._lock = threading.Lock()
        self._document: dict | None = None

    def document(self) -> dict | None:
        """The last one, or the one under way: running, share, at, same, seconds, tables, waiting,
        lost, error; None before the first."""
        return self._document

    def begin(self) -> None:
        """Begin one.

        Raises:
            BadRequest: One is under way.
        """
        if not self._lock.acquire(blocking=False):
            raise BadRequest("A restore is being tried already.")
        self._told(running=True, share=0.0)
        threading.Thread(target=self._run, name="drill", daemon=True).start()

    def _run(self) -> None:
        try:
            outcome = self._attempt(lambda share: self._told(running=True, share=share))
            tables = [vars(table) for table in outcome.tables]
            self._told(
                share=1.0,
                at=outcome.at,
                same=outcome.same,
                seconds=outcome.seconds,
                tables=tables,
                waiting=outcome.waiting,
                lost=outcome.lost,
            )
        except Exception as error:
            ours = not isinstance(error, SprintError)
            if ours:
                log.exception("Trying a restore failed.")
            sentence = "It failed by a mistake of ours; the log has it." if ours else str(error)
            self._told(at=self._clock(), same=False, error=sentence)
        finally:
            self._lock.release()

    def _told(self, **said: object) -> None:
        nothing = {"running": False, "share": None, "at": None, "same": None, "seconds": None, "tables": []}
        self._document = nothing | {"waiting": 0, "lost": 0, "error": None} | said
