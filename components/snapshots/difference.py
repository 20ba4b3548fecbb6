"""What changed since the last snapshot: compared with what was published, not with what the store remembers of it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from heapq import nlargest
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from components.snapshots.tables import Part, whole

COLUMNS = ("prompt_id", "user_id", "action", "score", "is_current")
KEPT = ("prompt_id", "user_id", "score")
# A mean that moved by so much is worth telling.
MOVED = 0.5
MOST_TOLD = 20
LONGEST_TEXT = 100
ROWS_AT_ONCE = 100_000
ENOUGH = 1e-9


class Earlier:
    """The ratings of an earlier snapshot, a shelf at a time: they stand in its `events` in the order of their prompts."""

    def __init__(self, path: Path) -> None:
        """Open the file of its events.

        Raises:
            pa.ArrowInvalid: It is no such file.
            KeyError: It has not got these columns.
        """
        self._file = pq.ParquetFile(path)
        if missing := set(COLUMNS) - set(self._file.schema_arrow.names):
            raise KeyError(*missing)
        self._batches = self._file.iter_batches(ROWS_AT_ONCE, columns=list(COLUMNS))
        self._waiting = self._file.schema_arrow.empty_table().select(KEPT)

    def before(self, bound: str | None) -> pa.Table:
        """The ratings that come next, up to a prompt_id; None for all that are left."""
        tables = [self._waiting]
        while bound is None or not (last := self._last(tables)) or last < bound:
            batch = next(self._batches, None)
            if batch is None:
                break
            tables.append(_ratings(pa.table(batch)))
        table = pa.concat_tables(tables)
        if bound is None:
            self._waiting = table.slice(0, 0)
            return table
        before = pc.less(table["prompt_id"], bound)
        self._waiting = table.filter(pc.invert(before))
        return table.filter(before)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @staticmethod
    def _last(tables: list[pa.Table]) -> str | None:
        return next((table["prompt_id"][-1].as_py() for table in reversed(tables) if table.num_rows), None)


@dataclass
class Difference:
    """What a snapshot has that the one before had not, and the other way round.

    Attributes:
        since: The tag of the one before, or another name for it.
        ratings_taken_back: Ratings of prompts that are still there: withdrawn by those who gave them, gone with their
            account, or excluded.
        ratings_removed: Ratings that went with their prompts.
        means_moved: Prompts in both whose mean moved by 0.5 or more.
        largest: Those of them that moved most: text, mean before and after.
    """

    since: str
    prompts_added: int = 0
    prompts_removed: int = 0
    ratings_added: int = 0
    ratings_changed: int = 0
    ratings_taken_back: int = 0
    ratings_removed: int = 0
    means_moved: int = 0
    largest: list[tuple[str, float, float]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether every rating is as it was."""
        counted = asdict(self) | {"since": 0, "largest": 0}
        return not any(counted.values())

    def count(self, part: Part, before: pa.Table) -> None:
        """Compare a shelf with what was published of its prompts."""
        now = _ratings(part.events)
        there = pc.index_in(_keys(now), value_set=_keys(before))
        self.ratings_added += there.null_count
        both = pc.is_valid(there)
        then = before["score"].take(there.filter(both))
        self.ratings_changed += pc.sum(pc.not_equal(now["score"].filter(both), then)).as_py() or 0
        gone = before.filter(pc.invert(pc.is_in(_keys(before), value_set=_keys(now))))
        known = pc.is_in(gone["prompt_id"], value_set=part.prompts["prompt_id"].combine_chunks())
        kept = pc.sum(known).as_py() or 0
        self.ratings_taken_back += kept
        self.ratings_removed += gone.num_rows - kept
        self._count_prompts(part, now, before)

    def _count_prompts(self, part: Part, now: pa.Table, before: pa.Table) -> None:
        now, before = _means(now), _means(before)
        there = pc.index_in(now["prompt_id"], value_set=before["prompt_id"])
        self.prompts_added += there.null_count
        self.prompts_removed += before.num_rows - (now.num_rows - there.null_count)
        both = pc.is_valid(there)
        pairs = pa.table(
            {
                "prompt_id": now["prompt_id"].filter(both),
                "before": before["score_mean"].take(there.filter(both)),
                "after": now["score_mean"].filter(both),
            }
        )
        apart = pc.abs(pc.subtract(pairs["after"], pairs["before"]))
        pairs = pairs.filter(pc.greater_equal(apart, MOVED - ENOUGH))
        self.means_moved += pairs.num_rows
        self.largest = nlargest(MOST_TOLD, [*self.largest, *_told(pairs, part)], key=_apart)


def _apart(told: tuple[str, float, float]) -> tuple[float, str]:
    return abs(told[2] - told[1]), told[0]


def _told(pairs: pa.Table, part: Part) -> Iterator[tuple[str, float, float]]:
    texts = pc.take(
        part.prompts["prompt"], pc.index_in(pairs["prompt_id"], value_set=part.prompts["prompt_id"])
    )
    for text, row in zip(texts.to_pylist(), pairs.to_pylist(), strict=True):
        yield " ".join(text[: 2 * LONGEST_TEXT].split())[:LONGEST_TEXT], row["before"], row["after"]


def _ratings(events: pa.Table) -> pa.Table:
    """The ratings that count."""
    rated = pc.and_(events["is_current"], pc.equal(events["action"], "rated"))
    return events.filter(rated).select(KEPT)


def _means(ratings: pa.Table) -> pa.Table:
    return ratings.group_by("prompt_id").aggregate([("score", "mean")]).combine_chunks()


def _keys(ratings: pa.Table) -> pa.Array:
    return whole(pc.binary_join_element_wise(ratings["prompt_id"], ratings["user_id"], " "))
