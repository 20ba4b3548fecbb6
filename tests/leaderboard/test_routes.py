"""The leaderboard over HTTP: pages, search, one's own place, cards; and how others see one, at once everywhere."""

import io

import pytest
from PIL import Image

from components.account.visibility import given_nickname
from components.leaderboard.routes import PER_PAGE
from components.organizing.sprint import change
from tests.conftest import Person


def names(answer) -> list[str]:
    return [row["name"] for row in answer.raise_for_status().json()["rows"]]


def test_everybody_is_on_one_of_the_pages_and_nobody_twice(site, visitor, store, loaded):
    number = PER_PAGE + 7
    for place in range(number):
        Person(store, f"person-{place}").rates(loaded[place % 3], 4)
    site.publisher.refresh()
    anybody = visitor()
    pages = [anybody.get(f"/api/leaderboard?period=all&page={page}").json() for page in (1, 2)]
    keys = [row["key"] for page in pages for row in page["rows"]]
    assert len(set(keys)) == len(keys) == number == pages[0]["found"]
    assert [(page["page"], page["pages"], len(page["rows"])) for page in pages] == [(1, 2, 50), (2, 2, 7)]
    beyond = anybody.get("/api/leaderboard?period=all&page=99").json()
    assert (beyond["page"], beyond["rows"], beyond["notices"]) == (2, pages[1]["rows"], [])


def test_a_name_or_a_team_is_found_in_whatever_case_with_or_without_accents(site, visitor, loaded):
    emile = visitor("émile", "name")
    site.rate("émile", loaded[0])
    for words in ("emile", "ÉMILE", "E\u0301mile"):
        assert names(emile.get("/api/leaderboard", params={"q": words})) == ["émile"], words
    ada, bob = visitor("ada łovelace", "name"), visitor("bob", "hidden")
    ada.put("/api/my/team", json={"team": "Night %shift"})
    site.rate("ada łovelace", loaded[0])
    site.rate("bob", loaded[1])
    for words in ("ŁOVE", "ada", "night %SHIFT", "%"):
        assert names(ada.get("/api/leaderboard", params={"q": words})) == ["ada łovelace"], words
    for words in ("bob", "'; DROP TABLE contributors; --", '"', "_", "\x00", "z" * 5000):
        assert names(bob.get("/api/leaderboard", params={"q": words})) == [], words


@pytest.mark.parametrize(
    "asked",
    ["period=yesterday", "page=-1", "page=0", "page=x", "page=1e9", "page=%C2%B2", "period=%00&page="],
)
def test_nonsense_is_ignored_with_a_notice(site, visitor, loaded, asked):
    site.rate("ada", loaded[0])
    answer = visitor().get(f"/api/leaderboard?{asked}").json()
    assert (answer["period"], answer["page"], len(answer["rows"])) == ("sprint", 1, 1)
    assert answer["notices"]


def test_pages_of_any_length_of_number_are_answered(site, visitor):
    assert visitor().get(f"/api/leaderboard?page={'9' * 400}").json()["page"] == 1


def test_ones_own_place_stands_between_ones_neighbours(site, visitor, loaded):
    for place, name in enumerate(("ann", "ben", "cat", "dan", "eve", "flo")):
        visitor(name, "name")
        site.rate(name, *loaded[: 6 - place])
    own = visitor("dan").get("/api/my/standing?period=all").json()
    assert (own["rank"], own["of"], own["hidden"]) == (4, 6, False)
    assert [(row["rank"], row["name"]) for row in own["rows"]] == [
        (2, "ben"),
        (3, "cat"),
        (4, "dan"),
        (5, "eve"),
        (6, "flo"),
    ]
    assert own["own"]["points"] == own["own"]["ratings"] == 3
    assert (own["milestones"], own["next_milestone"]) == ([], 10)
    site.rate("dan", *loaded)
    own = visitor("dan").get("/api/my/standing?period=all").json()
    assert own["rank"] == 1 and [one["number"] for one in own["milestones"]] == [10]
    assert visitor().get("/api/my/standing").status_code == 401


def test_whoever_rated_nothing_or_is_hidden_learns_where_they_stand(site, visitor, loaded):
    site.rate("ann", *loaded[:3])
    new = visitor("new").get("/api/my/standing").json()
    assert (new["rank"], new["rows"], new["own"]["ratings"]) == (None, [], 0)
    hidden = visitor("hid", "hidden")
    site.rate("hid", *loaded[:2])
    own = hidden.get("/api/my/standing").json()
    assert (own["rank"], own["of"], own["hidden"], own["rows"]) == (2, 1, True, [])


def test_how_one_is_seen_holds_at_once_on_board_search_and_card(site, visitor, loaded):
    ada = visitor("ada")
    site.rate("ada", loaded[0])
    session = ada.get("/api/session").json()["presence"]
    assert session["visibility"] == "" and session["shown_as"] == session["nickname"] != "ada"
    key = session["key"]
    for choice in (
        {"visibility": "name"},
        {"visibility": "nickname", "nickname": "  Moth "},
        {"visibility": "hidden"},
    ):
        old, said = key, ada.put("/api/my/visibility", json=choice).raise_for_status().json()
        key = said["key"]
        shown = {"name": ["ada"], "nickname": ["Moth"], "hidden": []}[choice["visibility"]]
        assert names(ada.get("/api/leaderboard")) == shown
        assert (said["shown_as"] or "") == "".join(shown)
        assert ada.get("/api/session").json()["presence"] == said
        assert ada.get(f"/api/leaderboard/{old}/card.png").status_code == 404
        assert ada.get(f"/api/leaderboard/{key}/card.png").status_code == (200 if shown else 404)
        assert ada.get(f"/api/leaderboard/{key}/avatar").status_code == 404
    assert ada.get("/api/leaderboard").json()["total"]["ratings"] == 1


def test_nobody_takes_the_name_of_somebody_else(site, visitor):
    visitor("Ada Lovelace")
    moth = visitor("moth-like")
    moth.put("/api/my/visibility", json={"visibility": "nickname", "nickname": "Moth"}).raise_for_status()
    bob = visitor("bob")
    for nickname in ("ada  lovelace", "ＭＯＴＨ", "x" * 41, "a\u202eb", "moth-like"):
        answer = bob.put("/api/my/visibility", json={"visibility": "nickname", "nickname": nickname})
        assert answer.status_code == 400 and answer.json()["detail"].endswith((".", "them.")), nickname
    own = bob.put("/api/my/visibility", json={"visibility": "nickname", "nickname": "bob"})
    assert own.json()["shown_as"] == "bob"
    given = bob.put("/api/my/visibility", json={"visibility": "nickname", "nickname": ""}).json()
    assert given["nickname"] not in ("", "bob")
    for body in ({"visibility": "famous"}, {}, {"visibility": "name", "nickname": 3}, {"visibility": None}):
        assert bob.put("/api/my/visibility", json=body).status_code == 422
    assert visitor().put("/api/my/visibility", json={"visibility": "name"}).status_code == 401


def test_a_team_keeps_the_spelling_of_who_founded_it_and_can_be_left(site, visitor, store):
    visitor("ada").put("/api/my/team", json={"team": "Night Shift"}).raise_for_status()
    bob = visitor("bob")
    assert bob.put("/api/my/team", json={"team": " night  shift"}).json()["team"] == "Night Shift"
    assert bob.put("/api/my/team", json={"team": "  "}).json()["team"] == ""
    assert bob.put("/api/my/team", json={"team": "x" * 41}).status_code == 400
    change(store, "terminal", teams=False)
    assert bob.put("/api/my/team", json={"team": "Reds"}).status_code == 400
    assert bob.put("/api/my/team", json={"team": ""}).status_code == 200


def test_without_a_ranking_nobody_is_told_of_anybody(site, visitor, store, loaded):
    ada = visitor("ada", "name")
    site.rate("ada", loaded[0])
    key = ada.get("/api/session").json()["presence"]["key"]
    change(store, "terminal", ranking=False)
    site.publisher.refresh()
    board = ada.get("/api/leaderboard", params={"q": "ada"}).json()
    assert (board["rows"], board["found"], board["people"]) == ([], 0, 1)
    own = ada.get("/api/my/standing").json()
    assert (own["rank"], own["rows"], own["own"]["ratings"]) == (None, [], 1)
    assert ada.get(f"/api/leaderboard/{key}/card.png").status_code == 404


def test_a_card_is_a_picture_that_is_not_sent_twice(site, visitor, loaded):
    visitor("李小龍 " + "x" * 50, "name")
    ada = visitor("ada", "name")
    for name in ("ada", "李小龍 " + "x" * 50):
        site.rate(name, *loaded)
    for row in ada.get("/api/leaderboard").json()["rows"]:
        address = f"/api/leaderboard/{row['key']}/card.png"
        answer = ada.get(address)
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
        assert "no-cache" in answer.headers["cache-control"]
        again = ada.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_given_nickname_is_always_the_same_and_another_for_others():
    some = {given_nickname(f"id-{number}") for number in range(200)}
    assert len(some) > 195 and given_nickname("id-1") == given_nickname("id-1")
