"""The figures: each takes a table of `tables` and becomes what plotly.js draws.

Colours in here mean something (a score, a kind, the goal reached). The rest is the page's, which sets for
light and dark: `font.color`, `hoverlabel.bgcolor`, `hoverlabel.bordercolor` and `hoverlabel.font.color`, and
of `xaxis` and `yaxis` `gridcolor`, `linecolor` and `zerolinecolor`. It also sets `dragmode` to false where
people touch, so that a finger on a chart scrolls the page. Width is the page's too; height is set here.

Labels stand above their bars, not left of them, so that a phone has room for both.

Figures are plain dicts, since plotly's own objects check each of them anew, which takes a hundred times as long
as making it; the tests have plotly check them instead.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from components.charts.colours import ACCENT, KIND_COLOURS, NEUTRAL, SCORE_COLOURS, text_on
from components.charts.labels import capitalised, count, full_name, markup, percent, short_name, span
from components.charts.tables import Coverage, Period, Scores
from components.records import HOUR_MS, SCORE_WORDS, SCORES

FONT_FAMILY = "system-ui, sans-serif"
FONT_SIZE = 14
SMALLEST_FONT_SIZE = 13
MARGIN = 8
# What every line of text on a figure has in common.
LABEL = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "align": "left", "borderpad": 0}
LABEL_INDENT = 4
ROW_HEIGHT = 54
# Of a row; the label has the rest.
BAR_HEIGHT = 0.5
LEGEND_HEIGHT = 46
# A single hour does not fill the whole width: at least this many are shown, the earlier ones empty.
FEWEST_HOURS = 12
# With more bars than this the gaps between them would be finer than a pixel of a phone.
MOST_GAPS = 100
HOUR_HOVER, DAY_HOVER = "Hour from %H:%M UTC, %a %-d %b %Y", "%a %-d %b %Y (UTC)"
# What comes after the line break is only written where it changes.
TIME_FORMATS = (
    {"dtickrange": [None, 43_200_000], "value": "%H:%M\n%-d %b %Y"},
    {"dtickrange": [86_400_000, 2_400_000_000], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
)


def coverage(table: Sequence[Coverage]) -> dict:
    """One bar for each number of ratings: how many prompts have it, in the accent from the goal on."""
    prompts = [row.prompts for row in table]
    whole = sum(prompts)
    goal = next(row.least for row in table if row.reached)
    names = [
        capitalised(span(row.least, row.most)) + (" (the goal)" if row.least == goal else "") for row in table
    ]
    shares = [percent(part, whole) for part in prompts]
    bars = {
        "type": "bar",
        "x": prompts,
        "y": list(range(len(table))),
        "customdata": [[name, share] for name, share in zip(names, shares, strict=True)],
        "hovertemplate": f"%{{customdata[0]}}<br>%{{x:,}} of {count(whole, 'prompt')}: %{{customdata[1]}}<extra></extra>",
        "orientation": "h",
        "width": BAR_HEIGHT,
        "marker": {"color": [ACCENT if row.reached else NEUTRAL for row in table]},
    }
    labels = [
        f"{name}: <b>{count(part, 'prompt')}</b> ({share})"
        for name, part, share in zip(names, prompts, shares, strict=True)
    ]
    layout = _rows(labels, indent=LABEL_INDENT)
    layout["xaxis"] |= {"range": [0, max(prompts)], "zeroline": True, "zerolinelayer": "above traces"}
    return {"data": [bars], "layout": layout}


def ratings_over_time(table: Sequence[Period]) -> dict:
    """A bar for each hour or day."""
    hours, ratings = table[0].hours, [row.ratings for row in table]
    hourly, step = hours == 1, timedelta(hours=hours)
    step_ms = hours * HOUR_MS
    first, last = table[0].start, table[-1].start
    bars = {
        "type": "bar",
        # Start and step instead of every moment: months stay a small document.
        "x0": _plotly_time(first),
        "dx": step_ms,
        "y": ratings,
        "width": step_ms * (0.92 if len(ratings) <= MOST_GAPS else 1),
        "hovertemplate": f"%{{x|{HOUR_HOVER if hourly else DAY_HOVER}}}<br>Ratings: %{{y:,}}<extra></extra>",
        "marker": {"color": ACCENT},
    }
    if hourly:
        first = min(first, last - (FEWEST_HOURS - 1) * step)
    layout = _plain(height=300)
    layout["xaxis"] |= {
        "type": "date",
        "range": [_plotly_time(first - step / 2), _plotly_time(last + step / 2)],
        "tickformatstops": TIME_FORMATS,
        "ticklabeloverflow": "allow",
        # Below the 0 of the other axis, not into it.
        "ticklabelstandoff": 8,
        "showgrid": False,
    }
    layout["yaxis"] |= {"rangemode": "tozero", "tickformat": ",d", "fixedrange": True, "zeroline": True}
    # Half a rating has no tick.
    layout["yaxis"] |= {"dtick": 1} if max(ratings) <= 5 else {"nticks": 6}
    layout["dragmode"] = "zoom"
    return {"data": [bars], "layout": layout}


def _plotly_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def scores_by_kind(table: Sequence[Scores]) -> dict:
    """A bar for each kind, marked with the colour it has everywhere, divided by the shares of the scores."""
    return _scores(table, [f"{_square(KIND_COLOURS[row.name])} {row.name}" for row in table])


def scores_by_source(table: Sequence[Scores]) -> dict:
    """A bar for each source, divided by the shares of the scores."""
    return _scores(table, [markup(short_name(row.name)) for row in table])


def _scores(table: Sequence[Scores], names: list[str]) -> dict:
    rows = list(range(len(table)))
    labels = [f"{name} · <b>n = {row.n:,}</b>" for name, row in zip(names, table, strict=True)]
    layout = _rows(labels, above=LEGEND_HEIGHT)
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
        "uniformtext": {"mode": "hide", "minsize": SMALLEST_FONT_SIZE},
        # One box with all five numbers of a row, headed by its tick, which is not written elsewhere.
        "hovermode": "y unified",
    }
    return {"data": [_score_bars(table, score, rows) for score in SCORES], "layout": layout}


def _score_bars(table: Sequence[Scores], score: int, rows: list[int]) -> dict:
    given = [row.given[SCORES.index(score)] for row in table]
    shares = [percent(part, row.n) for part, row in zip(given, table, strict=True)]
    return {
        "type": "bar",
        "name": f"{score} {SCORE_WORDS[score]}",
        "x": given,
        "y": rows,
        "orientation": "h",
        "width": BAR_HEIGHT,
        "text": [share if part else "" for share, part in zip(shares, given, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": text_on(SCORE_COLOURS[score]), "size": SMALLEST_FONT_SIZE},
        "customdata": [[part, share] for part, share in zip(given, shares, strict=True)],
        "hovertemplate": "%{customdata[0]:,} (%{customdata[1]})",
        "marker": {"color": SCORE_COLOURS[score]},
    }


def _legend() -> dict:
    """The score words with their colours, in two lines that fit every width; plotly's own takes one to three."""
    words = [f"{_square(SCORE_COLOURS[score])} {score} {SCORE_WORDS[score]}" for score in SCORES]
    gap = "\u2003"
    return LABEL | {
        "text": f"{gap.join(words[:3])}<br>{gap.join(words[3:])}",
        "x": 0,
        "xref": "paper",
        "y": 1,
        "yref": "paper",
        "yshift": 6,
        "font": {"size": SMALLEST_FONT_SIZE},
    }


def _square(colour: str) -> str:
    return f'<span style="color:{colour}">■</span>'


def _rows(labels: list[str], above: int = 0, indent: int = 0) -> dict:
    """The layout of horizontal bars at 0, 1, 2 ... read from the top, each with its label on it.

    Args:
        above: Height in pixels to be kept free above all of them.
        indent: How far in pixels the labels stand off a line at zero.
    """
    layout = _plain(height=len(labels) * ROW_HEIGHT + above + 2 * MARGIN)
    layout["annotations"] = [
        LABEL | {"text": label, "x": 0, "y": row - BAR_HEIGHT / 2, "xshift": indent}
        for row, label in enumerate(labels)
    ]
    layout["margin"]["t"] = MARGIN + above
    nothing = {"fixedrange": True, "showticklabels": False, "showgrid": False, "zeroline": False}
    layout["xaxis"] |= nothing
    # Half a row and a little more above the first bar for its label, so much less below the last.
    layout["yaxis"] |= nothing | {"range": [len(labels) - 0.7, -0.7]}
    return layout


def _plain(height: int) -> dict:
    """A layout that every chart adds to."""
    return {
        "height": height,
        "margin": {"l": MARGIN, "r": MARGIN, "t": MARGIN, "b": MARGIN},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": FONT_SIZE, "family": FONT_FAMILY},
        "hoverlabel": {
            "font": {"size": SMALLEST_FONT_SIZE, "family": FONT_FAMILY},
            "align": "left",
            "namelength": -1,
        },
        # The page's line colour would otherwise draw the line.
        "xaxis": {"automargin": True, "showline": False},
        "yaxis": {"automargin": True, "showline": False},
        "showlegend": False,
        # Never another value: a reader's zoom outlives the next rating.
        "uirevision": "kept",
        "dragmode": False,
    }
