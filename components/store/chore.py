"""Chores: work on the store that takes long, a chunk at a time beside those who rate, gone on with at the next start."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable

from sqlalchemy import Connection

from components.errors import StoreUnavailable
from components.store.store import Store
from components.store.writer import Transaction

log = logging.getLogger(__name__)

# Until the store may take it again.
PAUSE_S = 5
# So soon one replica goes on with what another one left when it died. If that one lives after all, the two
# do it together: a chunk that is done already is passed over.
LOOK_EVERY_S = 60


class Chore(ABC):
    """Does something for contributors, one after the other, in the order it was asked for.

    Attributes:
        name: What it does, in words.
    """

    name: str

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
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    @abstractmethod
    def unfinished(self, connection: Connection) -> list[str]:
        """Contributors for whom something is left to do."""

    @abstractmethod
    def go_on(self, transaction: Transaction, contributor: str, after: str) -> str | None:
        """Do the next chunk.

        Args:
            after: What the last chunk returned; empty to begin.

        Returns:
            Where this chunk ends, or None if nothing is left.
        """

    def start(self) -> None:
        """Go on with what an earlier run did not finish, then wait to be asked."""
        self._look()
        self._thread.start()

    def ask(self, contributor: str) -> None:
        """Have it done for somebody as soon as can be."""
        with self._asked:
            self._waiting.append(contributor)
            self._asked.notify()

    def close(self) -> None:
        """Stop after the chunk that is being done."""
        with self._asked:
            self._closing = True
            self._asked.notify()
        if self._thread.is_alive():
            self._thread.join()

    def do(self, contributor: str) -> None:
        """Do all of it now."""
        after: str | None = ""
        while after is not None and not self._closing:
            began = time.perf_counter()
            after = self._store.write(lambda tx, after=after: self.go_on(tx, contributor, after))
            self._changed()
            # Half of the writer's time is for those who rate meanwhile.
            self._pause(time.perf_counter() - began)

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
                self.do(contributor)
            except StoreUnavailable as error:
                log.warning("%s waits: %s", self.name, error)
                self._pause(PAUSE_S)
            except Exception:
                log.exception("%s failed; it is tried again later.", self.name)
                if contributor is not None:
                    self._waiting.popleft()
            else:
                if not self._closing:
                    self._waiting.popleft()

    def _look(self) -> None:
        with self._store.reading() as connection:
            self._waiting.extend(self.unfinished(connection))

    def _pause(self, seconds: float) -> None:
        with self._asked:
            self._asked.wait_for(lambda: self._closing, seconds)
