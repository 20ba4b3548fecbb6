"""The places a backup can be kept at: one line each, chosen by what BACKUP_TO begins with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.backup.place import Place
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
    kind = next(kind for kind in PLACES if settings.backup_to.startswith(kind.beginning))
    return kind.open(settings.backup_to.removeprefix(kind.beginning), settings.hf_token)
