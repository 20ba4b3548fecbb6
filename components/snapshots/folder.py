"""The folder a snapshot goes into: what it may hold before, and how the new one takes its place."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.errors import BadFolder
from components.snapshots.citation import CITATION
from components.snapshots.figures import FIGURES
from components.snapshots.formats import FORMATS

CARD = "README.md"
GUIDELINES = "guidelines.md"
# All that a snapshot may hold.
OWN = (
    {CARD, GUIDELINES, CITATION}
    | {path for one in FORMATS for path in one.paths}
    | {one.path for one in FIGURES}
)
# Stands in every card; a folder or a repository holds an earlier snapshot only if it does.
MARK = "<!-- A snapshot written by Prompt Sprint; the next one replaces this whole folder. -->"


def check(folder: Path) -> None:
    """Make sure that a snapshot may go into a folder: missing, empty, or nothing but an earlier snapshot.

    Raises:
        BadFolder: It holds anything else.
    """
    with _as_sentence(folder):
        if not folder.exists():
            return
        if not folder.is_dir():
            raise BadFolder(f"{folder} is a file; name a folder for the snapshot.")
        if Path.cwd().is_relative_to(folder):
            raise BadFolder(
                f"You are standing in {folder}; name a folder inside it, which a snapshot can replace."
            )
        stranger = _stranger(folder)
        if stranger:
            raise BadFolder(
                f"{folder} holds something that is no snapshot ({stranger}); name an empty or a new folder."
            )


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to write into, which takes its place when the block ends.

    If the block raises, or the disk does, `folder` is as it was.

    Raises:
        BadFolder: Nothing can be written there.
    """
    with _as_sentence(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = _beside(folder)
        staging.mkdir()
        try:
            yield staging
            _flush(staging)
            check(folder)
            _swap(staging, folder)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise


def _stranger(folder: Path) -> str | None:
    """The name of something that no snapshot holds, if the folder is not empty."""
    top = {name.split("/")[0] for name in OWN}
    for entry in sorted(folder.iterdir()):
        if entry.name not in top:
            return entry.name
        inside = entry.iterdir() if entry.is_dir() else [entry]
        for path in inside:
            name = path.relative_to(folder).as_posix()
            if name not in OWN or path.is_dir():
                return name
    card = folder / CARD
    if any(folder.iterdir()) and not (card.exists() and MARK in card.read_text("utf-8", errors="replace")):
        return "a README.md of its own" if card.exists() else "files without a README.md"
    return None


def _swap(staging: Path, folder: Path) -> None:
    if not folder.exists():
        staging.rename(folder)
        return
    earlier = _beside(folder)
    folder.rename(earlier)
    try:
        staging.rename(folder)
    except OSError:
        earlier.rename(folder)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def _flush(staging: Path) -> None:
    # The earlier snapshot is deleted right after: what follows it has to be on the disk by then.
    for path in staging.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _beside(folder: Path) -> Path:
    return folder.parent / f".snapshot-{secrets.token_hex(6)}"


@contextmanager
def _as_sentence(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFolder(f"{folder} cannot take a snapshot ({reason}); name another folder.") from error
