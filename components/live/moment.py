"""One moment of the store, as every view of a refresh sees it."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy import Connection

from components.store.store import epoch_ms

Result = TypeVar("Result")


class Moment:
    """A moment of the store, read by all views together: what two of them need is read once.

    Attributes:
        now: Which moment it is, in epoch milliseconds.
        until: From then on some view says something else though nothing happened; None if none does.
    """

    def __init__(self, connection: Connection, now: int | None = None) -> None:
        self.now = epoch_ms() if now is None else now
        self.until: int | None = None
        self._connection = connection
        self._read: dict[Hashable, object] = {}

    def read(self, reading: Callable[[Connection], Result]) -> Result:
        """What a function of the store says of this moment. Everybody gets the same object: change nothing in it."""
        if reading not in self._read:
            self._read[reading] = reading(self._connection)
        return self._read[reading]

    def holds_until(self, moment: int | None) -> None:
        """Note that a view changes by itself at a later moment; past ones and None are no matter."""
        if moment is not None and moment > self.now:
            self.until = moment if self.until is None else min(self.until, moment)
