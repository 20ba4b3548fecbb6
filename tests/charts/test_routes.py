"""Filtered charts over HTTP: computed once for each state, fresh when the live views moved, kept within bounds."""

import csv
import io
from dataclasses import replace

import orjson
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from components.charts.catalog import CHARTS, chart_named
from components.charts.columns import Columns
from components.charts.filtered import FilteredCharts
from components.charts.routes import router
from components.charts.views import views
from components.errors import UnknownView
from components.live.publisher import Publisher
from components.live.raters import Raters
from components.records import Filter, Prompt
from components.store import prompts
from tests.charts.conftest import HOSTILE, MARCH_1

HUMAN = {"kind": "human"}


@pytest.fixture
def columns() -> Columns:
    return Columns(budget_s=60)


@pytest.fixture
def publisher(many, columns) -> Publisher:
    made = Publisher(many, views(Raters(), columns))
    made.refresh()
    return made


@pytest.fixture
def client(many, publisher, columns) -> TestClient:
    app = FastAPI()
    app.include_router(router(many, publisher, columns))
    return TestClient(app)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_every_chart_has_a_document_and_a_file_under_a_filter(client, chart):
    told = client.get(f"/api/charts/{chart.name}", params=HUMAN)
    assert told.status_code == 200 and told.json()["filter"]["kind"] == ["human"]
    file = client.get(f"/api/charts/{chart.name}.csv", params=HUMAN)
    assert file.headers["content-type"].startswith("text/csv")
    assert f'filename="{chart.name}.csv"' in file.headers["content-disposition"]
    assert len([*csv.DictReader(io.StringIO(file.text))]) > 0


def test_no_name_in_a_file_is_a_formula(client, many):
    formula = Prompt("A prompt", '=HYPERLINK("http://x")', "human")
    many.write(lambda transaction: prompts.add(transaction, [formula], {}))
    file = client.get("/api/charts/sources.csv").content.decode("utf-8-sig")
    names = [row["source"] for row in csv.DictReader(io.StringIO(file))]
    assert "<b>bold</b>" in names and "'" + formula.source in names and formula.source not in names


def test_without_a_filter_it_is_the_live_view(client, publisher):
    view = publisher.document("scores_by_kind")
    assert client.get("/api/charts/scores_by_kind").headers["etag"] == view.etag
    assert (
        client.get("/api/charts/scores_by_kind", params={"from": "2020-01-01"}).headers["etag"] == view.etag
    )


def test_nonsense_is_left_out_and_said(client):
    told = client.get("/api/charts/scores_by_kind", params={**HUMAN, "source": "nowhere"}).json()
    assert told["filter"]["source"] == [] and "nowhere" in told["notices"][0]
    choices = client.get("/api/charts", params={"from": "soon"}).json()
    assert "soon" in choices["notices"][0]
    assert {source["name"] for source in choices["sources"]} >= {*HOSTILE}
    assert choices["first"] >= "2026-03-01" and choices["last"] == "2026-03-21"


def test_what_did_not_change_is_not_sent_again(client):
    etag = client.get("/api/charts/activity", params=HUMAN).headers["etag"]
    again = client.get("/api/charts/activity", params=HUMAN, headers={"If-None-Match": etag})
    assert again.status_code == 304 and not again.content


def test_it_moves_when_the_live_views_have_moved(client, publisher, many, loaded, rate):
    before = client.get("/api/charts/scores_by_kind", params=HUMAN).json()
    rate(50, loaded[0], 5, MARCH_1)
    many.write(lambda transaction: None)
    publisher.refresh()
    after = client.get("/api/charts/scores_by_kind", params=HUMAN).json()
    assert before["subtitle"] != after["subtitle"]


def test_an_unknown_chart_is_not_found(many):
    with pytest.raises(UnknownView, match="There is no chart named nothing; there are coverage"):
        chart_named("nothing")


def test_one_state_is_computed_once_however_the_filter_is_written(many):
    charts = FilteredCharts(many, lambda: "1", Columns())
    first, _ = charts.read({"source": [HOSTILE[1], HOSTILE[0]]})
    again, _ = charts.read({"source": [HOSTILE[0], HOSTILE[1], HOSTILE[0]]})
    chart = chart_named("activity")
    assert charts.document(chart, first) is charts.document(chart, again)


def test_only_the_last_filters_are_kept(many):
    charts, chart = FilteredCharts(many, lambda: "1", Columns(), most=3), chart_named("scores_by_kind")
    days = [Filter(first=f"2026-03-{day:02}") for day in range(2, 8)]
    first = charts.document(chart, days[0])
    for day in days:
        charts.document(chart, day)
    assert charts.document(chart, days[0]) is not first
    assert charts.document(chart, days[-1]) is charts.document(chart, days[-1])


def test_what_cannot_be_computed_any_more_stays_and_says_of_when_it_is(many, clock):
    versions = iter("1234")
    charts, chosen = FilteredCharts(many, lambda: next(versions), Columns()), Filter(kinds=("human",))
    broken: list[int] = []

    def draw(table):
        return {"figure": {"data": [], "layout": {}, "share": 1 / (1 - len(broken))}}

    chart = replace(chart_named("scores_by_kind"), draw=draw)
    fine = orjson.loads(charts.document(chart, chosen).encoded("identity"))
    good_at = clock.now
    clock.forward(5)
    broken.append(1)
    for _ in range(2):
        assert orjson.loads(charts.document(chart, chosen).encoded("identity")) == fine | {"as_of": good_at}
    broken.clear()
    assert orjson.loads(charts.document(chart, chosen).encoded("identity")) == fine


def test_what_could_never_be_computed_is_an_error_and_not_an_empty_chart(many):
    chart = replace(chart_named("scores_by_kind"), draw=lambda table: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        FilteredCharts(many, lambda: "1", Columns()).document(chart, Filter(kinds=("human",)))
