"""Prompts in over HTTP, on a served sprint: what organizers can do, and that nobody else can."""

import time

import pytest

from tests.prompt_sources.examples import as_csv, as_jsonl
from tests.serving import Serving, Visitor, rating

LONG = (
    "Describe how a bicycle stays upright while it is moving, for somebody who has never ridden one before."
)
ROWS = [{"Question": f"Add {[n * k * 7919 % 9973 for k in range(3, 9)]}", "who": "me"} for n in range(39)]
ROWS.append({"Question": LONG, "who": "me"})
ALIKE = [{"Question": LONG.replace("ridden", "seen"), "who": "me"}, ROWS[3]]
PLAN = {"columns": {"prompt": "Question"}, "constants": {"kind": "human"}}
FILE = as_csv(ROWS)


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    with Serving(tmp_path_factory.mktemp("served"), ORGANIZERS="ada", RATINGS_PER_MINUTE=0) as running:
        yield running


@pytest.fixture(scope="module")
def ada(serving):
    with Visitor(serving) as visitor:
        yield visitor.signs_in("ada")


def send(visitor, content=FILE, name="things.csv"):
    answer = visitor.put("/api/imports/upload", params={"name": name}, content=content)
    assert answer.status_code == 200, answer.text
    return answer.json()["upload"]


def finished(visitor, address="/api/imports"):
    """The job once it is over."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        job = visitor.get(address).json()["job"]
        if job and not job["running"]:
            return job
        time.sleep(0.05)
    raise AssertionError(f"It is still under way: {job}")


def bring(visitor, origin, plan=PLAN):
    answer = visitor.post("/api/imports", json={"origin": origin, "plan": plan})
    assert answer.status_code == 202, answer.text
    return finished(visitor)


def listed(visitor):
    return {one["file"]: one for one in visitor.get("/api/imports").json()["imports"]}


def test_a_file_is_looked_at_brought_in_and_taken_back(ada):
    upload = send(ada)
    seen = ada.post("/api/imports/preview", json={"origin": {"upload": upload}}).json()
    assert (seen["name"], seen["columns"], len(seen["rows"])) == ("things.csv", ["Question", "who"], 5)
    assert seen["plan"]["columns"] == {"prompt": "Question"}
    assert seen["rows"][0]["prompt"] == ROWS[0]["Question"]
    before = ada.get("/api/views/progress").json()["prompts"]
    plan = {**seen["plan"], "constants": {"kind": "human", "source": "things"}}
    job = bring(ada, {"upload": upload}, plan)
    assert (job["error"], job["sentences"][0]) == (
        None,
        "things.csv: 40 read, 40 added, 0 already there, 0 rejected.",
    )
    known = listed(ada)["things.csv"]
    assert (known["by"], known["added"], known["sources"]) == ("ada", 40, {"things": 40})
    assert ada.post(f"/api/imports/{known['id']}/undo").json() == {"prompts": 40}
    assert listed(ada)["things.csv"]["undone_at"]
    deadline = time.monotonic() + 10
    while ada.get("/api/views/progress").json()["prompts"] != before:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert "no longer here" in ada.post("/api/imports/preview", json={"origin": {"upload": upload}}).text


def test_duplicates_are_compared_decided_and_taken_away(ada):
    bring(
        ada, {"upload": send(ada, name="first.csv")}, PLAN | {"constants": {"kind": "human", "source": "a"}}
    )
    plan = PLAN | {"constants": {"kind": "human", "source": "b"}}
    job = bring(ada, {"upload": send(ada, as_jsonl(ALIKE), "alike.jsonl")}, plan)
    assert "1 of them say exactly what another prompt does" in job["sentences"][1]
    assert ada.post("/api/duplicates", json={"alike": 0.85}).status_code == 202
    finished(ada, "/api/duplicates")
    found = ada.get("/api/duplicates").json()
    assert (found["exact"], found["job"]["error"]) == (1, None) and found["undecided"] >= 1
    pair = next(one for one in found["pairs"] if one["second"]["source"] != one["first"]["source"])
    told = {"decision": "merge", "first": pair["first"]["prompt_id"], "second": pair["second"]["prompt_id"]}
    assert ada.post("/api/duplicates/decisions", json=told).status_code == 200
    assert ada.get("/api/duplicates").json()["undecided"] < found["undecided"]
    assert "exactly" not in ada.get("/api/duplicates", params={"which": "near", "start": 10_000}).text
    file = ada.get("/api/duplicates/file")
    assert file.headers["content-type"].startswith("text/csv") and pair["second"]["text"] in file.text
    assert ada.post("/api/duplicates/decisions", json=told | {"second": "nope"}).status_code == 404
    assert ada.post("/api/duplicates/decisions", json=told | {"second": told["first"]}).status_code == 400
    # Of what is taken back nothing is to be decided any more.
    assert ada.post(f"/api/imports/{listed(ada)['alike.jsonl']['id']}/undo").status_code == 200
    left = ada.get("/api/duplicates").json()
    assert (left["exact"], left["undecided"], left["pairs"]) == (0, 0, [])


def test_an_import_of_which_something_is_rated_stays(ada):
    job = bring(
        ada,
        {"paste": "A thing nobody has said yet.\nAnd another one."},
        {"constants": {"source": "p", "kind": "human"}},
    )
    assert job["error"] is None
    import_id = listed(ada)["what was pasted"]["id"]
    some = []
    while not any("nobody has said yet" in prompt["text"] for prompt in some):
        some = ada.asks()
        ada.sends(*(rating(prompt["prompt_id"]) for prompt in some))
    refused = ada.post(f"/api/imports/{import_id}/undo")
    assert refused.status_code == 400
    assert "cannot be undone" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"origin": {}}, "Nothing was pasted."),
        ({"origin": {"upload": "nope"}}, "That file is no longer here; choose it again."),
        ({"origin": {"dataset": "nope"}}, "nope is no dataset of the Hub; write ORG/NAME."),
        ({"origin": {"paste": "x y z"}, "plan": {"columns": {"prompt": "nope"}}}, "has no column nope"),
        ({"origin": {"paste": "x"}, "plan": {"shape": "nope"}}, "nope is none of"),
        ({"origin": {"paste": "x"}, "plan": {"sample": 0}}, "sample"),
        ({"origin": {"dataset": "org/name"}}, "org/name cannot be read"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence(told, sentence, ada):
    refused = ada.post("/api/imports/preview", json=told)
    assert refused.status_code in (400, 422) and sentence in refused.json()["detail"]


def test_an_import_that_fails_says_why_and_a_second_at_once_waits(ada):
    job = bring(ada, {"upload": send(ada, b"PK\x03\x04 no parquet", "x.parquet")})
    assert "is not Parquet" in job["error"] and job["sentences"] == []
    assert ada.delete("/api/imports/job").status_code == 400
    refused = ada.put("/api/imports/upload", params={"name": "x.zip"}, content=b"PK")
    assert refused.status_code == 400 and "no format" in refused.json()["detail"]


ROUTES = (
    ("GET", "/api/imports"),
    ("PUT", "/api/imports/upload?name=x.csv"),
    ("POST", "/api/imports/preview"),
    ("POST", "/api/imports"),
    ("DELETE", "/api/imports/job"),
    ("POST", "/api/imports/x/undo"),
    ("GET", "/api/duplicates"),
    ("POST", "/api/duplicates"),
    ("DELETE", "/api/duplicates/job"),
    ("POST", "/api/duplicates/decisions"),
    ("GET", "/api/duplicates/file"),
)
BODY = {"origin": {"paste": "x"}, "decision": "keep", "first": "a", "second": "b"}


def test_nobody_but_organizers_can_do_any_of_it(serving):
    with Visitor(serving) as stranger, Visitor(serving) as bob:
        bob.signs_in("bob")
        for method, address in ROUTES:
            body = {"content": FILE} if method == "PUT" else {"json": BODY} if method == "POST" else {}
            assert stranger.request(method, address, **body).status_code == 401, address
            assert bob.request(method, address, **body).status_code == 403, address
        foreign = {"Origin": "https://elsewhere.example"}
        assert bob.put("/api/imports/upload?name=x.csv", content=FILE, headers=foreign).status_code == 403
