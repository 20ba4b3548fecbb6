"""How the scores divide by what the metadata of prompts say: type of task, category, language, licence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from components.charts import scores
from components.charts.chart import KIND, SOURCE, Chart, Words
from components.charts.labels import ENOUGH, count, listed, markup, percent, short_name
from components.charts.numbers import Numbers
from components.charts.scores import Scores

# On the page; the file has all of them.
MOST_COLUMNS = 3
MOST_VALUES = 8
ROOM = 24


@dataclass(frozen=True, slots=True)
class Value:
    """What was given to prompts of one value of a column.

    Attributes:
        scores: Under the value's name.
    """

    column: str
    scores: Scores

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        cells = self.scores.cells()
        del cells["name"]
        return {"column": self.column, "value": self.scores.name, **cells}


def table(numbers: Numbers) -> list[Value]:
    """One row for each value of each column with at least two of them, the columns with most ratings first."""
    given: dict[str, dict[str, Counter]] = {}
    for (column, value, _, _), counted in numbers.columns().items():
        given.setdefault(column, {}).setdefault(value, Counter()).update(counted)
    columns = {
        column: [
            Scores(name, tuple(counts[score] for score in scores.SCORES)) for name, counts in values.items()
        ]
        for column, values in given.items()
        if len(values) > 1
    }
    ordered = sorted(columns.items(), key=lambda pair: (-sum(row.n for row in pair[1]), pair[0]))
    return [
        Value(column, row)
        for column, rows in ordered
        for row in sorted(rows, key=lambda row: (-row.n, row.name))
    ]


def _shown(table: Sequence[Value]) -> list[Value]:
    """What of it is drawn: of the first columns the most frequent values, and all others of these together."""
    shown = []
    for column in list(dict.fromkeys(row.column for row in table))[:MOST_COLUMNS]:
        rows = [row.scores for row in table if row.column == column]
        rest = rows[MOST_VALUES:]
        folded = [scores.folded(rest, "value")] if rest else []
        shown += [Value(column, row) for row in (*rows[:MOST_VALUES], *folded)]
    return shown


def words(table: Sequence[Value]) -> Words:
    """Between which shares of good or very good ratings the values of the first column lie."""
    columns = list(dict.fromkeys(row.column for row in table))
    first = [row.scores for row in table if row.column == columns[0]]
    known = sorted((row for row in first if row.n >= ENOUGH), key=lambda row: row.liked / row.n)
    finding = None
    if len(known) > 1 and scores.liked(known[0]) != scores.liked(known[-1]):
        finding = (
            f"Share of 4s and 5s by {short_name(columns[0])}: from {scores.liked(known[0])} "
            f"({short_name(known[0].name)}) to {scores.liked(known[-1])} ({short_name(known[-1].name)})"
        )
    named = listed([short_name(column) for column in columns[:MOST_COLUMNS]])
    more = len(columns) - MOST_COLUMNS
    rows = "; ".join(
        f"{short_name(row.column)} {short_name(row.scores.name)} {percent(row.scores.liked, row.scores.n)} of {row.scores.n:,}"
        for row in _shown(table)
    )
    return Words(
        finding,
        f"n = {count(sum(row.n for row in first), 'rating')} of prompts with {short_name(columns[0])}; columns of the "
        f"prompts' metadata with few values: {named}{f' and {more} more in the file' if more > 0 else ''}",
        f"Share of ratings that are 4 (Good) or 5 (Very good): {rows}.",
    )


def draw(table: Sequence[Value]) -> dict:
    """A bar for each value, under the name of its column, divided by the shares of the scores."""
    shown = _shown(table)
    names = [
        f"{markup(short_name(row.column, ROOM // 2))}: {markup(short_name(row.scores.name, ROOM))}"
        for row in shown
    ]
    return scores.bars([row.scores for row in shown], names)


METADATA = Chart(
    "scores_by_metadata",
    "Do scores differ with what the prompts' metadata say?",
    table,
    words,
    draw,
    empty="Nothing to compare yet: no rated prompts whose metadata have a column with a few values, or they are still "
    "being counted.",
    # Sums of a whole column are kept, not those of each day.
    follows=(SOURCE, KIND),
)
