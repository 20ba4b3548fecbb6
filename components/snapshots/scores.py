"""The aggregated scores of a snapshot: columns beside the others, computed of the very ratings that are in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from components.agreement.reading import kinds_and_sources, read
from components.agreement.scoring import scores
from components.records import SCORES
from components.snapshots.configurations import SCORED
from components.snapshots.reading import OnProgress
from components.snapshots.tables import Part, whole

# More would be noise, and change with the order of sums.
DIGITS = 4


@dataclass(frozen=True)
class Scores:
    """What was computed of every rated prompt.

    Attributes:
        prompt_ids: In order.
        columns: By name, in the same order; not a number where there is none.
    """

    prompt_ids: pa.Array
    columns: Mapping[str, np.ndarray]

    def beside(self, part: Part) -> Part:
        """A shelf with these columns after the own ones of `default`."""
        rows = part.default
        places = whole(pc.index_in(part.prompts["prompt_id"], value_set=self.prompt_ids))
        for column in SCORED:
            if column.name == "median_rating":
                told = medians(part.counts)
                values = pa.array(told, pa.float64(), mask=np.isnan(told))
            else:
                told = np.round(self.columns[column.name], DIGITS)
                values = pa.array(told, pa.float64(), mask=np.isnan(told)).take(places)
            rows = rows.append_column(column.name, values)
        return replace(part, default=rows)


def scores_of(connection: Connection, on_progress: OnProgress) -> Scores:
    """Read all ratings of a moment, and have their prompts scored in a process of its own."""

    def show(doing: str, done: int, total: int) -> None:
        before = 0 if doing == "reading" else total
        on_progress(before + done, 2 * total)

    everything = read(connection, show, most_ratings=np.iinfo(np.int64).max)
    _, sources = kinds_and_sources(everything)
    return Scores(everything.prompt_ids, scores(everything.matrix, sources, show))


def medians(counts: np.ndarray) -> np.ndarray:
    """The median of the scores of each prompt, from how many of each it has; not a number without ratings.

    Example:
        >>> medians(np.array([[1, 0, 0, 1, 0], [0, 0, 3, 0, 0], [0, 0, 0, 0, 0]]))
        array([2.5, 3. , nan])
    """
    number = counts.sum(axis=1)
    until = np.cumsum(counts, axis=1)
    low = (until <= ((number - 1) // 2)[:, None]).sum(axis=1)
    high = (until <= (number // 2)[:, None]).sum(axis=1)
    given = np.array([*SCORES, np.nan])
    middle = (given[np.minimum(low, len(SCORES))] + given[np.minimum(high, len(SCORES))]) / 2
    return np.where(number > 0, middle, np.nan)
