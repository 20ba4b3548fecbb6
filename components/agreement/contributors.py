"""The numbers of each contributor as JSON: for organizers, and for each about themselves; never for anybody else."""

import numpy as np

from components.agreement.document import kinds_and_sources
from components.agreement.effects import effects
from components.agreement.reading import Reading
from components.agreement.reliability import FEWEST_SHARED, consistency, longest_runs, most_common

Z = 1.959964
TOO_FEW = f"With fewer than {FEWEST_SHARED} ratings of prompts that others rated, too, nothing is said."
NOTHING_SHARED = "Too few prompts have several ratings to tell how severe contributors are."


def contributors(reading: Reading) -> dict[str, dict]:
    """Compute what is known of how everybody rates.

    Returns:
        By contributor_id: ratings (of all), shared (those compared); severity and consistency, each with value, low
        and high, all None with fewer than 30 shared; score and share (the most common score), run (the longest
        of one score); why something is missing, or None.
    """
    matrix = reading.matrix
    _, sources = kinds_and_sources(reading)
    found, agreeing = effects(matrix, sources), consistency(matrix)
    score, share = most_common(matrix)
    runs = longest_runs(matrix, reading.times)
    told = {}
    for place, (contributor, ratings) in enumerate(reading.given.items()):
        enough = bool(agreeing.shared[place] >= FEWEST_SHARED)
        severity = None
        if enough and found is not None:
            half = Z * found.severity_error[place]
            severity = _interval(
                found.severity[place], found.severity[place] - half, found.severity[place] + half
            )
        told[contributor] = {
            "ratings": ratings,
            "shared": int(agreeing.shared[place]),
            "severity": severity or _interval(),
            "consistency": _interval(
                *(float(column[place]) for column in (agreeing.value, agreeing.low, agreeing.high))
            ),
            "score": int(score[place]),
            "share": float(share[place]),
            "run": int(runs[place]),
            "why": TOO_FEW if not enough else NOTHING_SHARED if found is None else None,
        }
    return told


def _interval(*numbers: float) -> dict[str, float | None]:
    given = [None if np.isnan(one) else float(one) for one in numbers] or [None] * 3
    return dict(zip(("value", "low", "high"), given, strict=True))
