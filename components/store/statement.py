"""SQL for the way of a rating: it goes to the driver as it is, and may join a table of given rows.

SQLAlchemy's own work for a statement costs many times what SQLite's does. Nobody notices it when a
page is opened; in the transaction that keeps two hundred ratings it would be most of the time.
"""

from collections.abc import Sequence

import orjson


class Statement:
    """One SQL constant with `:names`.

    Where it says `{given}` it joins a table of that name, made of the rows handed over with it.
    """

    def __init__(self, sql: str, *columns: str) -> None:
        """Prepare a statement.

        Args:
            columns: The names of the columns of the given rows, in their order.
        """
        cells = ", ".join(
            f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns)
        )
        self.sql = sql.replace("{given}", f"(SELECT {cells} FROM json_each(:given)) AS given")

    def parameters(self, given: Sequence[Sequence] | None, named: dict[str, object]) -> dict[str, object]:
        """What the driver binds."""
        return named if given is None else named | {"given": orjson.dumps(given).decode()}
