"""Start and end of a sprint's process: open the store, bring prompts in, and at the end finish what was taken."""

import logging
import threading
from collections.abc import Callable

from components.prompt_sources.importing import OnProgress
from components.prompt_sources.starter import seed
from components.settings import Settings
from components.store.store import Store

log = logging.getLogger(__name__)

# Usual files are in before the page opens; during a longer import people already rate what is there.
PATIENCE_S = 10


def store_of(settings: Settings) -> Store:
    """The store the settings name, not yet opened.

    Raises:
        BadSetting: DATABASE_URL names no store this version can use.
    """
    return Store(settings.database_url or f"sqlite:///{(settings.data_dir / 'sprint.db').absolute()}")


class Lifespan:
    """Opens a sprint once, however often it is asked to, and closes it once."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.store = store
        self._settings = settings
        self._opened = False
        self._import: dict | None = None
        self._import_changed: Callable[[], None] = lambda: None
        self._import_error: Exception | None = None
        self._on_progress: OnProgress | None = None
        self._waiting = False

    def open(self, on_progress: OnProgress | None = None) -> None:
        """Migrate, then seed; returns when prompts are in, or go on coming in behind the page.

        Args:
            on_progress: Told how far the file of prompts was read, as long as this waits for it.

        Raises:
            SprintError: The store or the file of prompts cannot be used; the message says what to do.
        """
        if self._opened:
            return
        self._opened = True
        self.store.open(self._settings.sprint_title, self._settings.ratings_per_prompt)
        self._on_progress, self._waiting = on_progress, True
        seeding = threading.Thread(target=self._seed, name="seeding", daemon=True)
        seeding.start()
        seeding.join(PATIENCE_S)
        self._on_progress, self._waiting = None, False
        if self._import_error is not None:
            self.store.close()
            raise self._import_error

    def importing(self) -> dict | None:
        """How far prompts are being brought in: file, read (bytes) and share (0 to 1, None if unknown)."""
        return self._import

    def on_import_change(self, changed: Callable[[], None]) -> None:
        """Name whom to tell when `importing` says something else."""
        self._import_changed = changed

    def close(self) -> None:
        """Finish what was taken and let go of the store."""
        if self._opened:
            self.store.close()

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
