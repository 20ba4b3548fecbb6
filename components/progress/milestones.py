"""What a sprint is proud of on its way, and when it got there."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, takewhile

from components.progress.goal import Coverage, reached
from components.records import HOUR_MS, Milestone

RATINGS = (1, *(step * 10**power for power in range(2, 8) for step in (1, 2.5, 5)))
PEOPLE = (10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
SHARES = (25, 50, 75, 100)


def reached_now(
    hours: Mapping[int, int], people: int, coverage: Coverage, ratings_per_prompt: int, now: int
) -> Iterator[Milestone]:
    """Every milestone that is behind the sprint at this moment.

    Args:
        hours: Ratings of each hour that has any. Where many ratings came at once, with an import or after
            an outage, they tell in which hour a number was passed.
        people: How many have rated.
        now: In epoch milliseconds: when the others are taken to have been reached.
    """
    in_order = sorted(hours)
    totals = list(accumulate(map(hours.__getitem__, in_order)))
    for number in takewhile(lambda number: totals and number <= totals[-1], map(int, RATINGS)):
        # The end of the hour in which so many were there.
        passed_at = (in_order[bisect_left(totals, number)] + 1) * HOUR_MS
        yield Milestone("ratings", number, None, min(now, passed_at))
    for number in takewhile(lambda number: number <= people, PEOPLE):
        yield Milestone("people", number, None, now)
    prompts = sum(coverage.values())
    if not prompts:
        return
    done = reached(coverage, ratings_per_prompt)
    for share in takewhile(lambda share: done * 100 >= share * prompts, SHARES):
        yield Milestone("share", share, ratings_per_prompt, now)
    for number in range(1, min(min(coverage), ratings_per_prompt - 1) + 1):
        yield Milestone("every", number, None, now)


def unknown(found: Iterator[Milestone], known: Sequence[Milestone]) -> list[Milestone]:
    """Those that are not known yet, whenever they were reached."""
    named = {(one.kind, one.number, one.ratings_per_prompt) for one in known}
    return [one for one in found if (one.kind, one.number, one.ratings_per_prompt) not in named]
