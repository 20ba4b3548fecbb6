"""Start and end of a sprint's process: open the store, bring prompts in, and at the end finish what was taken."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from components.account.erased import subject_hash
from components.backup.place import Place
from components.backup.recovery import Recovery, refuse_another
from components.prompt_sources.importing import OnProgress
from components.prompt_sources.starter import seed
from components.settings import Settings
from components.store.identities import Hashed
from components.store.store import Store

log = logging.getLogger(__name__)

# Usual files are in before the page opens; during a longer import people already rate what is there.
PATIENCE_S = 10
# From the signal to the end of the process; hosts kill what takes longer.
STOP_WITHIN_S = 9.0
BROUGHT_BACK = (
    "The sprint is being brought back from its backup; what you do waits in your browser until then."
)
SHUTTING_DOWN = "The sprint is shutting down; what you sent will be sent again."

# Shows how far something is: name and unit in, a function of done and total out, for as long as it takes.
Showing = Callable[[str, str], AbstractContextManager[OnProgress]]


def store_of(settings: Settings) -> Store:
    """The store the settings name, not yet opened.

    Raises:
        BadSetting: DATABASE_URL names no store this version can use.
    """
    return Store(address_of(settings))


def address_of(settings: Settings) -> str:
    """The address of the store."""
    return settings.database_url or f"sqlite:///{(settings.data_dir / 'sprint.db').absolute()}"


def hashed_by(settings: Settings) -> Hashed:
    """What erasures know people by, with the key of these settings."""
    return lambda identity: subject_hash(identity, settings)


def _unseen(name: str, unit: str) -> AbstractContextManager[OnProgress]:
    return nullcontext(lambda done, total: None)


class Lifespan:
    """Opens a sprint once, however often it is asked to, and closes it once."""

    def __init__(self, settings: Settings, store: Store, place: Place | None) -> None:
        """Prepare; `open` does the work.

        Args:
            place: Where a backup is kept, if anywhere.
        """
        self.store = store
        self._settings = settings
        self._place = place
        self._began_here = False
        self._recovery = Recovery(store, place, hashed_by(settings)) if place else None
        self._recovering: threading.Thread | None = None
        self._opened = False
        self._shut: str | None = None
        self._stop_by: float | None = None
        self._on_open: tuple[Callable[[], None], ...] = ()
        self._on_views: Callable[[Mapping], None] = lambda views: None
        self._on_ready: Callable[[], None] = lambda: None
        self._showing: Showing = _unseen
        self._seeding: threading.Thread | None = None
        self._import: dict | None = None
        self._import_changed: Callable[[], None] = lambda: None
        self._import_error: Exception | None = None
        self._on_progress: OnProgress | None = None
        self._waiting = False

    def open(self, showing: Showing = _unseen) -> None:
        """Migrate, restore, then seed.

        Returns when prompts are in, or go on coming in behind the page. A store that is empty while a backup
        is kept is brought back behind the page, too: until then `shut` says why nothing can be done.

        Args:
            showing: Shows how far it is with what somebody at a terminal waits for.

        Raises:
            SprintError: The store or the file of prompts cannot be used; the message says what to do.
        """
        if self._opened:
            return
        self._opened = True
        self._showing = showing
        self.store.database.migrate()
        if self._recovery and self.store.is_empty():
            self._shut = BROUGHT_BACK
            self._recovering = threading.Thread(target=self._recover, name="recovery", daemon=True)
            self._recovering.start()
        else:
            if self._place:
                refuse_another(self.store, self._place)
            self._open_store()
            self._begin()

    def began_here(self) -> bool:
        """Whether this process began the sprint, since there was none in its backup."""
        return self._began_here

    def shut(self) -> str | None:
        """Why what needs the store cannot be done now; None if it can."""
        return self._shut

    def restoring(self) -> dict | None:
        """How far the sprint is brought back, as `Recovery.document` says it; None if it need not be."""
        # Nobody is known as an organizer before it is back; on one's own machine whoever looks runs it.
        in_detail = self._settings.local_sign_in
        return self._recovery.document(in_detail) if self._shut == BROUGHT_BACK else None

    def importing(self) -> dict | None:
        """How far prompts are being brought in: file, read (bytes) and share (0 to 1, None if unknown)."""
        return self._import

    def prompts_coming(self) -> bool:
        """Whether a prompt that is unknown now may still be brought in."""
        return self._seeding is not None and self._seeding.is_alive()

    def on_import_change(self, changed: Callable[[], None]) -> None:
        """Name whom to tell when `importing` says something else."""
        self._import_changed = changed

    def on_open(self, *begin: Callable[[], None]) -> None:
        """Name what begins as soon as the store is open, before anybody is let in."""
        self._on_open = begin

    def on_ready(self, say: Callable[[], None]) -> None:
        """Name what is told when people can rate."""
        self._on_ready = say

    def on_views(self, show: Callable[[Mapping], None]) -> None:
        """Name what shows the views that were kept last, while the sprint is brought back."""
        self._on_views = show

    def stopping(self) -> None:
        """Take nothing more: the process was told to end."""
        self._shut = SHUTTING_DOWN
        self._stop_by = time.monotonic() + STOP_WITHIN_S

    @property
    def stop_by(self) -> float:
        """When everything has to be over, by `time.monotonic`."""
        return self._stop_by or time.monotonic() + STOP_WITHIN_S

    def close(self) -> None:
        """Finish what was taken and let go of the store."""
        if self._recovering and self._recovering.is_alive():
            self._recovery.stop()
            self._recovering.join(max(0.0, self.stop_by - time.monotonic()))
        if self._opened:
            self.store.close()

    def _recover(self) -> None:
        try:
            with self._showing(self._settings.backup_to, " %") as show:
                restored = self._recovery.run(
                    lambda share: show(round(100 * share), 100), self._on_views, self._open_store
                )
            self._began_here = restored is None
            if restored is not None:
                log.info("%s", restored)
            self._begin()
        except Exception as error:
            if self._stop_by is None:
                log.exception("The sprint cannot be opened: %s", error)

    def _open_store(self) -> None:
        settings = self._settings
        self.store.open(settings.sprint_title, settings.ratings_per_prompt, settings.ratings_per_minute)

    def _begin(self) -> None:
        for begin in self._on_open:
            begin()
        self._waiting = True
        self._seeding = threading.Thread(target=self._seed, name="seeding", daemon=True)
        with self._showing(self._settings.prompts, "B") as self._on_progress:
            self._seeding.start()
            self._seeding.join(PATIENCE_S)
            self._on_progress, self._waiting = None, False
        if self._shut == BROUGHT_BACK:
            self._shut = None
        ready = self._import_error is None or self._recovering
        if ready and self._shut is None:
            self._on_ready()
        if self._import_error is not None:
            if self._recovering:  # what was brought back is good without it
                log.error("The prompts could not all be brought in: %s", self._import_error)
                return
            self.store.close()
            raise self._import_error

    def _seed(self) -> None:
        try:
            report = seed(self.store, self._settings.prompts, self._settings.hf_token, self._progressed)
            if report is not None:
                log.info("%s", report)
        except Exception as error:
            self._import_error = error
            if not self._waiting:  # else whoever waits says it
                log.error("The prompts could not all be brought in: %s", error)
        finally:
            self._import = None
            self._import_changed()

    def _progressed(self, read: int, total: int | None) -> None:
        name = self._settings.prompts.rpartition("/")[2]
        self._import = {"file": name, "read": read, "share": read / total if total else None}
        self._import_changed()
        show = self._on_progress
        if show is not None:
            show(read, total)
