"""A contributor's own progress: in all, today, and how many days in a row."""

from collections.abc import Mapping
from datetime import date, timedelta


def own_progress(days: Mapping[str, int], today: str, daily_goal: int) -> dict[str, int]:
    """What the card says about the one who rates: ratings, today, streak (in days), daily_goal.

    Args:
        days: Ratings on each of their days that has any, by ISO date in their own time zone.
        today: The date it is for them.
    """
    return {
        "ratings": sum(days.values()),
        "today": days.get(today, 0),
        "streak": streak(days, today),
        "daily_goal": daily_goal,
    }


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
