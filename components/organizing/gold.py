"""Marking gold prompts by a file: CSV or JSON lines, a prompt and the score it should be given in each row."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.errors import BadSetting, UnknownPrompt
from components.records import SCORES
from components.store import gold
from components.store.store import Store
from components.store.writer import Transaction

NONE = "none"
ID = re.compile(r"[0-9a-f]{32}")
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """What a prompt should be given.

    Attributes:
        prompt: Its id, or its text.
        score: None to have it gold no longer.
    """

    prompt: str
    score: int | None


@dataclass(slots=True)
class Marked:
    """What came of a file: prompts that were marked, that stood so already, and that nobody knows."""

    new: int = 0
    same: int = 0
    unknown: int = 0

    def __str__(self) -> str:
        told = f"Gold prompts marked: {self.new:,}; marked so already: {self.same:,}."
        return told + (f" Of no prompt here: {self.unknown:,}." if self.unknown else "")


def read_score(words: object) -> int | None:
    """Read a score as organizers write it: 1 to 5, or `none`.

    Raises:
        BadSetting: It is written in another way.
    """
    told = "" if words is None else str(words).strip().lower()
    if told in (NONE, ""):
        return None
    if told not in map(str, SCORES):
        raise BadSetting(f"{words!r} is no score; write {', '.join(map(str, SCORES))}, or `{NONE}`.")
    return int(told)


def read_marks(path: Path) -> list[Mark]:
    """Read a file of marks.

    Raises:
        BadSetting: It cannot be read, or a row lacks what is needed; the message names it.
    """
    try:
        rows = list(_rows(path))
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise BadSetting(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    marks = []
    for number, row in enumerate(rows, 1):
        prompt = row.get("prompt_id") or row.get("prompt") if isinstance(row, Mapping) else None
        if not isinstance(prompt, str) or "score" not in row:
            raise BadSetting(
                f"Row {number} of {path} needs `score` and `prompt_id`, or the text of a prompt as `prompt`."
            )
        marks.append(Mark(prompt, read_score(row["score"])))
    return marks


def mark_all(
    store: Store, organizer: str, marks: Sequence[Mark], on_progress: Callable[[int, int], None]
) -> Marked:
    """Mark prompts, some at a time beside those who rate; a text marks every prompt that says it."""
    told = Marked()
    for first in range(0, len(marks), AT_ONCE):
        some = marks[first : first + AT_ONCE]

        def work(transaction: Transaction, some: Sequence[Mark] = some) -> Marked:
            return _mark(transaction, organizer, some)

        part = store.write(work)
        told = Marked(told.new + part.new, told.same + part.same, told.unknown + part.unknown)
        on_progress(min(first + AT_ONCE, len(marks)), len(marks))
    return told


def _mark(transaction: Transaction, organizer: str, marks: Sequence[Mark]) -> Marked:
    told = Marked()
    texts = [one.prompt for one in marks if not ID.fullmatch(one.prompt)]
    saying = gold.saying(transaction.connection, texts)
    for one in marks:
        for prompt_id in saying.get(one.prompt, [one.prompt]) or [""]:
            try:
                new = gold.mark(transaction, organizer, prompt_id, one.score)
            except UnknownPrompt:
                told.unknown += 1
            else:
                told.new, told.same = told.new + new, told.same + (not new)
    return told


def _rows(path: Path) -> Iterator[object]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            yield from (json.loads(line) for line in lines if line.strip())
        else:
            yield from csv.DictReader(lines)
