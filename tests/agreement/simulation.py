"""Ratings with a known truth behind them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from components.agreement.matrix import Matrix

# Between whole scores.
ENDS = np.array([1.5, 2.5, 3.5, 4.5])


@dataclass(frozen=True)
class Simulated:
    """Ratings, and what they were made of.

    Attributes:
        matrix: The ratings.
        groups: Of each prompt, the number of its source.
        worth: Of each prompt, what it is worth in points, on the scale that scores are cut off from.
        expected: Of each, the score it would get on average from all who read.
        severity: Of each contributor, how far above that they rate.
        spammers: Which contributors do not read.
    """

    matrix: Matrix
    groups: np.ndarray
    worth: np.ndarray
    expected: np.ndarray
    severity: np.ndarray
    spammers: np.ndarray


def simulated(
    rng: np.random.Generator,
    prompts: int = 300,
    contributors: int = 30,
    each: int = 4,
    means: tuple[float, ...] = (3.0,),
    spread: float = 0.7,
    severity: float = 0.5,
    noise: float = 0.7,
    spammers: int = 0,
    whole: bool = True,
) -> Simulated:
    """Have every prompt rated by so many people, busy ones more often.

    Args:
        each: Ratings of a prompt.
        means: Of each source.
        spread, severity, noise: Standard deviations of prompts in their source, of contributors, and of the rest.
        spammers: How many of the contributors give any score.
        whole: Whether scores are whole numbers from 1 to 5; else any number, as the linear model has it.
    """
    groups = rng.integers(len(means), size=prompts)
    worth = np.array(means)[groups] + rng.normal(0, spread, prompts)
    apart = rng.normal(0, severity, contributors)
    busy = rng.dirichlet(np.full(contributors, 2.0))
    who = np.stack([rng.choice(contributors, each, replace=False, p=busy) for _ in range(prompts)]).ravel()
    of = np.repeat(np.arange(prompts), each)
    scores = worth[of] + apart[who] + rng.normal(0, noise, len(of))
    if whole:
        scores = np.clip(np.rint(scores), 1, 5).astype(np.int64)
        expected = 5 - ndtr((ENDS - worth[:, None]) / np.hypot(severity, noise)).sum(axis=1)
    else:
        expected = worth
    idle = np.arange(contributors) < spammers
    scores = np.where(idle[who], rng.integers(1, 6, len(of)), scores)
    return Simulated(Matrix(of, who, scores, prompts, contributors), groups, worth, expected, apart, idle)
