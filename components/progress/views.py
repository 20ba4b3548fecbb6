"""How far the sprint has come, live: the numbers of the bar at the top of every tab."""

from collections.abc import Callable

from sqlalchemy import Connection

from components.live.view import View
from components.progress.goal import reached
from components.store import contributors, prompts, queue, sprints, tallies


def views(importing: Callable[[], dict | None]) -> tuple[View, ...]:
    """The views of this room.

    Args:
        importing: Tells how far prompts are being brought in at this moment, or None.
    """

    def progress(connection: Connection) -> dict:
        sprint = sprints.current(connection)
        coverage = tallies.coverage(connection)
        done, prompts_in_all = reached(coverage, sprint.ratings_per_prompt), sum(coverage.values())
        return {
            "title": sprint.title,
            "state": sprint.state,
            "epoch": sprint.epoch,
            "ratings_per_prompt": sprint.ratings_per_prompt,
            "prompts": prompts_in_all,
            "ratings": sum(ratings * prompts for ratings, prompts in coverage.items()),
            "prompts_done": done,
            "share_done": done / prompts_in_all if prompts_in_all else None,
            "contributors_joined": contributors.count(connection),
            "contributors_rated": tallies.raters(connection),
            "importing": importing(),
        }

    return (View("progress", progress), View("welcome", welcome))


def welcome(connection: Connection) -> dict:
    """The prompt a visitor sees before signing in: one that most wants a rating."""
    prompt_id = queue.least_claimed(connection)
    return {"prompt": prompts.shown(connection, prompt_id) if prompt_id else None}
