"""Every headline without the ratings of the busiest contributor, exactly: for organizers only."""

import numpy as np

from components.agreement import words
from components.agreement.alpha import Alpha, alpha_interval
from components.agreement.claim import Difference, differences
from components.agreement.patterns import Patterns, together
from components.agreement.reading import Reading, kinds_and_sources
from components.records import KINDS, SCORES


def without_busiest(
    reading: Reading, before: Alpha, claims: list[Difference], rng: np.random.Generator
) -> dict | None:
    """Compute the headlines again without the one who gave most.

    Whoever subtracts these from what everybody sees knows what that one person gave; who it is, the leaderboard tells.

    Args:
        before, claims: The headlines with them.

    Returns:
        who (contributor_id), ratings (that are left), headlines (name, value and without: None where undefined), means (of
        each kind, with value and without), sentence (for organizers) and conclusions (for everybody: whether they
        stay, without a number). None with fewer than two contributors.
    """
    if len(reading.given) < 2:
        return None
    after = alpha_interval(_less(reading), rng)
    place = reading.contributors.index(reading.busiest)
    matrix = reading.matrix.only(reading.matrix.contributors != place)
    kinds, sources = kinds_and_sources(reading)
    left = differences(matrix, kinds, sources, KINDS)
    foremost = words.foremost(claims, left)
    headlines = [{"name": "Agreement (α)", "value": before.value, "without": after.value}]
    if foremost and foremost[0].value is not None:
        first, second = foremost[0].first.kind, foremost[0].second.kind
        name = f"{first.capitalize()} over {second}"
        headlines.append({"name": name, "value": foremost[0].value, "without": foremost[1].value})
    return {
        "who": reading.busiest,
        "ratings": sum(reading.given.values()) - reading.given[reading.busiest],
        "headlines": headlines,
        "means": _means(reading),
        "sentence": words.of_the_rest(before, after, foremost),
        "conclusions": words.of_conclusions(before, after, foremost),
    }


def _less(reading: Reading) -> Patterns:
    """All patterns without the ratings of the busiest: exactly, however many prompts there are."""
    counts, prompts = reading.patterns.counts, reading.patterns.prompts
    parts = [(counts, prompts - reading.by_busiest.sum(axis=1))]
    for place in range(len(SCORES)):
        fewer = counts.copy()
        fewer[:, place] -= 1
        some = reading.by_busiest[:, place] > 0
        parts.append((fewer[some], reading.by_busiest[some, place]))
    return together(Patterns(*(np.concatenate(column) for column in zip(*parts, strict=True))))


def _means(reading: Reading) -> list[dict]:
    """The mean score of each kind, with and without the busiest."""
    of = np.array([cell.kind for cell in reading.cells_known], object)[reading.cells]
    told = []
    for kind in KINDS:
        some = of == kind
        given = reading.patterns.prompts[some] @ reading.patterns.counts[some]
        if given.sum():
            left = given - reading.by_busiest[some].sum(axis=0)
            told.append({"kind": kind, "value": _mean(given), "without": _mean(left)})
    return told


def _mean(given: np.ndarray) -> float | None:
    number = given.sum()
    return float(given @ np.array(SCORES) / number) if number else None
