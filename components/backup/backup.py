"""The backup: a thread that writes what is new to a place, again and again, whatever fails."""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from components.backup import foreign, last_views
from components.backup.compaction import compact
from components.backup.durability import Durability
from components.backup.inventory import Inventory, inventory_of
from components.backup.place import Place
from components.backup.tail import tail
from components.errors import SprintError
from components.store import erasures, events, tallies
from components.store.store import Store

log = logging.getLogger(__name__)

# Pauses after failures double from the first to the last, and differ from process to process.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
# How often other writers' segments are looked for, and the views are kept.
FOREIGN_EVERY_S, VIEWS_EVERY_S = 300.0, 60.0
# More than so many segments of events become one base.
MOST_SEGMENTS = 500
# What a deleted account said leaves the backup after so long, so that many of them cost one base.
ERASED_AFTER_MS = 7 * 86_400_000
# Without a word from the place for so many pauses, the backup is behind.
BEHIND_AFTER = 5


@dataclass(frozen=True)
class Progress:
    """How a backup stands; moments are epoch milliseconds.

    Attributes:
        waiting: Events that are not in the backup.
        ratings_waiting: Ratings among them.
        error: Why the last attempt failed, if it did.
        segments: How many files of events there are beside the base.
        bytes: How much this process has written.
    """

    to: str | None = None
    state: str = "off"
    last_confirmed_at: int | None = None
    waiting: int = 0
    ratings_waiting: int = 0
    error: str | None = None
    error_at: int | None = None
    retry_at: int | None = None
    segments: int = 0
    bytes: int = 0


class Backup:
    """Keeps a place up to date with a store. `start` it once the store is open, and `close` it before the store is."""

    def __init__(
        self,
        store: Store,
        place: Place,
        durability: Durability,
        views: Callable[[], Mapping[str, bytes]] = dict,
        on_duty: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; `start` begins.

        Args:
            durability: Told what the place holds, as soon as it has confirmed it.
            views: The last live views, to be kept as well.
            on_duty: Whether this process is the one that writes, where several share the store.
        """
        self.place = place
        self._store = store
        self._durability = durability
        self._views = views
        self._on_duty = on_duty
        self._inventory: Inventory | None = None
        self._reach: Mapping[str, int] = {}
        self._absorbed: Mapping[str, int] = {}
        self._looked_at = self._views_at = float("-inf")
        self._kept_views: Mapping[str, bytes] = {}
        self._segments = self._bytes = self._failures = 0
        self._last_confirmed_at: int | None = None
        self._error: tuple[str, int, int] | None = None
        self._condition = threading.Condition()
        self._until: float | None = None
        self._thread = threading.Thread(target=self._run, name="backup", daemon=True)

    def start(self) -> None:
        """Begin to write what is new."""
        self._thread.start()

    def close(self, until: float) -> None:
        """Write what is left, then stop; say in the log what could not be written.

        Args:
            until: When to give up, by `time.monotonic`.
        """
        with self._condition:
            self._until = until
            self._condition.notify()
        if not self._thread.is_alive():
            return
        self._thread.join(max(0.0, until - time.monotonic()))
        waiting, ratings = self._waiting()
        if waiting:
            log.error(
                "Not in the backup: %d ratings, %d events. They are in the store, and go to %s at the next start.",
                ratings, waiting, self.place.title,
            )  # fmt: skip

    def write_all(self) -> int:
        """Write all that is new, now; returns how many events that was.

        Raises:
            SprintError: It could not be written; the message says what to do.
        """
        before, _ = self._waiting()
        while self._write():
            pass
        return before

    def progress(self) -> Progress:
        """How the backup stands."""
        waiting, ratings_waiting = self._waiting()
        error, error_at, retry_at = self._error or (None, None, None)
        return Progress(
            self.place.title, self._state(waiting), self._last_confirmed_at, waiting, ratings_waiting,
            error, error_at, retry_at, self._segments, self._bytes,
        )  # fmt: skip

    def document(self) -> dict[str, object]:
        """The same, for JSON."""
        return asdict(self.progress())

    def _state(self, waiting: int) -> str:
        if self._error:
            return "failing"
        since = self._store.clock() - (self._last_confirmed_at or 0)
        return "behind" if waiting and since > BEHIND_AFTER * 1000 * self.place.every_s else "ok"

    def _waiting(self) -> tuple[int, int]:
        with self._store.reading() as connection:
            found = [
                events.after(connection, writer, self._reach.get(writer, 0))
                for writer, number in tallies.vector(connection).items()
                if number > self._reach.get(writer, 0)
            ]
        return sum(number for number, _ in found), sum(ratings for _, ratings in found)

    def _run(self) -> None:
        while True:
            pause = self._attempt()
            with self._condition:
                self._condition.wait_for(lambda: self._until is not None, pause)
                if self._until is not None:
                    break
        while time.monotonic() < self._until:
            pause = self._attempt()
            if not self._error and not self._waiting()[0]:
                return
            time.sleep(min(pause, 1.0))

    def _attempt(self) -> float:
        """Do what is due; returns how many seconds to wait before the next time."""
        try:
            if self._on_duty():
                if not self._write():
                    self._keep_house()
            pause = self.place.every_s
            self._failures, self._error = 0, None
        except Exception as error:
            # What the place holds now is not known any more: half of it may have arrived.
            self._inventory = None
            self._failures += 1
            pause = self._pause_after(error)
            sentence = str(error) if isinstance(error, SprintError) else f"A mistake of ours: {error!r}."
            if self._error is None or self._error[0] != sentence:
                log.warning("The backup waits: %s", sentence, exc_info=not isinstance(error, SprintError))
            now = self._store.clock()
            self._error = sentence, now, now + round(pause * 1000)
        return pause

    def _pause_after(self, error: Exception) -> float:
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self._failures - 1, 10))
        return max(pause, getattr(error, "retry_after_s", None) or 0) * random.uniform(1.0, 1.25)

    def _look(self) -> Inventory:
        if self._inventory is None:
            self._inventory = inventory_of(self.place)
            self._confirm(self._inventory.reach)
        return self._inventory

    def _confirm(self, reach: Mapping[str, int]) -> None:
        self._reach = reach
        self._segments = len(self._look().of_events)
        self._durability.confirm(reach)

    def _write(self) -> bool:
        """Write what is new, or the first part of it; returns whether there is more."""
        inventory = self._look()
        with self._store.reading() as connection:
            vector = tallies.vector(connection)
            files, reach = tail(connection, vector, inventory)
        closing = self._until is not None
        if files or closing:
            files = self._with_views(files)
        if files:
            self.place.write(files)
            self._bytes += sum(map(len, files.values()))
            inventory.add(files)
        self._last_confirmed_at = self._store.clock()
        self._confirm(reach)
        return any(number > reach.get(writer, 0) for writer, number in vector.items())
