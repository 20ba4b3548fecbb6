"""Replicas: several servers on one PostgreSQL, behind any balancer, are one sprint."""

import json
import signal
import threading
import time

import httpx
import pytest

from tests.conftest import ROOT
from tests.serving import Serving, Visitor, command, rating

SECRET = "a secret that all the replicas of a test know"
NUMBER = 3
# As soon as a rating on one replica has to show on all of them.
SOON_S = 3

pytestmark = pytest.mark.on("postgresql")


@pytest.fixture(scope="module")
def replicas(databases, tmp_path_factory):
    """Three servers that start in the same moment on an empty database."""
    url = databases.new()
    made = [
        Serving(tmp_path_factory.mktemp(f"replica-{n}"), DATABASE_URL=url, SESSION_SECRET=SECRET)
        for n in range(NUMBER)
    ]
    starting = [threading.Thread(target=one.start) for one in made]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    yield made
    for one in made:
        one.__exit__()


@pytest.fixture
def ada(replicas):
    """Somebody signed in on the first replica, whose browser the balancer sends anywhere."""
    with Visitor(replicas[0]) as visitor:
        yield visitor.signs_in("ada")


def at(replica, visitor):
    """The same browser, sent to a replica."""
    visitor.base_url = replica.address
    return visitor


def until(true, within_s):
    end = time.monotonic() + within_s
    while not (outcome := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return outcome


def view(replica, name):
    return httpx.get(f"{replica.address}/api/views/{name}").json()


def test_those_that_start_at_once_are_one_sprint_with_its_prompts_once(replicas, tmp_path):
    assert len({httpx.get(f"{one.address}/healthz").json()["epoch"] for one in replicas}) == 1
    starters = len((ROOT / "assets/starter_prompts.jsonl").read_text().splitlines())
    for replica in replicas:
        assert until(lambda replica=replica: view(replica, "progress")["prompts"] == starters, SOON_S)


def test_whoever_signed_in_on_one_is_signed_in_on_all(replicas, ada):
    names = [at(replica, ada).get("/api/session").json()["username"] for replica in replicas]
    assert names == ["ada"] * NUMBER


def test_a_rating_on_one_shows_on_the_others_within_three_seconds(replicas, ada):
    [prompt, *_] = ada.asks()
    ada.sends(rating(prompt["prompt_id"])).raise_for_status()
    told = time.monotonic()
    for replica in replicas:
        assert until(
            lambda replica=replica: view(replica, "leaderboard-sprint")["total"]["ratings"] == 1,
            SOON_S - (time.monotonic() - told),
        )


def test_what_is_sent_to_one_and_again_to_another_counts_once(replicas, ada):
    before = ada.get("/api/session").json()["me"]["ratings"]
    [prompt, *_] = at(replicas[1], ada).asks()
    event = rating(prompt["prompt_id"], 2)
    answers = [at(replica, ada).sends(event).raise_for_status().json() for replica in replicas]
    assert [answer["confirmed"] for answer in answers] == [[event["event_id"]]] * NUMBER
    assert {answer["me"]["ratings"] for answer in answers} == {before + 1}


def test_one_holds_the_same_prompts_wherever_they_ask(replicas, ada):
    held = [{prompt["prompt_id"] for prompt in at(replica, ada).asks()} for replica in replicas]
    assert held[0] == held[1] == held[2]


def test_when_one_is_killed_the_others_go_on_and_it_comes_back(replicas, ada, tmp_path):
    replicas[2].stop(signal.SIGKILL)
    for replica in replicas[:2]:
        [prompt, *_] = at(replica, ada).asks()
        ada.sends(rating(prompt["prompt_id"])).raise_for_status()
    replicas[2].start()
    assert at(replicas[2], ada).get("/api/session").json()["me"]["ratings"] >= 2
    audited = command(tmp_path, "audit", DATABASE_URL=replicas[0].settings["DATABASE_URL"])
    assert "Everything agrees." in audited.stdout


@pytest.mark.slow
def test_the_sprint_is_copied_to_a_file_and_served_from_there(replicas, ada, tmp_path):
    ratings = ada.get("/api/session").json()["me"]["ratings"]
    where = {"DATABASE_URL": replicas[0].settings["DATABASE_URL"]}
    copied = command(tmp_path, "copy", "--to", f"sqlite:///{tmp_path / 'sprint.db'}", **where)
    assert copied.returncode == 0 and "Everything agrees." in copied.stdout
    again = command(tmp_path, "copy", "--to", f"sqlite:///{tmp_path / 'sprint.db'}", **where)
    assert again.returncode == 1 and "holds a sprint already" in again.stderr
    with Serving(tmp_path, SESSION_SECRET=SECRET) as alone:
        assert at(alone, ada).get("/api/session").json()["me"]["ratings"] == ratings


def test_two_that_bring_the_same_prompts_in_bring_them_once(databases, tmp_path):
    file, url = tmp_path / "prompts.jsonl", databases.new()
    rows = [{"prompt": f"Prompt {n}", "source": "test", "kind": "human"} for n in range(2500)]
    file.write_text("\n".join(map(json.dumps, rows)))
    outcomes = []
    importing = [
        threading.Thread(target=lambda: outcomes.append(command(tmp_path, "import", file, DATABASE_URL=url)))
        for _ in range(2)
    ]
    for thread in importing:
        thread.start()
    for thread in importing:
        thread.join()
    assert [one.returncode for one in outcomes] == [0, 0], [one.stderr for one in outcomes]
    audited = command(tmp_path, "audit", DATABASE_URL=url)
    assert "Everything agrees." in audited.stdout and "prompts 2,500." in audited.stdout
