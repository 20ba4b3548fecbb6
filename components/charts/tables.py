"""The tables behind the charts, made of tallies; a table without rows means there is nothing to draw."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from components.live.moment import Moment
from components.records import HOUR_MS, KINDS, SCORES
from components.store import sprints, tallies

# Below the goal, charts of coverage have at most about this many bars.
COVERAGE_BARS = 10
MOST_SOURCES = 12
DAY_HOURS = 24
# As long as all ratings lie within this many hours, each hour has its bar; then each day.
HOURLY = 3 * DAY_HOURS
LIKED = (4, 5)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many prompts have how many ratings.

    Attributes:
        least: The fewest ratings prompts of this row have.
        most: The most ratings they have.
        prompts: How many there are.
        ratings: How many ratings they have together.
        reached: Whether this is the goal or more.
    """

    least: int
    most: int
    prompts: int
    ratings: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Period:
    """How many ratings were given when.

    Attributes:
        start: Of the hour or day, in UTC.
        hours: 1 or 24: how long it lasts, the same in every row.
        ratings: How many were given in it.
    """

    start: datetime
    hours: int
    ratings: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How often each score was given to prompts of one kind or source.

    Attributes:
        name: The kind or source.
        given: How often 1, 2, 3, 4 and 5 were given.
        folded: 0, or of how many sources this row is the sum.
    """

    name: str
    given: tuple[int, ...]
    folded: int = 0

    @property
    def n(self) -> int:
        """Ratings in all."""
        return sum(self.given)

    @property
    def liked(self) -> int:
        """Ratings that are good or very good."""
        return sum(self.given[SCORES.index(score)] for score in LIKED)


def coverage(moment: Moment) -> list[Coverage]:
    """One row for each number of ratings up to the goal, and one for all above if there are any.

    Where the goal is high, numbers below it share rows.
    """
    counted = moment.read(tallies.coverage)
    if not counted:
        return []
    goal = moment.read(sprints.current).ratings_per_prompt
    spans = [*_spans_below(goal), (goal, goal)]
    if max(counted) > goal:
        spans.append((goal + 1, max(counted)))
    return [_coverage_row(counted, least, most, goal) for least, most in spans]


def _spans_below(goal: int) -> list[tuple[int, int]]:
    width = -(-goal // COVERAGE_BARS)
    # No rating at all is a row of its own: those are the prompts nobody has seen.
    return [(0, 0), *((least, min(least + width, goal) - 1) for least in range(1, goal, width))]


def _coverage_row(counted: dict[int, int], least: int, most: int, goal: int) -> Coverage:
    within = {ratings: prompts for ratings, prompts in counted.items() if least <= ratings <= most}
    ratings_in_all = sum(ratings * prompts for ratings, prompts in within.items())
    return Coverage(least, most, sum(within.values()), ratings_in_all, reached=least >= goal)


def ratings_over_time(moment: Moment) -> list[Period]:
    """One row for each hour or each day, without gaps from the first rating to the last."""
    by_hour = {int(row["hour"]): int(row["ratings"]) for row in moment.read(tallies.hours)}
    if not by_hour:
        return []
    hours = 1 if max(by_hour) - min(by_hour) < HOURLY else DAY_HOURS
    counted = Counter()
    for hour, ratings in by_hour.items():
        counted[hour // hours] += ratings
    return [
        Period(datetime.fromtimestamp(number * hours * HOUR_MS // 1000, UTC), hours, counted[number])
        for number in range(min(counted), max(counted) + 1)
    ]


def scores_by_kind(moment: Moment) -> list[Scores]:
    """One row for each kind that has ratings, in the order of `KINDS`."""
    return sorted(_scores(moment, "kind"), key=lambda row: KINDS.index(row.name))


def scores_by_source(moment: Moment) -> list[Scores]:
    """One row for each of the sources with most ratings, those first, and one for all others together."""
    rows = sorted(_scores(moment, "source"), key=lambda row: (-row.n, row.name))
    rest = rows[MOST_SOURCES:]
    return [*rows[:MOST_SOURCES], _folded(rest)] if rest else rows


def _folded(rows: Sequence[Scores]) -> Scores:
    name = f"other ({len(rows)} source{'s' if len(rows) > 1 else ''})"
    return Scores(name, tuple(map(sum, zip(*(row.given for row in rows), strict=True))), len(rows))


def _scores(moment: Moment, group: str) -> list[Scores]:
    given: dict[str, Counter] = {}
    for row in moment.read(tallies.scores):
        given.setdefault(row[group], Counter())[row["score"]] += int(row["ratings"])
    rows = [Scores(name, tuple(counts[score] for score in SCORES)) for name, counts in given.items()]
    # Ratings that were all taken back leave tallies of zero.
    return [row for row in rows if row.n]
