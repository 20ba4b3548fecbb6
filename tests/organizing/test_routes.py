"""Running the sprint over HTTP, as the organizers' tab does it."""

import json
import time

import pytest

from components.agreement.known import SORTS
from components.organizing.sprint import change
from components.records import Action
from components.store.audit import audit
from tests.agreement.checked import checked, compute
from tests.serving import rating

BASE = "/api/organize"


def put_settings(visitor, to, was):
    return visitor.put(f"{BASE}/sprint", json={"to": to, "was": was})


def person(visitor, name):
    [found] = visitor.get(f"{BASE}/contributors", params={"q": name}).json()["rows"]
    return found


def until(look, patience_s=10):
    deadline = time.monotonic() + patience_s
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_settings_are_read_and_changed(store, browser):
    olga = browser("olga")
    stands = olga.get(f"{BASE}/sprint").json()
    assert stands["title"] == "A test sprint" and "Very bad" in stands["default_guidelines"]
    to = {
        "title": " Round two ",
        "description": "About questions.",
        "guidelines": "# Mine",
        "ratings_per_minute": 0,
        "quotas": [{"ratings": 7, "source": None, "kind": "human"}],
        "points": False,
    }
    changed = put_settings(olga, to, {name: stands[name] for name in to})
    assert changed.status_code == 200, changed.text
    now = changed.json()
    assert now == stands | to | {"title": "Round two"}
    assert store.sprint().description == "About questions."
    log = olga.get(f"{BASE}/activity").json()
    [act, *_] = log["rows"]
    assert (act["who"], act["what"].split(" ")[0]) == ("olga", "changed")
    assert "title: from A test sprint to Round two" in act["details"]
    assert "quotas: from none to at most 7 ratings for human prompts" in act["details"]


def test_the_later_of_two_organizers_is_told_and_overwrites_nothing(browser):
    olga, other = browser("olga"), browser("zoe")
    identity = person(olga, "zoe")["contributor_id"]
    olga.put(f"{BASE}/contributors/{identity}/role", json={"organizer": True}).raise_for_status()
    stands = olga.get(f"{BASE}/sprint").json()
    assert put_settings(olga, {"title": "First"}, {"title": stands["title"]}).status_code == 200
    late = put_settings(
        other, {"title": "Second", "points": False}, {"title": stands["title"], "points": True}
    )
    assert late.status_code == 409
    assert "olga changed this meanwhile (title: First)" in late.json()["detail"]
    after = olga.get(f"{BASE}/sprint").json()
    assert (after["title"], after["points"]) == ("First", True)
    # What nobody else touched goes through, whatever they changed beside it.
    assert put_settings(other, {"points": False}, {"points": True}).status_code == 200


@pytest.mark.parametrize(
    ("to", "status", "words"),
    [
        ({"title": " "}, 400, "at most 200"),
        ({"ratings_per_prompt": 0}, 400, "1 to 100"),
        ({"state": "over"}, 422, None),
        ({"ratings_per_prompt": "3"}, 422, None),
        ({"nonsense": 1}, 422, None),
        ({"quotas": [{"ratings": 3}]}, 400, "a kind, a source"),
        ({"starts_at": 2_000, "ends_at": 1_000}, 400, "before it starts"),
        ({"guidelines": "x" * 20_001}, 400, "20,000"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_a_sentence(browser, to, status, words):
    olga = browser("olga")
    stands = olga.get(f"{BASE}/sprint").json()
    answer = put_settings(olga, to, {name: stands[name] for name in to if name in stands})
    assert answer.status_code == status
    assert words is None or words in answer.json()["detail"]
    assert olga.get(f"{BASE}/sprint").json() == stands


def test_guidelines_are_previewed_without_anything_that_runs_or_is_fetched(browser):
    markdown = "# One\n\n<script>x</script> ![p](https://elsewhere.example/p.png) [a](javascript:x)"
    html = browser("olga").post(f"{BASE}/preview", json={"markdown": markdown}).json()["html"]
    assert "<h2>One</h2>" in html
    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html


def test_a_flagged_prompt_is_retired_kept_and_edited(store, browser, loaded):
    olga, ada = browser("olga"), browser("ada")
    ada.post(
        "/api/ratings",
        json={"events": [rating(loaded[0].prompt_id, None, action=Action.FLAGGED, reason="spam")]},
    ).raise_for_status()
    page = olga.get(f"{BASE}/prompts").json()
    assert (page["counts"]["flagged"], page["total"]) == (1, 1)
    [row] = page["rows"]
    assert row["flags"] == {"spam": 1} and not row["held_back"]
    address = f"{BASE}/prompts/{row['prompt_id']}"
    retired = olga.put(f"{address}/status", json={"status": "retired", "reason": " spam "}).json()
    assert (retired["status"], retired["status_reason"]) == ("retired", "spam")
    assert olga.get(f"{BASE}/prompts", params={"which": "retired"}).json()["total"] == 1
    assert olga.put(f"{address}/status", json={"status": "kept"}).json()["status"] == "kept"
    edited = olga.put(f"{address}/metadata", json={"metadata": '{"language": "de"}', "was": row["metadata"]})
    assert json.loads(edited.json()["metadata"]) == {"language": "de"}
    assert audit(store).differences == []
    for words, status in (("{", 400), ("[1]", 400), ('{"topic": 1}', 409), ("[" * 50_000, 400)):
        answer = olga.put(f"{address}/metadata", json={"metadata": words, "was": "{}"})
        assert answer.status_code == status, words[:20]
    assert olga.put(f"{BASE}/prompts/nothing/status", json={"status": "kept"}).status_code == 400


def test_somebody_is_excluded_told_why_and_readmitted(store, browser, loaded, excluder):
    excluder.start()
    olga, ada = browser("olga"), browser("ada")
    held = ada.post("/api/next", json={"n": 5}).json()["prompts"]
    ada.post("/api/ratings", json={"events": [rating(one["prompt_id"], shown_ms=4000) for one in held]})
    row = person(olga, "ada")
    assert (row["ratings"], row["days"], row["median_ms"], row["known"]) == (5, 1, 4000, None)
    address = f"{BASE}/contributors/{row['contributor_id']}"
    assert olga.get(f"{address}/exclusion").json() == {"ratings": 5, "prompts_below_goal": 0}
    assert olga.put(f"{address}/exclusion", json={"reason": "  "}).status_code == 422
    assert olga.put(f"{address}/exclusion", json={"reason": "all the same"}).status_code == 204
    until(lambda: not person(olga, "ada")["counting"])
    assert person(olga, "ada")["excluded_reason"] == "all the same"
    told = ada.post("/api/next", json={"n": 5}).json()
    assert told["prompts"] == [] and told["reason"].endswith("all the same")
    # What they still send is kept, and counts nowhere; what others gave is never told wrongly by it.
    answer = ada.post("/api/ratings", json={"events": [rating(loaded[-1].prompt_id, 2)]}).json()
    assert len(answer["confirmed"]) == 1 and answer["next"] == []
    assert audit(store).differences == []
    assert olga.delete(f"{address}/exclusion").status_code == 204
    until(lambda: not person(olga, "ada")["counting"])
    assert ada.post("/api/next", json={"n": 5}).json()["prompts"] != []
    assert audit(store).differences == []


def test_sessions_end_for_one_or_for_everybody(browser, clock):
    olga, ada = browser("olga"), browser("ada")
    clock.forward(minutes=1)
    row = person(olga, "ada")
    assert olga.post(f"{BASE}/contributors/{row['contributor_id']}/sign-out").status_code == 204
    assert not ada.get("/api/session").json()["signed_in"]
    clock.forward(minutes=1)
    assert olga.post(f"{BASE}/sign-out").status_code == 204
    assert not olga.get("/api/session").json()["signed_in"]
    clock.forward(minutes=1)
    assert browser("olga").get("/api/session").json()["organizer"]


def test_contributors_are_searched_ordered_and_paged(browser):
    olga = browser("olga")
    for name in ("Ådel", "bob", "carol"):
        browser(name)
    asked = f"{BASE}/contributors"
    for words in ("ÅD", "ad", "A\u030ad"):
        found = olga.get(asked, params={"q": words}).json()["rows"]
        assert [row["username"] for row in found] == ["Ådel"], words
    assert olga.get(asked, params={"which": "organizers"}).json()["total"] == 1
    names = [row["username"] for row in olga.get(asked, params={"order": "name"}).json()["rows"]]
    assert names == ["Ådel", "bob", "carol", "olga"]
    assert olga.get(asked, params={"page": 99}).json()["page"] == 1
    for wrong in ({"page": -1}, {"order": "money"}, {"which": "nobody"}, {"q": "x" * 300}):
        assert olga.get(asked, params=wrong).status_code == 422
    assert olga.get(asked, params={"q": "%' OR 1=1"}).json()["total"] == 0


def test_a_prompt_is_made_gold_and_listed_so_and_the_log_tells_who_did(store, loaded, browser):
    olga, ada = browser("olga"), browser("ada")
    address = f"{BASE}/prompts/{loaded[0].prompt_id}/gold"
    assert ada.put(address, json={"score": 4}).status_code == 403
    assert [olga.put(address, json={"score": score}).status_code for score in (6, True, "4")] == [422] * 3
    assert olga.put(address, json={"score": 4}).json()["gold"] == 4
    listed = olga.get(f"{BASE}/prompts", params={"which": "gold"}).json()
    assert [row["prompt_id"] for row in listed["rows"]] == [loaded[0].prompt_id] and listed["counts"][
        "gold"
    ] == 1
    assert olga.put(address, json={"score": None}).json()["gold"] is None
    said = [act["what"] for act in olga.get(f"{BASE}/activity").json()["rows"][:2]]
    assert said == ["made a prompt gold no longer", "made a prompt gold: 4"]


def test_organizers_see_how_everybody_rates_and_what_to_look_at_until_it_is_decided(store, browser, excluder):
    olga = browser("olga")
    assert olga.get(f"{BASE}/review").json() == {"made_at": None, "rows": [], "sorts": SORTS}
    checked(store)
    compute(store)
    assert person(olga, "bob")["known"]["repeats"]["n"] == 12
    assert person(olga, "olga")["known"] is None
    review = olga.get(f"{BASE}/review").json()
    accounts = [{one["username"] for one in row["accounts"]} for row in review["rows"]]
    assert {"bob", "dora"} in accounts
    resting = olga.get(f"{BASE}/contributors/concentration").json()
    assert (resting["contributors"], resting["effective"], resting["above"]) == (4, 4.0, 0)
    change(store, "terminal", ratings_per_contributor=39)
    resting = olga.get(f"{BASE}/contributors/concentration").json()
    assert (resting["above"], resting["above_share"]) == (4, 1.0)
    dora = person(olga, "dora")["contributor_id"]
    olga.put(f"{BASE}/contributors/{dora}/exclusion", json={"reason": "one person"}).raise_for_status()
    rows = olga.get(f"{BASE}/review").json()["rows"]
    assert not any(one["username"] == "dora" for row in rows for one in row["accounts"])
    assert person(olga, "dora")["known"] is None
