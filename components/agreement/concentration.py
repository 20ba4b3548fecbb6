"""How far ratings rest on a few people."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Concentration:
    """Who the ratings come from.

    Attributes:
        contributors: With a rating.
        effective: How many would give the same concentration if all gave the same number.
        busiest: The place of who gave most; None if nobody did.
        share: What part of all ratings that one gave.
    """

    contributors: int
    effective: float
    busiest: int | None
    share: float


def concentration(numbers: np.ndarray) -> Concentration:
    """Compute the effective number of contributors, 1 / Σ p², with p the share of each in all ratings.

    The inverse of Simpson's index, Hill's number of order 2: Mark Hill, Diversity and Evenness, 1973. It is the number
    of contributors if all gave the same, and near 1 if one gave nearly all.

    Args:
        numbers: How many ratings each contributor gave.

    Example:
        >>> concentration(np.array([10, 10, 0, 10, 10])).effective
        4.0
        >>> round(concentration(np.array([97, 1, 1, 1])).effective, 2)
        1.06
    """
    total = numbers.sum()
    if not total:
        return Concentration(0, 0.0, None, 0.0)
    shares = numbers / total
    return Concentration(
        int((numbers > 0).sum()),
        float(1 / (shares**2).sum()),
        int(numbers.argmax()),
        float(shares.max()),
    )
