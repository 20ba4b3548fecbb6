"""How far the sprint has come, live: the bar above every tab, the Progress section, and the big screen."""

from collections.abc import Callable, Collection

from components.live.moment import Moment
from components.live.raters import Raters
from components.live.view import View
from components.progress import outlook, screen
from components.progress.activity import Activity
from components.progress.goal import reached, share_given, surplus
from components.records import NOT_OPEN, Milestone
from components.store import contributors, prompts, queue, sprints, tallies


def views(
    importing: Callable[[], dict | None], raters: Raters, note: Callable[[Collection[Milestone]], None]
) -> tuple[View, ...]:
    """The views of this room.

    Args:
        importing: Tells how far prompts are being brought in at this moment, or None.
        note: Has milestones that were just reached kept for good.
    """
    activity = Activity()

    def rated(moment: Moment) -> int:
        return len(moment.read(raters.read))

    def full(moment: Moment) -> dict:
        moment.read(lambda connection: activity.read(connection, moment.now))
        moment.holds_until(activity.changes_at(moment.now))
        note(outlook.new_milestones(moment, rated(moment)))
        return outlook.document(moment, rated(moment), activity)

    def big(moment: Moment) -> dict:
        return screen.document(moment, activity)

    # The screen shows what `outlook` has read of the last hour.
    return (
        View("progress", lambda moment: progress(moment, importing(), rated(moment))),
        View("welcome", welcome),
        View("outlook", full),
        View("screen", big),
    )


def progress(moment: Moment, importing: dict | None, people: int) -> dict:
    """The numbers of the bar; `people` is how many rated."""
    sprint = moment.read(sprints.current)
    moment.holds_until(sprint.starts_at)
    moment.holds_until(sprint.ends_at)
    coverage = moment.read(tallies.coverage)
    done, prompts_in_all = reached(coverage, sprint.ratings_per_prompt), sum(coverage.values())
    return {
        "title": sprint.title,
        "description": sprint.description,
        "state": sprint.state_at(moment.now),
        "starts_at": sprint.starts_at,
        "ends_at": sprint.ends_at,
        "epoch": sprint.epoch,
        "ratings_per_prompt": sprint.ratings_per_prompt,
        "prompts": prompts_in_all,
        "ratings": sum(row["ratings"] for row in moment.read(tallies.hours)),
        "surplus": surplus(coverage, sprint.ratings_per_prompt),
        "late": moment.read(tallies.late),
        "prompts_done": done,
        "share_done": done / prompts_in_all if prompts_in_all else None,
        "share_given": share_given(coverage, sprint.ratings_per_prompt),
        "contributors_joined": moment.read(contributors.count),
        "contributors_rated": people,
        "importing": importing,
    }


def welcome(moment: Moment) -> dict:
    """The prompt a visitor sees before signing in: one that most wants a rating; or why there is none now."""
    state = moment.read(sprints.current).state_at(moment.now)
    if state != "open":
        return {"prompt": None, "reason": NOT_OPEN[state]}
    prompt_id = moment.read(queue.least_claimed)
    shown = moment.read(lambda connection: prompts.shown(connection, prompt_id)) if prompt_id else None
    return {"prompt": shown, "reason": None}
