"""SQL for the way of a rating: it goes to the driver as it is, takes a table of rows, and answers in one piece.

SQLAlchemy's own work for a statement costs many times what SQLite's does. And between any two rows that
go in or come out one by one, the thread that writes has to wait until the thread that answers requests
lets it go on: two hundred ratings would wait thousands of times.
"""

from collections.abc import Sequence

import orjson


class Statement:
    """One SQL constant with `:names`.

    Where it says `{given}` it joins a table of that name, made of the rows handed over with it.
    """

    def __init__(self, sql: str, *columns: str, returns: int = 0) -> None:
        """Prepare a statement.

        Args:
            columns: The columns of the given rows, in their order: each a name and, unless it is text, "int".
            returns: How many columns its answer has; 0 if it changes something and answers nothing.
        """
        names = [column.split()[0] for column in columns]
        cells = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
        self.sql = sql.replace("{given}", f"(SELECT {cells} FROM json_each(:given)) AS given")
        answer = [f"c{place}" for place in range(returns)]
        self.in_one_piece = (
            f"WITH answer ({', '.join(answer)}) AS ({self.sql}) "
            f"SELECT json_group_array(json_array({', '.join(answer)})) FROM answer"
        )

    def parameters(self, given: Sequence[Sequence] | None, named: dict[str, object]) -> dict[str, object]:
        """What the driver binds."""
        return named if given is None else named | {"given": orjson.dumps(given).decode()}
