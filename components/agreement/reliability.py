"""How contributors rate: with or against the crowd, one score or all of them, fast or slow."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from components.agreement.matrix import FEWEST_CHECKED, FEWEST_SHARED, Matrix
from components.records import SCORES


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far contributors agree with something: arrays with a place for each of them.

    Attributes:
        shared: Their ratings that can be compared.
        value: 1: always the same score; 0: as if they had not read the prompts. Not a number with too few.
        low, high: The 95 % interval; not a number where there is none.
    """

    shared: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def consistency(matrix: Matrix) -> Consistency:
    """Compare each contributor with the others who rated the same prompts: a weighted kappa.

    κ_j = 1 - D_j / E_j: D_j is the mean squared distance between a score of theirs and one of another contributor to the
    same prompt, E_j the same if both sets of scores fell on these prompts at random. Who always gives the same score has
    0, however near that is to the mean. The interval is κ_j ± t s, with s from leaving out one prompt at a time:
    Bradley Efron and Charles Stein, The Jackknife Estimate of Variance, 1981.
    """
    number = matrix.of_prompts()
    matrix = matrix.only(number[matrix.prompts] > 1)
    size, values = matrix.number_of_contributors, matrix.values
    score = matrix.scores.astype(np.int64) - 1
    own = np.eye(values)[score]
    others = (matrix.counts()[matrix.prompts] - own) / (number[matrix.prompts] - 1)[:, None]
    return _consistency(matrix.contributors, own, others, size, FEWEST_SHARED)


def paired(who: np.ndarray, first: np.ndarray, second: np.ndarray, size: int) -> Consistency:
    """Compare two scores of a prompt: one's own and what organizers say, or what one gave first and later.

    The same weighted kappa as `consistency`; not a number with fewer than 10 such prompts.

    Args:
        who, first, second: Of each prompt: the contributor, and the two scores.
        size: How many contributors there are.
    """
    each = np.eye(len(SCORES))
    return _consistency(who, each[first - 1], each[second - 1], size, FEWEST_CHECKED)


def mean_apart(who: np.ndarray, first: np.ndarray, second: np.ndarray, size: int) -> Consistency:
    """How many points two scores of a prompt are apart, on average: x̄ ± t s / √n; not a number with fewer than 10.

    Where all are equally far apart there is no interval.
    """
    apart = np.abs(first - second).astype(float)
    number = np.bincount(who, minlength=size)
    count = np.maximum(number, 1)
    mean = np.bincount(who, apart, size) / count
    variance = np.bincount(who, (apart - mean[who]) ** 2, size) / np.maximum(number - 1, 1)
    half = stdtrit(np.maximum(number - 1, 1), 0.975) * np.sqrt(variance / count)
    mean[number < FEWEST_CHECKED] = np.nan
    half[half < 1e-9] = np.nan
    return Consistency(number, mean, np.maximum(mean - half, 0), mean + half)


def _consistency(who: np.ndarray, own: np.ndarray, others: np.ndarray, size: int, fewest: int) -> Consistency:
    """From each rating's own score and what it is compared with, both as shares of the scores."""
    number = np.bincount(who, minlength=size)
    places = np.arange(own.shape[1])
    distance = (places[:, None] - places) ** 2.0
    apart = (own @ distance * others).sum(axis=1)
    sums = np.array([np.bincount(who, column, size) for column in (apart, *own.T, *others.T)])
    # The sums without each rating in turn.
    left = sums[:, who] - np.vstack((apart, own.T, others.T))
    value = _kappa(sums, number, distance)
    without = _kappa(left, number[who] - 1, distance)
    known = ~np.isnan(without)
    which = who[known]
    told = np.maximum(np.bincount(which, minlength=size), 1)
    mean = np.bincount(which, without[known], size) / told
    squares = np.bincount(which, (without[known] - mean[which]) ** 2, size)
    half = stdtrit(np.maximum(number - 1, 1), 0.975) * np.sqrt(squares * (number - 1).clip(0) / told)
    value[number < fewest] = np.nan
    # Where no rating moves it, as when all are the same, nothing tells how sure it is.
    half[half < 1e-9] = np.nan
    return Consistency(number, value, value - half, np.minimum(value + half, 1))


def _kappa(sums: np.ndarray, number: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """From the sums of distances, of own scores and of others' scores."""
    values = len(distance)
    own, others = sums[1 : values + 1], sums[values + 1 :]
    with np.errstate(invalid="ignore", divide="ignore"):
        by_chance = (own * (distance @ others)).sum(axis=0) / number
        # So near to nothing, only rounding is left.
        return np.where(by_chance > 1e-9, 1 - sums[0] / by_chance, np.nan)


def most_common(matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Of each contributor, which score they give most often, and the share of it; 0 for who gave none."""
    flat = matrix.contributors * matrix.values + matrix.scores.astype(np.int64) - 1
    counts = np.bincount(flat, minlength=matrix.number_of_contributors * matrix.values)
    counts = counts.reshape(-1, matrix.values)
    total = counts.sum(axis=1)
    score = np.where(total > 0, counts.argmax(axis=1) + 1, 0)
    return score, counts.max(axis=1) / np.maximum(total, 1)


def longest_runs(matrix: Matrix, times: np.ndarray) -> np.ndarray:
    """Of each contributor, how often at most they gave the same score in a row.

    Args:
        times: Of each rating.

    Example:
        >>> matrix = Matrix(np.arange(5), np.zeros(5, int), np.array([4, 2, 2, 2, 4]), 5, 1)
        >>> longest_runs(matrix, np.arange(5)).tolist()
        [3]
    """
    longest = np.zeros(matrix.number_of_contributors, np.int64)
    if not len(matrix):
        return longest
    order = np.lexsort((times, matrix.contributors))
    who, score = matrix.contributors[order], matrix.scores[order]
    new = np.concatenate(([True], (who[1:] != who[:-1]) | (score[1:] != score[:-1])))
    starts = np.flatnonzero(new)
    lengths = np.diff(np.append(starts, len(who)))
    np.maximum.at(longest, who[starts], lengths)
    return longest
