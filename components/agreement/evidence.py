"""What the review lists: each finding as JSON, with the accounts it is about and a sentence on what it rests on."""

from collections.abc import Collection
from datetime import UTC, datetime

import numpy as np

from components.agreement.known import SORTS
from components.agreement.numerals import counted
from components.agreement.reading import Reading
from components.agreement.review import alike, bursts, nearly_constant
from components.agreement.sequences import same_moments, same_sequences

MOST_OF_A_SORT = 200
THE_OTHERS = "the other's"


def evidence(reading: Reading, imported: Collection[str]) -> list[dict]:
    """Compute what organizers may want to look at; nothing follows from it by itself.

    Args:
        imported: Contributors whose ratings came with an import: nobody knows when they gave them.

    Returns:
        sort (one of `SORTS`), contributors (one or two ids), told (a sentence without names); at most 200 of a sort.
    """
    ids, matrix, times = reading.contributors, reading.matrix, reading.times
    live = np.array([one not in imported for one in ids], bool)
    timed = live[matrix.contributors]
    at, when = matrix.only(timed), times[timed]
    found: list[list[tuple[tuple[int, ...], str]]] = [
        [
            (
                (one.first, one.second),
                f"Gave the same score to {one.same:,} of {one.shared:,} prompts both rated; any two do to "
                f"{_share(one.usual)} of them."
                + (
                    f" Typically {_duration(one.apart_ms)} apart."
                    if live[[one.first, one.second]].all()
                    else ""
                ),
            )
            for one in alike(matrix, times)
        ],
        [
            (
                (one.first, one.second),
                f"{one.length:,} scores in a row are the same as "
                f"{'some before' if one.first == one.second else THE_OTHERS}, whatever the prompts: from "
                f"{_moment(one.began_at)} and from {_moment(one.again_at)} on.",
            )
            for one in same_sequences(at, when)
        ],
        [
            (
                (one.first, one.second),
                f"Both rated at {one.same:,} of {one.moments:,} moments of two seconds; of two who rate during the "
                f"same minutes {_share(one.usual)} would be expected.",
            )
            for one in same_moments(at, when)
        ],
        [
            (
                (one.contributor,),
                f"Gave {one.score} to {one.times:,} of {one.ratings:,} prompts that others rated, too; others gave "
                f"it to {_share(one.usual)} of them.",
            )
            for one in nearly_constant(matrix)
        ],
        [
            ((one.contributor,), f"{one.ratings:,} ratings within a minute from {_moment(one.began_at)} on.")
            for one in bursts(at, when)
        ],
    ]
    return [
        {"sort": sort, "contributors": [ids[place] for place in dict.fromkeys(places)], "told": told}
        for sort, listed in zip(SORTS, found, strict=True)
        for places, told in listed[:MOST_OF_A_SORT]
    ]


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"


def _duration(ms: float) -> str:
    seconds = ms / 1000
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return counted(round(seconds), "second")


def _moment(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
