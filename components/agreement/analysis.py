"""The analysis: begins the work in a process of its own when ratings came in, and keeps what that found."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from components.agreement.process import Process
from components.errors import SprintError
from components.store import duties, findings, tallies
from components.store.findings import Made
from components.store.store import Store

log = logging.getLogger(__name__)

NAME = "agreement"
# At most once a minute, and so that it takes a fifth of one core's time at most.
LEAST_REST_MS = 60_000
RESTS = 4
# A server has better to do in its first moments, and one that soon ends need not begin.
FIRST_S = 20.0
LOOK_S = 5.0
# Longer than any takes; whoever died with it keeps it from the others for no longer.
DUTY_MS = 10 * 60_000
RETRY_MS = 5 * 60_000


@dataclass(frozen=True)
class Progress:
    """How far the work is: what it does, and how much of how much is done."""

    doing: str
    done: int
    total: int


class Analysis:
    """Looks every few seconds whether the numbers are old, and has them computed anew by one of the replicas."""

    def __init__(
        self,
        store: Store,
        url: str,
        changed: Callable[[], None],
        alone: bool,
        first_s: float = FIRST_S,
        look_s: float = LOOK_S,
    ) -> None:
        """Prepare; `start` begins.

        Args:
            url: The address of the store.
            changed: Called when there are new numbers, whoever computed them.
            alone: Whether no other server has the same store.
            first_s, look_s: How long to wait before the first look, and between two.
        """
        self._store = store
        self._url = url
        self._changed = changed
        self._alone = alone
        self._first_s, self._look_s = first_s, look_s
        self._seen: Made | None = None
        self._not_before = 0
        self._progress: Progress | None = None
        self._process = Process()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)

    @property
    def progress(self) -> Progress | None:
        """How far the work is; None if none is under way here."""
        return self._progress

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more, and let go of work that is under way: the next start does it anew."""
        self._ended.set()
        self._process.end()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> bool:
        """Have the numbers computed if they are old and nobody else is at it; returns whether it was done."""
        now = self._store.clock()
        # Whoever waited for another one may find that it is done.
        if now < self._not_before or not self._is_due(now) or not self._take(now) or not self._is_due(now):
            return False
        try:
            self._not_before = now + RETRY_MS  # unless it comes to a good end
            found = self._process.run("components.agreement.work", {"url": self._url}, self._progressed)
            made = Made(found["version"], now, self._store.clock() - now)
            self._store.write(lambda transaction: findings.keep(transaction, made, found["contents"]))
            self._not_before = 0
        finally:
            self._progress = None
            self._let_go()
        self._seen = made
        self._changed()
        return True

    def _is_due(self, now: int) -> bool:
        with self._store.reading() as connection:
            made, version = findings.latest(connection, NAME), findings.version(connection)
            if made is None and not any(tallies.coverage(connection)):
                return False  # nobody has rated anything
        if made != self._seen:
            self._seen = made
            self._changed()
        return made is None or _is_old(made, version, now)

    def _progressed(self, doing: str, done: int, total: int) -> None:
        self._progress = Progress(doing, done, total)

    def _take(self, now: int) -> bool:
        if self._alone:
            return True
        with self._store.database.writing() as connection:
            return duties.take(connection, NAME, self._store.writer.name, now, DUTY_MS)

    def _let_go(self) -> None:
        if self._alone:
            return
        with self._store.database.writing() as connection:
            duties.let_go(connection, NAME, self._store.writer.name)

    def _run(self) -> None:
        self._ended.wait(self._first_s)
        while not self._ended.is_set():
            try:
                self.look()
            except SprintError as error:
                log.warning("The numbers about agreement stay as they are: %s", error)
            except Exception:
                if not self._ended.is_set():
                    log.exception("The numbers about agreement stay as they are.")
            self._ended.wait(self._look_s)


def _is_old(made: Made, version: str, now: int) -> bool:
    rested = now - made.made_at - made.took_ms
    # One from the future was made by a clock that was wrong.
    enough = rested >= max(LEAST_REST_MS, RESTS * made.took_ms) or rested < -LEAST_REST_MS
    return made.version != version and enough
