"""One moment of the store as arrays, for everything that is computed of it."""

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from sqlalchemy import Connection

from components.agreement.matrix import Matrix
from components.agreement.patterns import Patterns
from components.agreement.process import OnProgress
from components.records import KINDS, SCORES, Cell
from components.store import exports, opinions
from components.store.opinions import Removed

# What needs to know who rated is computed of about so many ratings: those of prompts that chance chose.
MOST_RATINGS = 1_000_000
MOST_SOURCES = 100
PARTS = 256
PILE_CHARACTERS = 4_000_000
OF_RATINGS = {"prompt_id": pa.string(), "score": pa.int8(), "decided_at": pa.int64()}
OF_PROMPTS = {"prompt_id": pa.string(), "cell": pa.int64()}


@dataclass(frozen=True, slots=True)
class Reading:
    """The ratings that count, at one moment.

    Attributes:
        patterns: Of all prompts, for each cell by itself.
        cells: Of each pattern, the place of its cell in `cells_known`.
        given: How many ratings everybody gave, by contributor_id.
        busiest: Who gave most; None if nobody gave any.
        by_busiest: Of each pattern and score, how many prompts of it they gave that score.
        matrix: Who gave which prompt which score: of all prompts, or of those that chance chose.
        share: Of the prompts, how many are in the matrix; 1 if all.
        prompt_ids, of_cell: Of each prompt of the matrix; the place of its cell.
        contributors: Of each contributor of the matrix.
        times: Of each rating of the matrix, in epoch milliseconds.
        removed: What was left out.
        excluded: How many people are.
    """

    patterns: Patterns
    cells: np.ndarray
    cells_known: list[Cell]
    given: dict[str, int]
    busiest: str | None
    by_busiest: np.ndarray
    matrix: Matrix
    share: float
    prompt_ids: pa.Array
    of_cell: np.ndarray
    contributors: list[str]
    times: np.ndarray
    removed: Removed
    excluded: int


def read(
    connection: Connection,
    on_progress: OnProgress = lambda doing, done, total: None,
    most_ratings: int = MOST_RATINGS,
) -> Reading:
    """Read what counts.

    Args:
        most_ratings: About so many in the matrix at most.
    """
    on_progress("reading", 0, 1)
    left_out = opinions.removed(connection)
    known = opinions.cells(connection)
    places = {cell: place for place, cell in enumerate(known)}
    counted = sorted(opinions.patterns(connection, left_out).items())
    given = opinions.given(connection, left_out)
    busiest = max(given, key=lambda who: (given[who], who), default=None)
    rows = np.array([key for key, _ in counted], np.int64).reshape(len(counted), 1 + len(SCORES))
    total = sum(given.values())
    parts = min(PARTS, max(1, PARTS * most_ratings // max(total, 1)))
    matrix, prompt_ids, of_cell, times = _matrix(connection, given, parts, left_out, places, on_progress)
    return Reading(
        patterns=Patterns(rows[:, 1:], np.array([number for _, number in counted], np.int64)),
        cells=np.array([places[cell] for cell in rows[:, 0].tolist()], np.int64),
        cells_known=list(known.values()),
        given=given,
        busiest=busiest,
        by_busiest=_by_busiest(connection, busiest, [key for key, _ in counted], left_out),
        matrix=matrix,
        share=parts / PARTS,
        prompt_ids=prompt_ids,
        of_cell=of_cell,
        contributors=list(given),
        times=times,
        removed=left_out,
        excluded=sum(exports.excluded(connection).values()),
    )


def kinds_and_sources(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Of each prompt of the matrix, the place of its kind in `KINDS`, and a number for its source.

    Of hundreds of sources those with few prompts are one together: what is computed of every two of them would take too long.
    """
    kinds = np.array([KINDS.index(cell.kind) for cell in reading.cells_known], np.int64)
    names = sorted({cell.source for cell in reading.cells_known})
    places = {name: place for place, name in enumerate(names)}
    sources = np.array([places[cell.source] for cell in reading.cells_known], np.int64)[reading.of_cell]
    if len(names) > MOST_SOURCES:
        order = np.argsort(-np.bincount(sources, minlength=len(names)), kind="stable")
        rank = np.empty(len(names), np.int64)
        rank[order] = np.minimum(np.arange(len(names)), MOST_SOURCES - 1)
        sources = rank[sources]
    return kinds[reading.of_cell], sources


def _by_busiest(
    connection: Connection, busiest: str | None, keys: list[tuple[int, ...]], left_out: Removed
) -> np.ndarray:
    found = np.zeros((len(keys), len(SCORES)), np.int64)
    places = {key: place for place, key in enumerate(keys)}
    if busiest is not None:
        for (key, score), prompts in opinions.rated_by(connection, busiest, left_out).items():
            found[places[key], score - 1] += prompts
    return found


def _matrix(
    connection: Connection,
    given: Iterable[str],
    parts: int,
    left_out: Removed,
    places: dict[int, int],
    on_progress: OnProgress,
) -> tuple[Matrix, pa.Array, np.ndarray, np.ndarray]:
    people = list(given)
    prompts = _tables(OF_PROMPTS, ((None, lines) for lines in opinions.prompts(connection, parts)))[0]
    if left_out.prompts:
        removed = pa.array(sorted(left_out.prompts), pa.string())
        prompts = prompts.filter(pc.invert(pc.is_in(prompts["prompt_id"], value_set=removed)))
    # In an order that does not depend on the database, so that sums come out the same to the last digit.
    prompts = prompts.sort_by("prompt_id")
    ids = prompts["prompt_id"].combine_chunks()
    of_cell = np.array([places[cell] for cell in prompts["cell"].to_pylist()], np.int64)

    def told():  # noqa: ANN202
        for done, one in enumerate(opinions.ratings(connection, people, parts)):
            yield one
            on_progress("reading", done + 1, len(people))

    ratings, counts = _tables(OF_RATINGS, told())
    who = np.repeat(np.arange(len(people)), [counts[one] for one in people])
    of = pc.fill_null(pc.index_in(ratings["prompt_id"], value_set=ids), -1).to_numpy()
    kept = np.flatnonzero(of >= 0)
    kept = kept[np.argsort(who[kept] * len(ids) + of[kept], kind="stable")]
    scores = ratings["score"].to_numpy()[kept].astype(np.int64)
    matrix = Matrix(of[kept].astype(np.int64), who[kept], scores, len(ids), len(people))
    return matrix, ids, of_cell, ratings["decided_at"].to_numpy()[kept]


def _tables(
    columns: dict[str, pa.DataType], texts: Iterable[tuple[str | None, str | None]]
) -> tuple[pa.Table, Counter[str | None]]:
    """Texts of lines as one table, and how many lines came under each name, in the order they came in."""
    schema = pa.schema(list(columns.items()))
    tables, pile, size = [schema.empty_table()], [], 0
    counts: Counter[str | None] = Counter()

    def put_away() -> None:
        if pile:
            tables.append(_parsed("\n".join(pile), columns))
            pile.clear()

    for name, lines in texts:
        if not lines:
            continue
        counts[name] += lines.count("\n") + 1
        pile.append(lines)
        size += len(lines)
        if size > PILE_CHARACTERS:
            put_away()
            size = 0
    put_away()
    return pa.concat_tables(tables), counts


def _parsed(lines: str, columns: dict[str, pa.DataType]) -> pa.Table:
    return csv.read_csv(
        io.BytesIO(lines.encode()),
        read_options=csv.ReadOptions(column_names=list(columns), use_threads=False),
        convert_options=csv.ConvertOptions(column_types=columns),
    )
