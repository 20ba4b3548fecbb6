"""Commands about what is kept: the audit, the backup, a copy."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import closing

from components.backup.backup import Backup
from components.backup.catalog import place_of
from components.backup.drill import drill
from components.backup.durability import BACKED_UP, Durability
from components.backup.place import Place
from components.commands.command import Command
from components.commands.opening import bring_back, existing
from components.errors import BadSetting
from components.lifespan import hashed_by, store_of
from components.settings import Settings
from components.store.audit import audit
from components.store.copying import copy
from components.terminal import terminal_progress


def _place(settings: Settings) -> Place:
    place = place_of(settings)
    if place is None:
        raise BadSetting("No backup is kept: set BACKUP_TO to where it is, or is to be.")
    return place


def _audit(settings: Settings, words: Namespace) -> int:
    with existing(settings) as store:
        outcome = audit(store)
    print(outcome, flush=True)
    return 1 if outcome.differences else 0


def _backup(settings: Settings, words: Namespace) -> int:
    place = _place(settings)
    with existing(settings) as store:
        written = Backup(store, place, Durability(BACKED_UP)).write_all()
    print(f"Written to {place.title}: {written:,} events." if written else f"Nothing new for {place.title}.")
    return 0


def _restore(settings: Settings, words: Namespace) -> int:
    place = _place(settings)
    with closing(store_of(settings)) as store:
        store.database.migrate()
        if not store.is_empty():
            where = (
                "DATABASE_URL to an empty database"
                if settings.database_url
                else "DATA_DIR to an empty folder"
            )
            raise BadSetting(f"The store holds a sprint already, and a restore would mix two: set {where}.")
        restored = bring_back(settings, store, place)
    if restored is None:
        print(f"There is no backup in {place.title}.", file=sys.stderr)
    return 0 if restored else 1


def _drill(settings: Settings, words: Namespace) -> int:
    place = _place(settings)
    with existing(settings) as store, terminal_progress(settings.backup_to, unit=" %") as show:
        outcome = drill(store, place, hashed_by(settings), lambda share: show(round(100 * share), 100))
    print(outcome, flush=True)
    return 0 if outcome.same else 1


def _takes_url(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="an empty database: postgresql://user:password@host/name or sqlite:///folder/sprint.db",
    )


def _copy(settings: Settings, words: Namespace) -> int:
    with existing(settings) as store, terminal_progress("copy", unit=" rows") as on_progress:
        outcome = copy(store, words.to, on_progress)
    print(outcome, f"Set DATABASE_URL to {words.to} to go on with the copy.", sep="\n", flush=True)
    return 0


COMMANDS = (
    Command("audit", "recount everything from the event log and compare", _audit),
    Command("backup", "write what is new to the backup, once", _backup),
    Command("restore", "bring the sprint back from its backup into an empty store", _restore),
    Command("drill", "try a restore: into a scratch store that is compared and deleted", _drill),
    Command(
        "copy", "copy the sprint into another database, from SQLite to PostgreSQL or back", _copy, _takes_url
    ),
)
