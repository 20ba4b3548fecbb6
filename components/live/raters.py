"""Who rated how much, kept from refresh to refresh: only those who did something since are counted again."""

from collections.abc import Mapping
from operator import itemgetter

from sqlalchemy import Connection

from components.records import ABOUT_PROMPTS, Action
from components.store import tallies

# What these change of anybody's ratings, they change of those of the one who acts. After all else, and
# so after any action that is new here, everybody is counted again.
OWN_MATTERS = frozenset(
    (
        *ABOUT_PROMPTS,
        Action.JOINED,
        Action.PROFILE,
        Action.IMPORTED,
        Action.SETTING,
        Action.ROLE,
        Action.MILESTONE,
    )
)
# If more people than this did something, it is cheaper to read everybody.
MOST_ACTORS = 500


class Raters:
    """Everybody who has a rating that counts."""

    def __init__(self, most_actors: int = MOST_ACTORS) -> None:
        self._most_actors = most_actors
        self._vector: Mapping[str, int] | None = None
        self._rows: dict[str, dict] = {}

    def read(self, connection: Connection) -> list[dict]:
        """Most ratings first, then by username: username, name, profile, ratings. For `Moment.read`."""
        vector = tallies.vector(connection)
        actors = self._actors(connection, vector)
        if actors is None:
            self._rows = _by_contributor(tallies.standing(connection))
        elif actors:
            changed = _by_contributor(tallies.standing_of(connection, actors))
            for who in actors - changed.keys():
                self._rows.pop(who, None)
            self._rows |= changed
        self._vector = vector
        # Two sorts by one value each are quicker than one by both.
        by_name = sorted(self._rows.values(), key=itemgetter("username"))
        return sorted(by_name, key=itemgetter("ratings"), reverse=True)

    def _actors(self, connection: Connection, vector: Mapping[str, int]) -> set[str] | None:
        """Who did something since the last reading; None if that does not tell whose ratings changed."""
        before = self._vector
        if before is None or any(vector.get(writer, -1) < number for writer, number in before.items()):
            return None
        actors: set[str] = set()
        for writer, number in vector.items():
            if number != before.get(writer):
                for contributor, action in tallies.actors(connection, writer, before.get(writer, -1)):
                    if action not in OWN_MATTERS:
                        return None
                    actors.add(contributor)
        return actors if len(actors) <= self._most_actors else None


def _by_contributor(rows: list[Mapping]) -> dict[str, dict]:
    # In this order they are sent.
    columns = ("username", "name", "profile", "ratings")
    return {row["contributor_id"]: {column: row[column] for column in columns} for row in rows}
