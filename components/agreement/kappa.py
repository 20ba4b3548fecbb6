"""Kappa: agreement beyond chance of two contributors, and of prompts that all have the same number of ratings."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from components.agreement.patterns import Patterns

Weights = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of two contributors.

    Attributes:
        value: 1: they always agree; 0: as by chance. None where it is undefined.
        prompts: Rated by both.
        why: Why it is undefined, as a sentence.
    """

    value: float | None
    prompts: int
    why: str | None = None


def weighted_kappa(both: np.ndarray, weights: Weights = "quadratic") -> Kappa:
    """Compute Cohen's kappa of two contributors, far apart counted more than near.

    κ = 1 - Σ w p_ck / Σ w p_c p_k, with p_ck the share of prompts that one gave c and the other k, p_c and p_k how often
    each gave them, and w 0 or 1, |c - k| (linear) or (c - k)² (quadratic).

    Jacob Cohen, A Coefficient of Agreement for Nominal Scales, 1960, and Weighted Kappa, 1968.

    Args:
        both: How many prompts one gave the score of the row and the other that of the column.

    Example:
        >>> weighted_kappa(np.array([[3, 0], [1, 4]])).value
        0.75
        >>> weighted_kappa(np.array([[3, 0], [0, 0]])).why
        'Both gave all prompts they share the same score, so kappa is undefined.'
    """
    number = int(both.sum())
    if not number:
        return Kappa(None, 0, "They rated no prompt in common, so kappa is undefined.")
    scores = np.arange(len(both))
    apart = np.abs(scores[:, None] - scores)
    distance = {"none": apart > 0, "linear": apart, "quadratic": apart**2}[weights]
    by_chance = (np.outer(both.sum(axis=1), both.sum(axis=0)) / number * distance).sum()
    if not by_chance:
        return Kappa(None, number, "Both gave all prompts they share the same score, so kappa is undefined.")
    return Kappa(float(1 - (both * distance).sum() / by_chance), number)


def fleiss_kappa(patterns: Patterns) -> float | None:
    """Compute Fleiss' kappa: scores count as equal or not, whatever their distance.

    κ = (P - P_e) / (1 - P_e), with P the mean over prompts of the share of their pairs that agree, and P_e the sum of the
    squared shares of the scores. Where prompts have different numbers of ratings each prompt counts the same, as Gwet has it.

    Joseph Fleiss, Measuring Nominal Scale Agreement Among Many Raters, 1971; Kilem Gwet, Handbook of Inter-Rater
    Reliability, 2014, chapter 2.

    Returns:
        None where no prompt has two ratings, or all have the same score.

    Example:
        >>> patterns = Patterns(np.array([[2, 0], [0, 2], [1, 1]]), np.array([1, 1, 1]))
        >>> round(fleiss_kappa(patterns), 3)
        0.333
    """
    several = patterns.comparable()
    if not several.prompts.sum():
        return None
    number = several.counts.sum(axis=1)
    agreeing = (several.counts * (several.counts - 1)).sum(axis=1) / (number * (number - 1))
    observed = np.average(agreeing, weights=several.prompts)
    # The shares are those of all rated prompts, also of those with one rating.
    rated = patterns.counts.sum(axis=1) > 0
    each = patterns.counts[rated] / patterns.counts[rated].sum(axis=1, keepdims=True)
    by_chance = (np.average(each, axis=0, weights=patterns.prompts[rated]) ** 2).sum()
    return None if by_chance >= 1 else float((observed - by_chance) / (1 - by_chance))
