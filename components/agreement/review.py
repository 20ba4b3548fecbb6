"""What organizers may want to look at: accounts that rate as one, bursts, and answers that are nearly all the same.

Each is a finding with what it rests on, for a person to judge; nothing follows from it by itself. People who rate the
same way by chance are listed about once in a thousand sprints, people who sit side by side more often.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import bdtrc

from components.agreement.matrix import FEWEST_SHARED, Matrix
from components.agreement.reliability import most_common
from components.records import MINUTE_MS

# How often, in a thousand sprints, chance alone may bring about a finding of one sort.
BY_CHANCE = 0.001
# Below this share scores are not nearly all the same, whatever others gave.
NEARLY_ALL = 0.9
# More ratings in a minute than anybody reads.
BURST = 40
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Alike:
    """Two who gave the same scores to the same prompts.

    Attributes:
        first, second: Contributors.
        shared, same: Prompts both rated; those they gave the same score.
        usual: The share of same scores among all pairs of ratings of one prompt.
        apart_ms: The median time between the two ratings of a prompt.
    """

    first: int
    second: int
    shared: int
    same: int
    usual: float
    apart_ms: float


@dataclass(frozen=True, slots=True)
class NearlyConstant:
    """One who gives nearly always the same score, to prompts that others see otherwise.

    Attributes:
        score, times, ratings: Which score, how often, of how many ratings of prompts that others rated, too.
        usual: The share of that score among others' ratings of the same prompts.
    """

    contributor: int
    score: int
    times: int
    ratings: int
    usual: float


@dataclass(frozen=True, slots=True)
class Burst:
    """One who gave very many ratings in a minute, which began at this moment."""

    contributor: int
    ratings: int
    began_at: int


def alike(matrix: Matrix, times: np.ndarray) -> list[Alike]:
    """Find contributors who give the same scores far more often than any two others do.

    Of so many shared prompts, how probable are so many same scores, if each is the same as often as among all pairs?
    They are listed where that is less than one in a thousand for any of all pairs compared (Bonferroni), and nine of
    ten scores are the same.

    Args:
        times: Of each rating, in milliseconds.
    """
    number = matrix.of_prompts().astype(float)
    counts = matrix.counts().astype(float)
    pairs = (number * (number - 1)).sum()
    if not pairs:
        return []
    usual = float((counts * (counts - 1)).sum() / pairs)
    busy = np.flatnonzero(matrix.of_contributors() >= FEWEST_SHARED)
    found = []
    for first, second, shared, same in _shared(matrix, busy):
        rare = bdtrc(same - 1, shared, usual) * max(len(busy) * (len(busy) - 1) / 2, 1) < BY_CHANCE
        for place in np.flatnonzero(rare & (same >= NEARLY_ALL * shared)):
            one, other = int(first[place]), int(second[place])
            apart = _apart(matrix, times, one, other)
            found.append(Alike(one, other, int(shared[place]), int(same[place]), usual, apart))
    return sorted(found, key=lambda pair: (-pair.same, pair.first, pair.second))


def _shared(
    matrix: Matrix, busy: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Pairs of these contributors who share enough prompts: first, second, prompts shared, scores the same."""
    shape = (matrix.number_of_contributors, matrix.number_of_prompts)
    rated = sparse.csr_array((np.ones(len(matrix)), (matrix.contributors, matrix.prompts)), shape)[busy]
    by_score = [
        sparse.csr_array((scored.astype(float), (matrix.contributors, matrix.prompts)), shape)[busy]
        for scored in (matrix.scores == score for score in range(1, matrix.values + 1))
    ]
    for begin in range(0, len(busy), AT_ONCE):
        rows = slice(begin, begin + AT_ONCE)
        shared = sparse.triu(rated[rows] @ rated.T, k=begin + 1, format="coo")
        same = sum(scored[rows] @ scored.T for scored in by_score)
        row, column = shared.coords
        enough = shared.data >= FEWEST_SHARED
        row, column, number = row[enough], column[enough], shared.data[enough].astype(int)
        if len(row):
            equal = np.asarray(sparse.csr_array(same)[row, column]).ravel().astype(int)
            yield busy[row + begin], busy[column], number, equal


def _apart(matrix: Matrix, times: np.ndarray, first: int, second: int) -> float:
    of = [np.flatnonzero(matrix.contributors == who) for who in (first, second)]
    _, one, other = np.intersect1d(matrix.prompts[of[0]], matrix.prompts[of[1]], return_indices=True)
    return float(np.median(np.abs(times[of[0]][one] - times[of[1]][other])))


def nearly_constant(matrix: Matrix) -> list[NearlyConstant]:
    """Find contributors who give nearly always the same score, where others do not.

    At least nine of ten, of thirty or more prompts that others rated, and less than one in a thousand that anybody would
    by chance, if they gave that score as often as the others did to the same prompts.
    """
    number = matrix.of_prompts()
    matrix = matrix.only(number[matrix.prompts] > 1)
    score, share = most_common(matrix)
    ratings = matrix.of_contributors()
    theirs = score[matrix.contributors]
    mine = matrix.scores == theirs
    places = np.maximum(theirs - 1, 0)
    others = (matrix.counts()[matrix.prompts, places] - mine) / (number[matrix.prompts] - 1)
    usual = matrix.of_contributors(others) / np.maximum(ratings, 1)
    times = np.rint(matrix.of_contributors(mine.astype(float))).astype(int)
    judged = (ratings >= FEWEST_SHARED) & (share >= NEARLY_ALL)
    rare = bdtrc(times - 1, np.maximum(ratings, 1), usual) * max((ratings >= FEWEST_SHARED).sum(), 1)
    return [
        NearlyConstant(who, int(score[who]), int(times[who]), int(ratings[who]), float(usual[who]))
        for who in np.flatnonzero(judged & (rare < BY_CHANCE)).tolist()
    ]


def bursts(matrix: Matrix, times: np.ndarray) -> list[Burst]:
    """Find contributors who gave more than 40 ratings within a minute, with the busiest minute of each.

    Args:
        times: Of each rating, in milliseconds: when it was given, not when it came in, which may be many at once.
    """
    order = np.lexsort((times, matrix.contributors))
    who, at = matrix.contributors[order], times[order]
    ends = np.searchsorted(who, np.arange(matrix.number_of_contributors + 1))
    found = []
    for one in np.flatnonzero(np.diff(ends) > BURST).tolist():
        own = at[ends[one] : ends[one + 1]]
        inside = np.searchsorted(own, own + MINUTE_MS, side="left") - np.arange(len(own))
        busiest = int(inside.argmax())
        if inside[busiest] > BURST:
            found.append(Burst(one, int(inside[busiest]), int(own[busiest])))
    return sorted(found, key=lambda burst: (-burst.ratings, burst.contributor))
