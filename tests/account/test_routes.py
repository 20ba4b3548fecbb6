"""Signing in and out over HTTP, and the session as the page reads it."""

import pytest

from components.account.identity import browser_key, typed
from tests.account.conftest import browser, sign_in, site

NOBODY = {
    "signed_in": False,
    "username": None,
    "name": None,
    "picture": None,
    "organizer": False,
    "sign_in": "local",
    "key": None,
    "me": None,
    "presence": None,
}


def test_nobody_is_signed_in_at_first(laptop):
    answer = laptop.get("/api/session")
    assert answer.json() == NOBODY
    assert answer.headers["cache-control"] == "no-store" and "set-cookie" not in answer.headers


def test_signing_in_by_name_answers_with_the_session(laptop):
    answer = laptop.post("/login/local", json={"name": " Ada "})
    expected = NOBODY | {"signed_in": True, "username": "Ada", "name": "Ada", "organizer": True}
    key = browser_key(typed("Ada"))
    session = answer.json()
    presence = session.pop("presence")
    assert presence["visibility"] == "" and "Ada" not in (presence["shown_as"], presence["nickname"])
    assert session == {k: v for k, v in expected.items() if k != "presence"} | {
        "key": key,
        "me": {"ratings": 0, "today": 0, "streak": 0, "daily_goal": 30, "milestone": 0, "enough": 0},
    }
    assert laptop.get("/api/session").json() == answer.json()
    assert answer.headers["cache-control"] == "no-store"


def test_a_form_is_sent_on_to_where_it_wants(laptop):
    for target, place in (("/?tab=charts", "/?tab=charts"), ("//evil.example", "/"), (None, "/")):
        fields = {"name": "ada"} | ({"next": target} if target else {})
        answer = laptop.post("/login/local", data=fields)
        assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert laptop.get("/api/session").json()["username"] == "ada"


@pytest.mark.parametrize(
    "body",
    [
        {"json": {}}, {"json": {"name": 7}}, {"json": {"name": None}}, {"json": ["ada"]}, {"json": "ada"},
        {"json": {"name": ""}}, {"json": {"name": "x" * 61}}, {"json": {"name": "a\u202eb"}},
        {"json": {"name": "ada", "next": 7}}, {"data": {}}, {"data": {"nom": "ada"}}, {"data": {"name": ""}},
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        {"content": b"[" * 50_000, "headers": {"Content-Type": "application/json"}},
        {"content": b"\xff", "headers": {"Content-Type": "application/json"}},
        {"content": b'{"name": "\\ud800"}', "headers": {"Content-Type": "application/json"}},
        {"files": {"name": b"ada"}}, {},
    ],
    ids=lambda body: str(body)[:40],
)  # fmt: skip
def test_what_is_no_name_gets_a_sentence_and_nobody_is_signed_in(laptop, body):
    answer = laptop.post("/login/local", **body)
    assert answer.status_code == 400 and answer.json()["detail"].endswith(".")
    assert laptop.get("/api/session").json()["signed_in"] is False


def test_signing_out_forgets_the_person(laptop):
    sign_in(laptop, "ada")
    assert laptop.post("/logout").json() == {"signed_in": False}
    assert laptop.get("/cookie").json() == {} and not laptop.cookies
    assert laptop.get("/api/session").json() == NOBODY


def test_a_form_that_signs_out_is_sent_to_the_first_page(laptop):
    sign_in(laptop, "ada")
    answer = laptop.post("/logout", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert laptop.get("/api/session").json() == NOBODY


def test_two_browsers_are_two_people(store, settings):
    app = site(store, settings())
    ada, grace = browser(app), browser(app)
    sign_in(ada, "ada"), sign_in(grace, "grace")
    assert [client.get("/api/session").json()["username"] for client in (ada, grace)] == ["ada", "grace"]


def test_signing_in_again_changes_the_person(laptop):
    sign_in(laptop, "ada")
    assert sign_in(laptop, "grace")["username"] == "grace"
    assert laptop.get("/cookie").json()["oauth_info"]["userinfo"]["sub"] == "grace"


def test_own_progress_goes_by_ones_own_date(laptop, person, loaded):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    ada.rates(loaded[1], 4, local_date="2026-03-02")
    ada.skips(loaded[2])
    sign_in(laptop, "ada")

    def today(date):
        return laptop.get("/api/session", params={"local_date": date} if date else {}).json()["me"]

    assert (
        today(None)
        == today("2026-03-01")
        == {"ratings": 2, "today": 1, "streak": 1, "daily_goal": 30, "milestone": 0, "enough": 0}
    )
    assert today("2026-03-02") == {
        "ratings": 2,
        "today": 1,
        "streak": 2,
        "daily_goal": 30,
        "milestone": 0,
        "enough": 0,
    }
    assert today("2026-02-28") == {
        "ratings": 2,
        "today": 0,
        "streak": 0,
        "daily_goal": 30,
        "milestone": 0,
        "enough": 0,
    }
    for implausible in ("2026-03-03", "1970-01-01", "tomorrow", "9" * 100):
        assert today(implausible) == {
            "ratings": 2,
            "today": 1,
            "streak": 1,
            "daily_goal": 30,
            "milestone": 0,
            "enough": 0,
        }


def test_sign_in_begins_at_the_pages_own_form_where_a_name_is_enough(laptop):
    answer = laptop.get("/login")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?sign_in=local")


def test_sign_in_says_when_there_is_none(store, settings):
    client = browser(site(store, settings(GRADIO_SERVER_NAME="0.0.0.0", SESSION_SECRET="s")))
    assert client.get("/api/session").json()["sign_in"] == "none"
    for path in ("/login", "/login/callback?code=1&state=2"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/?sign_in_error=closed")


def test_the_routes_are_documented(laptop):
    paths = laptop.get("/openapi.json").json()["paths"]
    for path, method in (
        ("/api/session", "get"),
        ("/login", "get"),
        ("/login/callback", "get"),
        ("/login/local", "post"),
        ("/logout", "post"),
    ):
        route = paths[path][method]
        assert route["summary"] and route["tags"] == ["account"]
    assert set(paths["/login/local"]["post"]["requestBody"]["content"]) == {
        "application/json",
        "application/x-www-form-urlencoded",
    }
