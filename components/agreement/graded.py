"""The graded model: prompts have a quality, and contributors differ in severity and in how far they can be relied on."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from components.agreement.dawid_skene import incidence
from components.agreement.matrix import Matrix

# Qualities are normal around 0 with deviation 1; severities and noises are told in the same measure.
QUALITIES = np.linspace(-3.2, 3.2, 33)
SEVERITIES = np.linspace(-1.8, 1.8, 13)
NOISES = np.array([0.25, 0.4, 0.6, 0.85, 1.2, 1.7, 2.5])
# How often somebody who always gives the same score, gives it.
NEARLY_ALWAYS = 0.95
# As if this many contributors more had been of each character: none is ruled out.
PRIOR = 0.05
ROUNDS = 40
THRESHOLDS_EVERY = 5
ENOUGH = 1e-4
TINY = 1e-12
ENDS = (0.025, 0.5, 0.975)


@dataclass(frozen=True, slots=True)
class Graded:
    """What the model says.

    Attributes:
        score: Of each prompt, the score that contributors who read it would give it on average.
        low, high: Its 95 % interval.
        reliability: Of each contributor, the share of their scores' variance that quality accounts for.
        careless: Of each, how probable it is that their scores have nothing to do with the prompts.
        thresholds: Between the scores, on the scale of qualities.
        rounds: How many it took.
    """

    score: np.ndarray
    low: np.ndarray
    high: np.ndarray
    reliability: np.ndarray
    careless: np.ndarray
    thresholds: np.ndarray
    rounds: int


def graded(matrix: Matrix, most_rounds: int = ROUNDS, done: Callable[[int], None] = lambda _: None) -> Graded:
    """Estimate prompts' qualities from scores that know above and below, without taking them for distances.

    Contributor j gives at most k with probability Φ((t_k - q_i - b_j) / s_j): a graded response model. The pair of
    severity b and noise s is one of 91 characters; six more give any score, or nearly always the same one, whatever the
    prompt. How frequent characters are is estimated, so that one rating makes nobody a spammer where there are none.
    Qualities and characters are found in turn, each given how probable the others are (mean field), which makes the
    intervals slightly narrow where prompts have few ratings.

    Fumiko Samejima, Estimation of Latent Ability Using a Response Pattern of Graded Scores, 1969; raters with noise of
    their own after John Uebersax and William Grove, A Latent Trait Finite Mixture Model for the Analysis of Rating
    Agreement, 1993.

    Args:
        done: Called after each round with how many are done.
    """
    values, given = matrix.values, incidence(matrix)
    people = matrix.number_of_contributors
    thresholds = _first_thresholds(np.bincount(matrix.scores.astype(np.int64) - 1, minlength=values))
    prior = np.exp(-(QUALITIES**2) / 2)
    log_prior = np.log(prior / prior.sum())
    frequent = _first_frequencies(values)
    characters = np.tile(frequent, (people, 1))
    before = np.zeros(matrix.number_of_prompts)
    for number in range(1, most_rounds + 1):
        logs = _logs(thresholds, values)
        said = (characters @ logs.reshape(len(frequent), -1)).reshape(people * values, -1)
        qualities = _shares(given @ said + log_prior)
        sums = (given.T @ qualities).reshape(people, -1)
        characters = _shares(sums @ logs.reshape(len(frequent), -1).T + np.log(frequent))
        frequent = (characters.sum(axis=0) + PRIOR) / (people + PRIOR * len(frequent))
        if number % THRESHOLDS_EVERY == 0:
            thresholds = _moved(thresholds, characters.T @ sums, values)
        done(number)
        now = qualities @ QUALITIES
        if number > THRESHOLDS_EVERY and np.abs(now - before).max(initial=0) < ENOUGH:
            break
        before = now
    return _told(qualities, characters, frequent, thresholds, values, number)


def _first_thresholds(given: np.ndarray) -> np.ndarray:
    """Where they would be if everybody had the same middling noise."""
    shares = np.cumsum(given + 0.5) / (given + 0.5).sum()
    return ndtri(shares[:-1]) * np.sqrt(2)


def _first_frequencies(values: int) -> np.ndarray:
    attentive = np.outer(np.exp(-(SEVERITIES**2) / 0.5), np.exp(-(np.log(NOISES) ** 2) / 0.8)).ravel()
    return np.concatenate((0.95 * attentive / attentive.sum(), np.full(values + 1, 0.05 / (values + 1))))


def _attentive(thresholds: np.ndarray) -> np.ndarray:
    """Of each character that reads, for each score and quality, how probable the score is."""
    ends = np.concatenate(([-np.inf], thresholds, [np.inf]))
    apart = ends[None, None, :, None] - QUALITIES - SEVERITIES[:, None, None, None]
    below = ndtr(apart / NOISES[None, :, None, None])
    return np.diff(below, axis=2).reshape(len(SEVERITIES) * len(NOISES), len(ends) - 1, len(QUALITIES))


def _logs(thresholds: np.ndarray, values: int) -> np.ndarray:
    """Logarithms of the probabilities of all characters: those who read, who guess, and who always give the same."""
    always = np.full((values, values), (1 - NEARLY_ALWAYS) / (values - 1))
    np.fill_diagonal(always, NEARLY_ALWAYS)
    careless = np.vstack((np.full((1, values), 1 / values), always))
    careless = np.repeat(careless[:, :, None], len(QUALITIES), axis=2)
    return np.log(np.concatenate((_attentive(thresholds), careless)) + 1e-9)


def _shares(logs: np.ndarray) -> np.ndarray:
    logs = np.exp(logs - logs.max(axis=1, keepdims=True))
    return logs / logs.sum(axis=1, keepdims=True)


def _moved(thresholds: np.ndarray, sums: np.ndarray, values: int) -> np.ndarray:
    """The thresholds that make most probable what those who read have given."""
    reading = sums.reshape(len(sums), values, -1)[: len(SEVERITIES) * len(NOISES)]

    def unlikely(steps: np.ndarray) -> float:
        return -float((reading * np.log(_attentive(_from_steps(steps)) + 1e-9)).sum())

    first = np.concatenate((thresholds[:1], np.log(np.maximum(np.diff(thresholds), 1e-3))))
    return _from_steps(minimize(unlikely, first, method="L-BFGS-B", options={"maxiter": 5}).x)


def _from_steps(steps: np.ndarray) -> np.ndarray:
    """Thresholds that cannot change places: the first, and the logarithms of the steps between them."""
    return np.cumsum(np.concatenate((steps[:1], np.exp(steps[1:]))))


def _told(
    qualities: np.ndarray,
    characters: np.ndarray,
    frequent: np.ndarray,
    thresholds: np.ndarray,
    values: int,
    rounds: int,
) -> Graded:
    likely = _attentive(thresholds)
    scores = np.arange(1, values + 1)
    expected = np.einsum("ckq,k->cq", likely, scores)
    reading = len(expected)
    # What those who read give on average; it rises with quality, so that quantiles of one are those of the other.
    curve = frequent[:reading] @ expected / frequent[:reading].sum()
    low, _, high = (curve_at(qualities, curve, end) for end in ENDS)
    weight = np.exp(-(QUALITIES**2) / 2)
    weight /= weight.sum()
    middle = expected @ weight
    explained = (expected - middle[:, None]) ** 2 @ weight
    whole = np.einsum("ckq,k,q->c", likely, scores**2, weight) - middle**2
    shares = np.concatenate((explained / np.maximum(whole, TINY), np.zeros(values + 1)))
    return Graded(
        qualities @ curve,
        low,
        high,
        characters @ shares,
        characters[:, reading:].sum(axis=1),
        thresholds,
        rounds,
    )


def curve_at(qualities: np.ndarray, curve: np.ndarray, share: float) -> np.ndarray:
    """Of each prompt, the score that its quality is below with this probability."""
    # Half of a place's probability lies on either side of it.
    below = np.cumsum(qualities, axis=1) - qualities / 2
    after = np.clip((below < share).sum(axis=1), 1, len(curve) - 1)
    rows = np.arange(len(qualities))
    left, right = below[rows, after - 1], below[rows, after]
    part = np.clip((share - left) / np.maximum(right - left, TINY), 0, 1)
    return curve[after - 1] + part * (curve[after] - curve[after - 1])
