"""Dawid and Skene's model: each contributor confuses scores in their own way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from components.agreement.matrix import Matrix

# As if everybody had given so many more ratings for each true score, as all together rate.
SMOOTHING = 4.0
MOST_ROUNDS = 200
TOLERANCE = 1e-5
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class DawidSkene:
    """What the model says.

    Attributes:
        classes: Of each prompt, how probable each score is the true one; the rows of an array.
        marginals: How frequent each score is among prompts.
        confusion: Of each contributor, for each true score (rows), how often they give each (columns).
        log_likelihood: Of the ratings.
        rounds: How many it took.
    """

    classes: np.ndarray
    marginals: np.ndarray
    confusion: np.ndarray
    log_likelihood: float
    rounds: int

    @property
    def score(self) -> np.ndarray:
        """Of each prompt, the expected true score."""
        return self.classes @ np.arange(1, self.classes.shape[1] + 1)

    @property
    def error(self) -> np.ndarray:
        """Of each prompt, the standard deviation of its true score, given that the model is right."""
        apart = np.arange(1, self.classes.shape[1] + 1) - self.score[:, None]
        return np.sqrt((self.classes * apart**2).sum(axis=1))


def dawid_skene(
    matrix: Matrix,
    smoothing: float = SMOOTHING,
    most_rounds: int = MOST_ROUNDS,
    done: Callable[[int], None] = lambda _: None,
) -> DawidSkene:
    """Find true scores and each contributor's confusion of them by expectation and maximisation.

    A prompt has the true score c with probability p_c, and contributor j gives k with probability π_jck, whatever others
    gave. From the shares of the scores, both are estimated in turn until nothing moves: T_ic ∝ p_c Π π_jck, then
    π_jck out of the sums of T. Scores are names here: 4 is no nearer to 5 than 1 is. Few ratings cannot carry 25 numbers, so
    each row of π is drawn towards that of all contributors together; with `smoothing=0` it is the paper's.

    Philip Dawid and Allan Skene, Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm, 1979.

    Args:
        done: Called after each round with how many are done.

    Example:
        >>> of, by = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 0, 1, 2])
        >>> found = dawid_skene(Matrix(of, by, np.array([5, 5, 1, 2, 2, 2]), 2, 3))
        >>> found.classes.argmax(axis=1) + 1
        array([5, 2])
    """
    values = matrix.values
    given = incidence(matrix)
    counts = matrix.counts() + TINY
    classes = counts / counts.sum(axis=1, keepdims=True)
    rated = matrix.of_prompts() > 0
    before = -np.inf
    for number in range(1, most_rounds + 1):
        marginals = classes[rated].mean(axis=0) if rated.any() else np.full(values, 1 / values)
        confusion = _confusion(given, classes, matrix, smoothing)
        # Of every contributor and score given, a row with the logarithms for each true score.
        logs = np.log(confusion + TINY).transpose(0, 2, 1).reshape(-1, values)
        joint = given @ logs + np.log(marginals + TINY)
        top = joint.max(axis=1, keepdims=True)
        classes = np.exp(joint - top)
        sums = classes.sum(axis=1, keepdims=True)
        classes /= sums
        likelihood = float((top + np.log(sums))[rated].sum())
        done(number)
        if abs(likelihood - before) <= TOLERANCE * max(1.0, abs(likelihood)) * 1e-2:
            break
        before = likelihood
    return DawidSkene(classes, marginals, confusion, likelihood, number)


def _confusion(given: sparse.csr_array, classes: np.ndarray, matrix: Matrix, smoothing: float) -> np.ndarray:
    values = matrix.values
    sums = (given.T @ classes).reshape(-1, values, values).transpose(0, 2, 1)
    if smoothing:
        together = sums.sum(axis=0) + TINY
        sums = sums + smoothing * together / together.sum(axis=1, keepdims=True)
    else:
        sums = sums + TINY
    return sums / sums.sum(axis=2, keepdims=True)


def incidence(matrix: Matrix) -> sparse.csr_array:
    """A row for each prompt, a column for each contributor and score, and in it how often they gave it."""
    columns = matrix.contributors * matrix.values + matrix.scores.astype(np.int64) - 1
    shape = (matrix.number_of_prompts, matrix.number_of_contributors * matrix.values)
    return sparse.csr_array((np.ones(len(columns)), (matrix.prompts, columns)), shape)
