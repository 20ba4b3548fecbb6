"""Excluding contributors and readmitting them: decided at once, counted out or in a chunk at a time."""

from sqlalchemy import Connection

from components.store import exclusions
from components.store.chore import Chore
from components.store.writer import Transaction


class Excluder(Chore):
    """Counts the ratings of those who were excluded out, and of those who were readmitted in."""

    name = "Counting an exclusion"

    def unfinished(self, connection: Connection) -> list[str]:
        """Contributors whose ratings do not count as was decided."""
        return exclusions.pending(connection)

    def go_on(self, transaction: Transaction, contributor: str, after: str) -> str | None:
        """Count the next ratings."""
        return contributor if exclusions.go_on(transaction, contributor) else None
