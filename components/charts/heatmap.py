"""Which scores each source gets, as a heatmap."""

from collections.abc import Sequence

from components.charts import figures
from components.charts.chart import Chart, Words
from components.charts.labels import ENOUGH, full_name, markup, percent, short_name, tight_percent
from components.charts.numbers import Numbers
from components.charts.scores import Scores, among_many, by_source, in_all, sources_of
from components.records import SCORE_WORDS, SCORES

TICKS_HEIGHT = 56
# In average letters: about what fits beside n on the narrowest phone.
ROOM = 24


def table(numbers: Numbers) -> list[Scores]:
    """One row for each of the sources with most ratings, those first, and one for all others together."""
    return by_source(numbers)


def words(table: Sequence[Scores]) -> Words:
    """The score each source gets most, and where one score stands out most."""
    known = [row for row in table if row.n >= ENOUGH and not row.folded]
    finding = None
    if len(known) > 1:
        row = max(known, key=lambda row: max(row.given) / row.n)
        finding = (
            f"Most alike: {percent(max(row.given), row.n)} of the ratings of {short_name(row.name)} "
            f"are {_usual(row)}"
        )
    rows = "; ".join(
        f"{short_name(row.name)}: {_usual(row)} ({percent(max(row.given), row.n)} of {row.n:,})"
        for row in table
    )
    subtitle = f"n = {in_all(table)} of prompts from {sources_of(table)}; share of each score within a source"
    return among_many(Words(finding, subtitle, f"The score given most to each source: {rows}."))


def draw(table: Sequence[Scores]) -> dict:
    """A row of five cells for each source, the darker the larger the share of the score."""
    names = [full_name(row.name) for row in table]
    shares = [[tight_percent(part, row.n) for part in row.given] for row in table]
    cells = {
        "type": "heatmap",
        "x": [*SCORES],
        "y": list(range(len(table))),
        "z": [[round(100 * part / row.n, 2) for part in row.given] for row in table],
        "zmin": 0,
        "text": shares,
        "texttemplate": "%{text}",
        "textfont": {"size": figures.SMALLEST_FONT_SIZE},
        "customdata": [
            [[name, SCORE_WORDS[score], part] for score, part in zip(SCORES, row.given, strict=True)]
            for name, row in zip(names, table, strict=True)
        ],
        "hovertemplate": "%{customdata[0]}<br>%{x} %{customdata[1]}: %{customdata[2]:,} (%{text})<extra></extra>",
        "xgap": 2,
        # The label has the other half of a row.
        "ygap": round(figures.ROW_HEIGHT * (1 - figures.BAR_HEIGHT)),
        "showscale": False,
    }
    labels = [f"{markup(short_name(row.name, ROOM))} · <b>n = {row.n:,}</b>" for row in table]
    layout = figures.rows(labels, above=TICKS_HEIGHT)
    layout["xaxis"] |= {
        "side": "top",
        "showticklabels": True,
        "automargin": False,
        **figures.score_ticks(),
    }
    return {"figure": {"data": [cells], "layout": layout}}


def _usual(row: Scores) -> str:
    score = SCORES[row.given.index(max(row.given))]
    return f"{score} ({SCORE_WORDS[score]})"


BY_SOURCE = Chart("scores_of_sources", "Which scores does each source get?", table, words, draw)
