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
    parser.add_argument("--include-unrated", action="store_true", help="also the prompts nobody has rated")


def _snapshot(settings: Settings, words: Namespace) -> int:
    # pyarrow, datasets and huggingface_hub take seconds to import; no other command waits for them.
    from components.snapshots.snapshot import write_snapshot

    with existing(settings) as store, terminal_progress(str(words.folder), unit=" rows") as on_progress:
        made = write_snapshot(
            store,
            words.folder,
            include_unrated=words.include_unrated,
            on_progress=on_progress,
            public_address=settings.public_address,
        )
    print(made, flush=True)
    return 0


COMMANDS = (Command("snapshot", "write the dataset as it is now into a folder", _snapshot, _takes_folder),)
