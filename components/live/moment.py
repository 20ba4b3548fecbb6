"""One moment of the store, as every view of a refresh sees it."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy import Connection

Result = TypeVar("Result")


class Moment:
    """A moment of the store, read by all views together: what two of them need is read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[Hashable, object] = {}

    def read(self, reading: Callable[[Connection], Result]) -> Result:
        """What a function of the store says of this moment. Everybody gets the same object: change nothing in it."""
        if reading not in self._read:
            self._read[reading] = reading(self._connection)
        return self._read[reading]
