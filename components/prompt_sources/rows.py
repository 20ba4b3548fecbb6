"""From a row of a file to a prompt, or to the reason why it cannot be one."""

import base64
import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from components.records import KINDS, Prompt

NEEDED = ("prompt", "source", "kind")
OWN_IDS = ("id", "prompt_id")

LONGEST_TEXT = 100_000
# Sources are keys of tallies, and an index entry has to fit into a page of any engine.
LONGEST_NAME = 500
LONGEST_METADATA = 1_000_000

# Categories of characters that leave nothing to see: white space, controls, zero-width characters.
INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}

NOT_UTF8 = "The row is not UTF-8."
TOO_DEEP = "The row is nested too deeply."


@dataclass(frozen=True, slots=True)
class Row:
    """One row as its file holds it: where it stands, and its values by column."""

    place: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that cannot come in. Reasons are few, so that a million rejections can be counted."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A score that came with a prompt.

    Attributes:
        user_id: Who gave it, to the place it comes from.
        at: When, in epoch milliseconds, if that is known.
    """

    user_id: str
    score: int
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a row says, its values in our columns.

    Attributes:
        rated: Whether it is of a dataset of ratings, where each row was rated by itself.
    """

    values: Mapping[str, object]
    ratings: tuple[Rating, ...] = ()
    rated: bool = False


class Damaged(Exception):
    """A file that cannot be read any further; the message says what is wrong with it."""


class Unusable(Exception):
    """What is wrong with a row, as a sentence."""


def prompt_of(row: Row) -> Prompt | Rejection:
    """Make a prompt of a row: text and context exactly as they stand, all other columns as metadata."""
    try:
        return _prompt(row.values)
    except Unusable as unusable:
        return Rejection(row.place, str(unusable))
    except RecursionError:
        return Rejection(row.place, TOO_DEEP)


def _prompt(values: Mapping[str, object]) -> Prompt:
    for column in NEEDED:
        if column not in values:
            raise Unusable(f"The column `{column}` is missing.")
    text = _text(values, "prompt", LONGEST_TEXT)
    if text is None:
        raise Unusable("The prompt is empty.")
    source = _text(values, "source", LONGEST_NAME)
    if source is None:
        raise Unusable("The source is empty.")
    own_column = next((column for column in OWN_IDS if not _is_missing(values.get(column))), None)
    used = {*NEEDED, "context", own_column}
    return Prompt(
        text=text,
        source=source.strip(),
        kind=_kind(values["kind"]),
        context=_text(values, "context", LONGEST_TEXT),
        own_id=None if own_column is None else _own_id(values, own_column),
        metadata=_metadata({column: value for column, value in values.items() if column not in used}),
    )


def _text(values: Mapping[str, object], column: str, longest: int) -> str | None:
    """The text in a column exactly as it stands, or None if there is nothing to see in it."""
    value = values.get(column)
    if _is_missing(value):
        return None
    if not isinstance(value, str):
        raise Unusable(f"The {column} is not text.")
    if len(value) > longest:
        raise Unusable(f"The {column} is longer than {longest:,} characters.")
    if not _can_be_kept(value):
        raise Unusable(f"The {column} holds NUL characters or halves of characters.")
    if all(character.isspace() or unicodedata.category(character) in INVISIBLE for character in value):
        return None
    return value


def _can_be_kept(text: str) -> bool:
    """Whether every engine can keep the text: PostgreSQL takes no NUL, nothing takes a lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _kind(value: object) -> str:
    kind = value.strip().casefold() if isinstance(value, str) else None
    if kind not in KINDS:
        raise Unusable(f"The kind is none of {', '.join(KINDS)}.")
    return kind


def _own_id(values: Mapping[str, object], column: str) -> str | None:
    value = values[column]
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a column of numbers with gaps becomes floats on its way through pandas
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return _text({column: value}, column, LONGEST_NAME)


def _metadata(values: Mapping[str, object]) -> dict[str, object]:
    metadata = {column: _plain(value) for column, value in values.items()}
    metadata = {column: value for column, value in metadata.items() if value is not None}
    if not metadata:
        return metadata
    kept = json.dumps(metadata, ensure_ascii=False)
    if len(kept) > LONGEST_METADATA:
        raise Unusable(f"The other columns are longer than {LONGEST_METADATA:,} characters together.")
    # json.dumps escapes NUL, so only lone surrogates are left to find.
    if not _can_be_kept(kept):
        raise Unusable("The other columns hold halves of characters.")
    return metadata


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _plain(value: object) -> object:
    """The JSON value nearest to a value of any library's type; None for what stands for nothing."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat() if value == value else None  # NaT is not equal to itself
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode()
    for conversion in ("as_py", "tolist"):  # of pyarrow and of numpy
        if hasattr(value, conversion):
            return _plain(getattr(value, conversion)())
    return str(value)
