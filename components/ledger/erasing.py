"""Deleting accounts: begun at once, done a chunk at a time."""

from sqlalchemy import Connection

from components.store import erasures
from components.store.chore import Chore
from components.store.writer import Transaction


class Eraser(Chore):
    """Erases what people said who deleted their account."""

    name = "Deleting an account"

    def left(self, contributor: str) -> int:
        """How many events of somebody are still to be erased."""
        with self._store.reading() as connection:
            return erasures.left(connection, contributor)

    def unfinished(self, connection: Connection) -> list[str]:
        """Contributors whose erasure has begun."""
        return erasures.unfinished(connection)

    def go_on(self, transaction: Transaction, contributor: str, after: str) -> str | None:
        """Erase the next events."""
        return erasures.go_on(transaction, contributor, after)
