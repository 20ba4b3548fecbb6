"""Opening the store for a command, brought back from its backup if need be."""

from contextlib import closing

from components.backup.catalog import place_of
from components.backup.place import Place
from components.backup.restore import Restored, restore
from components.errors import BadSetting
from components.lifespan import hashed_by, store_of
from components.settings import Settings
from components.store.store import Store
from components.terminal import terminal_progress


def opened(settings: Settings) -> closing[Store]:
    """The store, for a `with` block; brought back first if it is empty while there is a backup of it."""
    return closing(_opened(settings))


def existing(settings: Settings) -> closing[Store]:
    """The store of a sprint that is there: one that was looked for in the wrong place is not an empty one.

    Raises:
        BadSetting: There is none.
    """
    database = store_of(settings).database
    if not database.is_there():
        raise BadSetting(
            f"There is no sprint at {database.place}; set DATA_DIR or DATABASE_URL to where one is."
        )
    return opened(settings)


def bring_back(settings: Settings, store: Store, place: Place) -> Restored | None:
    """Restore an empty store, with progress and words on the terminal; None if there is no backup."""
    with terminal_progress(settings.backup_to, unit=" %") as show:
        restored = restore(
            store.database, place, hashed_by(settings), lambda share: show(round(100 * share), 100)
        )
    if restored is not None:
        print(restored, flush=True)
    return restored


def _opened(settings: Settings) -> Store:
    store, place = store_of(settings), place_of(settings)
    if place is not None:
        store.database.migrate()
        if store.is_empty():
            bring_back(settings, store, place)
    return store.open(settings.sprint_title, settings.ratings_per_prompt, settings.ratings_per_minute)
