"""The mean score of each source, and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.charts import figures
from components.charts.chart import Chart, Words
from components.charts.colours import ACCENT, NEUTRAL
from components.charts.interval import FEWEST, mean_interval
from components.charts.labels import ENOUGH, full_name, markup, short_name
from components.charts.numbers import Numbers
from components.charts.scores import Scores, among_many, by_source, in_all, sources_of
from components.records import SCORES

# Of the scores below the lowest row.
TICKS_HEIGHT = 52
# In average letters: about what fits beside mean and n on a narrow phone.
ROOM = 17


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean score of a source.

    Attributes:
        scores: What was given to it.
        interval: Where the mean lies with 95 % confidence; None with too few ratings.
    """

    scores: Scores
    interval: tuple[float, float] | None

    @property
    def value(self) -> float:
        """The mean."""
        return self.scores.mean

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        low, high = (round(end, 4) for end in self.interval) if self.interval else (None, None)
        return {
            "source": self.scores.name,
            "ratings": self.scores.n,
            "mean": round(self.value, 4),
            "low_95": low,
            "high_95": high,
        }


def table(numbers: Numbers) -> list[Mean]:
    """One row for each of the sources with most ratings, the highest mean first, then all others together."""
    rows = [Mean(scores, mean_interval(scores.given)) for scores in by_source(numbers)]
    return sorted(rows, key=lambda row: (row.scores.folded > 0, -row.value, row.scores.name))


def words(table: Sequence[Mean]) -> Words:
    """Which sources stand apart, if their intervals do."""
    known = [row for row in table if row.scores.n >= ENOUGH and not row.scores.folded and row.interval]
    finding = None
    if len(known) > 1:
        best, worst = known[0], known[-1]
        if best.interval[0] > worst.interval[1]:
            finding = (
                f"Mean score: from {worst.value:.2f} ({short_name(worst.scores.name)}) "
                f"to {best.value:.2f} ({short_name(best.scores.name)})"
            )
    scores = [row.scores for row in table]
    rows = "; ".join(f"{short_name(row.scores.name)} {_said(row)}, n = {row.scores.n:,}" for row in table)
    said = Words(
        finding,
        f"n = {in_all(scores)} of prompts from {sources_of(scores)}; lines: 95 % intervals, taking ratings as independent",
        f"Mean score with its 95 % interval: {rows}. The intervals take every rating as independent of the others; "
        "those of one person or of one prompt are alike, so the true uncertainty is larger, most of all with few people. "
        f"With fewer than {FEWEST} ratings no interval is given.",
    )
    return among_many(said)


def draw(table: Sequence[Mean]) -> dict:
    """A dot for each source, with its interval as a line."""
    rows = list(range(len(table)))
    names = [markup(short_name(row.scores.name, ROOM)) for row in table]
    labels = [
        f"{name} · <b>{row.value:.2f}</b> · n = {row.scores.n:,}"
        for name, row in zip(names, table, strict=True)
    ]
    layout = figures.rows(labels)
    layout["height"] += TICKS_HEIGHT
    layout["margin"]["b"] += TICKS_HEIGHT
    layout["xaxis"] |= {
        # Beyond the ends, for the halves of their words on a phone.
        "range": [SCORES[0] - 0.45, SCORES[-1] + 0.45],
        "showticklabels": True,
        "showgrid": True,
        "automargin": False,
        **figures.score_ticks(),
        "ticklabeloverflow": "allow",
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [round(row.value, 4) for row in table],
        "y": rows,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [round(row.interval[1] - row.value, 4) if row.interval else 0 for row in table],
            "arrayminus": [round(row.value - row.interval[0], 4) if row.interval else 0 for row in table],
            "thickness": 2,
            "width": 7,
            "color": ACCENT,
        },
        "marker": {
            "size": 9,
            "color": [ACCENT if row.interval else NEUTRAL for row in table],
            # Hollow where the mean is not sure enough for an interval.
            "symbol": ["circle" if row.interval else "circle-open" for row in table],
        },
        "customdata": [[full_name(row.scores.name), _said(row), f"{row.scores.n:,}"] for row in table],
        "hovertemplate": "%{customdata[0]}<br>mean %{customdata[1]}<br>n = %{customdata[2]}<extra></extra>",
        "cliponaxis": False,
    }
    return {"figure": {"data": [dots], "layout": layout}}


def _said(row: Mean) -> str:
    mean = f"{row.value:.2f}"
    return f"{mean} ({row.interval[0]:.2f} to {row.interval[1]:.2f})" if row.interval else mean


BY_SOURCE = Chart("means_by_source", "Which sources are rated higher?", table, words, draw)
