"""How sure a mean of scores is."""

import math
from collections.abc import Sequence

from components.records import SCORES

# With fewer ratings an interval would mostly tell its own formula.
FEWEST = 10
NORMAL_975 = 1.959964


def mean_interval(given: Sequence[int]) -> tuple[float, float] | None:
    """The 95 % interval of the mean of scores: mean ± t(0.975, n - 1) · s / √n, kept within 1 to 5.

    It takes the ratings as independent of each other and equally distributed. Those of one person, or of one
    prompt, are alike, so that with few people or prompts the truth lies outside more often than one time
    in twenty. For s, one rating of each score is added to those given: ten equal scores are no certainty.

    Args:
        given: How often 1, 2, 3, 4 and 5 were given.

    Returns:
        Both ends, or None with fewer than ten ratings.

    Example:
        >>> [round(end, 2) for end in mean_interval((0, 0, 0, 10, 0))]
        [3.3, 4.7]
        >>> [round(end, 2) for end in mean_interval((100, 200, 300, 200, 100))]
        [2.92, 3.08]
    """
    n = sum(given)
    if n < FEWEST:
        return None
    mean = sum(score * number for score, number in zip(SCORES, given, strict=True)) / n
    half = quantile_975(n - 1) * math.sqrt(_variance([number + 1 for number in given]) / n)
    return max(SCORES[0], mean - half), min(SCORES[-1], mean + half)


def quantile_975(freedom: int) -> float:
    """The 97.5 % quantile of Student's t distribution, right to three digits from nine degrees of freedom on.

    The expansion around the normal distribution's, Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.

    Example:
        >>> [round(quantile_975(freedom), 3) for freedom in (9, 29, 1_000_000)]
        [2.262, 2.045, 1.96]
    """
    x = NORMAL_975
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _variance(given: Sequence[int]) -> float:
    n = sum(given)
    mean = sum(score * number for score, number in zip(SCORES, given, strict=True)) / n
    return sum(number * (score - mean) ** 2 for score, number in zip(SCORES, given, strict=True)) / (n - 1)
