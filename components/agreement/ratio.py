"""The agreement ratio of one prompt: how far its most common score stands out."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from components.records import SCORES

# What the most common score would get if the ratings fell evenly on all five.
EVEN_SHARE = 1 / len(SCORES)

Number = TypeVar("Number")


def agreement_ratio(scores: Sequence[int]) -> float:
    """Compute the share of the most common score, stretched so that an even spread gives 0.

    With m of n ratings on the most common of five scores: (m / n - 1/5) / (1 - 1/5). A single
    rating gives 1.0. The formula is the one in the published notebook of the Prompt Ranking
    Project, kept so that the column means the same as in `10k_prompts_ranked`.

    Do not read it as reliability. It depends on the number of ratings (one rating always agrees
    with itself, two can only give 0.375 or 1.0), and it ignores distance: 4 and 5 agree no better
    than 1 and 5. Krippendorff's alpha with ordinal distance has neither fault.

    >>> agreement_ratio([5, 5])
    1.0
    >>> round(agreement_ratio([2, 3, 3, 3]), 4)
    0.6875
    >>> agreement_ratio([4, 5]) == agreement_ratio([1, 5])
    True

    Args:
        scores: Every current score of one prompt, 1 to 5, in any order.

    Raises:
        ValueError: There are no scores.
    """
    if not scores:
        raise ValueError("The agreement ratio of no scores is not defined.")
    return stretched(max(Counter(scores).values()), len(scores))


def stretched(most_common: Number, number: Number) -> Number:
    """The same from the count of the most common score and that of all; also of many prompts at once, as arrays."""
    return (most_common / number - EVEN_SHARE) / (1 - EVEN_SHARE)
