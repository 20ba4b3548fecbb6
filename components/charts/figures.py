"""What figures have in common: layouts, labels, bars and legends, as plotly.js takes them.

Colours in here mean something (a score, a kind, the goal reached). The rest is the page's, which sets for
light and dark: `font.color`, `hoverlabel.bgcolor`, `hoverlabel.bordercolor` and `hoverlabel.font.color`, of
`xaxis` and `yaxis` `gridcolor`, `linecolor` and `zerolinecolor`, and the `colorscale` of heatmaps, on which
text can be read. It also sets `dragmode` to false where people touch, so that a finger on a chart scrolls
the page. Width is the page's too; height is set here.

Labels stand above their bars, not left of them, so that a phone has room for both.

Figures are plain dicts, since plotly's own objects check each of them anew, which takes a hundred times as long
as making it; the tests have plotly check them instead.
"""

from collections.abc import Sequence
from datetime import datetime

from components.charts.colours import KIND_COLOURS, KIND_PATTERNS
from components.records import KINDS, SCORE_WORDS, SCORES

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
# Of the legend of kinds, which has one line.
KINDS_HEIGHT = 34
# What comes after the line break is only written where it changes.
TIME_FORMATS = (
    {"dtickrange": [None, 43_200_000], "value": "%H:%M\n%-d %b"},
    {"dtickrange": [86_400_000, 2_400_000_000], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
)


def plain(height: int) -> dict:
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


def rows(labels: Sequence[str], above: int = 0, indent: int = 0) -> dict:
    """The layout of rows at 0, 1, 2 ... read from the top, each with its label on it.

    Args:
        above: Height in pixels to be kept free above all of them.
        indent: How far in pixels the labels stand off a line at zero.
    """
    layout = plain(height=len(labels) * ROW_HEIGHT + above + 2 * MARGIN)
    layout["annotations"] = [
        LABEL | {"text": label, "x": 0, "xref": "paper", "y": row - BAR_HEIGHT / 2, "xshift": indent}
        for row, label in enumerate(labels)
    ]
    layout["margin"]["t"] = MARGIN + above
    nothing = {"fixedrange": True, "showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}
    layout["xaxis"] |= nothing
    # Half a row and a little more above the first bar for its label, so much less below the last.
    layout["yaxis"] |= nothing | {"range": [len(labels) - 0.7, -0.7]}
    return layout


def timeline(first: datetime, last: datetime) -> dict:
    """The layout of numbers over time, in UTC, that can be zoomed along it."""
    layout = plain(height=300)
    layout["xaxis"] |= {
        "type": "date",
        "range": [plotly_time(first), plotly_time(last)],
        "tickformatstops": TIME_FORMATS,
        "ticklabeloverflow": "allow",
        # Below the 0 of the other axis, not into it.
        "ticklabelstandoff": 8,
        "tickangle": 0,
        "showgrid": False,
    }
    layout["yaxis"] |= {"fixedrange": True}
    layout["dragmode"] = "zoom"
    return layout


def score_ticks() -> dict:
    """The five scores on an axis, each word on a line of its own: five columns fit on a narrow phone."""
    return {
        "tickvals": [*SCORES],
        "ticktext": [f"{score}<br>{SCORE_WORDS[score].replace(' ', '<br>')}" for score in SCORES],
        "tickfont": {"size": SMALLEST_FONT_SIZE},
    }


def counting(most: int) -> dict:
    """An axis of counts, from zero."""
    # Half a rating has no tick.
    ticks = {"dtick": 1} if most <= 5 else {"nticks": 6}
    return {"rangemode": "tozero", "tickformat": ",d", "zeroline": True} | ticks


def plotly_time(moment: datetime) -> str:
    """A moment as plotly.js reads it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def kinds_with(numbers: Sequence[Sequence[int]]) -> list[int]:
    """The places in `KINDS` of those kinds that have anything in any row."""
    return [place for place in range(len(KINDS)) if any(row[place] for row in numbers)]


def kind_marker(kind: str, patterned: bool = True) -> dict:
    """Bars of a kind: its colour everywhere, and a pattern for those who see no colours."""
    marker: dict = {"color": KIND_COLOURS[kind]}
    if patterned and KIND_PATTERNS[kind]:
        marker["pattern"] = {
            "shape": KIND_PATTERNS[kind],
            "fillmode": "overlay",
            "fgcolor": "rgba(255,255,255,0.6)",
            "size": 6,
            "solidity": 0.25,
        }
    return marker


def legend_of_kinds(layout: dict) -> None:
    """Name the kinds in one line above the chart."""
    layout["showlegend"] = True
    layout["legend"] = {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
        "traceorder": "normal",
        "font": {"size": SMALLEST_FONT_SIZE},
    }
    layout["margin"]["t"] = MARGIN + KINDS_HEIGHT
    layout["height"] += KINDS_HEIGHT


def square(colour: str) -> str:
    """A piece of a colour, to stand before its name."""
    return f'<span style="color:{colour}">■</span>'
