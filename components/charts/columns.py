"""Scores by columns of the prompts' metadata, kept from refresh to refresh: only prompts something happened to are read again.

No tally knows these columns, since which of them have few values is known only when all prompts are in.
Prompts are kept in blocks by the beginning of their ids, each with its own sums. What happens to a prompt
has its block read again; that takes at most a few milliseconds of a refresh, the rest waits for the next one.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import add, sub

import orjson
from sqlalchemy import Connection

from components.records import ABOUT_PROMPTS, SCORES, Action
from components.store import cube, erasures, exclusions, tallies

# More values than this are no groups to compare.
MOST_VALUES = 20
LONGEST_VALUE = 60
# Beyond this many a file has no columns that mean something, but keys of its own.
MOST_COLUMNS = 200
BUDGET_S = 0.004
# The first time nobody waits for the views yet.
FIRST_BUDGET_S = 1.0
BLOCKS = [f"{number:03x}" for number in range(16**3)]
# What these change, they change of the prompt they name, or nothing that is counted here.
KNOWN = frozenset(
    (
        *ABOUT_PROMPTS,
        Action.JOINED,
        Action.IMPORTED,
        Action.SETTING,
        Action.ROLE,
        Action.MILESTONE,
        Action.PUBLISHED,
        Action.RETIRED,
        Action.RESTORED,
        Action.EDITED,
        Action.GOLD,
    )
)

NOTHING = (0,) * len(SCORES)
# Column, value, source, kind.
Key = tuple[str, str, str, str]
# How often each of the scores was given.
Sums = dict[Key, Sequence[int]]


class Columns:
    """How often each score was given to prompts of each value of each column with few values."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter, budget_s: float = BUDGET_S) -> None:
        self._clock = clock
        self._budget_s = budget_s
        self._vector: Mapping[str, int] | None = None
        self._erasing = False
        self._complete = False
        self._waiting: dict[str, None] = {}
        self._blocks: dict[str, Sums] = {}
        self._values: dict[str, set[str]] = defaultdict(set)
        self._totals: Sums = {}
        self.counted: Mapping[Key, Mapping[int, int]] = {}

    def follow(self, connection: Connection) -> bool:
        """Read what changed, as far as there is time; returns whether something is left for the next time.

        Once everything was read `counted` has the sums by column, value, source and kind. For `Moment.read`.
        """
        budget_s = self._budget_s if self._vector else max(self._budget_s, FIRST_BUDGET_S)
        vector = tallies.vector(connection)
        for block in self._changed(connection, vector):
            self._waiting[block] = None
        self._vector = vector
        until = self._clock() + budget_s
        while self._waiting and self._clock() < until:
            block = next(iter(self._waiting))
            del self._waiting[block]
            self._read(connection, block)
        self._complete = self._complete or not self._waiting
        if self._complete:
            self.counted = {
                key: dict(zip(SCORES, given, strict=True))
                for key, given in self._totals.items()
                if len(self._values[key[0]]) <= MOST_VALUES and any(given)
            }
        return bool(self._waiting)

    def _changed(self, connection: Connection, vector: Mapping[str, int]) -> Iterable[str]:
        """The blocks that something happened to since the last time; all if that cannot be told."""
        before, self_erasing = self._vector, self._erasing
        # An account that is being deleted, or excluded, takes its ratings along without a word in the log.
        self._erasing = bool(erasures.unfinished(connection) or exclusions.pending(connection))
        lost = before is None or any(vector.get(writer, -1) < number for writer, number in before.items())
        if lost or self._erasing or self_erasing:
            return BLOCKS
        found = set()
        for writer, number in vector.items():
            if number != before.get(writer):
                for prompt_id, action in cube.touched(connection, writer, before.get(writer, -1)):
                    if action not in KNOWN:
                        return BLOCKS
                    if prompt_id is not None:
                        found.add(prompt_id[: len(BLOCKS[0])])
        return sorted(found)

    def _read(self, connection: Connection, block: str) -> None:
        sums: Sums = {}
        for source, kind, metadata, *given in cube.rated_prompts(connection, block):
            for column, value in few(orjson.loads(metadata)):
                if self._takes(column, value):
                    key = column, value, source, kind
                    sums[key] = [*map(add, sums.get(key, NOTHING), given)]
        for key, given in self._blocks.pop(block, {}).items():
            self._totals[key] = [*map(sub, self._totals[key], given)]
        for key, given in sums.items():
            self._totals[key] = [*map(add, self._totals.get(key, NOTHING), given)]
        if sums:
            self._blocks[block] = sums

    def _takes(self, column: str, value: str) -> bool:
        """Whether a column can still have few values; of one that cannot nothing more is kept."""
        if column not in self._values and len(self._values) >= MOST_COLUMNS:
            return False
        values = self._values[column]
        if len(values) > MOST_VALUES:
            return False
        values.add(value)
        if len(values) <= MOST_VALUES:
            return True
        for sums in (self._totals, *self._blocks.values()):
            for key in [key for key in sums if key[0] == column]:
                del sums[key]
        return False


def few(metadata: object) -> Iterable[tuple[str, str]]:
    """Columns and values of a prompt's metadata that may make groups: short texts, whole numbers, yes and no."""
    if not isinstance(metadata, dict):
        return
    for column, value in metadata.items():
        if isinstance(value, bool):
            yield column, "yes" if value else "no"
        elif isinstance(value, int):
            yield column, str(value)
        elif isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_VALUE:
            yield column, value.strip()
