"""What the dataset needs most, as of the last refresh: asked on the way of a rating, where nobody has time to count."""

from components.live.moment import Moment
from components.points import thin_sources
from components.store import sprints, tallies


class Needs:
    """Knows which sources are thin."""

    def __init__(self) -> None:
        self._thin: frozenset[str] = frozenset()

    @property
    def thin(self) -> frozenset[str]:
        """Sources with few ratings yet."""
        return self._thin

    def renew(self, moment: Moment) -> frozenset[str]:
        """Look again; returns which sources are thin now."""
        goal = moment.read(sprints.current).ratings_per_prompt
        self._thin = thin_sources(moment.read(tallies.coverage_by_source), goal)
        return self._thin
