"""How the scores divide: by kind, by source, and by length of prompt."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from components.charts import figures
from components.charts.chart import Chart, Words
from components.charts.colours import KIND_COLOURS, SCORE_COLOURS, text_on
from components.charts.labels import (
    ENOUGH,
    capitalised,
    count,
    full_name,
    listed,
    markup,
    percent,
    short_name,
)
from components.charts.numbers import Numbers
from components.records import KINDS, LENGTH_CLASSES, SCORE_WORDS, SCORES

MOST_SOURCES = 12
LIKED = (4, 5)


@dataclass(frozen=True, slots=True)
class Scores:
    """How often each score was given to prompts that have something in common.

    Attributes:
        name: The kind, source or length.
        given: How often 1, 2, 3, 4 and 5 were given.
        folded: 0, or of how many sources this row is the sum.
    """

    name: str
    given: tuple[int, ...]
    folded: int = 0

    @property
    def n(self) -> int:
        """Ratings in all."""
        return sum(self.given)

    @property
    def liked(self) -> int:
        """Ratings that are good or very good."""
        return sum(self.given[SCORES.index(score)] for score in LIKED)

    @property
    def mean(self) -> float:
        """The average score."""
        return sum(score * number for score, number in zip(SCORES, self.given, strict=True)) / self.n

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        given = {f"score_{score}": number for score, number in zip(SCORES, self.given, strict=True)}
        return {"name": self.name, **given, "ratings": self.n, "mean": round(self.mean, 4)}


def by_kind(numbers: Numbers) -> list[Scores]:
    """One row for each kind that has ratings, in the order of `KINDS`."""
    return sorted(_counted(numbers, "kind"), key=lambda row: KINDS.index(row.name))


def by_length(numbers: Numbers) -> list[Scores]:
    """One row for each class of length that has ratings, the shortest first."""
    order = [name for name, _ in LENGTH_CLASSES]
    return sorted(_counted(numbers, "length_class"), key=lambda row: order.index(row.name))


def by_source(numbers: Numbers) -> list[Scores]:
    """One row for each of the sources with most ratings, those first, and one for all others together."""
    rows = sorted(_counted(numbers, "source"), key=lambda row: (-row.n, row.name))
    rest = rows[MOST_SOURCES:]
    return [*rows[:MOST_SOURCES], folded(rest, "source")] if rest else rows


def folded(rows: Sequence[Scores], noun: str) -> Scores:
    """Rows that would be too many, as one."""
    given = tuple(map(sum, zip(*(row.given for row in rows), strict=True)))
    return Scores(f"other ({count(len(rows), noun)})", given, len(rows))


def _counted(numbers: Numbers, group: str) -> list[Scores]:
    given: dict[str, Counter] = defaultdict(Counter)
    for row in numbers.scores():
        given[row[group]][row["score"]] += int(row["ratings"])
    rows = [Scores(name, tuple(counts[score] for score in SCORES)) for name, counts in given.items()]
    # What was counted under another score and moved away leaves a row of nothing.
    return [row for row in rows if row.n]


def words_by_kind(table: Sequence[Scores]) -> Words:
    """How large a share of the ratings of each kind of prompt is good or very good."""
    shares = [f"{liked(row)} for {row.name}" for row in table if row.n >= ENOUGH]
    finding = f"Share of 4s and 5s: {listed(shares)} prompts" if shares else None
    return Words(finding, f"n = {in_all(table)}; share of each score", _text(table))


def words_by_length(table: Sequence[Scores]) -> Words:
    """How large a share of the ratings of each length of prompt is good or very good."""
    shares = [f"{liked(row)} for {row.name}" for row in table if row.n >= ENOUGH]
    finding = f"Share of 4s and 5s: {listed(shares)} prompts" if shares else None
    bounds = {name: most for name, most in LENGTH_CLASSES if most}
    lengths = listed([f"{name}: under {most:,}" for name, most in bounds.items()])
    return Words(
        finding,
        f"n = {in_all(table)}; share of each score; characters of a prompt: {lengths}",
        _text(table),
    )


def words_by_source(table: Sequence[Scores]) -> Words:
    """Between which shares of good or very good ratings the sources lie."""
    known = [row for row in table if row.n >= ENOUGH and not row.folded]
    finding = None
    if len(known) > 1:
        least, most = (
            min(known, key=lambda row: row.liked / row.n),
            max(known, key=lambda row: row.liked / row.n),
        )
        if liked(least) != liked(most):
            finding = (
                f"Share of 4s and 5s: from {liked(least)} ({short_name(least.name)}) "
                f"to {liked(most)} ({short_name(most.name)})"
            )
    subtitle = f"n = {in_all(table)} of prompts from {sources_of(table)}; share of each score"
    return among_many(Words(finding, subtitle, _text(table)))


def among_many(words: Words) -> Words:
    """The words of a chart of sources, whose finding is about those with enough ratings only."""
    if words.finding is None:
        return words
    compared = f"the title compares sources with {ENOUGH} ratings or more"
    return replace(
        words, subtitle=f"{words.subtitle}; {compared}", text=f"{words.text} {capitalised(compared)}."
    )


def in_all(table: Sequence[Scores]) -> str:
    """The ratings of all rows, as words."""
    return count(sum(row.n for row in table), "rating")


def sources_of(table: Sequence[Scores]) -> str:
    """The sources of all rows, as words."""
    return count(sum(row.folded or 1 for row in table), "source")


def liked(row: Scores) -> str:
    """The share of ratings that are good or very good."""
    return percent(row.liked, row.n)


def _text(table: Sequence[Scores]) -> str:
    rows = (f"{short_name(row.name)} {liked(row)} of {row.n:,}" for row in table)
    return f"Share of ratings that are 4 (Good) or 5 (Very good): {'; '.join(rows)}."


def draw_by_kind(table: Sequence[Scores]) -> dict:
    """A bar for each kind, marked with the colour it has everywhere, divided by the shares of the scores."""
    return bars(table, [f"{figures.square(KIND_COLOURS[row.name])} {row.name}" for row in table])


def draw(table: Sequence[Scores]) -> dict:
    """A bar for each row, divided by the shares of the scores."""
    return bars(table, [markup(short_name(row.name)) for row in table])


def bars(table: Sequence[Scores], names: Sequence[str]) -> dict:
    """A bar for each row, under a name, divided by the shares of the scores."""
    rows = list(range(len(table)))
    labels = [f"{name} · <b>n = {row.n:,}</b>" for name, row in zip(names, table, strict=True)]
    layout = figures.rows(labels, above=figures.LEGEND_HEIGHT)
    layout["annotations"].append(_legend())
    layout["xaxis"]["range"] = [0, 100]
    layout["yaxis"] |= {
        "tickmode": "array",
        "tickvals": rows,
        "ticktext": [full_name(row.name) for row in table],
        "showspikes": False,
    }
    layout |= {
        "barmode": "stack",
        "barnorm": "percent",
        "uniformtext": {"mode": "hide", "minsize": figures.SMALLEST_FONT_SIZE},
        # One box with all five numbers of a row, headed by its tick, which is not written elsewhere.
        "hovermode": "y unified",
    }
    return {"figure": {"data": [_bars_of(table, score, rows) for score in SCORES], "layout": layout}}


def _bars_of(table: Sequence[Scores], score: int, rows: list[int]) -> dict:
    given = [row.given[SCORES.index(score)] for row in table]
    shares = [percent(part, row.n) for part, row in zip(given, table, strict=True)]
    return {
        "type": "bar",
        "name": f"{score} {SCORE_WORDS[score]}",
        "x": given,
        "y": rows,
        "orientation": "h",
        "width": figures.BAR_HEIGHT,
        "text": [share if part else "" for share, part in zip(shares, given, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": text_on(SCORE_COLOURS[score]), "size": figures.SMALLEST_FONT_SIZE},
        "customdata": [[part, share] for part, share in zip(given, shares, strict=True)],
        "hovertemplate": "%{customdata[0]:,} (%{customdata[1]})",
        "marker": {"color": SCORE_COLOURS[score]},
    }


def _legend() -> dict:
    """The score words with their colours, in two lines that fit every width; plotly's own takes one to three."""
    words = [f"{figures.square(SCORE_COLOURS[score])} {score} {SCORE_WORDS[score]}" for score in SCORES]
    gap = "\u2003"
    return figures.LABEL | {
        "text": f"{gap.join(words[:3])}<br>{gap.join(words[3:])}",
        "x": 0,
        "xref": "paper",
        "y": 1,
        "yref": "paper",
        "yshift": 6,
        "font": {"size": figures.SMALLEST_FONT_SIZE},
    }


BY_KIND = Chart(
    "scores_by_kind", "Do scores differ between kinds of prompts?", by_kind, words_by_kind, draw_by_kind
)
BY_SOURCE = Chart(
    "scores_by_source", "Do scores differ between sources of prompts?", by_source, words_by_source, draw
)
BY_LENGTH = Chart(
    "scores_by_length", "Do scores differ with the length of prompts?", by_length, words_by_length, draw
)
