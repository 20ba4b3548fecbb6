"""Commands that take the dataset out."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from components.commands.command import Command
from components.commands.opening import existing
from components.errors import BadSetting
from components.settings import Settings
from components.store.sprints import TERMINAL
from components.terminal import terminal_progress

# Those in here import the rooms they call: pyarrow and huggingface_hub take seconds, and no other command waits.


def _takes_folder(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        help="made if it is missing; an earlier snapshot in it is replaced",
    )
    _takes_options(parser)


def _takes_options(parser: ArgumentParser) -> None:
    parser.add_argument("--include-unrated", action="store_true", help="also the prompts nobody has rated")
    parser.add_argument(
        "--scores",
        action="store_true",
        help="also aggregated scores: the median, and three that know who rated, with their uncertainty",
    )
    parser.add_argument(
        "--best",
        metavar="FILTER",
        help="which rows make the configuration `best`, or none; unsaid: avg_rating >= 4 and num_responses > 1",
    )
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        metavar="NAME",
        help="csv, jsonl or argilla, besides Parquet; can be given again",
    )


def _takes_target(parser: ArgumentParser) -> None:
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--private", action="store_true", help="only its owners see it; so is a new one")
    shown.add_argument("--public", action="store_true", help="everybody sees it")
    parser.add_argument(
        "--tags", choices=("number", "date"), default="number", help="versions are v1, v2, ... or the date"
    )
    _takes_options(parser)


def _takes_push(parser: ArgumentParser) -> None:
    parser.add_argument(
        "to",
        nargs="?",
        metavar="ORG/NAME",
        help="a dataset of the Hub; made if it is missing; unsaid: the setting DATASET",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what it would change, and the card; push nothing"
    )
    _takes_target(parser)


def _takes_schedule(parser: ArgumentParser) -> None:
    parser.add_argument(
        "every", nargs="?", metavar="WHEN", help="hour, day, milestone or off; alone it shows what is set"
    )
    parser.add_argument(
        "--to",
        metavar="ORG/NAME",
        help="a dataset of the Hub; made if it is missing; unsaid: as before, or the setting DATASET",
    )
    _takes_target(parser)


def _snapshot(settings: Settings, words: Namespace) -> int:
    from components.snapshots.snapshot import write_snapshot

    chosen = _options(words)
    with existing(settings) as store, terminal_progress(str(words.folder), unit=" rows") as on_progress:
        made = write_snapshot(store, words.folder, chosen, on_progress, settings.public_address)
    print(made, flush=True)
    return 0


def _push(settings: Settings, words: Namespace) -> int:
    from components.snapshots.hub import Repository
    from components.snapshots.publishing import preview, publish

    wanted = _target(_named(words.to or settings.dataset), words)
    repository = Repository(wanted.to, settings.hf_token)
    address = settings.public_address
    with existing(settings) as store, terminal_progress(wanted.to, unit=" rows") as on_progress:
        if words.dry_run:
            change = preview(store, repository, wanted, address, on_progress)
        else:
            change = publish(store, repository, wanted, TERMINAL, address, on_progress)
    print(change, flush=True)
    if words.dry_run:
        print("", change.snapshot.card, sep="\n", flush=True)
    return 0


def _schedule(settings: Settings, words: Namespace) -> int:
    from components.snapshots import schedule

    with existing(settings) as store:
        if words.every is None:
            print(schedule.current(store) or "No snapshot is pushed by itself.", flush=True)
            return 0
        if words.every == "off":
            print(schedule.stop(store, TERMINAL), flush=True)
            return 0
        known = schedule.current(store)
        to = _named(words.to or (known.target.to if known else settings.dataset))
        wanted = schedule.plan(words.every, _target(to, words))
        schedule.follow(store, TERMINAL, wanted)
    print(wanted, flush=True)
    return 0


def _named(to: str) -> str:
    if not to:
        raise BadSetting("Name the dataset that snapshots go to, ORG/NAME, or set DATASET to it.")
    return to


def _target(to: str, words: Namespace):  # noqa: ANN202
    from components.snapshots.publishing import target

    private = True if words.private else False if words.public else None
    return target(to, private, words.tags, _options(words))


def _options(words: Namespace):  # noqa: ANN202
    from components.snapshots.options import options

    return options(words.include_unrated, words.best, words.format, words.scores)


COMMANDS = (
    Command("snapshot", "write the dataset as it is now into a folder", _snapshot, _takes_folder),
    Command("push", "push the dataset as it is now to the Hub: one commit and one tag", _push, _takes_push),
    Command("schedule", "push snapshots by themselves, while the server runs", _schedule, _takes_schedule),
)
