"""How long people look at a prompt before they rate it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from components.charts import figures
from components.charts.chart import Chart, Words
from components.charts.labels import ENOUGH, count, percent, seconds
from components.charts.numbers import Numbers
from components.records import KINDS, SPENT_FROM_S

# The bounds of classes that are written below the bars, few enough for a phone.
TICKS = (1, 5, 15, 60, 300)


@dataclass(frozen=True, slots=True)
class Spent:
    """How many ratings took how long.

    Attributes:
        from_s: At least so many seconds.
        to_s: Less than so many; None for the last class.
        given: How many, for each of `KINDS`.
    """

    from_s: int
    to_s: int | None
    given: tuple[int, ...]

    @property
    def ratings(self) -> int:
        """Of all kinds."""
        return sum(self.given)

    @property
    def span(self) -> str:
        """The times it covers, as words."""
        if self.to_s is None:
            return f"{seconds(self.from_s)} or longer"
        return (
            f"{seconds(self.from_s)} to {seconds(self.to_s)}"
            if self.from_s
            else f"under {seconds(self.to_s)}"
        )

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        bounds = {"from_seconds": self.from_s, "to_seconds": self.to_s}
        return bounds | dict(zip(KINDS, self.given, strict=True)) | {"ratings": self.ratings}


def table(numbers: Numbers) -> list[Spent]:
    """One row for each class of time; none if no time was noted."""
    counted: Counter[tuple[int, str]] = Counter()
    for row in numbers.spent():
        counted[row["from_s"], row["kind"]] += int(row["ratings"])
    if not counted:
        return []
    bounds = zip(SPENT_FROM_S, [*SPENT_FROM_S[1:], None], strict=True)
    return [Spent(least, below, tuple(counted[least, kind] for kind in KINDS)) for least, below in bounds]


def words(table: Sequence[Spent]) -> Words:
    """How long the rating in the middle took."""
    total = sum(row.ratings for row in table)
    reached = zip(table, accumulate(row.ratings for row in table), strict=True)
    middle = next(row for row, so_far in reached if 2 * so_far >= total)
    minute = sum(row.ratings for row in table if row.from_s < 60)
    finding = f"At least half of the ratings took {_at_most(middle)}" if total >= ENOUGH else None
    rows = "; ".join(f"{row.span}: {row.ratings:,}" for row in table if row.ratings)
    return Words(
        finding,
        f"n = {count(total, 'rating')}; from the prompt's appearing to the score; classes grow with the time",
        f"{percent(minute, total)} of {count(total, 'rating')} took under a minute; the one in the middle took "
        f"{middle.span}. {rows[:1].upper()}{rows[1:]}. Scores that were changed since are counted, too, and so is "
        "time in which somebody only had the page open.",
    )


def _at_most(row: Spent) -> str:
    return row.span if row.to_s is None else f"under {seconds(row.to_s)}"


def draw(table: Sequence[Spent]) -> dict:
    """A bar for each class of time, divided by kind."""
    total = sum(row.ratings for row in table)
    bars = [
        {
            "type": "bar",
            "name": KINDS[place],
            "x": list(range(len(table))),
            "y": [row.given[place] for row in table],
            "width": 0.92,
            "customdata": [[row.span, percent(row.given[place], total)] for row in table],
            "hovertemplate": f"{KINDS[place]}, %{{customdata[0]}}<br>%{{y:,}} (%{{customdata[1]}} of all)<extra></extra>",
            "marker": figures.kind_marker(KINDS[place]),
        }
        for place in figures.kinds_with([row.given for row in table])
    ]
    layout = figures.plain(height=300)
    layout["xaxis"] |= {
        "range": [-0.6, len(table) - 0.4],
        # A bound stands between two bars.
        "tickvals": [SPENT_FROM_S.index(bound) - 0.5 for bound in TICKS],
        "ticktext": [seconds(bound) for bound in TICKS],
        "tickfont": {"size": figures.SMALLEST_FONT_SIZE},
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticklabelstandoff": 8,
    }
    layout["yaxis"] |= figures.counting(max(row.ratings for row in table)) | {"fixedrange": True}
    layout["barmode"] = "stack"
    figures.legend_of_kinds(layout)
    return {"figure": {"data": bars, "layout": layout}}


SPENT = Chart(
    "time_spent",
    "How long does a rating take?",
    table,
    words,
    draw,
    empty="No rating yet whose time was noted.",
)
