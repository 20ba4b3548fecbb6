"""Acts of organizers: what was changed of the sprint, by whom, when, and from what to what."""

import json

from sqlalchemy import Connection, text

from components.records import OF_CONTRIBUTORS
from components.store.schema import SELDOM

ACTS = f"FROM events WHERE {SELDOM} AND action NOT IN ({', '.join(map(repr, map(str, OF_CONTRIBUTORS)))})"
COUNT = text(f"SELECT COUNT(*) {ACTS}")
LISTED = text(f"""
    SELECT contributor, action, prompt_id, reason, target, received_at, payload {ACTS}
    ORDER BY received_at DESC, writer DESC, number DESC LIMIT :most OFFSET :past
""")


def count(connection: Connection) -> int:
    """How many there are."""
    return connection.execute(COUNT).scalar_one()


def listed(connection: Connection, past: int, most: int) -> list[dict]:
    """Acts, the last one first, after so many that are passed over.

    Returns:
        contributor, action, prompt_id, reason, target (whom it was done to), received_at, and payload as a
        dictionary.
    """
    rows = connection.execute(LISTED, {"past": past, "most": most}).mappings()
    return [dict(row) | {"payload": json.loads(row["payload"] or "{}")} for row in rows]
