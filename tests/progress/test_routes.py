"""Progress over HTTP: the forecast for other goals, badge, picture, big screen and the card for other sites."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from components.errors import BadRequest
from components.live.publisher import Publisher
from components.live.raters import Raters
from components.organizing.sprint import change
from components.progress.routes import router
from components.progress.views import views
from components.records import DAY_MS, HOUR_MS
from tests.conftest import ROOT


def day(moment):
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


@pytest.fixture
def publisher(store):
    made = Publisher(store, views(lambda: None, Raters(), lambda reached: None))
    made.refresh()
    return made


@pytest.fixture
def client(store, publisher):
    app = FastAPI()
    app.include_router(router(store, publisher, ROOT / "assets", "https://sprint.example", "A sprint"))
    return TestClient(app)


@pytest.fixture
def rated(store, loaded, person, clock):
    """Twelve prompts, and three ratings on each of four full days before this hour."""
    ada, bob, cyd = (person(name) for name in ("ada", "bob", "cyd"))
    for day in range(4):
        for place, who in enumerate((ada, bob, cyd)):
            at = clock.now - 24 * HOUR_MS * day - (place + 1) * 8 * HOUR_MS
            who.rates(loaded[day], 4, happened_at=at)


def test_the_forecast_can_be_asked_for_another_goal_number_of_prompts_and_end(rated, client, clock):
    as_it_is = client.get("/api/forecast").json()
    assert (as_it_is["missing"], as_it_is["pace"]) == (24, {"per_day": 3, "days": 4})
    assert as_it_is["finish"]["likely"] == clock.now + 8 * DAY_MS
    assert as_it_is["by_end"] is None
    assert client.get("/api/forecast", params={"ratings_per_prompt": 1}).json()["missing"] == 8
    assert client.get("/api/forecast", params={"prompts": 20}).json()["missing"] == 48
    by_end = client.get("/api/forecast", params={"last_day": day(clock.now + 99 * DAY_MS)}).json()["by_end"]
    assert 297 <= by_end["likely"] <= 300 and by_end["verdict"] == "likely"


def test_a_sprint_that_is_over_can_be_asked_about_a_later_end(store, rated, client, clock):
    change(store, "terminal", state="closed")
    for without in ({}, {"last_day": ""}):
        with pytest.raises(BadRequest, match="The sprint is over: choose a last day to come"):
            client.get("/api/forecast", params=without)
    later = client.get("/api/forecast", params={"last_day": day(clock.now + DAY_MS)})
    assert later.json()["finish"] is not None


def test_no_end_can_be_asked_about_too(store, rated, client, clock):
    change(store, "terminal", ends_at=clock.now + DAY_MS)
    assert client.get("/api/forecast").json()["by_end"] is not None
    assert client.get("/api/forecast", params={"last_day": ""}).json()["by_end"] is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ratings_per_prompt": wrong}, "Ratings each: give a whole number from 1 to 100.")
        for wrong in ("0", "-3", "2.5", "101", "9" * 5000, "", "³")
    ]
    + [
        ({"prompts": wrong}, "Prompts: give a whole number from 0 to 100,000,000.")
        for wrong in ("-1", "999999999", "", "many")
    ]
    + [
        ({"last_day": "soon"}, "Last day: give one such as 2026-03-15, or none."),
        ({"last_day": "2001-01-01"}, "That day is over"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(client, wrong, sentence):
    with pytest.raises(BadRequest, match=sentence):
        client.get("/api/forecast", params=wrong)


@pytest.mark.parametrize("path", ["/badge.svg", "/og.png"])
def test_badge_and_picture_may_be_kept_for_a_minute(client, path):
    answer = client.get(path)
    assert answer.headers["cache-control"] == "public, max-age=60"
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(path).headers["etag"] == answer.headers["etag"]


def test_the_badge_moves_with_the_sprint(store, loaded, person, publisher, client):
    before = client.get("/badge.svg")
    assert before.headers["content-type"] == "image/svg+xml"
    for name in ("ada", "bob", "cyd"):
        person(name).rates(loaded[0], 4)
    publisher.refresh()
    assert "8 %" in client.get("/badge.svg").text
    assert client.get("/badge.svg").headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize("path", ["/screen", "/embed"])
def test_the_plain_pages_may_be_framed_and_load_nothing_from_elsewhere(store, publisher, client, path):
    change(store, "terminal", title='A <b>"sprint"</b>')
    publisher.refresh()
    page = client.get(path)
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors *" in policy and "default-src 'self'" in policy
    assert "<title>A &lt;b&gt;&quot;sprint&quot;&lt;/b&gt;</title>" in page.text
    assert f'<meta property="og:url" content="https://sprint.example{path}">' in page.text
    assert "<!-- head -->" not in page.text and "<b>" not in page.text.split("</head>")[0]


def test_a_page_left_open_can_tell_that_there_is_a_new_version(store, publisher, tmp_path):
    def etag():
        app = FastAPI()
        app.include_router(router(store, publisher, tmp_path, "", "A sprint"))
        return TestClient(app).head("/screen").headers["etag"]

    (tmp_path / "screen.html").write_text("<!-- head -->")
    (tmp_path / "screen.js").write_text("1")
    before = etag()
    assert etag() == before
    (tmp_path / "screen.js").write_text("2")
    assert etag() != before


def test_before_anything_is_known_badge_screen_and_card_say_that_it_starts(store):
    app = FastAPI()
    nothing = Publisher(store, views(lambda: None, Raters(), lambda reached: None))
    app.include_router(router(store, nothing, ROOT / "assets", "", "A sprint"))
    client = TestClient(app)
    for path in ("/screen", "/embed"):
        page = client.get(path)
        assert page.status_code == 200 and "The sprint is starting." in page.text and "A sprint" in page.text
    badge = client.get("/badge.svg")
    assert badge.status_code == 200 and "starting" in badge.text
    assert badge.headers["cache-control"] == "no-store"
