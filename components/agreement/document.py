"""The numbers of the whole sprint as JSON: what everybody sees, each with what it rests on and why it is missing."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import numpy as np

from components.agreement import words
from components.agreement.alpha import Alpha, Level, alpha, alpha_interval
from components.agreement.claim import Difference, differences
from components.agreement.concentration import concentration
from components.agreement.effects import NOTHING_SHARED, Variances, variances
from components.agreement.factors import due_to_severity, explained
from components.agreement.kappa import fleiss_kappa
from components.agreement.matrix import Matrix
from components.agreement.patterns import Patterns, together
from components.agreement.process import OnProgress
from components.agreement.ratio import stretched
from components.agreement.reading import Reading, kinds_and_sources
from components.agreement.rest import without_busiest
from components.records import DAY_MS, KINDS, LENGTH_CLASSES

LENGTHS = tuple(name for name, _ in LENGTH_CLASSES)
# The rest is one group together.
MOST_SOURCES = 12
MOST_WEEKS = 12
LEVELS: tuple[Level, ...] = ("nominal", "interval")
# The first of January 1970 was a Thursday.
THURSDAY = 3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_FACTOR = "It takes two groups of prompts with two ratings or more that disagree to different degrees."

Groups = list[tuple[str, Patterns]]


def document(reading: Reading, seed: int, on_progress: OnProgress) -> dict:
    """Compute everything that is about the sprint as a whole.

    Args:
        seed: Where chance begins, for each interval anew: equal ratings have equal intervals.

    Returns:
        ratings, prompts, contributors, share (of the prompts that what needs to know who rated rests on);
        notes (what was left out); alpha, levels (with other distances), fleiss, by (alpha of groups); ratio; factors;
        concentration; claims; without_busiest, which organizers only may see (`rest`).
    """
    groups = _groups(reading)
    total = 1 + sum(len(some) for some in groups.values())
    done = 0

    def one(patterns: Patterns) -> Alpha:
        nonlocal done
        found = alpha_interval(patterns, np.random.default_rng(seed))
        done += 1
        on_progress("drawing samples", done, total)
        return found

    everything = together(reading.patterns)
    kinds, sources = kinds_and_sources(reading)
    on_progress("comparing kinds", 0, 1)
    differ = len(np.unique(reading.matrix.scores)) > 1
    parts = variances(reading.matrix, sources) if differ else None
    claims = differences(reading.matrix, kinds, sources, KINDS)
    spread = concentration(np.array(list(reading.given.values()), np.int64))
    whole = one(everything)
    rest = without_busiest(reading, whole, claims, np.random.default_rng(seed))
    return {
        "ratings": sum(reading.given.values()),
        "prompts": int(reading.patterns.prompts.sum()),
        "contributors": len(reading.given),
        "share": reading.share,
        "notes": words.notes(reading),
        "alpha": _told(whole),
        "levels": {level: asdict(alpha(everything, level)) for level in LEVELS},
        "fleiss": fleiss_kappa(everything),
        "by": {
            name: [{"name": group, **_told(one(patterns))} for group, patterns in some]
            for name, some in groups.items()
        },
        "ratio": _ratio(everything),
        "factors": _factors(reading, parts),
        "concentration": {
            "contributors": spread.contributors,
            "effective": spread.effective,
            "share": spread.share,
            "sentence": words.of_concentration(spread),
            "conclusions": rest["conclusions"] if rest else "",
        },
        "claims": [_told(one) for one in claims],
        "without_busiest": rest,
    }


def _groups(reading: Reading) -> dict[str, Groups]:
    return {
        "source": _of_sources(reading),
        "kind": _named(reading, lambda cell: cell.kind, KINDS),
        "length": _named(reading, lambda cell: cell.length_class, LENGTHS),
        "week": _of_weeks(reading),
    }


def _named(reading: Reading, name_of: Callable, names: Iterable[str]) -> Groups:
    of = np.array([name_of(cell) for cell in reading.cells_known], object)[reading.cells]
    return [(name, _only(reading, of == name)) for name in names if (of == name).any()]


def _of_sources(reading: Reading) -> Groups:
    of = np.array([cell.source for cell in reading.cells_known], object)[reading.cells]
    names, places = np.unique(of.astype(str), return_inverse=True)
    ratings = np.bincount(places, reading.patterns.prompts * reading.patterns.counts.sum(axis=1), len(names))
    order = np.argsort(-ratings, kind="stable")
    most = MOST_SOURCES if len(names) <= MOST_SOURCES else MOST_SOURCES - 1
    found = [(str(names[place]), _only(reading, places == place)) for place in order[:most]]
    others = order[most:]
    if len(others):
        found.append((f"other ({len(others)})", _only(reading, np.isin(places, others))))
    return found


def _only(reading: Reading, chosen: np.ndarray) -> Patterns:
    patterns = reading.patterns
    return together(Patterns(patterns.counts[chosen], patterns.prompts[chosen]))


def _of_weeks(reading: Reading) -> Groups:
    """Ratings of one week among themselves: two of a prompt that were given in different weeks are no pair here."""
    weeks = (reading.times // DAY_MS + THURSDAY) // 7
    found = []
    for week in np.unique(weeks)[-MOST_WEEKS:].tolist():
        monday = EPOCH + timedelta(days=week * 7 - THURSDAY)
        found.append((f"{monday:%Y-%m-%d}", _patterns_of(reading.matrix.only(weeks == week))))
    return found


def _patterns_of(matrix: Matrix) -> Patterns:
    rated, prompts = np.unique(matrix.prompts, return_inverse=True)
    few = Matrix(prompts, matrix.contributors, matrix.scores, len(rated), matrix.number_of_contributors)
    return together(Patterns(few.counts(), np.ones(len(rated), np.int64)))


def _ratio(patterns: Patterns) -> dict:
    """The mean agreement ratio of prompts with two ratings or more; of one rating it is not applicable."""
    single = patterns.prompts[patterns.counts.sum(axis=1) == 1].sum()
    several = patterns.comparable()
    ratios = stretched(several.counts.max(axis=1, initial=0), np.maximum(several.counts.sum(axis=1), 1))
    prompts = int(several.prompts.sum())
    value = float(several.prompts @ ratios / prompts) if prompts else None
    return {"value": value, "prompts": prompts, "single": int(single)}


def _factors(reading: Reading, parts: Variances | None) -> list[dict]:
    factors = []
    for name, of in (("source", "source"), ("kind", "kind"), ("length", "length_class")):
        names = np.array([getattr(cell, of) for cell in reading.cells_known], str)
        factor = explained(reading.patterns, np.unique(names, return_inverse=True)[1][reading.cells])
        factors.append(
            {"name": name, **asdict(factor), "why": None if factor.share is not None else NO_FACTOR}
        )
    factors.append(
        {
            "name": "contributor",
            "share": due_to_severity(parts) if parts else None,
            "prompts": int((reading.matrix.of_prompts() > 1).sum()),
            "groups": len(reading.given),
            "why": None if parts else NOTHING_SHARED,
        }
    )
    return factors


def _told(found: Alpha | Difference) -> dict:
    return {**asdict(found), "sentence": found.sentence}
