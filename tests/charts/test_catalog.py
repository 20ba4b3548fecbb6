"""Every chart, whatever it shows: of nothing, of one rating, of many."""

import json

import plotly.graph_objects as go
import pytest

from components.charts.catalog import CHARTS
from components.charts.chart import NOTHING_LEFT
from components.charts.columns import Columns
from components.charts.views import views
from components.live.raters import Raters
from components.records import EVERYTHING, Filter
from tests.charts.conftest import HOSTILE, MARCH_1, numbers_at

DRAWN = [chart for chart in CHARTS if chart.name != "sources"]
# They show prompts, rated or not.
OF_PROMPTS = ("coverage", "sources")
# A single value is no column to compare by.
OF_ONE = [chart for chart in CHARTS if chart.name != "scores_by_metadata"]
EACH_DRAWN = pytest.mark.parametrize("chart", DRAWN, ids=lambda chart: chart.name)
EACH_CHART = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)


def document(chart, store, chosen=EVERYTHING) -> dict:
    """The chart's document, sent as strict JSON and read back."""
    with store.reading() as connection:
        made = chart.document(numbers_at(connection), chosen)
        return json.loads(json.dumps(made, allow_nan=False))


def every(key: str, document: object) -> list:
    """Every value that stands under a key, anywhere in a document."""
    if isinstance(document, list):
        return [value for part in document for value in every(key, part)]
    if isinstance(document, dict):
        found = [value for part in document.values() for value in every(key, part)]
        return [document[key], *found] if key in document else found
    return []


def test_the_charts_have_the_names_programs_ask_for():
    names = {"coverage", "ratings_over_time", "scores_by_kind", "scores_by_source"}
    assert [chart.name for chart in CHARTS] == [view.name for view in views(Raters(), Columns())]
    assert names <= {chart.name for chart in CHARTS}
    assert len({chart.name for chart in CHARTS}) == len({chart.question for chart in CHARTS}) == len(CHARTS)


@EACH_CHART
def test_of_nothing_there_is_a_sentence_instead_of_a_chart(chart, store):
    nothing = document(chart, store)
    assert nothing["figure"] is None and nothing["table"] is None
    assert nothing["empty"] == nothing["text"] == chart.empty
    assert nothing["title"] == chart.question
    assert "n = 0" in nothing["subtitle"]


@EACH_CHART
def test_prompts_without_ratings_are_shown_only_where_prompts_are_counted(chart, store, loaded):
    unrated = document(chart, store)
    shown = bool(unrated["figure"] or unrated["table"])
    assert shown == (unrated["empty"] is None) == (chart.name in OF_PROMPTS)


@pytest.mark.parametrize("chart", OF_ONE, ids=lambda chart: chart.name)
def test_one_rating_is_drawn_and_claims_nothing(chart, store, loaded, rate):
    rate(0, loaded[0], 4, MARCH_1)
    store.write(lambda transaction: None)
    one = document(chart, store)
    assert one["empty"] is None
    assert one["table"]["rows"] if chart.name == "sources" else one["figure"]["data"]
    assert "1 rating" in one["subtitle"] and "1 ratings" not in one["subtitle"] + one["text"]
    if chart.name not in OF_PROMPTS:
        assert one["title"] == chart.question


@EACH_CHART
def test_many_ratings_are_a_small_document(chart, many):
    drawn = document(chart, many)
    assert len(json.dumps(drawn, ensure_ascii=False).encode()) < 50_000
    assert drawn["title"] and "n = " in drawn["subtitle"] and drawn["text"].endswith(".")


@EACH_DRAWN
def test_plotly_knows_every_property_of_the_figures(chart, many):
    drawn = document(chart, many)["figure"]
    known = go.Figure(drawn).to_plotly_json()
    assert json.loads(json.dumps(known["data"])) == drawn["data"]
    assert {**known["layout"], "template": None} == {**drawn["layout"], "template": None}


@EACH_DRAWN
def test_the_page_may_choose_colours_and_width(chart, many):
    layout = document(chart, many)["figure"]["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert "color" not in layout["font"]
    assert not {"gridcolor", "linecolor", "zerolinecolor"} & {*layout["xaxis"], *layout["yaxis"]}
    assert "width" not in layout and layout["height"] > 0
    assert layout["uirevision"]


@EACH_DRAWN
def test_no_text_is_smaller_than_13_pixels(chart, many):
    fonts = [
        font
        for name in ("font", "insidetextfont", "textfont", "tickfont")
        for font in every(name, document(chart, many))
    ]
    assert fonts and all(font["size"] >= 13 for font in fonts)


@EACH_CHART
def test_the_same_numbers_make_the_same_document(chart, many):
    assert document(chart, many) == document(chart, many)


@EACH_CHART
def test_a_filter_leaves_fewer_ratings_and_is_named(chart, many):
    chosen = Filter(HOSTILE[:1], ("human",), "2026-03-05", "2026-03-15")
    whole, part = document(chart, many), document(chart, many, chosen)
    assert part["filter"] == {
        "source": [HOSTILE[0]],
        "kind": ["human"],
        "from": ["2026-03-05"],
        "to": ["2026-03-15"],
    }
    assert part["subtitle"] != whole["subtitle"] and "only" in part["subtitle"]
    for what, words in (("kind", "only human prompts"), ("time", "5 March 2026 to 15 March 2026 (UTC)")):
        assert (words in part["subtitle"]) == (what in chart.follows)
        assert ("not filtered by" in part["subtitle"] and what in part["subtitle"]) == (
            what not in chart.follows
        )


@EACH_CHART
def test_a_filter_that_leaves_nothing_says_so(chart, many):
    nothing = document(chart, many, Filter(sources=("no such source",)))
    assert nothing["empty"] == nothing["text"] == NOTHING_LEFT


@EACH_CHART
def test_every_row_has_the_same_plain_cells(chart, many):
    with many.reading() as connection:
        rows = [row.cells() for row in chart.rows(numbers_at(connection))]
    assert rows and {tuple(row) for row in rows} == {tuple(rows[0])}
    assert all(isinstance(value, str | int | float | None) for row in rows for value in row.values())
