"""The places a backup can be kept at: one line each, chosen by what BACKUP_TO begins with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.backup.place import Place
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
    return open_place(settings.backup_to, settings.hf_token) if settings.backup_to else None


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
