"""What charts are made of: the tallies of one moment, all of them or those a filter leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from components.charts.columns import Columns
from components.live.moment import Moment
from components.live.raters import Raters
from components.records import EVERYTHING, Filter
from components.store import cube, sprints, tallies

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Reading:
    """A reading of the cube under a filter: equal ones are read once in a moment."""

    read: Callable[[Connection, Filter], object]
    chosen: Filter

    def __call__(self, connection: Connection) -> object:
        return self.read(connection, self.chosen)


class Numbers:
    """One moment's tallies under one filter; two charts that need the same ones share them."""

    def __init__(
        self,
        moment: Moment,
        chosen: Filter = EVERYTHING,
        raters: Raters | None = None,
        columns: Columns | None = None,
    ) -> None:
        """Look at a moment.

        Args:
            raters: Knows without a filter who rated how much, and counts only what changed.
            columns: Knows the scores by columns of the prompts' metadata, as far as it has counted them.
        """
        self._moment = moment
        self._chosen = chosen
        self._raters = raters
        self._columns = columns

    @property
    def now(self) -> int:
        """Which moment it is, in epoch milliseconds."""
        return self._moment.now

    def under(self, chosen: Filter) -> "Numbers":
        """The same moment under another filter."""
        return Numbers(self._moment, chosen, self._raters, self._columns)

    def scores(self) -> Sequence[Mapping]:
        """How often each score was given: source, kind, length_class, score, ratings."""
        return self._cut(cube.scores)

    def hours(self) -> Sequence[Mapping]:
        """Ratings of each hour: hour (hours since the epoch, UTC), kind, ratings."""
        return self._cut(cube.hours)

    def spent(self) -> Sequence[Mapping]:
        """How long people looked before they rated: kind, from_s, ratings."""
        return self._cut(cube.spent)

    def totals(self) -> list[int]:
        """How many ratings each contributor gave, the fewest first."""
        if self._raters is not None and self._chosen == EVERYTHING:
            return sorted(one.ratings for one in self._moment.read(self._raters.read).values())
        return sorted(self._cut(cube.totals))

    def columns(self) -> dict[tuple[str, str, str, str], Mapping[int, int]]:
        """How often each score was given, by column of the metadata, its value, source and kind; whatever the filter's days."""
        counted = self._columns.counted if self._columns else {}
        return {key: given for key, given in counted.items() if self._leaves(*key[2:])}

    def coverage_by_source(self) -> dict[tuple[str, str], dict[int, int]]:
        """Of each source and kind, how many prompts have each number of ratings; whatever the filter's days."""
        counted = self._moment.read(tallies.coverage_by_source)
        return {key: ratings for key, ratings in counted.items() if self._leaves(*key)}

    def state(self) -> str:
        """In which state the sprint is."""
        return self._moment.read(sprints.current).state_at(self.now)

    def goal(self) -> int:
        """How many ratings each prompt is to have."""
        return self._moment.read(sprints.current).ratings_per_prompt

    def _leaves(self, source: str, kind: str) -> bool:
        chosen = self._chosen
        return (not chosen.sources or source in chosen.sources) and (not chosen.kinds or kind in chosen.kinds)

    def _cut(self, read: Callable[[Connection, Filter], Result]) -> Result:
        return self._moment.read(read if self._chosen == EVERYTHING else _Reading(read, self._chosen))
