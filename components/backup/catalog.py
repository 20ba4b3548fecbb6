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
    """One kind of place: what BACKUP_TO begins with, and how the rest of it, a token and a Hub become a place."""

    beginning: str
    open: Callable[[str, str, str | None], Place]


def _bucket(name: str, token: str, endpoint: str | None) -> Place:
    # huggingface_hub takes a while to import; who backs up to a folder does without it.
    from components.backup.bucket import Bucket

    return Bucket(name, token, endpoint)


def _dataset(name: str, token: str, endpoint: str | None) -> Place:
    from components.backup.dataset import Dataset

    return Dataset(name, token, endpoint)


def _folder(path: str, token: str, endpoint: str | None) -> Place:
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
    if not on_the_hub(name):
        _see_that_it_is_a_folder_of_its_own(name, settings)
    return open_place(name, settings.hf_token)


def open_place(address: str, token: str, endpoint: str | None = None) -> Place:
    """The place of an address, not yet looked at.

    Args:
        endpoint: Of another Hub than the usual one.

    Raises:
        BadSetting: It is no name of a place.
    """
    kind = next(kind for kind in PLACES if address.startswith(kind.beginning))
    return kind.open(address.removeprefix(kind.beginning), token, endpoint)


def on_the_hub(address: str) -> bool:
    """Whether the place of an address is on the Hub, and not a folder of a machine."""
    return any(kind.beginning and address.startswith(kind.beginning) for kind in PLACES)


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
