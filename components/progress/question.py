"""What somebody asks of the forecast: another goal, another number of prompts, another last day."""

from dataclasses import replace
from datetime import date

from components.errors import BadRequest
from components.records import DAY_MS, Sprint
from components.store.tallies import EPOCH

MOST_RATINGS = 100
MOST_PROMPTS = 100_000_000


def asked_about(sprint: Sprint, now: int, ratings_per_prompt: str | None, last_day: str | None) -> Sprint:
    """The sprint as it would be; what is not asked about stays as it is.

    Args:
        ratings_per_prompt: As somebody typed it.
        last_day: Likewise, such as 2026-03-15, in UTC; empty for none.

    Raises:
        BadRequest: It is no goal or no day, or nothing can be told of it.
    """
    goal = sprint.ratings_per_prompt
    if ratings_per_prompt is not None:
        goal = _whole(ratings_per_prompt, "Ratings each", 1, MOST_RATINGS)
    ends_at = _end_of(last_day) if last_day else None
    closed = sprint.state_at(now) == "closed"
    if closed and ends_at is None:
        raise BadRequest("The sprint is over: choose a last day to come, and this tells what it would bring.")
    if last_day is None:
        ends_at = sprint.ends_at
    elif ends_at is not None and ends_at <= now:
        raise BadRequest("That day is over: nothing can be reached by it any more. Choose a later one.")
    return replace(sprint, state="open" if closed else sprint.state, ratings_per_prompt=goal, ends_at=ends_at)


def prompts_asked_about(prompts: str | None) -> int | None:
    """How many prompts there would be; None for as many as there are.

    Raises:
        BadRequest: It is no number of prompts.
    """
    return None if prompts is None else _whole(prompts, "Prompts", 0, MOST_PROMPTS)


def _whole(words: str, name: str, least: int, most: int) -> int:
    digits = words.strip()
    # Bounded before it is read: a number may have any length.
    if digits.isascii() and digits.isdigit() and len(digits) < 20 and least <= int(digits) <= most:
        return int(digits)
    raise BadRequest(f"{name}: give a whole number from {least:,} to {most:,}.")


def _end_of(last_day: str) -> int:
    try:
        return ((date.fromisoformat(last_day) - EPOCH).days + 1) * DAY_MS
    except ValueError:
        raise BadRequest("Last day: give one such as 2026-03-15, or none.") from None
