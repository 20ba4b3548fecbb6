"""Start and end of a sprint's process: open the store, bring prompts in, and at the end finish what was taken."""

import logging
import threading
from collections.abc import Callable

from components.prompt_sources.report import ImportReport
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

    def open(self, on_progress: Callable[[int, int | None], None] | None = None) -> None:
        """Migrate, then seed; returns when prompts are in, or go on coming in behind the page.

        Raises:
            SprintError: The store or the file of prompts cannot be used; the message says what to do.
        """
        if self._opened:
            return
        self._opened = True
        self.store.open(self._settings.sprint_title, self._settings.ratings_per_prompt)
        seeding = threading.Thread(target=self._seed, args=(on_progress,), name="seeding", daemon=True)
        seeding.start()
        seeding.join(PATIENCE_S)
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

    def _seed(self, on_progress: Callable[[int, int | None], None] | None) -> None:
        def progressed(read: int, total: int | None) -> None:
            name = self._settings.prompts.rpartition("/")[2]
            self._import = {"file": name, "read": read, "share": read / total if total else None}
            self._import_changed()
            if on_progress is not None:
                on_progress(read, total)

        try:
            report = seed(self.store, self._settings.prompts, self._settings.hf_token, progressed)
            self._report(report)
        except Exception as error:
            self._import_error = error
            log.error("The prompts could not be brought in: %s", error)
        finally:
            self._import = None
            self._import_changed()

    def _report(self, report: ImportReport | None) -> None:
        if report is not None:
            log.info("%s", report)
