"""Commands that take the dataset out."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from components.commands.command import Command
from components.commands.opening import existing
from components.settings import Settings
from components.terminal import terminal_progress


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


def _snapshot(settings: Settings, words: Namespace) -> int:
    # pyarrow, datasets and huggingface_hub take seconds to import; no other command waits for them.
    from components.snapshots.options import options
    from components.snapshots.snapshot import write_snapshot

    with existing(settings) as store, terminal_progress(str(words.folder), unit=" rows") as on_progress:
        made = write_snapshot(
            store,
            words.folder,
            options(words.include_unrated, words.best, words.format),
            on_progress,
            public_address=settings.public_address,
        )
    print(made, flush=True)
    return 0


COMMANDS = (Command("snapshot", "write the dataset as it is now into a folder", _snapshot, _takes_folder),)
