"""Who stands where: contributors by the number of their ratings."""

from collections.abc import Iterable, Mapping


def ranked(contributors: Iterable[Mapping]) -> list[dict]:
    """Give contributors their ranks; equal numbers of ratings share one, and the next is left free.

    Args:
        contributors: Each with `ratings`, the most first.

    Returns:
        The same, in the same order, with `rank` (from 1) in front.
    """
    rows: list[dict] = []
    for place, contributor in enumerate(contributors, start=1):
        tied = rows and rows[-1]["ratings"] == contributor["ratings"]
        rows.append({"rank": rows[-1]["rank"] if tied else place, **contributor})
    return rows
