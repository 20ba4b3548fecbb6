"""Every chart, whatever it shows: of nothing, of one rating, of many."""

import json

import plotly.graph_objects as go
import pytest

from components.charts.catalog import CHARTS
from components.charts.views import VIEWS
from components.live.moment import Moment
from tests.charts.conftest import MARCH_1

EACH_CHART = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)


def document(chart, store) -> dict:
    """The chart's document, sent as strict JSON and read back."""
    with store.reading() as connection:
        return json.loads(json.dumps(chart.document(Moment(connection)), allow_nan=False))


def every(key: str, document: object) -> list:
    """Every value that stands under a key, anywhere in a document."""
    if isinstance(document, list):
        return [value for part in document for value in every(key, part)]
    if isinstance(document, dict):
        found = [value for part in document.values() for value in every(key, part)]
        return [document[key], *found] if key in document else found
    return []


def test_the_charts_have_the_names_programs_ask_for():
    names = ["coverage", "ratings_over_time", "scores_by_kind", "scores_by_source"]
    assert [chart.name for chart in CHARTS] == [view.name for view in VIEWS] == names


@EACH_CHART
def test_of_nothing_there_is_a_sentence_instead_of_a_chart(chart, store):
    nothing = document(chart, store)
    assert nothing["figure"] is None
    assert nothing["empty"] == nothing["text"] == chart.empty
    assert nothing["title"] == chart.question
    assert "n = 0" in nothing["subtitle"]


@EACH_CHART
def test_prompts_without_ratings_are_drawn_only_by_coverage(chart, store, loaded):
    unrated = document(chart, store)
    assert (unrated["figure"] is not None) == (unrated["empty"] is None) == (chart.name == "coverage")


@EACH_CHART
def test_one_rating_is_drawn_and_claims_nothing(chart, store, loaded, rate):
    rate(0, loaded[0], 4, MARCH_1)
    store.write(lambda transaction: None)
    one = document(chart, store)
    assert one["empty"] is None
    assert one["figure"]["data"]
    assert "1 rating" in one["subtitle"] and "1 ratings" not in one["subtitle"] + one["text"]
    if chart.name != "coverage":
        assert one["title"] == chart.question


@EACH_CHART
def test_many_ratings_are_a_small_document(chart, many):
    drawn = document(chart, many)
    assert len(json.dumps(drawn, ensure_ascii=False).encode()) < 50_000
    assert "template" not in drawn["figure"]["layout"]
    assert drawn["title"] and "n = " in drawn["subtitle"] and drawn["text"].endswith(".")


@EACH_CHART
def test_plotly_knows_every_property_of_the_figures(chart, many):
    drawn = document(chart, many)["figure"]
    known = go.Figure(drawn).to_plotly_json()
    assert json.loads(json.dumps(known["data"])) == drawn["data"]
    assert {**known["layout"], "template": None} == {**drawn["layout"], "template": None}


@EACH_CHART
def test_the_page_may_choose_colours_and_width(chart, many):
    layout = document(chart, many)["figure"]["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert "color" not in layout["font"]
    assert not {"gridcolor", "linecolor", "zerolinecolor"} & {*layout["xaxis"], *layout["yaxis"]}
    assert "width" not in layout and layout["height"] > 0
    assert layout["uirevision"]


@EACH_CHART
def test_no_text_is_smaller_than_13_pixels(chart, many):
    fonts = [font for name in ("font", "insidetextfont") for font in every(name, document(chart, many))]
    assert fonts and all(font["size"] >= 13 for font in fonts)


@EACH_CHART
def test_the_same_numbers_make_the_same_document(chart, many):
    assert document(chart, many) == document(chart, many)
