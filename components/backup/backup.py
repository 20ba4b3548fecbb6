"""The backup: a thread that writes what is new to a place, again and again, whatever fails."""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from components.backup import last_views
from components.backup.compaction import compact
from components.backup.durability import Durability
from components.backup.foreign import Foreign
from components.backup.inventory import Inventory, covers, greater, inventory_of
from components.backup.place import Place
from components.backup.tail import tail
from components.errors import AnotherSprint, SprintError
from components.store import erasures, tallies
from components.store.events import after
from components.store.identities import Hashed
from components.store.store import Store

log = logging.getLogger(__name__)

# Pauses after failures double from the first to the last, and differ from process to process.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
# At the end there is little time.
LAST_PAUSE_S = 0.5
# How often foreign writers are looked for, and whether something can go.
HOUSE_EVERY_S = 300.0
# How often it is looked whether everything is still there, while there is nothing to write.
LOOK_AGAIN_S = 15.0
# How often the views are kept, in seconds and in pauses of the place, and how many may gather.
VIEWS_EVERY_S, VIEWS_EVERY_PAUSES, MOST_VIEWS = 60.0, 12, 20
# More segments of events than so many become one base.
MOST_SEGMENTS = 500
# What a deleted account said leaves the backup after so long, so that many of them cost one base.
ERASED_AFTER_MS = 7 * 86_400_000
# Without a word from the place for so many pauses, the backup is behind.
BEHIND_AFTER = 5


class _Stopped(Exception):
    """The process ends: what can wait is left as it is."""


class Failure(NamedTuple):
    """Why something failed, when, and when it is tried again, in epoch milliseconds."""

    sentence: str
    at: int
    retry_at: int


@dataclass(frozen=True)
class Progress:
    """How a backup stands; moments are epoch milliseconds.

    Attributes:
        waiting: Events that are not in the backup.
        ratings_waiting: Ratings among them.
        error: Why the last attempt failed, if it did.
        segments: How many files of events there are beside the base.
        bytes: How much this process has written.
        every_s: How long it waits between two writes.
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
    every_s: float | None = None


class Backup:
    """Keeps a place up to date with a store. `start` it once the store is open, and `close` it before the store is."""

    def __init__(
        self,
        store: Store,
        place: Place,
        durability: Durability,
        views: Callable[[], Mapping[str, bytes]] = dict,
        on_duty: Callable[[], bool] = lambda: True,
        hashed: Hashed | None = None,
        most_segments: int = MOST_SEGMENTS,
        began_here: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare; `start` begins.

        Args:
            durability: Told what the place holds, as soon as it has confirmed it.
            views: The last live views, to be kept as well.
            on_duty: Whether this process is the one that writes, where several share the store.
            hashed: What erasures know people by, as for `Foreign`.
            most_segments: More segments of events than so many become one base.
            began_here: Whether this process began the sprint, when there was none in the place: another one
                that began in the same moment may have written there first.
        """
        self.place = place
        self._store = store
        self._durability = durability
        self._views = views
        self._on_duty = on_duty
        self._is_on_duty = True
        self._mending = False
        self._more = True
        self._most_segments = most_segments
        self._foreign = Foreign(store, place, hashed)
        self._began_here = began_here
        self._inventory: Inventory | None = None
        self._before: Inventory | None = None
        self._reach: Mapping[str, int] = {}
        self._told: Mapping[str, int] = {}
        self._looked_at = self._written_at = self._views_at = self._house_at = float("-inf")
        self._kept_views: Mapping[str, bytes] = {}
        self._segments = self._bytes = self._failures = 0
        self._last_confirmed_at: int | None = None
        self._error: Failure | None = None
        self._house_error: Failure | None = None
        self._found_missing: Failure | None = None
        self._condition = threading.Condition()
        self._until: float | None = None
        self._asked = False
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
            self._condition.notify_all()
        if not self._thread.is_alive():
            return
        self._thread.join(max(0.0, until - time.monotonic()))
        waiting, ratings = self._waiting()
        if waiting and self._is_on_duty:  # else another process goes on with it
            log.error(
                "Not in the backup: %d ratings, %d events. They are in the store, and go to %s at the next start.",
                ratings, waiting, self.place.title,
            )  # fmt: skip

    def write_all(self) -> int:
        """Write all that is new, now; returns how many events that was.

        Raises:
            SprintError: It could not be written; the message says what to do.
        """
        self._look()
        events, _ = self._waiting()
        while self._write():
            pass
        return events

    def write_now(self, patience_s: float) -> bool:
        """Have written at once what cannot wait its turn; returns whether all up to now is in the place by then.

        Args:
            patience_s: After so many seconds the answer is no, though it may still come.
        """
        vector = self._store.vector()
        with self._condition:
            # A place that fails has its pauses.
            self._asked = self._error is None
            self._condition.notify_all()
            return self._condition.wait_for(lambda: covers(self._reach, vector), patience_s)

    def progress(self) -> Progress:
        """How the backup stands."""
        waiting, ratings_waiting = self._waiting()
        error, error_at, retry_at = (
            self._error or self._house_error or self._found_missing or (None, None, None)
        )
        return Progress(
            self.place.title, self._state(waiting), self._last_confirmed_at, waiting, ratings_waiting,
            error, error_at, retry_at, self._segments, self._bytes, self.place.every_s,
        )  # fmt: skip

    def _state(self, waiting: int) -> str:
        if self._error:
            return "failing"
        since = self._store.clock() - (self._last_confirmed_at or 0)
        return "behind" if waiting and since > BEHIND_AFTER * 1000 * self.place.every_s else "ok"

    def _waiting(self) -> tuple[int, int]:
        with self._store.reading() as connection:
            found = [
                after(connection, writer, self._reach.get(writer, 0))
                for writer, number in tallies.vector(connection).items()
                if number > self._reach.get(writer, 0)
            ]
        return sum(number for number, _ in found), sum(ratings for _, ratings in found)

    def _run(self) -> None:
        while self._until is None:
            pause = self._attempt()
            with self._condition:
                self._condition.wait_for(lambda: self._until is not None or self._asked, pause)
                self._asked = False
        while time.monotonic() < self._until:
            pause = self._attempt()
            if not self._is_on_duty or not (self._error or self._more):
                return
            time.sleep(min(pause, LAST_PAUSE_S))

    def _attempt(self) -> float:
        """Do what is due; returns how many seconds to wait before the next time."""
        try:
            self._is_on_duty = self._on_duty()
            if self._is_on_duty:
                self._more = self._write()
                if not self._more and self._until is None:
                    self._keep_house()
            else:
                self._inventory = None
                self._look()
        except Exception as error:
            self._failures += 1
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self._failures - 1, 10))
            pause = max(pause, getattr(error, "retry_after_s", None) or 0) * random.uniform(1.0, 1.25)
            self._error = self._failed(error, self._error, pause)
            return pause
        self._failures, self._error = 0, None
        return self.place.every_s

    def _failed(self, error: Exception, before: Failure | None, pause: float) -> Failure:
        # What the place holds is not known any more: half of it may have arrived.
        self._inventory = None
        ours = not isinstance(error, SprintError)
        sentence = "The backup failed by a mistake of ours; the log has it." if ours else str(error)
        if before is None or before.sentence != sentence:
            log.warning("The backup waits. %s", sentence, exc_info=ours)
        now = self._store.clock()
        return Failure(sentence, now, now + round(pause * 1000))

    def _look(self) -> Inventory:
        if self._inventory is None:
            vector = self._store.vector()
            found = inventory_of(self.place)
            self._looked_at = time.monotonic()
            may_be_new = self._last_confirmed_at is None and self._began_here()
            if not (may_be_new or found.is_of({self._store.writer.name: 0} | vector)):
                raise AnotherSprint(self.place.title)
            self._compare(found)
            self._inventory = self._before = found
            self._confirm(self._inventory, self._inventory.reach, vector)
        return self._inventory

    def _compare(self, found: Inventory) -> None:
        """Say what is gone since the last look; what cannot be written again by itself becomes a new base."""
        lost = found.lost_since(self._before or Inventory())
        if not lost:
            return
        now = self._store.clock()
        sentence = (
            f"{lost} files of the backup were gone from {self.place.title}, or another one stands in its place: "
            "what they held is written again."
        )
        log.warning("%s", sentence)
        self._found_missing = Failure(sentence, now, now)
        self._told, self._mending, self._house_at = {}, True, float("-inf")

    def _look_again(self, writes: bool) -> Inventory:
        """See whether everything is still there, now and then; a listing is enough."""
        rest = self.place.look_s if writes else max(self.place.look_s, LOOK_AGAIN_S)
        if self._inventory is not None and time.monotonic() - self._looked_at >= rest:
            if not self._inventory.everything.issubset(self.place.names()):
                self._inventory = None
            self._looked_at = time.monotonic()
        return self._look()

    def _confirm(self, inventory: Inventory, reach: Mapping[str, int], vector: Mapping[str, int]) -> None:
        """Note what the place holds.

        Args:
            vector: How far each writer of the store had come before that was known.
        """
        with self._condition:
            self._reach = reach
            self._condition.notify_all()
        self._segments = len(inventory.of_events)
        if covers(reach, vector):
            self._last_confirmed_at = self._store.clock()
            # Only together: this writer's answers also confirm what earlier ones have kept.
            own = self._store.writer.name
            self._durability.confirm({own: 0} | reach)

    def _write(self) -> bool:
        """Write what is new, or the first part of it; returns whether there is more."""
        inventory = self._look_again(not covers(self._reach, self._store.vector()))
        with self._store.reading() as connection:
            vector = tallies.vector(connection)
            known = inventory.reach
            files, reach = tail(connection, vector, inventory, self._told)
        says_more = bool(files)
        files |= self._views_due(says_more)
        if files:
            self.place.write(files)
            if says_more:
                self._told = greater(self._told, known)
            self._bytes += sum(map(len, files.values()))
            inventory.add(files)
        self._written_at = time.monotonic()
        self._confirm(inventory, reach, vector)
        return not covers(reach, vector)

    def _views_due(self, with_others: bool) -> dict[str, bytes]:
        """The last views, now and then when something else is written too, and at the end."""
        due = time.monotonic() - self._views_at > max(VIEWS_EVERY_S, VIEWS_EVERY_PAUSES * self.place.every_s)
        views = self._views() if (due and with_others) or self._until is not None else {}
        if not views or views == self._kept_views:
            return {}
        self._views_at, self._kept_views = time.monotonic(), views
        name, content = last_views.file_of(views, self._store.clock(), self._store.writer.name)
        return {name: content}

    def _keep_house(self) -> None:
        """What can wait: it has pauses and failures of its own, and none that would hold up the backup."""
        if time.monotonic() < self._house_at:
            return
        self._house_at = time.monotonic() + HOUSE_EVERY_S
        try:
            # Also for what others have written.
            self._inventory = None
            inventory = self._look()
            self._foreign.take(inventory, self._meanwhile)
            many = len(inventory.of_events) > self._most_segments
            if many or self._mending or self._erased_is_due(inventory):
                compact(self._store, self.place, self._foreign.absorbed, self._meanwhile)
                # The segments that told how much was there are gone.
                self._inventory, self._told, self._mending = None, {}, False
            elif len(inventory.views) > MOST_VIEWS:
                self.place.remove(inventory.views[:-1])
                self._inventory = None
        except _Stopped:
            log.info("What could wait was left for the next start.")
        except Exception as error:
            self._house_error = self._failed(error, self._house_error, HOUSE_EVERY_S)
        else:
            self._house_error = None

    def _meanwhile(self) -> None:
        """What cannot wait until the house is kept: the end, and what was said since the last write."""
        if self._until is not None:
            raise _Stopped
        if self._asked or time.monotonic() - self._written_at > self.place.every_s:
            self._asked = False
            self._write()

    def _erased_is_due(self, inventory: Inventory) -> bool:
        """Whether files from before an account was deleted are still there, long enough after it was."""
        with self._store.reading() as connection:
            erased_at = erasures.last_done(connection, self._store.clock() - ERASED_AFTER_MS)
        if erased_at is None or inventory.is_empty:
            return False
        return all(base.made_at < erased_at + ERASED_AFTER_MS for base in inventory.bases)
