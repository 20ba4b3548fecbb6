"""Scores that come with prompts: who gave them, and which of 1 to 5 they are."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from components.prompt_sources.rows import Rating, Unusable
from components.records import SCORES

LEADING_NUMBER = re.compile(r"\s*(\d+)")
NO_SCORE = f"A score is none of {SCORES[0]} to {SCORES[-1]}."


def responses(value: object) -> Iterator[Mapping[str, object]]:
    """The responses in a column: a list of records, or, as older files of Parquet have it, a record of lists."""
    if isinstance(value, Mapping):
        names = list(value)
        yield from (dict(zip(names, one, strict=True)) for one in zip(*value.values(), strict=False))
    elif isinstance(value, list | tuple):
        yield from (one for one in value if isinstance(one, Mapping))


def rating(user: object, value: object, lowest: int, at: object = None) -> Rating | None:
    """One rating; None if nobody is named, or nothing was said.

    Args:
        lowest: What the lowest score is called there.

    Raises:
        Unusable: It is none of ours.
    """
    if user is None or value is None or user == "":
        return None
    if isinstance(value, str):
        match = LEADING_NUMBER.match(value)
        value = int(match[1]) if match else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value - lowest + 1 not in SCORES:
        raise Unusable(NO_SCORE)
    return Rating(str(user), value - lowest + 1, _moment(at))


def _moment(value: object) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return round((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000)
