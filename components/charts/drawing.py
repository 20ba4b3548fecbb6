"""The figures: each takes a table of `tables` and becomes what plotly.js draws.

Colours in here mean something (a score, a kind, the goal reached). The rest is the page's, which sets for
light and dark: `font.color`, `hoverlabel.bgcolor`, `hoverlabel.bordercolor` and `hoverlabel.font.color`, and
of `xaxis` and `yaxis` `gridcolor`, `linecolor` and `zerolinecolor`. It also sets `dragmode` to false where
people touch, so that a finger on a chart scrolls the page. Width is the page's too; height is set here.

Labels stand above their bars, not left of them, so that a phone has room for both.
"""

import pandas as pd
import plotly.graph_objects as go

from components.charts.colours import ACCENT, KIND_COLOURS, NEUTRAL, SCORE_COLOURS, text_on
from components.charts.labels import capitalised, count, full_name, markup, percent, short_name, span
from components.records import SCORE_WORDS, SCORES

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
MILLISECOND = pd.Timedelta(milliseconds=1)
HOUR_HOVER, DAY_HOVER = "Hour from %H:%M UTC, %a %-d %b %Y", "%a %-d %b %Y (UTC)"
# What comes after the line break is only written where it changes.
TIME_FORMATS = (
    {"dtickrange": [None, 43_200_000], "value": "%H:%M\n%-d %b %Y"},
    {"dtickrange": [86_400_000, 2_400_000_000], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
)


def coverage(table: pd.DataFrame) -> go.Figure:
    """One bar for each number of ratings: how many prompts have it, in the accent from the goal on."""
    whole = int(table["prompts"].sum())
    goal = table.loc[table["reached"], "least"].min()
    names = [
        capitalised(span(row.least, row.most)) + (" (the goal)" if row.least == goal else "")
        for row in table.itertuples()
    ]
    prompts = table["prompts"].tolist()
    shares = [percent(part, whole) for part in prompts]
    bars = go.Bar(
        x=prompts,
        y=list(range(len(table))),
        customdata=[[name, share] for name, share in zip(names, shares, strict=True)],
        hovertemplate=f"%{{customdata[0]}}<br>%{{x:,}} of {count(whole, 'prompt')}: %{{customdata[1]}}<extra></extra>",
        orientation="h",
        width=BAR_HEIGHT,
        marker={"color": [ACCENT if reached else NEUTRAL for reached in table["reached"]]},
    )
    labels = [
        f"{name}: <b>{count(part, 'prompt')}</b> ({share})"
        for name, part, share in zip(names, prompts, shares, strict=True)
    ]
    figure = _rows(go.Figure(bars), labels, indent=LABEL_INDENT)
    return figure.update_xaxes(range=[0, max(prompts)], zeroline=True, zerolinelayer="above traces")


def ratings_over_time(table: pd.DataFrame) -> go.Figure:
    """A bar for each hour or day."""
    hourly, ratings = bool(table["hours"].iloc[0] == 1), table["ratings"].tolist()
    step = pd.Timedelta(hours=1) if hourly else pd.Timedelta(days=1)
    bars = go.Bar(
        # Start and step instead of every moment: months stay a small document.
        x0=_plotly_time(table["start"].iloc[0]),
        dx=step // MILLISECOND,
        y=ratings,
        width=step // MILLISECOND * (0.92 if len(ratings) <= MOST_GAPS else 1),
        hovertemplate=f"%{{x|{HOUR_HOVER if hourly else DAY_HOVER}}}<br>Ratings: %{{y:,}}<extra></extra>",
        marker={"color": ACCENT},
    )
    last = table["start"].iloc[-1]
    first = (
        min(table["start"].iloc[0], last - (FEWEST_HOURS - 1) * step) if hourly else table["start"].iloc[0]
    )
    figure = _plain(go.Figure(bars), height=300)
    figure.update_xaxes(
        type="date",
        range=[_plotly_time(first - step / 2), _plotly_time(last + step / 2)],
        tickformatstops=TIME_FORMATS,
        ticklabeloverflow="allow",
        # Below the 0 of the other axis, not into it.
        ticklabelstandoff=8,
        showgrid=False,
    )
    # Half a rating has no tick.
    whole_numbers = {"dtick": 1} if max(ratings) <= 5 else {"nticks": 6}
    figure.update_yaxes(rangemode="tozero", tickformat=",d", fixedrange=True, zeroline=True, **whole_numbers)
    return figure.update_layout(dragmode="zoom")


def _plotly_time(moment: pd.Timestamp) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def scores_by_kind(table: pd.DataFrame) -> go.Figure:
    """A bar for each kind, marked with the colour it has everywhere, divided by the shares of the scores."""
    return _scores(table, [f"{_square(KIND_COLOURS[kind])} {kind}" for kind in table["name"]])


def scores_by_source(table: pd.DataFrame) -> go.Figure:
    """A bar for each source, divided by the shares of the scores."""
    return _scores(table, [markup(short_name(source)) for source in table["name"]])


def _scores(table: pd.DataFrame, names: list[str]) -> go.Figure:
    rows = list(range(len(table)))
    figure = go.Figure([_score_bars(table, score, rows) for score in SCORES])
    labels = [f"{name} · <b>n = {n:,}</b>" for name, n in zip(names, table["n"], strict=True)]
    _rows(figure, labels, above=LEGEND_HEIGHT)
    return figure.update_layout(
        barmode="stack",
        barnorm="percent",
        uniformtext={"mode": "hide", "minsize": SMALLEST_FONT_SIZE},
        # One box with all five numbers of a row, headed by its tick, which is not written elsewhere.
        hovermode="y unified",
        yaxis={
            "tickmode": "array",
            "tickvals": rows,
            "ticktext": [full_name(name) for name in table["name"]],
            "showspikes": False,
        },
        xaxis={"range": [0, 100]},
    ).add_annotation(_legend())


def _score_bars(table: pd.DataFrame, score: int, rows: list[int]) -> go.Bar:
    given = table[score].tolist()
    shares = [percent(part, whole) for part, whole in zip(given, table["n"], strict=True)]
    return go.Bar(
        name=f"{score} {SCORE_WORDS[score]}",
        x=given,
        y=rows,
        orientation="h",
        width=BAR_HEIGHT,
        text=[share if part else "" for share, part in zip(shares, given, strict=True)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": text_on(SCORE_COLOURS[score]), "size": SMALLEST_FONT_SIZE},
        customdata=[[part, share] for part, share in zip(given, shares, strict=True)],
        hovertemplate="%{customdata[0]:,} (%{customdata[1]})",
        marker={"color": SCORE_COLOURS[score]},
    )


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


def _rows(figure: go.Figure, labels: list[str], above: int = 0, indent: int = 0) -> go.Figure:
    """Make horizontal bars at 0, 1, 2 ... read from the top, each with its label on it.

    Args:
        above: Height in pixels to be kept free above all of them.
        indent: How far in pixels the labels stand off a line at zero.
    """
    figure = _plain(figure, height=len(labels) * ROW_HEIGHT + above + 2 * MARGIN)
    figure.update_layout(
        annotations=[
            LABEL | {"text": label, "x": 0, "y": row - BAR_HEIGHT / 2, "xshift": indent}
            for row, label in enumerate(labels)
        ],
        margin_t=MARGIN + above,
    )
    nothing = {"fixedrange": True, "showticklabels": False, "showgrid": False, "zeroline": False}
    figure.update_xaxes(nothing)
    # Half a row and a little more above the first bar for its label, so much less below the last.
    return figure.update_yaxes(nothing, range=[len(labels) - 0.7, -0.7])


def _plain(figure: go.Figure, height: int) -> go.Figure:
    return figure.update_layout(
        height=height,
        margin={"l": MARGIN, "r": MARGIN, "t": MARGIN, "b": MARGIN},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": FONT_SIZE, "family": FONT_FAMILY},
        hoverlabel={
            "font": {"size": SMALLEST_FONT_SIZE, "family": FONT_FAMILY},
            "align": "left",
            "namelength": -1,
        },
        # The page's line colour would otherwise draw the line.
        xaxis={"automargin": True, "showline": False},
        yaxis={"automargin": True, "showline": False},
        showlegend=False,
        # Never another value: a reader's zoom outlives the next rating.
        uirevision="kept",
        dragmode=False,
    )
