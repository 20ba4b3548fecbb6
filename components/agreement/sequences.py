"""Accounts that behave as one without sharing prompts: the same scores in the same order, or at the same moments."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from scipy import sparse
from scipy.special import bdtrc

from components.agreement.matrix import FEWEST_SHARED, Matrix
from components.agreement.review import BY_CHANCE

# As many scores as one number holds.
LENGTH = 26
# Where a sequence stands in more places than this, only neighbours are compared.
FEW_PLACES = 20
STEP_MS = 2_000
# Others who rate at the same time of day do so some steps apart as often as at once.
SHIFTS = (-30, -25, -20, -15, -10, 10, 15, 20, 25, 30)
# Of the moments at which one of two rates, at least so many are those of the other, too.
AT_LEAST = 0.5
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SameSequence:
    """Two who gave the same scores in the same order, to whatever prompts; or one who does so again and again.

    Attributes:
        first, second: Contributors; the same if it is one.
        length: So many scores in a row.
        began_at, again_at: When each of the two began.
    """

    first: int
    second: int
    length: int
    began_at: int
    again_at: int


@dataclass(frozen=True, slots=True)
class SameMoments:
    """Two who rate at the same moments.

    Attributes:
        first, second: Contributors.
        same, moments: At how many moments both rated, of those of the one who has fewer.
        usual: The share that would be expected of two who rate during the same minutes.
    """

    first: int
    second: int
    same: int
    moments: int
    usual: float


def same_sequences(matrix: Matrix, times: np.ndarray) -> list[SameSequence]:
    """Find 26 or more scores in a row that come twice, in two accounts or in one.

    How probable is it that somebody gives just these scores in this order, if each is as frequent as among all of
    theirs? It is listed where that is less than one in a thousand for any two of all places compared.

    Args:
        times: Of each rating, in milliseconds.
    """
    order = np.lexsort((matrix.prompts, times, matrix.contributors))
    who, score, at = matrix.contributors[order], matrix.scores[order].astype(np.int64) - 1, times[order]
    starts = np.flatnonzero(who[LENGTH - 1 :] == who[: max(len(who) - LENGTH + 1, 0)])
    if not len(starts):
        return []
    counts = np.bincount(who * matrix.values + score, minlength=matrix.number_of_contributors * matrix.values)
    counts = counts.reshape(-1, matrix.values)
    with np.errstate(divide="ignore"):
        log = np.log(counts / np.maximum(counts.sum(axis=1), 1)[:, None])
    passed = np.concatenate(([0.0], np.cumsum(log[who, score])))
    probable = passed[starts + LENGTH] - passed[starts]
    starts = starts[probable + 2 * np.log(len(starts)) < np.log(BY_CHANCE)]
    keys = np.zeros(len(starts), np.int64)
    for place in range(LENGTH):
        keys = keys * matrix.values + score[starts + place]
    by_key = np.argsort(keys, kind="stable")
    keys, starts = keys[by_key], starts[by_key]
    edges = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1], [True])))
    longest: dict[tuple[int, int], tuple[int, int, int]] = {}
    runs: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        places = starts[begin:end].tolist()
        for first, second in pairwise(places) if len(places) > FEW_PLACES else combinations(places, 2):
            runs[int(who[first]), int(who[second]), second - first].append(first)
    for (first, second, apart), places in runs.items():
        if _improbable(log[second], score, places[0], len(starts)):
            length, begin = _longest(sorted(places))
            found = length, begin, begin + apart
            longest[first, second] = max(longest.get((first, second), found), found)
    told = [
        SameSequence(first, second, length, int(at[begin]), int(at[again]))
        for (first, second), (length, begin, again) in longest.items()
    ]
    return sorted(told, key=lambda one: (-one.length, one.first, one.second))


def _improbable(log: np.ndarray, score: np.ndarray, begin: int, places: int) -> bool:
    """Whether the other of two, too, would hardly give these scores by chance."""
    return log[score[begin : begin + LENGTH]].sum() + 2 * np.log(places) < np.log(BY_CHANCE)


def _longest(places: list[int]) -> tuple[int, int]:
    """The longest row of scores that these beginnings make together, and where it begins."""
    best = (LENGTH, places[0])
    begin = places[0]
    for before, place in pairwise(places):
        if place != before + 1:
            begin = place
        best = max(best, (place - begin + LENGTH, begin))
    return best


def same_moments(matrix: Matrix, times: np.ndarray) -> list[SameMoments]:
    """Find contributors who rate at the same moments of two seconds far more often than within the same minute.

    What would be expected is how often their moments meet if those of one are moved by 20 to 60 seconds.

    Args:
        times: Of each rating, in milliseconds.
    """
    steps = times // STEP_MS
    if not len(steps):
        return []
    steps = steps - steps.min() + max(SHIFTS)
    _, step = np.unique(np.concatenate([steps, *(steps + shift for shift in SHIFTS)]), return_inverse=True)
    here, *moved = step.reshape(len(SHIFTS) + 1, -1)
    width, people = int(step.max()) + 1, matrix.number_of_contributors
    at = _rated_at(matrix, here, people, width)
    moments = np.diff(at.indptr)
    busy = np.flatnonzero(moments >= FEWEST_SHARED)
    at, shifted = at[busy], [_rated_at(matrix, one, people, width)[busy] for one in moved]
    pairs = max(len(busy) * (len(busy) - 1) / 2, 1)
    found = []
    for begin in range(0, len(busy), AT_ONCE):
        rows = slice(begin, begin + AT_ONCE)
        both = sparse.triu(at[rows] @ at.T, k=begin + 1, format="coo")
        row, column = both.coords
        number = np.minimum(moments[busy][row + begin], moments[busy][column])
        enough = (both.data >= FEWEST_SHARED) & (both.data >= AT_LEAST * number)
        row, column, number = row[enough], column[enough], number[enough]
        same = both.data[enough].astype(int)
        if not len(row):
            continue
        apart = sum(np.asarray(sparse.csr_array(one[rows] @ at.T)[row, column]).ravel() for one in shifted)
        usual = np.minimum((apart + 1) / (len(SHIFTS) * number + 1), 1.0)
        rare = bdtrc(same - 1, number, usual) * pairs < BY_CHANCE
        for place in np.flatnonzero(rare):
            one, other = int(busy[row[place] + begin]), int(busy[column[place]])
            found.append(SameMoments(one, other, int(same[place]), int(number[place]), float(usual[place])))
    return sorted(found, key=lambda pair: (-pair.same, pair.first, pair.second))


def _rated_at(matrix: Matrix, steps: np.ndarray, people: int, width: int) -> sparse.csr_array:
    """At which steps each contributor rated: rows of ones."""
    ones = np.ones(len(steps))
    met = sparse.csr_array((ones, (matrix.contributors, steps)), (people, width))
    met.sum_duplicates()
    met.data[:] = 1
    return met
