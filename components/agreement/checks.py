"""What contributors were checked with: gold prompts, prompts that came again, and how long they look at one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from components.agreement.matrix import FEWEST_SHARED
from components.agreement.reliability import mean_apart, paired
from components.store import gold, people, repeats

Z = 1.959964


@dataclass(frozen=True, slots=True)
class Checks:
    """What can be compared, at one moment.

    Attributes:
        gold: Contributor, their score and the organizers'.
        repeats: Contributor, their score before and again.
        spent_ms: Of each contributor, how long they looked at some of the prompts they rated, in order.
    """

    gold: Sequence[tuple[str, int, int]]
    repeats: Sequence[tuple[str, int, int]]
    spent_ms: Mapping[str, Sequence[int]]


def read_checks(connection: Connection, contributors: Iterable[str]) -> Checks:
    """Read what these contributors were checked with."""
    known = set(contributors)
    return Checks(
        [row for row in gold.given(connection) if row[0] in known],
        [(who, before, then) for who, _, before, then in repeats.said(connection) if who in known],
        {who: people.spent(connection, who) for who in sorted(known)},
    )


def compared(pairs: Sequence[tuple[str, int, int]], contributors: Sequence[str]) -> list[dict]:
    """What came of pairs of scores, for each contributor.

    Returns:
        n, same (how many were equal); consistency and apart (points), each with value, low and high, all None
        with fewer than 10.
    """
    places = {who: place for place, who in enumerate(contributors)}
    columns = np.array([(places[who], first, second) for who, first, second in pairs], np.int64)
    who, first, second = columns.reshape(-1, 3).T
    size = len(contributors)
    agreeing, apart = paired(who, first, second, size), mean_apart(who, first, second, size)
    same = np.bincount(who[first == second], minlength=size)
    return [
        {
            "n": int(agreeing.shared[place]),
            "same": int(same[place]),
            "consistency": interval(agreeing.value[place], agreeing.low[place], agreeing.high[place]),
            "apart": interval(apart.value[place], apart.low[place], apart.high[place]),
        }
        for place in range(size)
    ]


def speed(spent_ms: Sequence[int]) -> dict:
    """The median time spent on a prompt, in seconds, with the interval between two of the times: n, value, low, high.

    The ends are the times at the places n / 2 ± 1.96 √n / 2 in order, which hold for whatever times are like:
    William Thompson, On Confidence Ranges for the Median, 1936. All None with fewer than 30.

    Example:
        >>> speed([1000 * second for second in range(1, 101)])
        {'n': 100, 'value': 50.5, 'low': 40.0, 'high': 61.0}
        >>> speed([1000] * 29)["value"] is None
        True
    """
    number = len(spent_ms)
    if number < FEWEST_SHARED:
        return {"n": number} | interval()
    seconds = np.sort(np.asarray(spent_ms)) / 1000
    half = Z * np.sqrt(number) / 2
    low, high = max(int(np.floor(number / 2 - half)), 1), min(int(np.ceil(number / 2 + half)) + 1, number)
    return {"n": number} | interval(np.median(seconds), seconds[low - 1], seconds[high - 1])


def interval(*numbers: float) -> dict[str, float | None]:
    """A value with the ends of its interval; None where there is none."""
    given = [None if np.isnan(one) else float(one) for one in numbers] or [None] * 3
    return dict(zip(("value", "low", "high"), given, strict=True))
