"""How far the sprint has come, live: the numbers of the bar at the top of every tab."""

from collections.abc import Callable

from components.live.moment import Moment
from components.live.raters import Raters
from components.live.view import View
from components.progress.goal import reached, surplus
from components.store import contributors, prompts, queue, sprints, tallies


def views(importing: Callable[[], dict | None], raters: Raters) -> tuple[View, ...]:
    """The views of this room.

    Args:
        importing: Tells how far prompts are being brought in at this moment, or None.
    """

    def progress(moment: Moment) -> dict:
        sprint = moment.read(sprints.current)
        coverage = moment.read(tallies.coverage)
        done, prompts_in_all = reached(coverage, sprint.ratings_per_prompt), sum(coverage.values())
        return {
            "title": sprint.title,
            "state": sprint.state,
            "epoch": sprint.epoch,
            "ratings_per_prompt": sprint.ratings_per_prompt,
            "prompts": prompts_in_all,
            "ratings": sum(ratings * prompts for ratings, prompts in coverage.items()),
            "surplus": surplus(coverage, sprint.ratings_per_prompt),
            "prompts_done": done,
            "share_done": done / prompts_in_all if prompts_in_all else None,
            "contributors_joined": moment.read(contributors.count),
            "contributors_rated": len(moment.read(raters.read)),
            "importing": importing(),
        }

    return (View("progress", progress), View("welcome", welcome))


def welcome(moment: Moment) -> dict:
    """The prompt a visitor sees before signing in: one that most wants a rating."""
    prompt_id = moment.read(queue.least_claimed)
    shown = moment.read(lambda connection: prompts.shown(connection, prompt_id)) if prompt_id else None
    return {"prompt": shown}
