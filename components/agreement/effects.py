"""What a score is made of: its source, its prompt, how severe its contributor is, and the rest."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from components.agreement.matrix import Matrix

# Up to so many unknowns the uncertainty of each is computed together with that of all others.
MOST_AT_ONCE = 3000
# A part below this share of the whole variance is taken as this, so that nothing is divided by nothing.
LEAST = 1e-6
# What to say where there are none.
NOTHING_SHARED = "Too few prompts have several ratings that differ to tell how severe contributors are."


@dataclass(frozen=True, slots=True)
class Variances:
    """How much prompts (within their source), contributors and the rest make scores differ, in squared points."""

    prompts: float
    contributors: float
    rest: float


@dataclass(frozen=True, slots=True)
class Effects:
    """The parts of scores as they were estimated, in points.

    Attributes:
        variances: What they rest on.
        means: Of each group of prompts, the mean of its prompts as a contributor of middling severity rates them.
        covariance: Of these means.
        severity: Of each contributor, how far above others they rate the same prompts; negative: below.
        severity_error: Its standard error.
        prompts: Of each prompt, how far it is above the mean of its group.
    """

    variances: Variances
    means: np.ndarray
    covariance: np.ndarray
    severity: np.ndarray
    severity_error: np.ndarray
    prompts: np.ndarray


def variances(matrix: Matrix, groups: np.ndarray) -> Variances | None:
    """Estimate the variances by moments: sums of squares within prompts, within contributors, and in all.

    Within prompts, E Σ (y - ȳ_i)² = (B + E)(N - P); within contributors (A + E)(N - C); in all
    A (N - Σ n_i² / N) + B (N - Σ n_j² / N) + E (N - 1), with A of prompts, B of contributors and E of the rest.

    Katelyn Gao and Art Owen, Efficient Moment Calculations for Variance Components in Large Unbalanced Crossed Random
    Effects Models, 2017.

    Args:
        groups: Of each prompt, the number of its group; differences between groups are in none of the three.

    Returns:
        None if no prompt has two ratings that differ, or no contributor has two: then they cannot be told apart.
    """
    number, of_prompts, of_contributors = len(matrix), matrix.of_prompts(), matrix.of_contributors()
    free_in_prompts = number - np.count_nonzero(of_prompts)
    free_in_contributors = number - np.count_nonzero(of_contributors)
    if not free_in_prompts or not free_in_contributors:
        return None
    group = groups[matrix.prompts]
    in_group = np.bincount(group)
    y = matrix.scores - (np.bincount(group, matrix.scores) / np.maximum(in_group, 1))[group]
    within_prompts = _within(y, matrix.prompts, of_prompts) / free_in_prompts
    # What rounding leaves of nothing is no difference.
    if within_prompts < 1e-9:
        return None
    within_contributors = _within(y, matrix.contributors, of_contributors) / free_in_contributors
    # What a group's mean took away from the squares is given back, as with one group.
    used = np.count_nonzero(in_group)
    total = (y**2).sum() * (number - 1) / max(number - used, 1)
    share_of_prompts = number - (of_prompts**2).sum() / number
    share_of_contributors = number - (of_contributors**2).sum() / number
    divisor = share_of_prompts + share_of_contributors + 1 - number
    whole = max(total / number, 1e-12)
    rest = whole
    if divisor > 0:
        rest = (
            within_contributors * share_of_prompts + within_prompts * share_of_contributors - total
        ) / divisor
    rest = min(max(rest, whole * 1e-3), max(within_prompts, whole * 1e-3))
    least = whole * LEAST
    return Variances(
        float(max(within_contributors - rest, least)), float(max(within_prompts - rest, least)), float(rest)
    )


def _within(y: np.ndarray, places: np.ndarray, number: np.ndarray) -> float:
    sums = np.bincount(places, y, len(number))
    return float((y**2).sum() - (sums**2 / np.maximum(number, 1)).sum())


def effects(matrix: Matrix, groups: np.ndarray | None = None) -> Effects | None:
    """Estimate the parts of scores: y = group + prompt + contributor + rest, the last three normal around 0.

    The means are those of generalised least squares, the parts of prompts and contributors the best linear unbiased
    predictions, drawn towards 0 the more, the fewer ratings they rest on: Charles Henderson, Best Linear Unbiased
    Estimation and Prediction under a Selection Model, 1975. Standard errors take the variances as known. With more than
    3,000 contributors that of a severity takes the severity of the others as known, too, which is slightly too sure.

    Args:
        groups: Of each prompt, the number of its group; None if all are one.

    Returns:
        None if the variances cannot be told apart.
    """
    if groups is None:
        groups = np.zeros(matrix.number_of_prompts, np.int64)
    parts = variances(matrix, groups)
    if parts is None:
        return None
    return _solved(matrix, groups, parts)


def _solved(matrix: Matrix, groups: np.ndarray, parts: Variances) -> Effects:
    """Henderson's equations, the prompts eliminated: each of them stands in one of their rows only."""
    size, people = int(groups.max(initial=0)) + 1, matrix.number_of_contributors
    unknown = size + people
    number = matrix.of_prompts()
    pull = 1 / (number + parts.rest / parts.prompts)
    every = np.concatenate((groups[matrix.prompts], matrix.contributors + size))
    ratings = np.tile(np.arange(len(matrix)), 2)
    design = sparse.csr_array((np.ones(len(every)), (ratings, every)), (len(matrix), unknown))
    summed = sparse.csr_array(
        (np.ones(len(every)), (np.tile(matrix.prompts, 2), every)), (matrix.number_of_prompts, unknown)
    )
    # A group without a rating stays where it is, at 0.
    ridge = np.concatenate(
        (
            np.where(np.bincount(groups[matrix.prompts], minlength=size) > 0, 0.0, 1.0),
            np.full(people, parts.rest / parts.contributors),
        )
    )
    y = matrix.scores.astype(float)
    right = design.T @ y - summed.T @ (pull * matrix.of_prompts(y))
    if unknown <= MOST_AT_ONCE:
        left = (design.T @ design).toarray() - (summed.T @ summed.multiply(pull[:, None]).tocsr()).toarray()
        inverse = np.linalg.inv(left + np.diag(ridge))
        found, spread = inverse @ right, np.diag(inverse)[size:]
        covariance = inverse[:size, :size]
    else:
        found, covariance, spread = _by_steps(design, summed, pull, ridge, right, size)
    severity = found[size:]
    remaining = (
        matrix.of_prompts(y - severity[matrix.contributors])
        - number * found[:size][groups[: matrix.number_of_prompts]]
    )
    return Effects(
        parts,
        found[:size],
        covariance * parts.rest,
        severity,
        np.sqrt(np.maximum(spread, 0) * parts.rest),
        pull * remaining,
    )


def _by_steps(
    design: sparse.csr_array,
    summed: sparse.csr_array,
    pull: np.ndarray,
    ridge: np.ndarray,
    right: np.ndarray,
    size: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same by conjugate gradients, which need no matrix of all contributors by all others."""
    turned, turned_sums = design.T.tocsr(), summed.T.tocsr()

    def times(x: np.ndarray) -> np.ndarray:
        return turned @ (design @ x) - turned_sums @ (pull * (summed @ x)) + ridge * x

    squares = summed.multiply(summed).T.tocsr()
    diagonal = np.asarray(design.sum(axis=0)).ravel() - squares @ pull + ridge
    left = LinearOperator((len(right), len(right)), matvec=times, dtype=float)
    easier = LinearOperator(left.shape, matvec=lambda x: x / diagonal, dtype=float)
    found, _ = cg(left, right, rtol=1e-8, maxiter=500, M=easier)
    columns = [cg(left, row, rtol=1e-6, maxiter=500, M=easier)[0][:size] for row in np.eye(size, len(right))]
    return found, np.array(columns), 1 / diagonal[size:]


def adjusted_means(matrix: Matrix, found: Effects) -> tuple[np.ndarray, np.ndarray]:
    """Each prompt's mean score with the severity of its contributors taken out, and its standard error.

    Not drawn towards anything: with one rating it is that score, less how severe its contributor is. Not a number for
    prompts without ratings.
    """
    number = matrix.of_prompts().astype(float)
    number[number == 0] = np.nan
    mean = matrix.of_prompts(matrix.scores - found.severity[matrix.contributors]) / number
    unsure = matrix.of_prompts(found.severity_error[matrix.contributors] ** 2) / number**2
    return mean, np.sqrt(found.variances.rest / number + unsure)
