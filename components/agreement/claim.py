"""Is one kind of prompt rated higher than another? A difference with its interval, or that these data cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtrit

from components.agreement.alpha import FEWEST_PROMPTS
from components.agreement.effects import NOTHING_SHARED, Effects, effects
from components.agreement.matrix import Matrix
from components.agreement.numerals import points

# What the difference rests on, from the plainest to the one to be believed.
AS_RATED, SEVERITY, SOURCE = "as rated", "severity taken out", "severity and source taken out"
Z = 1.959964
NO_SPREAD = (
    "The rated prompts of each kind all have the same score, so nothing tells how sure the difference is."
)
NOBODY_RATED_BOTH = (
    "Nobody rated prompts of both kinds, so what is due to the kind cannot be told from who rated it."
)
ALL_EQUAL = "All ratings are the same score, so nothing tells how sure a difference would be."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two kinds, and what there is of it: prompts with ratings, their ratings, their sources."""

    kind: str
    prompts: int
    ratings: int
    sources: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher the first kind is rated than the second.

    Attributes:
        basis: `AS_RATED`, `SEVERITY` or `SOURCE`.
        value, low, high: In points, with the 95 % interval; None where they are undefined.
        why: Why it is undefined, as a sentence.
    """

    basis: str
    first: Side
    second: Side
    value: float | None = None
    low: float | None = None
    high: float | None = None
    why: str | None = None

    @property
    def sentence(self) -> str:
        """What follows from the numbers, and nothing more."""
        if self.value is None or self.low is None or self.high is None:
            return self.why or ""
        if self.low <= 0 <= self.high:
            return (
                f"These data cannot tell whether {_prompts(self.first.kind)} or {_prompts(self.second.kind)} are rated "
                f"higher: "
                f"the difference is {points(self.value)} ({points(self.low)} to {points(self.high)})."
            )
        if self.value > 0:
            higher, lower, ends = self.first, self.second, (self.value, self.low, self.high)
        else:
            higher, lower, ends = self.second, self.first, (-self.value, -self.high, -self.low)
        value, low, high = map(points, ends)
        told = _prompts(higher.kind)
        return (
            f"{told[:1].upper()}{told[1:]} are rated higher than {_prompts(lower.kind)}: "
            f"the difference is {value} ({low} to {high})."
        )


def differences(
    matrix: Matrix, kinds: np.ndarray, sources: np.ndarray, names: Sequence[str]
) -> list[Difference]:
    """Compare every two kinds that have ratings, on each basis.

    As rated: the means of the prompts' mean scores, with Welch's interval; it takes prompts for independent, which those
    of the same contributors are not. Severity taken out: contributors have their own severity, prompts their own worth
    (`effects`), and each source counts as its prompts do; it holds for just these sources. Severity and source taken
    out: sources differ among themselves, too, and others of the same kind would have been possible. The sources' means
    are compared as studies are in a random-effects meta-analysis, with the variance between sources by Paule and
    Mandel, Consensus Values and Weighting Factors, 1982, and Student's t with as many degrees of freedom as there are
    sources beyond the kinds: Guido Knapp and Joachim Hartung, Improved Tests for a Random Effects Meta-Regression, 2003.

    Args:
        kinds, sources: Of each prompt, which kind and source, as numbers from 0.
        names: Of the kinds.
    """
    number = matrix.of_prompts()
    rated = number > 0
    # A source may have prompts of several kinds: each such part is a group.
    width = int(sources.max(initial=0)) + 1
    keys, groups = np.unique(kinds * width + sources, return_inverse=True)
    kind_of = keys // width
    prompts = np.bincount(groups[rated], minlength=len(keys))
    ratings = np.bincount(groups, number, minlength=len(keys))
    sides = [
        Side(name, *(int(part[of].sum()) for part in (prompts, ratings, prompts > 0)))
        for name, of in ((name, kind_of == place) for place, name in enumerate(names))
    ]
    # Severity comes from prompts that several rated.
    found = effects(matrix, groups) if (number > 1).sum() >= FEWEST_PROMPTS else None
    all_equal = len(matrix) > 0 and np.ptp(matrix.scores) == 0
    told = []
    for first, second in combinations([place for place, side in enumerate(sides) if side.ratings], 2):
        pair = sides[first], sides[second]
        why = ALL_EQUAL if all_equal else _few_prompts(pair)
        if why:
            told += [Difference(basis, *pair, why=why) for basis in (AS_RATED, SEVERITY, SOURCE)]
            continue
        told.append(_as_rated(matrix, number, kinds, first, second, pair))
        shared = _have_one_in_common(matrix, kinds, first, second)
        if found is None or not shared:
            why = NOTHING_SHARED if shared else NOBODY_RATED_BOTH
            told += [Difference(basis, *pair, why=why) for basis in (SEVERITY, SOURCE)]
            continue
        told += [
            _in_these_sources(found, prompts, kind_of, first, second, pair),
            _beyond_these_sources(found, prompts, kind_of, first, second, pair),
        ]
    return told


def _few_prompts(pair: tuple[Side, Side]) -> str | None:
    side = min(pair, key=lambda one: one.prompts)
    if side.prompts >= FEWEST_PROMPTS:
        return None
    number = f"{'is' if side.prompts == 1 else 'are'} only {side.prompts}"
    told = _prompts(side.kind) if side.prompts != 1 else _prompts(side.kind).replace("prompts", "prompt")
    return f"There {number} rated {told}; it takes {FEWEST_PROMPTS} of each kind to tell a difference."


def _have_one_in_common(matrix: Matrix, kinds: np.ndarray, first: int, second: int) -> bool:
    of = kinds[matrix.prompts]
    people = (np.unique(matrix.contributors[of == kind]) for kind in (first, second))
    return len(np.intersect1d(*people)) > 0


def _as_rated(
    matrix: Matrix, number: np.ndarray, kinds: np.ndarray, first: int, second: int, pair: tuple[Side, Side]
) -> Difference:
    means = matrix.of_prompts(matrix.scores) / np.maximum(number, 1)
    one, other = (means[(kinds == kind) & (number > 0)] for kind in (first, second))
    unsure = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    if not unsure.sum():
        return Difference(AS_RATED, *pair, why=NO_SPREAD)
    value = float(one.mean() - other.mean())
    free = unsure.sum() ** 2 / (unsure**2 / (np.array([len(one), len(other)]) - 1)).sum()
    half = float(stdtrit(free, 0.975) * np.sqrt(unsure.sum()))
    return Difference(AS_RATED, *pair, value, value - half, value + half)


def _in_these_sources(
    found: Effects,
    prompts: np.ndarray,
    kind_of: np.ndarray,
    first: int,
    second: int,
    pair: tuple[Side, Side],
) -> Difference:
    weights = np.zeros(len(prompts))
    for kind, sign in ((first, 1), (second, -1)):
        of = kind_of == kind
        weights[of] = sign * prompts[of] / prompts[of].sum()
    value, error = float(weights @ found.means), float(np.sqrt(weights @ found.covariance @ weights))
    return Difference(SEVERITY, *pair, value, value - Z * error, value + Z * error)


def _beyond_these_sources(
    found: Effects,
    prompts: np.ndarray,
    kind_of: np.ndarray,
    first: int,
    second: int,
    pair: tuple[Side, Side],
) -> Difference:
    sources = pair[0].sources, pair[1].sources
    if min(sources) < 2:
        return Difference(SOURCE, *pair, why=_too_few_sources(pair))
    rated = np.flatnonzero(prompts > 0)
    kinds, of_kind = np.unique(kind_of[rated], return_inverse=True)
    design = np.eye(len(kinds))[of_kind]
    means, covariance = found.means[rated], found.covariance[np.ix_(rated, rated)]
    free = len(rated) - len(kinds)
    between = _between(means, covariance, design, free)
    values, spread, _ = _weighed(means, covariance, design, between)
    contrast = (kinds == first).astype(float) - (kinds == second)
    value = float(contrast @ values)
    half = float(stdtrit(free, 0.975) * np.sqrt(contrast @ spread @ contrast))
    return Difference(SOURCE, *pair, value, value - half, value + half)


def _between(means: np.ndarray, covariance: np.ndarray, design: np.ndarray, free: int) -> float:
    """The variance between sources that makes the squares left over as many as are free to vary."""

    def left_over(between: float) -> float:
        return _weighed(means, covariance, design, between)[2] - free

    most = 25.0
    if left_over(0) <= 0 or left_over(most) >= 0:
        return 0.0 if left_over(0) <= 0 else most
    return float(brentq(left_over, 0, most, xtol=1e-9))


def _weighed(
    means: np.ndarray, covariance: np.ndarray, design: np.ndarray, between: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """The kinds' means by generalised least squares, their covariance, and the weighed squares left over."""
    # A hair more than nothing, for sources whose means are known exactly.
    weights = np.linalg.inv(covariance + (between + 1e-12) * np.eye(len(means)))
    spread = np.linalg.inv(design.T @ weights @ design)
    values = spread @ design.T @ weights @ means
    rest = means - design @ values
    return values, spread, float(rest @ weights @ rest)


def _too_few_sources(pair: tuple[Side, Side]) -> str:
    side = min(pair, key=lambda one: one.sources)
    return (
        f"There is {'only one' if side.sources == 1 else 'no'} source of {_prompts(side.kind)}, "
        "so what is due to the kind cannot be told from what is due to the source."
    )


def _prompts(kind: str) -> str:
    return "prompts of unknown kind" if kind == "unknown" else f"{kind} prompts"
