"""Where a backup is kept: files that are written once and never changed, wherever they lie."""

from collections.abc import Collection, Mapping
from typing import Protocol


class Place(Protocol):
    """Somewhere beyond this machine's disk, or at least beyond the store's.

    Every method raises `PlaceUnreachable` where trying again later may help, and `PlaceRefused` where
    a person has to do something first.

    Attributes:
        title: What a person reads: "the bucket org/name", "the folder /data/backup".
        every_s: How long to wait between two writes, in seconds.
        look_s: Whether everything written is still there is looked at before a write, but not more often than
            this, in seconds.
    """

    title: str
    every_s: float
    look_s: float

    def names(self, prefix: str = "") -> list[str]:
        """Every file whose name begins so. It raises where it could not look, and never calls that empty."""

    def read(self, name: str) -> bytes:
        """What a file holds."""

    def write(self, files: Mapping[str, bytes]) -> None:
        """Keep new files, in the order given or all at once; they are safe when it returns.

        A file that is there already with the same content is fine; with another one, it raises.
        """

    def remove(self, names: Collection[str]) -> None:
        """Remove files; one that is not there is fine."""
