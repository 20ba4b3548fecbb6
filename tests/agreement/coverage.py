"""Simulations that tell how often an interval holds the truth: a run of each gives whether its intervals did."""

import numpy as np

from components.agreement.alpha import alpha, alpha_interval
from components.agreement.claim import SOURCE, differences
from components.agreement.effects import adjusted_means, effects
from components.agreement.graded import graded
from components.agreement.patterns import patterns_of
from components.agreement.reliability import consistency
from tests.agreement.simulation import simulated

Z = 1.959964
# The shares of the scores that prompts of each of so many sorts get; alpha of very many of them is the true one.
SORTS = np.random.default_rng(1).dirichlet(np.ones(5), size=400)
TRUE_ALPHA = alpha(patterns_of(np.random.default_rng(2).multinomial(3, np.repeat(SORTS, 1000, axis=0)))).value
# Of contributors who are all alike, as in `_consistency`: the mean over 1,500 runs.
TRUE_CONSISTENCY = 0.4501
HIGHER = 0.3


def _alpha(rng: np.random.Generator) -> np.ndarray:
    counts = rng.multinomial(3, SORTS[rng.integers(len(SORTS), size=80)])
    found = alpha_interval(patterns_of(counts), rng, samples=400)
    return np.array([found.low <= TRUE_ALPHA <= found.high])


def _severity(rng: np.random.Generator) -> np.ndarray:
    made = simulated(rng, prompts=200, contributors=20, means=(2.5, 3.5), whole=False)
    found = effects(made.matrix, made.groups)
    return np.abs(found.severity - made.severity) <= Z * found.severity_error


def _adjusted(rng: np.random.Generator) -> np.ndarray:
    made = simulated(rng, prompts=200, contributors=20, means=(2.5, 3.5), whole=False)
    mean, error = adjusted_means(made.matrix, effects(made.matrix, made.groups))
    return np.abs(mean - made.worth) <= Z * error


def _graded(rng: np.random.Generator) -> np.ndarray:
    made = simulated(rng, prompts=200, contributors=20)
    found = graded(made.matrix)
    return (found.low <= made.expected) & (made.expected <= found.high)


def _claim(rng: np.random.Generator) -> np.ndarray:
    means = tuple(np.array([3.0 + HIGHER] * 5 + [3.0] * 5) + rng.normal(0, 0.25, 10))
    made = simulated(rng, prompts=240, contributors=20, each=3, means=means, whole=False)
    kinds = (made.groups >= 5).astype(int)
    found = differences(made.matrix, kinds, made.groups, ("human", "synthetic"))
    [told] = [one for one in found if one.basis == SOURCE]
    return np.array([told.low <= HIGHER <= told.high])


def _consistency(rng: np.random.Generator) -> np.ndarray:
    made = simulated(rng, prompts=200, contributors=5, each=3, severity=0.0)
    found = consistency(made.matrix)
    judged = ~np.isnan(found.value)
    inside = (found.low <= TRUE_CONSISTENCY) & (found.high >= TRUE_CONSISTENCY)
    return inside[judged]


COVERED = {
    "alpha": _alpha,
    "severity": _severity,
    "severity-adjusted mean": _adjusted,
    "score of the graded model": _graded,
    "difference of kinds": _claim,
    "consistency": _consistency,
}
