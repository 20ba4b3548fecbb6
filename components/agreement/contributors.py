"""The numbers of each contributor as JSON: for organizers, and for each about themselves; never for anybody else."""

import numpy as np

from components.agreement.checks import Checks, Z, compared, interval, speed
from components.agreement.effects import NOTHING_SHARED, effects
from components.agreement.matrix import FEWEST_SHARED, Matrix
from components.agreement.reading import Reading, kinds_and_sources
from components.agreement.reliability import consistency, longest_runs, most_common

TOO_FEW = f"With fewer than {FEWEST_SHARED} ratings of prompts that others rated, too, nothing is said."


def contributors(reading: Reading, checks: Checks) -> dict[str, dict]:
    """Compute what is known of how everybody rates.

    Returns:
        By contributor_id: ratings (of all), shared (those compared); severity and consistency, each with value, low
        and high, all None with fewer than 30 shared; score and share (the most common score), run (the longest
        of one score); scores (how many of each, 1 to 5) and others (what share of each others gave the same prompts, None
        with fewer than 30 shared); gold and repeats, as `compared` tells; seconds, as `speed` does; why something is
        missing, or None.
    """
    matrix = reading.matrix
    _, sources = kinds_and_sources(reading)
    found, agreeing = effects(matrix, sources), consistency(matrix)
    score, share = most_common(matrix)
    runs = longest_runs(matrix, reading.times)
    by_score, by_others = _scores(matrix)
    ids = list(reading.given)
    gold, repeats = compared(checks.gold, ids), compared(checks.repeats, ids)
    told = {}
    for place, (contributor, ratings) in enumerate(reading.given.items()):
        enough = bool(agreeing.shared[place] >= FEWEST_SHARED)
        severity = None
        if enough and found is not None:
            half = Z * found.severity_error[place]
            severity = interval(
                found.severity[place], found.severity[place] - half, found.severity[place] + half
            )
        told[contributor] = {
            "ratings": ratings,
            "shared": int(agreeing.shared[place]),
            "severity": severity or interval(),
            "consistency": interval(
                *(float(column[place]) for column in (agreeing.value, agreeing.low, agreeing.high))
            ),
            "score": int(score[place]),
            "share": float(share[place]),
            "run": int(runs[place]),
            "scores": by_score[place].tolist(),
            "others": by_others[place].tolist() if enough else None,
            "gold": gold[place],
            "repeats": repeats[place],
            "seconds": speed(checks.spent_ms.get(contributor, ())),
            "why": TOO_FEW if not enough else NOTHING_SHARED if found is None else None,
        }
    return told


def _scores(matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Of each contributor, how often they gave each score, and what share of each others gave the same prompts."""
    own = np.zeros((matrix.number_of_contributors, matrix.values), np.int64)
    np.add.at(own, (matrix.contributors, matrix.scores.astype(np.int64) - 1), 1)
    others = matrix.counts()[matrix.prompts].astype(float)
    others[np.arange(len(matrix)), matrix.scores.astype(np.int64) - 1] -= 1
    number = others.sum(axis=1, keepdims=True)
    others = np.divide(others, number, out=others, where=number > 0)
    shares = np.array([matrix.of_contributors(column) for column in others.T], float).T
    total = shares.sum(axis=1, keepdims=True)
    return own, np.divide(shares, total, out=shares, where=total > 0)
