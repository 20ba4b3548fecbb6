"""A contributor's own progress: in all, today, and how many days in a row."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta

# So many ratings are something to be told of.
MILESTONES = (10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000)


def own_progress(days: Mapping[str, int], today: str, daily_goal: int, enough: int = 0) -> dict[str, int]:
    """What the card says about the one who rates: ratings, today, streak (in days), daily_goal, milestone, enough.

    Args:
        days: Ratings on each of their days that has any, by ISO date in their own time zone.
        today: The date it is for them.
        enough: So many ratings are enough from one person; 0 if any number is welcome. It is told once they are
            reached.
    """
    ratings = sum(days.values())
    return {
        "ratings": ratings,
        "today": days.get(today, 0),
        "streak": streak(days, today),
        "daily_goal": daily_goal,
        "milestone": milestone(ratings),
        "enough": enough if ratings >= enough else 0,
    }


def milestone(ratings: int) -> int:
    """The last of `MILESTONES` that so many ratings have reached; 0 before the first."""
    place = bisect_right(MILESTONES, ratings)
    return MILESTONES[place - 1] if place else 0


def milestones(days: Mapping[str, int]) -> list[dict[str, object]]:
    """Those of `MILESTONES` somebody reached, the first foremost: number, and the day on which it was.

    Args:
        days: Ratings on each of their days that has any, by ISO date.
    """
    found, total = [], 0
    for day in sorted(days):
        before, total = total, total + days[day]
        found += [{"number": number, "day": day} for number in MILESTONES if before < number <= total]
    return found


def streak(days: Mapping[str, int], today: str) -> int:
    """How many days in a row have a rating, the last of them today or, as long as today may still get one, yesterday."""
    one = timedelta(days=1)
    day = date.fromisoformat(today)
    if today not in days:
        day -= one
    length = 0
    while day.isoformat() in days:
        length += 1
        day -= one
    return length
