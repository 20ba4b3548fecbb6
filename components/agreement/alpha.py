"""Krippendorff's alpha: how far ratings of one prompt agree, beyond what chance would bring about.

The package `krippendorff` gives the same numbers, and the tests hold this to it; it knows no weights, though, and with
weights on patterns a million prompts, and a thousand samples of them, are short sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from components.agreement.numerals import counted, points
from components.agreement.patterns import Patterns

Level = Literal["ordinal", "nominal", "interval"]

SAMPLES = 1000
SAMPLES_AT_ONCE = 100
# With fewer prompts an interval would mostly tell its own formula.
FEWEST_PROMPTS = 10

NO_OVERLAP = "No prompt has two ratings yet, so agreement cannot be told."
ALL_EQUAL = (
    "All ratings that can be compared are the same score: people agree, but where nothing differs "
    "agreement cannot be told from chance."
)


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha and what it rests on.

    Attributes:
        value: 1: all agree; 0: as by chance; below: worse than that. None where it is undefined.
        low, high: The 95 % interval over prompts; None if there is none.
        prompts: With two ratings or more.
        pairs: Of ratings of one prompt.
        why: Why it is undefined, as a sentence.
    """

    value: float | None
    low: float | None
    high: float | None
    prompts: int
    pairs: int
    why: str | None = None

    @property
    def sentence(self) -> str:
        """What it says, as far as its interval lets it."""
        if self.value is None:
            return self.why or ""
        rests = f"from {counted(self.pairs, 'pair')} of ratings of {counted(self.prompts, 'prompt')}"
        if self.low is None or self.high is None:
            few = self.prompts < FEWEST_PROMPTS
            why = "too few prompts for an interval" if few else "too few of them differ for an interval"
            return f"α is {points(self.value)}, {rests}: {why}."
        told = f"α is {points(self.value)} ({points(self.low)} to {points(self.high)}), {rests}"
        if self.low > 0:
            return f"Ratings of one prompt agree better than chance would have it: {told}."
        if self.high < 0:
            return f"Ratings of one prompt agree worse than chance would have it: {told}."
        return f"These data cannot tell whether ratings of one prompt agree better than by chance: {told}."


def alpha(patterns: Patterns, level: Level = "ordinal") -> Alpha:
    """Compute Krippendorff's alpha, without an interval.

    α = 1 - D_o / D_e, the disagreement observed between two ratings of one prompt over that between two of all
    ratings. With o_ck how often c and k met on a prompt of n ratings, each pair counted 1 / (n - 1) times,
    n_c = Σ_k o_ck and n = Σ_c n_c: α = 1 - (n - 1) Σ o_ck δ_ck / Σ n_c n_k δ_ck. Prompts with one rating are in none
    of these. δ is 0 or 1 (nominal), (c - k)² (interval), or the square of the number of ratings that lie between c and k,
    those of c and k by half (ordinal).

    Klaus Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.

    Example:
        >>> two_and_two = Patterns(np.array([[2, 0, 0, 0, 0], [0, 0, 0, 1, 1]]), np.array([1, 1]))
        >>> round(alpha(two_and_two).value, 3)
        0.833
        >>> alpha(Patterns(np.array([[0, 0, 1, 0, 0]]), np.array([5]))).why
        'No prompt has two ratings yet, so agreement cannot be told.'
    """
    patterns = patterns.comparable()
    prompts, pairs = int(patterns.prompts.sum()), patterns.pairs
    if not prompts:
        return Alpha(None, None, None, 0, 0, NO_OVERLAP)
    value = float(_alphas(_together(patterns, patterns.prompts[None, :]), level)[0])
    if np.isnan(value):
        return Alpha(None, None, None, prompts, pairs, ALL_EQUAL)
    return Alpha(value, None, None, prompts, pairs)


def alpha_interval(
    patterns: Patterns,
    rng: np.random.Generator,
    level: Level = "ordinal",
    samples: int = SAMPLES,
    done: Callable[[int], None] = lambda _: None,
) -> Alpha:
    """Compute Krippendorff's alpha with the 95 % interval that another draw of as many prompts would bring.

    Prompts are drawn with replacement, and the ends are corrected for bias and skew (BCa): Bradley Efron, Better
    Bootstrap Confidence Intervals, 1987. Contributors are taken as they are: other people may agree otherwise.

    Args:
        done: Called with how many samples more are drawn.
    """
    found = alpha(patterns, level)
    if found.value is None or found.prompts < FEWEST_PROMPTS:
        return found
    patterns = patterns.comparable()
    share = patterns.prompts / found.prompts
    drawn = []
    for first in range(0, samples, SAMPLES_AT_ONCE):
        number = min(SAMPLES_AT_ONCE, samples - first)
        weights = rng.multinomial(found.prompts, share, size=number)
        drawn.append(_alphas(_together(patterns, weights), level))
        done(number)
    values = np.concatenate(drawn)
    values = values[~np.isnan(values)]
    if len(values) < samples * 0.9:
        return found
    low, high = np.quantile(values, _corrected(found.value, values, _without_one(patterns, level), patterns))
    return Alpha(found.value, float(low), float(high), found.prompts, found.pairs)


def _together(patterns: Patterns, weights: np.ndarray) -> np.ndarray:
    """The matrices of coincidences, one for each row of weights on the patterns."""
    return np.tensordot(weights, _each(patterns), axes=1)


def _each(patterns: Patterns) -> np.ndarray:
    """The coincidences that one prompt of each pattern brings."""
    counts = patterns.counts.astype(float)
    met = counts[:, :, None] * counts[:, None, :]
    values = np.arange(counts.shape[1])
    met[:, values, values] -= counts
    return met / (counts.sum(axis=1) - 1)[:, None, None]


def _alphas(coincidences: np.ndarray, level: Level) -> np.ndarray:
    """The alpha of each matrix; not a number where only one score was given."""
    given = coincidences.sum(axis=2)
    total = given.sum(axis=1)
    distance = _distance(given, level)
    observed = (coincidences * distance).sum(axis=(1, 2))
    by_chance = (given[:, :, None] * given[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(by_chance > 0, 1 - (total - 1) * observed / by_chance, np.nan)


def _distance(given: np.ndarray, level: Level) -> np.ndarray:
    """How far scores are apart, given how often each was given; one matrix for each row."""
    scores = np.arange(given.shape[1])
    if level == "nominal":
        return np.broadcast_to(scores[:, None] != scores, (1, len(scores), len(scores))).astype(float)
    # The ratings from c to k, those of c and k by half, are the difference of two such places.
    places = np.cumsum(given, axis=1) - given / 2 if level == "ordinal" else scores[None, :].astype(float)
    return (places[:, :, None] - places[:, None, :]) ** 2


def _without_one(patterns: Patterns, level: Level) -> np.ndarray:
    """Alpha without one prompt of each pattern."""
    each = _each(patterns)
    return _alphas(np.tensordot(patterns.prompts, each, axes=1) - each, level)


def _corrected(value: float, values: np.ndarray, without_one: np.ndarray, patterns: Patterns) -> list[float]:
    """Which quantiles of the samples are the ends of the interval."""
    # As many samples as lie below, and half of those that are equal; never none or all of them.
    below = ((values < value).sum() + (values == value).sum() / 2 + 0.5) / (len(values) + 1)
    normal = NormalDist()
    bias = normal.inv_cdf(below)
    told = ~np.isnan(without_one)
    weights = patterns.prompts[told]
    pulls = np.average(without_one[told], weights=weights) - without_one[told]
    squares = (weights * pulls**2).sum()
    skew = (weights * pulls**3).sum() / (6 * squares**1.5) if squares > 0 else 0.0
    ends = map(normal.inv_cdf, (0.025, 0.975))
    return [normal.cdf(bias + (bias + end) / (1 - skew * (bias + end))) for end in ends]
