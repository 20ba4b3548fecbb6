"""Deleting accounts: begun at once, done in a thread of its own, gone on with at the next start if need be."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from components.errors import StoreUnavailable
from components.store import erasures
from components.store.store import Store

log = logging.getLogger(__name__)

# Until the store may take it again.
PAUSE_S = 5
# So soon one replica goes on with what another one left when it died. If that one lives after all, the two
# do it together: a chunk that is erased already is passed over.
LOOK_EVERY_S = 60


class Eraser:
    """Erases what people said who deleted their account; one at a time, in the order they asked."""

    def __init__(self, store: Store, changed: Callable[[], None], look_every_s: float = LOOK_EVERY_S) -> None:
        """Prepare; `start` begins.

        Args:
            changed: Called after each chunk: no new event tells that numbers have changed.
            look_every_s: How often to look for what others left.
        """
        self._store = store
        self._look_every_s = look_every_s
        self._changed = changed
        self._waiting: deque[str] = deque()
        self._asked = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="eraser", daemon=True)

    def start(self) -> None:
        """Go on with what an earlier run did not finish, then wait to be asked."""
        self._look()
        self._thread.start()

    def erase(self, contributor: str) -> None:
        """Have somebody's erasure, which has begun, done as soon as can be."""
        with self._asked:
            self._waiting.append(contributor)
            self._asked.notify()

    def left(self, contributor: str) -> int:
        """How many events of somebody are still to be erased."""
        with self._store.reading() as connection:
            return erasures.left(connection, contributor)

    def close(self) -> None:
        """Stop after the chunk that is being erased."""
        with self._asked:
            self._closing = True
            self._asked.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._asked:
                self._asked.wait_for(lambda: self._waiting or self._closing, self._look_every_s)
                if self._closing:
                    return
                contributor = self._waiting[0] if self._waiting else None
            try:
                if contributor is None:
                    self._look()
                    continue
                self._erase(contributor)
            except StoreUnavailable as error:
                log.warning("Deleting an account waits: %s", error)
                self._pause(PAUSE_S)
            except Exception:
                log.exception("Deleting an account failed; it is tried again later.")
                if contributor is not None:
                    self._waiting.popleft()
            else:
                if not self._closing:
                    self._waiting.popleft()

    def _look(self) -> None:
        with self._store.reading() as connection:
            self._waiting.extend(erasures.unfinished(connection))

    def _erase(self, contributor: str) -> None:
        after: str | None = ""
        while after is not None and not self._closing:
            began = time.perf_counter()
            after = self._store.write(lambda tx, after=after: erasures.go_on(tx, contributor, after))
            self._changed()
            # Half of the writer's time is for those who rate meanwhile.
            self._pause(time.perf_counter() - began)

    def _pause(self, seconds: float) -> None:
        with self._asked:
            self._asked.wait_for(lambda: self._closing, seconds)
