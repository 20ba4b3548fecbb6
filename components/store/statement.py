"""SQL for the way of a rating: it goes to the driver as it is, takes a table of rows, and answers in one piece.

SQLAlchemy's own work for a statement costs many times what SQLite's does. And between any two rows that
go in or come out one by one, the thread that writes has to wait until the thread that answers requests
lets it go on: two hundred ratings would wait thousands of times.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from components.store.engines import STATEMENTS


class Cursor(Protocol):
    """What of a driver's cursor a statement needs."""

    def execute(self, text: str, parameters: object) -> object: ...


class Statement:
    """One SQL constant with `:names`.

    Where it says `{given}` it joins a table of that name, made of the rows handed over with it. Where it
    says `{lines}` it answers with all its rows as one text: a line for each, its cells between commas.

    Attributes:
        sql: As it was given.
    """

    def __init__(self, sql: str, *columns: str, returns: int = 0, lines: Sequence[str] = ()) -> None:
        """Prepare a statement for each engine.

        Args:
            columns: The columns of the given rows, in their order: each a name and, unless it is text, "int".
            returns: How many columns its answer has; 0 if it changes something and answers nothing, or in lines.
            lines: The cells of a line: expressions that have no commas, quotes or line breaks in them.
        """
        self.sql = sql
        self._spelled = {name: spell(sql, columns, returns, lines) for name, spell in STATEMENTS.items()}

    def execute(
        self, engine: str, cursor: Cursor, given: Sequence[Sequence] | None, named: Mapping[str, object]
    ) -> None:
        """Run it.

        Args:
            given: The rows of its `given` table.
            named: Its other parameters.
        """
        for text, parameters in self._spelled[engine].calls(given, named):
            cursor.execute(text, parameters)

    def answer(
        self, engine: str, cursor: Cursor, given: Sequence[Sequence] | None, named: Mapping[str, object]
    ) -> list[Sequence]:
        """Run it, and return its rows."""
        spelled = self._spelled[engine]
        rows: list[Sequence] = []
        for text, parameters in spelled.calls(given, named):
            cursor.execute(text, parameters)
            rows += spelled.rows(cursor)
        return rows
