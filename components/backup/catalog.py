"""The places a backup can be kept at: one line each, chosen by what BACKUP_TO begins with."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.backup.place import Place
from components.errors import BadSetting
from components.settings import Settings


@dataclass(frozen=True)
class Kind:
    """One kind of place: what BACKUP_TO begins with, and how the rest of it and a token become a place."""

    beginning: str
    open: Callable[[str, str], Place]


def _bucket(name: str, token: str) -> Place:
    # huggingface_hub takes a while to import; who backs up to a folder does without it.
    from components.backup.bucket import Bucket

    return Bucket(name, token)


def _dataset(name: str, token: str) -> Place:
    from components.backup.dataset import Dataset

    return Dataset(name, token)


def _folder(path: str, token: str) -> Place:
    from components.backup.folder import Folder

    return Folder(Path(path).expanduser().absolute())


# What looks like an address of something; the slip of a single colon, too.
ADDRESS = re.compile(r"hf:|[A-Za-z][A-Za-z0-9+.-]*://")

# The first that fits; any other text is a folder.
PLACES = (
    Kind("hf://buckets/", _bucket),
    Kind("hf://datasets/", _dataset),
    Kind("", _folder),
)


def place_of(settings: Settings) -> Place | None:
    """The place the settings name, not yet looked at; None if they name none.

    Raises:
        BadSetting: BACKUP_TO is no name of a place.
    """
    if not settings.backup_to:
        return None
    name = settings.backup_to.rstrip("/") or "/"
    kind = next(kind for kind in PLACES if name.startswith(kind.beginning))
    if kind is PLACES[-1]:
        _see_that_it_is_a_folder_of_its_own(name, settings)
    return kind.open(name.removeprefix(kind.beginning), settings.hf_token)


def _see_that_it_is_a_folder_of_its_own(name: str, settings: Settings) -> None:
    if ADDRESS.match(name):
        raise BadSetting(
            f"BACKUP_TO is {name!r}, which is no place for a backup: write hf://buckets/ORG/NAME, "
            "hf://datasets/ORG/NAME or the path of a folder."
        )
    folder, data = (Path(path).expanduser().resolve() for path in (name, settings.data_dir))
    if not settings.database_url and (folder.is_relative_to(data) or data.is_relative_to(folder)):
        raise BadSetting(
            "BACKUP_TO is DATA_DIR, in it or around it, and would be lost with it: set it to a folder beside it, "
            "best on another disk."
        )
