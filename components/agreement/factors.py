"""What disagreement goes along with: source, kind, length, and how severe contributors are."""

from dataclasses import dataclass

import numpy as np

from components.agreement.effects import Variances
from components.agreement.patterns import Patterns


@dataclass(frozen=True, slots=True)
class Factor:
    """How much of the disagreement something explains.

    Attributes:
        share: Between 0 and 1; None where it is undefined.
        prompts: With two ratings or more.
        groups: That they fall into.
    """

    share: float | None
    prompts: int
    groups: int


def distances(patterns: Patterns) -> np.ndarray:
    """Of each pattern, how many points two ratings of a prompt are apart on average; not a number for one rating.

    Example:
        >>> distances(Patterns(np.array([[1, 0, 0, 1, 0], [0, 3, 0, 0, 0]]), np.array([1, 1]))).tolist()
        [3.0, 0.0]
    """
    counts = patterns.counts.astype(float)
    scores = np.arange(counts.shape[1])
    apart = np.abs(scores[:, None] - scores)
    number = counts.sum(axis=1)
    pairs = number * (number - 1)
    pairs[pairs == 0] = np.nan
    return np.einsum("pc,ck,pk->p", counts, apart, counts) / pairs


def explained(patterns: Patterns, groups: np.ndarray) -> Factor:
    """Compute the share of the differences in disagreement that the group of a prompt accounts for.

    ε² = 1 - (SS_within / (N - G)) / (SS_total / (N - 1)), over prompts with two ratings or more, of the distance of two
    ratings of one prompt, and not below 0. Unlike η² it does not grow with the number of groups by itself.
    Truman Kelley, An Unbiased Correlation Ratio Measure, 1935.

    Args:
        groups: Of each pattern, the number of its group; the same pattern may stand in several.

    Returns:
        A share of None with fewer than two groups, or if all disagree equally.

    Example:
        >>> patterns = Patterns(np.array([[1, 0, 0, 1, 0], [0, 3, 0, 0, 0]]), np.array([5, 5]))
        >>> explained(patterns, np.array([0, 1])).share
        1.0
    """
    told = (patterns.counts.sum(axis=1) > 1) & (patterns.prompts > 0)
    weights, groups = patterns.prompts[told].astype(float), groups[told]
    apart = distances(Patterns(patterns.counts[told], patterns.prompts[told]))
    number = int(weights.sum())
    _, groups = np.unique(groups, return_inverse=True)
    size = int(groups.max(initial=-1)) + 1
    if size < 2 or number <= size:
        return Factor(None, number, size)
    in_group = np.bincount(groups, weights)
    means = np.bincount(groups, weights * apart) / in_group
    total = weights @ (apart - np.average(apart, weights=weights)) ** 2
    if total <= 0:
        return Factor(None, number, size)
    within = weights @ (apart - means[groups]) ** 2
    return Factor(max(0.0, float(1 - (within / (number - size)) / (total / (number - 1)))), number, size)


def due_to_severity(parts: Variances) -> float:
    """The share of the squared differences between two ratings of one prompt that comes from contributors' severity.

    Two people's ratings of one prompt differ by 2 (B + E) on average, squared, with B the variance of contributors and E
    that of the rest: B / (B + E).
    """
    return parts.contributors / (parts.contributors + parts.rest)
