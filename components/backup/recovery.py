"""Recovery: an empty store waits for its backup, and the attempts go on until it is there."""

import logging
import random
import threading
from collections.abc import Callable, Mapping

from components.backup.inventory import inventory_of
from components.backup.last_views import last_views
from components.backup.place import Place
from components.backup.restore import OnShare, Restored, restore
from components.errors import AnotherSprint, SprintError, StoreUnavailable
from components.store.identities import Hashed
from components.store.store import Store

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
LOOKING_S = 10.0
STOPPED = "The sprint is shutting down."


def refuse_another(store: Store, place: Place) -> None:
    """See to it that a place with a backup is this sprint's, as far as that can be found out at once.

    Raises:
        AnotherSprint: It is not.
    """
    told: list[AnotherSprint] = []

    def look() -> None:
        try:
            if not inventory_of(place).is_of(store.vector()):
                told.append(AnotherSprint(place.title))
        except SprintError as error:
            log.info("Whose backup is in %s is not known yet: %s", place.title, error)

    looking = threading.Thread(target=look, name="looking", daemon=True)
    looking.start()
    # Whoever has data of their own does not wait for a place; the backup asks the same before it writes.
    looking.join(LOOKING_S)
    if told:
        raise told[0]


class Recovery:
    """Brings a sprint back; until it knows that there is none, nobody may write."""

    def __init__(self, store: Store, place: Place, hashed: Hashed | None = None) -> None:
        self._store = store
        self._place = place
        self._hashed = hashed
        self._stopping = threading.Event()
        self._share: float | None = None
        self._error: str | None = None

    def run(
        self,
        on_share: OnShare = lambda share: None,
        on_views: Callable[[Mapping], None] = lambda views: None,
        opening: Callable[[], object] = lambda: None,
    ) -> Restored | None:
        """Try until the store holds what the backup does, and is open.

        Args:
            opening: Opens the store; tried again, too.
            on_views: Given the views that were kept last, as soon as they are read.

        Returns:
            What was brought back, or None if there is no backup yet.

        Raises:
            StoreUnavailable: It was told to stop before.
        """
        pause, restored = FIRST_PAUSE_S, None
        while not self._stopping.is_set():
            try:
                restored = self._attempt(on_share, on_views) or restored
                opening()
                return restored
            except Exception as error:
                if self._stopping.is_set():
                    break
                ours = not isinstance(error, SprintError)
                sentence = "A mistake of ours; the log has it." if ours else str(error)
                if sentence != self._error:
                    log.warning("The sprint cannot be brought back yet. %s", sentence, exc_info=ours)
                self._share, self._error = None, sentence
                wait = max(pause, getattr(error, "retry_after_s", None) or 0)
                # Not all at once, where several servers wait for one place.
                self._stopping.wait(wait * random.uniform(1.0, 1.25))
                pause = min(2 * pause, LONGEST_PAUSE_S)
        raise StoreUnavailable(STOPPED)

    def stop(self) -> None:
        """Give up, wherever it is; a store that is not wholly brought back is left empty."""
        self._stopping.set()

    def document(self, in_detail: bool = True) -> dict[str, object]:
        """How far it is: place, share (0 to 1, None if unknown), sentence, error.

        Args:
            in_detail: For whoever runs the sprint; else names and reasons are left out.
        """
        share, error = self._share, self._error
        place = self._place.title if in_detail else "its backup"
        if error:
            sentence = f"The sprint cannot be brought back from {place} yet; that is tried again."
            error = error if in_detail else "Its organizers find the reason in the server's log."
        elif share is None:
            sentence = f"Looking into {place}."
        else:
            sentence = f"The sprint is being brought back: {100 * share:.0f} %"
        return {"place": place, "share": share, "sentence": sentence, "error": error}

    def _attempt(self, on_share: OnShare, on_views: Callable[[Mapping], None]) -> Restored | None:
        if not self._store.is_empty():
            return None  # another process was quicker, or an earlier attempt got so far
        inventory = inventory_of(self._place)
        self._error = None
        on_views(last_views(self._place, inventory))

        def shared(share: float) -> None:
            if self._stopping.is_set():
                raise StoreUnavailable(STOPPED)
            self._share = share
            on_share(share)

        try:
            return restore(self._store.database, self._place, self._hashed, shared, inventory)
        except StoreUnavailable:
            if self._stopping.is_set() or self._store.is_empty():
                raise
            return None  # another process was quicker: that is as good
