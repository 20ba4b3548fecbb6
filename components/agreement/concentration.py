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


def capped(numbers: np.ndarray, most: float) -> np.ndarray:
    """What a rating of each contributor weighs, so that nobody's make up more than this share of all weights.

    Ratings are kept and published all the same; only numbers that are asked to count nobody more than that use it. If there
    are too few contributors for such a share, all count the same.

    Example:
        >>> capped(np.array([80, 10, 10]), 0.5)
        array([0.25, 1.  , 1.  ])
    """
    given = numbers.astype(float)
    active = given > 0
    if not active.any():
        return np.ones(len(given))
    if active.sum() * most <= 1:
        return np.where(active, given[active].min() / np.maximum(given, 1), 1.0)
    over = np.zeros(len(given), bool)
    while True:
        # The others make up the rest, so that theirs tell how much is allowed.
        allowed = most * given[~over].sum() / (1 - most * over.sum())
        more = (given > allowed) & ~over
        if not more.any():
            break
        over |= more
    return np.where(over, allowed / np.maximum(given, 1), 1.0)
