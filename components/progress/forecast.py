"""When a sprint will have the ratings it wants: the pace of the last days, carried on, with its uncertainty.

A forecast is a prediction interval for the sum of future daily counts, from the mean and the variance of
past ones (Hahn and Meeker, Statistical Intervals, 1991, section 4.3, on the mean of m future observations;
times m). Over d days to come, after n days with mean m and standard deviation s, it is

    d m  ±  t s √(d + d²/n)

where t is the quantile of Student's distribution with n - 1 degrees of freedom: d under the root is the
chance of the days to come, d²/n how little n days tell of the mean. Read the other way round, for the
days d until the sum reaches what is missing, both ends are the roots of one quadratic equation.

It assumes that the coming days are like those counted, and each independent of the others. A sprint that
slows down or is advertised again breaks that, and no formula knows it before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

DAY_HOURS = 24
# A week holds each weekday once.
MOST_DAYS = 7
# Fewer days say nothing about how much days differ.
FEWEST_DAYS = 3
# In so many of ten sprints like this one, the band holds what happens.
OF_TEN = 8
# Student's t at 90 %, so that 10 % lie beyond each end; for 1, 2, ... degrees of freedom.
T_90 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440)


@dataclass(frozen=True, slots=True)
class Pace:
    """Ratings a day, as the last full days were.

    Attributes:
        per_day: Their mean.
        deviation: Their standard deviation, never below that of mere chance (Poisson).
        days: How many days were counted.
    """

    per_day: float
    deviation: float
    days: int

    @property
    def margin(self) -> float:
        """t s: how far a day may lie from the mean."""
        return T_90[self.days - 2] * self.deviation


@dataclass(frozen=True, slots=True)
class Band:
    """A forecast: the likely value, and the ends of a band around it. `latest` is None where it has no end."""

    earliest: float
    likely: float
    latest: float | None


def last_days(hours: Mapping[int, int], hour: int) -> list[int]:
    """Ratings of the last full days, each of 24 hours, the newest first; as many as there are, a week at most.

    Args:
        hours: Ratings of each hour that has any (hours since the epoch).
        hour: The one that has just begun; it does not count yet.
    """
    if not hours:
        return []
    first = min(hours)
    days = min(MOST_DAYS, (hour - first) // DAY_HOURS)
    return [
        sum(hours.get(hour - DAY_HOURS * day - back, 0) for back in range(1, DAY_HOURS + 1))
        for day in range(days)
    ]


def pace_of(days: Sequence[int]) -> Pace | None:
    """The pace of some days; None if they are too few, or nobody rated."""
    if len(days) < FEWEST_DAYS or not any(days):
        return None
    mean = sum(days) / len(days)
    variance = sum((ratings - mean) ** 2 for ratings in days) / (len(days) - 1)
    return Pace(mean, sqrt(max(variance, mean)), len(days))


def days_until(pace: Pace, ratings: int) -> Band:
    """In how many days so many more ratings will be there.

    >>> days_until(Pace(per_day=100, deviation=10, days=7), 1000).likely
    10.0
    """
    if ratings <= 0:
        return Band(0, 0, 0)
    squared = pace.margin**2
    a = pace.per_day**2 - squared / pace.days
    b = 2 * pace.per_day * ratings + squared
    root = sqrt(max(0.0, b * b - 4 * a * ratings * ratings))
    latest = (b + root) / (2 * a) if a > 0 else None
    return Band(2 * ratings * ratings / (b + root), ratings / pace.per_day, latest)


def ratings_within(pace: Pace, days: float) -> Band:
    """How many more ratings there will be after some days; its ends are the fewest and the most."""
    days = max(0.0, days)
    expected = pace.per_day * days
    margin = pace.margin * sqrt(days + days * days / pace.days)
    return Band(max(0.0, expected - margin), expected, expected + margin)


def verdict(pace: Pace, ratings: int, days: float) -> str:
    """Whether so many ratings will be there after some days: "likely", "open" or "unlikely"."""
    band = ratings_within(pace, days)
    if ratings <= band.earliest:
        return "likely"
    return "unlikely" if ratings > band.latest else "open"
