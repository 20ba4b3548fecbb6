"""The periods a leaderboard is kept for: today, the last seven days, the sprint, and all there is."""

from collections.abc import Callable
from dataclasses import dataclass

from components.records import DAY_MS, Sprint

WEEK = 7
EVER = 10**6
# Of a name that is searched for.
LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Period:
    """A period of whole days in UTC, the same for everybody.

    Attributes:
        title: What the page calls it.
        days: Of the sprint and a day, the first and the last day of the period that ends with it; days
            are counted since the epoch.
    """

    name: str
    title: str
    days: Callable[[Sprint, int], tuple[int, int]]


def _sprint(sprint: Sprint, today: int) -> tuple[int, int]:
    first = -EVER if sprint.starts_at is None else sprint.starts_at // DAY_MS
    # An end at midnight closes the day before.
    last = today if sprint.ends_at is None else (sprint.ends_at - 1) // DAY_MS
    return first, min(last, today)


PERIODS = (
    Period("today", "Today", lambda sprint, today: (today, today)),
    Period("week", "7 days", lambda sprint, today: (today - WEEK + 1, today)),
    Period("sprint", "Sprint", _sprint),
    Period("all", "All", lambda sprint, today: (-EVER, today)),
)
# What is shown to somebody who asks for none in particular.
USUAL = "sprint"
