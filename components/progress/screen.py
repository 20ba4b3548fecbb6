"""What only the big screen shows: the last hour minute by minute, scores by kind, a prompt people liked."""

from collections import Counter, defaultdict

from components.live.moment import Moment
from components.progress.activity import Activity
from components.records import FLAG_REASONS, KINDS, MINUTE_MS, SCORES
from components.store import cube, prompts, sprints, tallies

MOST_LETTERS = 320
LIKED_BY = 2


def document(moment: Moment, activity: Activity) -> dict:
    """The screen's own numbers; the rest it takes from the other views."""
    return {
        "minutes": [[minute * MINUTE_MS, number] for minute, number in sorted(activity.minutes.items())],
        "kinds": kinds(moment),
        "liked": liked(moment, activity),
    }


def kinds(moment: Moment) -> list[dict]:
    """How often each score was given, for each kind that has ratings."""
    given: dict[str, Counter] = defaultdict(Counter)
    for row in moment.read(cube.scores):
        given[row["kind"]][row["score"]] += int(row["ratings"])
    return [
        {"kind": kind, "counts": [given[kind][score] for score in SCORES]}
        for kind in KINDS
        if kind in given and given[kind].total()
    ]


def liked(moment: Moment, activity: Activity) -> dict | None:
    """A prompt that at least two people gave a 5, one of them within the hour: its beginning, source, kind and scores.

    Only one that has all its ratings: who has still to judge it shall not see what others think. And none
    that anybody flagged: it hangs on a wall.
    """
    goal = moment.read(sprints.current).ratings_per_prompt
    candidates = activity.liked
    if not candidates:
        return None
    counted = moment.read(lambda connection: tallies.of_prompts(connection, candidates))
    for prompt_id in candidates:
        tally = counted.get(prompt_id)
        if tally is None or any(tally[reason] for reason in FLAG_REASONS):
            continue
        counts = [tally[f"n{score}"] for score in SCORES]
        if counts[-1] >= LIKED_BY and sum(counts) >= goal:
            shown = moment.read(lambda connection, one=prompt_id: prompts.to_everybody(connection, one))
            if shown is None:
                continue
            text = shown["text"]
            return {
                "text": text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS].rstrip() + " …",
                "source": shown["source"],
                "kind": shown["kind"],
                "counts": counts,
            }
    return None
