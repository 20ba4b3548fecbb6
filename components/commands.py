"""The organizers' command line: words in, a call to a room, words out."""

import argparse
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from components.backup.backup import Backup
from components.backup.catalog import place_of
from components.backup.drill import drill
from components.backup.durability import BACKED_UP, Durability
from components.backup.place import Place
from components.backup.restore import Restored, restore
from components.errors import BadSetting, SprintError
from components.lifespan import hashed_by, store_of
from components.organizing.sprint import UNCHANGED, change, described, read_moment, read_quota
from components.prompt_sources.importing import import_prompts
from components.records import STATES
from components.settings import Settings, read_settings
from components.store.audit import audit
from components.store.copying import copy
from components.store.sprints import SWITCHES, TERMINAL
from components.store.store import Store
from components.terminal import terminal_progress

SPRINT_HELP = (
    "Changes take effect at once, also while the server runs. --quota replaces all quotas there are."
)


def main(arguments: Sequence[str], serve: Callable[[Settings], None]) -> int:
    """Do what the command line asks for; returns the exit code.

    Args:
        serve: Runs the server until it is told to stop; what no command at all asks for.
    """
    words = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = read_settings()
        if words.command is None:
            serve(settings)
            return 0
        return words.command(settings, words)
    except SprintError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads our words, such as `head`, has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python app.py",
        description="Prompt Sprint. Without a command it serves the page; settings are environment variables, listed in README.md.",
    )
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    bring = commands.add_parser("import", help="bring prompts in from a file")
    bring.add_argument(
        "file", metavar="FILE", help="JSONL, JSONL.gz, CSV or Parquet with prompt, source and kind"
    )
    bring.set_defaults(command=_import)

    out = commands.add_parser("snapshot", help="write the dataset as it is now into a folder")
    out.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        help="made if it is missing; an earlier snapshot in it is replaced",
    )
    out.add_argument("--include-unrated", action="store_true", help="also the prompts nobody has rated")
    out.set_defaults(command=_snapshot)

    sprint = commands.add_parser(
        "sprint", help="show what the sprint wants rated, or change it", description=SPRINT_HELP
    )
    sprint.add_argument("--title", help="what stands at the top of the page")
    sprint.add_argument(
        "--state", choices=STATES, help="prompts are handed out while it is open; what comes in later is kept"
    )
    sprint.add_argument(
        "--starts", metavar="WHEN", help="opens by itself then: 2026-03-01, 2026-03-01T12:00+01:00, or never"
    )
    sprint.add_argument(
        "--ends",
        metavar="WHEN",
        help="closes by itself then; a day alone means its end; UTC if nothing else is said",
    )
    sprint.add_argument("--ratings-per-prompt", type=int, metavar="N", help="ratings wanted for each prompt")
    sprint.add_argument(
        "--extra-rating",
        choices=("on", "off"),
        help="one rating more for prompts whose scores are 3 or more apart",
    )
    sprint.add_argument(
        "--quota",
        action="append",
        metavar="WHICH:N",
        help="at most N ratings for kind=human, source=NAME or source=NAME,kind=human; can be given again",
    )
    for switch, help_text in (
        ("points", "points on the leaderboard; without them it goes by the number of ratings"),
        ("teams", "teams on the leaderboard"),
        ("ranking", "the leaderboard itself; the totals stay"),
    ):
        sprint.add_argument(f"--{switch}", choices=("on", "off"), help=help_text)
    sprint.add_argument("--no-quotas", action="store_true", help="as many ratings of each as are wanted")
    sprint.set_defaults(command=_sprint)

    recount = commands.add_parser("audit", help="recount everything from the event log and compare")
    recount.set_defaults(command=_audit)

    for name, command, help_text in (
        ("backup", _backup, "write what is new to the backup, once"),
        ("restore", _restore, "bring the sprint back from its backup into an empty store"),
        ("drill", _drill, "try a restore: into a scratch store that is compared and deleted"),
    ):
        commands.add_parser(name, help=help_text).set_defaults(command=command)

    other = commands.add_parser(
        "copy", help="copy the sprint into another database, from SQLite to PostgreSQL or back"
    )
    other.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="an empty database: postgresql://user:password@host/name or sqlite:///folder/sprint.db",
    )
    other.set_defaults(command=_copy)
    return parser


def _opened(settings: Settings) -> Store:
    """The store, which is brought back first if it is empty while there is a backup of it."""
    store, place = store_of(settings), place_of(settings)
    if place is not None:
        store.database.migrate()
        if store.is_empty():
            _bring_back(settings, store, place)
    return store.open(settings.sprint_title, settings.ratings_per_prompt)


def _bring_back(settings: Settings, store: Store, place: Place) -> Restored | None:
    with terminal_progress(settings.backup_to, unit=" %") as show:
        restored = restore(
            store.database, place, hashed_by(settings), lambda share: show(round(100 * share), 100)
        )
    if restored is not None:
        print(restored, flush=True)
    return restored


def _place(settings: Settings) -> Place:
    place = place_of(settings)
    if place is None:
        raise BadSetting("No backup is kept: set BACKUP_TO to where it is, or is to be.")
    return place


def _existing(settings: Settings) -> Store:
    """The store of a sprint that is there: one that was looked for in the wrong place is not an empty one."""
    database = store_of(settings).database
    if not database.is_there():
        raise BadSetting(
            f"There is no sprint at {database.place}; set DATA_DIR or DATABASE_URL to where one is."
        )
    return _opened(settings)


def _import(settings: Settings, words: argparse.Namespace) -> int:
    store = _opened(settings)
    try:
        with terminal_progress(words.file) as on_progress:
            report = import_prompts(store, words.file, token=settings.hf_token, on_progress=on_progress)
    finally:
        store.close()
    print(report, flush=True)
    return 1 if report.nothing_usable or report.damage else 0


def _snapshot(settings: Settings, words: argparse.Namespace) -> int:
    # pyarrow, datasets and huggingface_hub take seconds to import; no other command waits for them.
    from components.snapshots.snapshot import write_snapshot

    store = _existing(settings)
    try:
        with terminal_progress(str(words.folder), unit=" rows") as on_progress:
            made = write_snapshot(
                store,
                words.folder,
                include_unrated=words.include_unrated,
                on_progress=on_progress,
                public_address=settings.public_address,
            )
    finally:
        store.close()
    print(made, flush=True)
    return 0


def _sprint(settings: Settings, words: argparse.Namespace) -> int:
    quotas = [] if words.no_quotas else None
    if words.quota:
        quotas = [read_quota(quota) for quota in words.quota]
    store = _existing(settings)
    try:
        changed = change(
            store,
            TERMINAL,
            title=words.title,
            ratings_per_prompt=words.ratings_per_prompt,
            extra_rating=None if words.extra_rating is None else words.extra_rating == "on",
            quotas=quotas,
            state=words.state,
            starts_at=UNCHANGED if words.starts is None else read_moment(words.starts),
            ends_at=UNCHANGED if words.ends is None else read_moment(words.ends, end=True),
            **{name: {"on": True, "off": False}.get(getattr(words, name)) for name in SWITCHES},
        )
    finally:
        store.close()
    print(described(changed), flush=True)
    return 0


def _audit(settings: Settings, words: argparse.Namespace) -> int:
    store = _existing(settings)
    try:
        outcome = audit(store)
    finally:
        store.close()
    print(outcome, flush=True)
    return 1 if outcome.differences else 0


def _backup(settings: Settings, words: argparse.Namespace) -> int:
    place = _place(settings)
    store = _existing(settings)
    try:
        written = Backup(store, place, Durability(BACKED_UP)).write_all()
    finally:
        store.close()
    print(f"Written to {place.title}: {written:,} events." if written else f"Nothing new for {place.title}.")
    return 0


def _restore(settings: Settings, words: argparse.Namespace) -> int:
    place, store = _place(settings), store_of(settings)
    try:
        store.database.migrate()
        if not store.is_empty():
            raise BadSetting(
                "The store holds a sprint already, and a restore would mix two: set DATA_DIR to an empty folder."
            )
        restored = _bring_back(settings, store, place)
    finally:
        store.close()
    if restored is None:
        print(f"There is no backup in {place.title}.", file=sys.stderr)
    return 0 if restored else 1


def _drill(settings: Settings, words: argparse.Namespace) -> int:
    place = _place(settings)
    store = _existing(settings)
    try:
        with terminal_progress(settings.backup_to, unit=" %") as show:
            outcome = drill(store, place, hashed_by(settings), lambda share: show(round(100 * share), 100))
    finally:
        store.close()
    print(outcome, flush=True)
    return 0 if outcome.same else 1


def _copy(settings: Settings, words: argparse.Namespace) -> int:
    store = _existing(settings)
    try:
        with terminal_progress("copy", unit=" rows") as on_progress:
            outcome = copy(store, words.to, on_progress)
    finally:
        store.close()
    print(outcome, f"Set DATABASE_URL to {words.to} to go on with the copy.", sep="\n", flush=True)
    return 0


def listening_socket(settings: Settings) -> socket.socket:
    """Take the address the server is to listen on.

    Raises:
        BadSetting: It is taken, or not one of this machine's.
    """
    host, port = settings.server_name, settings.gradio_server_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise BadSetting(
            f"{host}:{port} cannot be listened on ({error.strerror}); "
            "stop what uses it or set GRADIO_SERVER_PORT to another port."
        ) from None
