"""The whole application over HTTP, in a process of its own: what a browser or another program meets."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
import uuid

import httpx
import pytest

from tests.conftest import ROOT
from tests.serving import Serving, Visitor, command, environment, free_port, rating


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    with Serving(tmp_path_factory.mktemp("sprint"), cold=True) as running:
        yield running


@pytest.fixture
def visitor(serving):
    with Visitor(serving) as someone:
        yield someone


@pytest.fixture
def ada(visitor):
    return visitor.signs_in(f"ada-{uuid.uuid4().hex[:6]}")


def sentence(answer: httpx.Response) -> str:
    """The one sentence of an error answer."""
    detail = answer.json()["detail"]
    assert isinstance(detail, str) and detail.endswith(".") and "\n" not in detail
    return detail


def test_a_fresh_start_is_a_live_sprint_over_the_starter_prompts(visitor):
    starters = (ROOT / "assets/starter_prompts.jsonl").read_text().splitlines()
    progress = visitor.get("/api/views/progress").json()
    assert progress["prompts"] == len(starters) >= 60
    assert visitor.get("/healthz").json()["status"] == "ok"
    assert visitor.get("/").status_code == 200


def test_a_shared_link_has_a_title_and_a_picture_where_the_address_is_known(serving, visitor, tmp_path):
    page = visitor.get("/").text
    assert '<meta property="og:title" content="Prompt Sprint">' in page
    assert page.count("og:title") == page.count("<title>") == 1
    assert "og:image" not in page and "twitter:" not in page.split("window.gradio_config")[0]
    public = {"PUBLIC_URL": "https://sprint.example", "SESSION_SECRET": "s" * 40}
    with Serving(tmp_path, SPRINT_TITLE='A "good" sprint', **public) as known:
        page = Visitor(known).get("/").text
        assert len(page.encode()) == int(Visitor(known).get("/").headers["content-length"])
        assert page.rstrip().endswith("</html>")
        assert "<title>A &quot;good&quot; sprint</title>" in page
        assert '<meta property="og:title" content="A &quot;good&quot; sprint">' in page
        assert '<meta property="og:image" content="https://sprint.example/og.png">' in page
        assert Visitor(known).get("/og.png").content[:4] == b"\x89PNG"
        assert "<title>A &quot;good&quot; sprint</title>" in Visitor(known).get("/screen").text


def test_milestones_are_noted_by_the_running_sprint(ada):
    ada.sends(rating(ada.asks()[0]["prompt_id"]))
    wait_until(lambda: ada.get("/api/views/outlook").json()["milestones"])
    first = ada.get("/api/views/outlook").json()["milestones"][0]
    assert (first["kind"], first["number"]) == ("ratings", 1)


def test_views_can_be_watched_by_anybody(visitor):
    def are_as_the_index_says() -> bool:
        names = visitor.get("/api/views").json()["views"]
        assert {
            "progress",
            "leaderboard-today",
            "leaderboard-all",
            "welcome",
            "coverage",
            "ratings_over_time",
            "scores_by_kind",
            "scores_by_source",
        } <= set(names)
        return all(visitor.get(f"/api/views/{name}").headers["etag"] == etag for name, etag in names.items())

    # Some may just be renewed because of what another test did.
    wait_until(are_as_the_index_says)
    assert visitor.get("/api/views/nonsense").status_code == 404


def test_nobody_is_signed_in_at_first(visitor):
    session = visitor.get("/api/session").json()
    assert (session["signed_in"], session["username"], session["organizer"]) == (False, None, False)
    assert visitor.post("/api/next", json={"n": 5}).status_code == 401
    answer = visitor.sends(rating("p"))
    assert answer.status_code == 401 and "ign in" in sentence(answer)


def test_rating_from_sign_in_to_leaderboard(serving, ada):
    first, second, *_ = ada.asks()
    assert set(first) == {"prompt_id", "text", "context", "language", "again"}
    event = rating(
        first["prompt_id"], 4, shown_ms=900, happened_at=1_772_366_400_000, local_date="2026-03-01"
    )
    skip = {
        "event_id": str(uuid.uuid4()),
        "prompt_id": second["prompt_id"],
        "action": "skipped",
        "score": None,
    }
    answer = ada.sends(event, skip).raise_for_status().json()
    assert answer["confirmed"] == [event["event_id"], skip["event_id"]] and answer["rejected"] == []
    assert answer["me"]["ratings"] == 1
    assert answer["revealed"][0]["kind"] == "synthetic" and answer["revealed"][0]["source"]
    assert answer["epoch"] == ada.get("/healthz").json()["epoch"]
    assert answer["durable_seq"] == answer["seq"]["number"]
    assert not {first["prompt_id"], second["prompt_id"]} & {
        prompt["prompt_id"] for prompt in answer["next"] + ada.asks()
    }
    again = ada.sends(event).raise_for_status().json()
    assert again["confirmed"] == [event["event_id"]] and again["me"]["ratings"] == 1
    key = ada.get("/api/session").json()["presence"]["key"]
    wait_until(lambda: any(row["key"] == key for row in ada.get("/api/views/leaderboard-all").json()["rows"]))


def wait_until(true, seconds=10):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.parametrize("score", [0, 6, 3.5, "5", None, True])
def test_a_bad_item_is_rejected_and_the_good_ones_are_kept(ada, score):
    one, two, *_ = ada.asks()
    good, bad = rating(one["prompt_id"]), rating(two["prompt_id"], score)
    answer = ada.sends(bad, good)
    assert answer.status_code == 200
    assert answer.json()["confirmed"] == [good["event_id"]]
    assert [item["event_id"] for item in answer.json()["rejected"]] == [bad["event_id"]]
    assert answer.json()["rejected"][0]["reason"].endswith(".")


def test_unknown_prompts_wrong_actions_and_reused_ids_are_rejected_alone(ada):
    one, two, *_ = ada.asks()
    kept = rating(one["prompt_id"], 3)
    ada.sends(kept)
    bad = [
        rating("0" * 32),
        rating(two["prompt_id"]) | {"action": "imported"},
        kept | {"score": 5},
        rating(two["prompt_id"]) | {"event_id": "x"},
    ]
    good = rating(two["prompt_id"], 2)
    answer = ada.sends(*bad, good).json()
    assert answer["confirmed"] == [good["event_id"]]
    assert [item["event_id"] for item in answer["rejected"]] == [event["event_id"] for event in bad]


def test_requests_that_make_no_sense_store_nothing(ada):
    prompt_id = ada.asks()[0]["prompt_id"]
    before = ada.get("/api/session").json()["me"]
    no_id = rating(prompt_id)
    del no_id["event_id"]
    answers = [
        ada.sends(no_id, rating(prompt_id)),
        ada.sends(*(rating(prompt_id) for _ in range(101))),
        ada.post("/api/ratings", content=b"{broken", headers={"Content-Type": "application/json"}),
        ada.post("/api/ratings", content=b"[1, 2]", headers={"Content-Type": "application/json"}),
        ada.post("/api/ratings", json={"events": [3]}),
        ada.post("/api/next", json={"n": 0}),
        ada.post("/api/next", json={"n": 500}),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        sentence(answer)
    assert ada.get("/api/session").json()["me"] == before


def test_a_megabyte_is_too_much(ada):
    whole = ada.post("/api/ratings", content=b" " * 1_000_000, headers={"Content-Type": "application/json"})
    in_pieces = ada.post(
        "/api/ratings",
        content=(b" " * 1000 for _ in range(1000)),
        headers={"Content-Type": "application/json"},
    )
    assert whole.status_code == in_pieces.status_code == 413
    assert "fewer" in sentence(whole)


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1", "nonsense", "http://[broken"]
)
@pytest.mark.parametrize(
    "path", ["/api/ratings", "/api/next", "/login/local", "/logout", "/gradio_api/queue/join"]
)
def test_a_page_of_another_site_may_not_send_anything(ada, origin, path):
    answer = ada.post(path, json={}, headers={"Origin": origin})
    assert answer.status_code == 403
    sentence(answer)


def test_the_own_page_may(ada, serving):
    assert ada.post("/api/next", json={"n": 1}, headers={"Origin": serving.address}).status_code == 200


def test_files_cannot_be_left_here(visitor):
    assert visitor.post("/gradio_api/upload", files={"files": b"anything"}).status_code == 404


def test_the_documentation_loads_nothing_from_outside(visitor):
    page = visitor.get("/api/docs").text
    links = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert links and all(link.startswith("/") for link in links)
    for link in links:
        assert visitor.get(link).status_code == 200
    paths = visitor.get("/api/openapi.json").json()["paths"]
    assert {
        "/healthz",
        "/api/session",
        "/login/local",
        "/login",
        "/login/callback",
        "/logout",
        "/api/next",
        "/api/ratings",
        "/api/views",
        "/api/views/{name}",
        "/api/snapshot",
    } <= set(paths)


def test_signing_out(ada):
    assert ada.get("/api/session").json()["signed_in"]
    ada.post("/logout").raise_for_status()
    assert not ada.get("/api/session").json()["signed_in"]


def test_a_snapshot_is_for_organizers(tmp_path):
    with Serving(tmp_path, ORGANIZERS="olga") as serving:
        nobody, ada, olga = (
            Visitor(serving),
            Visitor(serving).signs_in("ada"),
            Visitor(serving).signs_in("olga"),
        )
        assert nobody.get("/api/snapshot").status_code == 401
        assert ada.get("/api/snapshot").status_code == 403
        assert olga.get("/api/snapshot").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/ratings"),
        ("PUT", "/api/next"),
        ("GET", "/api/nothing"),
        ("DELETE", "/api/views/progress"),
    ],
)
def test_what_the_api_does_not_have_is_told_in_a_sentence(ada, method, path):
    answer = ada.request(method, path)
    assert answer.status_code == 404
    assert f"{method} {path}" in sentence(answer)


def test_settings_that_cannot_be_used_are_one_sentence(tmp_path):
    for settings in (
        {"GRADIO_SERVER_NAME": "0.0.0.0"},
        {"RATINGS_PER_PROMPT": "many"},
        {"GRADIO_SERVER_PORT": "99999"},
        {"PROMPTS": "no/such/file.jsonl", "GRADIO_SERVER_PORT": str(free_port())},
        {"DATABASE_URL": "postgresql://nowhere/sprint"},
        {"SPACE_ID": "org/space"},
    ):
        ended = command(tmp_path, **settings)
        assert ended.returncode == 1
        assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "address", ["/?page=2", "/?tab=mine&p%61ge=2&page", "/config?page=2", "/gradio_api/info?page=2"]
)
def test_no_address_names_a_page_that_gradio_does_not_have(serving, address):
    assert Visitor(serving).get(address).status_code in (200, 404)
    assert "Traceback" not in serving.log()


def test_a_port_that_is_taken_is_one_sentence(serving, tmp_path):
    ended = command(tmp_path, GRADIO_SERVER_PORT=serving.port)
    assert ended.returncode == 1 and "GRADIO_SERVER_PORT" in ended.stderr and "Traceback" not in ended.stderr


def test_one_bad_prompt_id_costs_its_own_item_only(ada):
    good, bad = rating(ada.asks()[0]["prompt_id"]), rating("\ud800")
    answer = ada.post(
        "/api/ratings",
        content=json.dumps({"events": [bad, good]}),
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["confirmed"] == [good["event_id"]]
    assert [item["event_id"] for item in answer.json()["rejected"]] == [bad["event_id"]]


def test_asking_for_one_prompt_gives_one(ada):
    ada.asks(5)
    assert len(ada.asks(1)) == 1


def test_ctrl_c_while_prompts_come_in_ends_the_server(tmp_path):
    file = tmp_path / "many.jsonl"
    with file.open("w") as lines:
        for number in range(300_000):
            lines.write(json.dumps({"prompt": f"Prompt {number}", "source": "s", "kind": "human"}) + "\n")
    settings = environment(tmp_path / "data", PROMPTS=file, GRADIO_SERVER_PORT=free_port())
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=settings, stderr=subprocess.PIPE)
    wait_until(lambda: (tmp_path / "data/sprint.db").exists(), seconds=60)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert b"Traceback" not in process.stderr.read()


def test_a_server_told_to_stop_stops_and_starts_again_where_it_was(tmp_path):
    with Serving(tmp_path) as serving:
        ada = Visitor(serving).signs_in("ada")
        ada.sends(rating(ada.asks()[0]["prompt_id"]))
        assert serving.stop(signal.SIGTERM) in (0, -signal.SIGTERM)
        serving.start()
        assert ada.get("/api/session").json()["me"]["ratings"] == 1
        assert "Traceback" not in serving.log()


@pytest.mark.slow
def test_the_environment_seeds_the_sprint_once_and_then_the_store_wins(tmp_path):
    with Serving(tmp_path, SPRINT_TITLE="First title", RATINGS_PER_PROMPT=2) as serving:
        assert Visitor(serving).get("/api/views/progress").json()["title"] == "First title"
    with Serving(tmp_path, SPRINT_TITLE="Second title", RATINGS_PER_PROMPT=5) as serving:
        progress = Visitor(serving).get("/api/views/progress").json()
        assert (progress["title"], progress["ratings_per_prompt"]) == ("First title", 2)


def test_prompts_of_ones_own_replace_the_starter_prompts(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({"prompt": "Only this one", "source": "mine", "kind": "human"}) + "\n")
    with Serving(tmp_path / "data", PROMPTS=file) as serving:
        assert Visitor(serving).get("/api/views/progress").json()["prompts"] == 1
        assert Visitor(serving).signs_in("ada").asks()[0]["text"] == "Only this one"


def test_the_module_has_the_page_and_the_application(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", "import app; print(type(app.demo).__name__, type(app.app).__name__, app.app is app.app)"],
        cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["Blocks", "Watching", "True"]
    assert not list(tmp_path.glob("*.db"))


def test_what_is_documented_of_ratings_is_what_the_express_lane_takes(serving, ada):
    document = ada.get("/api/openapi.json").json()
    route = document["paths"]["/api/ratings"]["post"]
    assert route["responses"].keys() == {"200", "400", "401", "403", "413", "422", "429", "503"}
    event = document["components"]["schemas"]["EventIn"]["properties"]
    assert set(event["action"]["enum"]) == {
        "rated", "rated_again", "skipped", "discarded", "flagged", "withdrawn", "undone",
    }  # fmt: skip
    answer = ada.sends(rating(ada.asks()[0]["prompt_id"])).json()
    assert answer.keys() == document["components"]["schemas"]["RatingsOut"]["properties"].keys()


@pytest.mark.parametrize("sent_at", ["x", -1, True, 1.5, [1], 10**20])
def test_a_clock_that_tells_nonsense_loses_no_rating_and_the_document_says_so(ada, sent_at):
    said = rating(ada.asks()[0]["prompt_id"])
    answer = ada.post("/api/ratings", json={"events": [said], "sent_at": sent_at}).json()
    assert answer["confirmed"] == [said["event_id"]]
    schemas = ada.get("/api/openapi.json").json()["components"]["schemas"]
    assert not schemas["RatingsIn"]["properties"]["sent_at"].keys() & {"type", "anyOf", "minimum", "maximum"}


def test_every_refusal_is_documented_as_the_sentence_it_is(visitor):
    document = visitor.get("/api/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert schemas["RefusalOut"]["required"] == ["detail"]
    assert schemas["RefusalOut"]["properties"]["detail"]["type"] == "string"
    refusals = [
        answer
        for path in document["paths"].values()
        for route in path.values()
        for status, answer in route["responses"].items()
        if int(status) >= 400
    ]
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/RefusalOut"}}}
    assert len(refusals) > 50 and all(answer["content"] == body for answer in refusals)
    assert "Validation Error" not in {answer["description"] for answer in refusals}
    assert "HTTPValidationError" not in json.dumps(document)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"[]", {}, 422),
        (b"{}", {}, 422),
        (b'{"events": [null]}', {}, 422),
        (b'{"events": 3}', {}, 422),
        (b'{"events": [{"event_id": 3}]}', {}, 422),
        (b'{"events": [], "choice": {"length": "huge"}}', {}, 422),
        (b'{"events": [], "choice": {"language": "../x"}}', {}, 422),
        (b'{"events": []}', {"Content-Type": "text/plain"}, 400),
        (b'{"events": []}', {"Origin": "https://elsewhere.example"}, 403),
        (b'{"events": []}', {"Cookie": "prompt_sprint_session=forged"}, 401),
    ],
)
def test_the_express_lane_is_as_strict_as_the_rest(serving, ada, body, headers, status):
    answer = ada.post("/api/ratings", content=body, headers={"Content-Type": "application/json"} | headers)
    assert answer.status_code == status, answer.text
    said = answer.json()["detail"]
    assert said.endswith(".")
    # No words of the library's, or of ours, that only we know.
    assert not re.search("Input|RatingsIn|EventIn|ChoiceIn|instance", said)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_session_that_is_over_rates_no_more_though_it_was_known(tmp_path):
    with Serving(tmp_path) as serving:
        ada = Visitor(serving).signs_in("ada")
        prompts = ada.asks()
        assert ada.sends(rating(prompts[0]["prompt_id"])).status_code == 200
        with sqlite3.connect(tmp_path / "sprint.db") as database:
            database.execute("UPDATE contributors SET sessions_valid_from = 9999999999999")
        assert ada.sends(rating(prompts[1]["prompt_id"])).status_code == 401


def test_faster_than_anybody_can_read_is_429_with_a_time(tmp_path):
    with Serving(tmp_path, RATINGS_PER_MINUTE=60, RATINGS_PER_PROMPT=100) as serving:
        ada = Visitor(serving).signs_in("ada")
        prompt = ada.asks()[0]["prompt_id"]
        statuses = []
        for place in range(102):
            answer = ada.sends(rating(prompt, place % 5 + 1))
            statuses.append(answer.status_code)
        assert statuses == [200] * 100 + [429] * 2
        assert 1 <= int(answer.headers["Retry-After"]) <= 100
        assert "Nothing is lost" in answer.json()["detail"]


def test_everybody_has_a_daily_goal_of_their_own(ada):
    before = ada.get("/api/session").json()
    changed = ada.put("/api/my/goal", json={"daily_goal": 12}).raise_for_status().json()
    assert changed == before["me"] | {"daily_goal": 12}
    assert ada.get("/api/session").json()["me"]["daily_goal"] == 12
    for wrong in (0, 1001, "5", None):
        assert ada.put("/api/my/goal", json={"daily_goal": wrong}).status_code == 422
    assert len(before["key"]) == 16


def test_events_of_somebody_else_are_not_taken(ada):
    """Pages of one browser share a cookie: another person may have signed in on one a moment ago."""
    prompt_id = ada.asks()[0]["prompt_id"]
    event = rating(prompt_id)
    answer = ada.post("/api/ratings", json={"events": [event], "key": "somebody-else"})
    assert answer.status_code == 401
    assert "Somebody else is signed in" in sentence(answer)
    key = ada.get("/api/session").json()["key"]
    answer = ada.post("/api/ratings", json={"events": [event], "key": key}).raise_for_status().json()
    assert answer["confirmed"] == [event["event_id"]]
    assert answer["me"]["ratings"] == 1


def test_a_prompt_can_be_read_by_its_id_also_as_markdown(visitor, ada):
    shown = ada.asks()[0]
    answer = visitor.get(f"/api/prompts/{shown['prompt_id']}").raise_for_status()
    read = answer.json()
    assert {name: read[name] for name in shown} == shown
    assert read.keys() - shown.keys() == {"text_html", "context_html"}, "neither source nor kind"
    assert read["text_html"].startswith("<")
    assert (read["context_html"] is None) == (shown["context"] is None)
    assert "There is no such prompt" in sentence(visitor.get("/api/prompts/unheard-of"))
    assert visitor.get("/api/prompts/unheard-of").status_code == 404
