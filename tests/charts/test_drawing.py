"""What is drawn is what the tables say, readable, and names are only names."""

import pytest

from components.charts import drawing, tables
from components.charts.colours import ACCENT, NEUTRAL, SCORE_COLOURS, contrast, text_on
from components.records import SCORES, Prompt
from components.store import prompts
from tests.charts.conftest import MARCH_1
from tests.charts.test_tables import table


def figure(store, read, draw) -> dict:
    return draw(table(store, read))


def test_coverage_draws_its_table_with_the_goal_in_the_accent(many):
    rows = table(many, tables.coverage)
    [bars] = figure(many, tables.coverage, drawing.coverage)["data"]
    assert bars["x"] == [row.prompts for row in rows]
    assert bars["marker"]["color"] == [NEUTRAL, NEUTRAL, NEUTRAL, ACCENT]


def test_time_draws_its_table_from_its_first_day(many):
    rows = table(many, tables.ratings_over_time)
    [bars] = figure(many, tables.ratings_over_time, drawing.ratings_over_time)["data"]
    assert bars["y"] == [row.ratings for row in rows]
    assert bars["x0"] == f"{rows[0].start:%Y-%m-%d} 00:00" and bars["dx"] == 86_400_000


@pytest.mark.parametrize("by", ["kind", "source"])
def test_scores_draw_their_table(many, by):
    read, draw = getattr(tables, f"scores_by_{by}"), getattr(drawing, f"scores_by_{by}")
    rows, drawn = table(many, read), figure(many, read, draw)
    assert [bars["x"] for bars in drawn["data"]] == [
        [row.given[at] for row in rows] for at in range(len(SCORES))
    ]
    assert drawn["layout"]["barnorm"] == "percent" and drawn["layout"]["barmode"] == "stack"
    labels = [label["text"] for label in drawn["layout"]["annotations"]]
    assert all(f"n = {row.n:,}</b>" in label for row, label in zip(rows, labels[:-1], strict=True))


def test_names_of_sources_bring_no_markup_along(many):
    layout = figure(many, tables.scores_by_source, drawing.scores_by_source)["layout"]
    labels = [label["text"] for label in layout["annotations"][:-1]]
    for text in [*layout["yaxis"]["ticktext"], *labels]:
        ours = text.replace("<br>", "").replace("<b>n = ", "").replace("</b>", "")
        assert "<" not in ours and "$" not in ours
    assert any("&lt;b&gt;bold&lt;/b&gt;" in label for label in labels)


def test_names_that_look_alike_when_short_keep_bars_of_their_own(many):
    drawn = figure(many, tables.scores_by_source, drawing.scores_by_source)
    assert all(bars["y"] == list(range(13)) for bars in drawn["data"])
    assert len({*drawn["layout"]["yaxis"]["ticktext"]}) == 13


def test_a_source_called_like_a_kind_does_not_get_its_colour(store, rate):
    prompt = Prompt("A prompt", "human", "synthetic")
    store.write(lambda transaction: prompts.add(transaction, [prompt], {}))
    rate(0, prompt, 3, MARCH_1)
    store.write(lambda transaction: None)
    by_source = figure(store, tables.scores_by_source, drawing.scores_by_source)["layout"]["annotations"][0]
    by_kind = figure(store, tables.scores_by_kind, drawing.scores_by_kind)["layout"]["annotations"][0]
    assert "color" in by_kind["text"] and "color" not in by_source["text"]


@pytest.mark.parametrize("colour", SCORE_COLOURS.values())
def test_text_on_every_score_colour_can_be_read(colour):
    assert contrast(text_on(colour), colour) >= 4.5


@pytest.mark.parametrize("page", ["#FFFFFF", "#1B1E23"])
@pytest.mark.parametrize("colour", [ACCENT, NEUTRAL])
def test_bars_stand_out_from_a_light_and_a_dark_page(colour, page):
    assert contrast(colour, page) >= 3


def test_contrast_is_that_of_the_standard():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
