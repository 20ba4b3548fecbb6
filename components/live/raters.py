"""Who rated how much, kept from refresh to refresh: only those who did something since are counted again."""

from collections.abc import Mapping

from sqlalchemy import Connection

from components.records import ABOUT_PROMPTS, Action
from components.store import standings, tallies
from components.store.standings import Rater

# What these change of anybody's ratings, or of how they are seen, they change of the one who acts. After all
# else, and so after any action that is new here, everybody is counted again.
OWN_MATTERS = frozenset(
    (
        *ABOUT_PROMPTS,
        Action.JOINED,
        Action.PROFILE,
        Action.VISIBILITY,
        Action.TEAM,
        Action.ERASED,
        Action.IMPORTED,
        Action.SETTING,
        Action.ROLE,
        Action.MILESTONE,
        Action.PUBLISHED,
        Action.RETIRED,
        Action.RESTORED,
        Action.EDITED,
        Action.GOLD,
        Action.SIGNED_OUT,
    )
)
# If more people than this did something, it is cheaper to read everybody.
MOST_ACTORS = 500


class Raters:
    """Everybody who has a rating that counts."""

    def __init__(self, most_actors: int = MOST_ACTORS) -> None:
        self._most_actors = most_actors
        self._vector: Mapping[str, int] | None = None
        self._raters: dict[str, Rater] = {}

    def read(self, connection: Connection) -> dict[str, Rater]:
        """Everybody by contributor_id; who did nothing since is the same object as before. For `Moment.read`."""
        vector = tallies.vector(connection)
        actors = self._actors(connection, vector)
        if actors is None:
            self._raters = standings.everybody(connection)
        elif actors:
            changed = standings.these(connection, actors)
            gone = actors - changed.keys()
            self._raters = {who: one for who, one in self._raters.items() if who not in gone} | changed
        self._vector = vector
        return self._raters

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
