"""A server that keeps a backup: killed, wiped, stopped, started beside a place that is not there."""

import shutil
import signal
import sqlite3
import time

import httpx
import pytest

from components.backup.folder import Folder
from components.backup.inventory import inventory_of
from tests.backup.conftest import wait_until
from tests.serving import Serving, Visitor, command, rating

SECRET = "a secret that outlives the disk, as on a Space"


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "place"
    folder.mkdir()
    return Folder(folder)


@pytest.fixture
def serving(tmp_path, place):
    return Serving(tmp_path / "data", BACKUP_TO=place.folder, SESSION_SECRET=SECRET)


def is_durable(visitor, seq):
    view = visitor.get("/api/views/durable").json()
    return view["writers"].get(seq["writer"], 0) >= seq["number"]


def test_a_killed_server_on_an_emptied_disk_has_everything_that_was_backed_up(serving, place):
    with serving:
        ada = Visitor(serving).signs_in("ada")
        answer = ada.sends(*(rating(prompt["prompt_id"]) for prompt in ada.asks())).json()
        wait_until(lambda: is_durable(ada, answer["seq"]))
        before = ada.get("/api/my/ratings").json()
        serving.stop(signal.SIGKILL)
        shutil.rmtree(serving.data_dir)
        serving.start()
        assert ada.get("/healthz").json()["epoch"] != answer["epoch"]
        assert ada.get("/api/restoring").json() is None
        assert ada.get("/api/my/ratings").json() == before
        assert Visitor(serving).get("/api/backup").status_code == 401
        wait_until(lambda: ada.get("/api/backup").json()["waiting"] == 0)
        stands = ada.get("/api/backup").json()
        assert (stands["state"], stands["error"], stands["last_drill"]) == ("ok", None, None)
        assert ada.post("/api/backup/drill").json()["running"]
        wait_until(lambda: not ada.get("/api/backup").json()["last_drill"]["running"])
        tried = ada.get("/api/backup").json()["last_drill"]
        assert tried["same"] and tried["error"] is None and len(tried["tables"]) == 6
        serving.stop()
    told = command(serving.data_dir, "audit")
    assert told.returncode == 0, told.stdout


def test_a_server_told_to_stop_backs_up_what_it_has_confirmed_and_ends_soon(serving, place):
    with serving:
        ada = Visitor(serving).signs_in("ada")
        answer = ada.sends(*(rating(prompt["prompt_id"]) for prompt in ada.asks())).json()
        began = time.monotonic()
        serving.stop()
        assert time.monotonic() - began < 10
    assert inventory_of(place).reach[answer["seq"]["writer"]] >= answer["seq"]["number"]
    assert inventory_of(place).views


@pytest.mark.slow
def test_a_second_signal_ends_it_at_once(serving, place):
    with serving:
        ada = Visitor(serving).signs_in("ada")
        answer = ada.sends(rating(ada.asks()[0]["prompt_id"])).json()
        # A stream that stays open would hold the first signal up for seconds.
        with httpx.stream("GET", f"{serving.address}/gradio_api/heartbeat/abc", timeout=30):
            serving.send(signal.SIGTERM)
            time.sleep(0.3)
            began = time.monotonic()
            assert serving.stop() in (128 + signal.SIGTERM, -signal.SIGTERM)
            assert time.monotonic() - began < 2
        serving.start()
        assert ada.get("/healthz").json()["epoch"] == answer["epoch"]
        assert len(ada.get("/api/my/ratings").json()["rows"]) == 1


@pytest.mark.slow
def test_a_place_that_cannot_be_looked_at_is_not_taken_for_an_empty_one(serving, place):
    place.folder.rmdir()
    try:
        serving.start(until="restoring")
        visitor = Visitor(serving)
        wait_until(lambda: visitor.get("/api/restoring").json()["error"])
        assert "mkdir" in visitor.get("/api/restoring").json()["error"]
        for answer in (
            visitor.sends(rating("p")),
            visitor.post("/api/next", json={}),
            visitor.get("/api/session"),
        ):
            assert answer.status_code == 503 and answer.headers["retry-after"]
            assert answer.json()["detail"].endswith(".")
        assert visitor.get("/").status_code == visitor.get("/page/style.css").status_code == 200
        assert visitor.get("/api/views").status_code == 200
        place.folder.mkdir()
        wait_until(lambda: visitor.get("/healthz").json()["status"] == "ok", 70)
        assert Visitor(serving).signs_in("ada").asks()
    finally:
        serving.stop(signal.SIGKILL)


@pytest.mark.slow
def test_watchers_see_the_last_views_while_the_sprint_cannot_be_brought_back(serving, place):
    with serving:
        Visitor(serving).signs_in("ada").sends()
        progress = httpx.get(f"{serving.address}/api/views/progress").json()
        serving.stop()
        shutil.rmtree(serving.data_dir)
        segment = place.folder / inventory_of(place).of_events[0].name
        whole = segment.read_bytes()
        segment.write_bytes(whole[:-5])
        serving.start(until="restoring")
        visitor = Visitor(serving)
        wait_until(lambda: visitor.get("/api/restoring").json()["error"])
        assert segment.name in visitor.get("/api/restoring").json()["error"]
        assert visitor.get("/api/views/progress").json()["epoch"] == progress["epoch"]
        segment.write_bytes(whole)
        wait_until(lambda: visitor.get("/healthz").json()["status"] == "ok", 70)
        assert visitor.get("/api/restoring").json() is None


@pytest.mark.slow
def test_a_command_beside_a_server_that_waits_for_its_backup_begins_no_new_sprint(serving, place):
    with serving:
        ada = Visitor(serving).signs_in("ada")
        answer = ada.sends(*(rating(prompt["prompt_id"]) for prompt in ada.asks())).json()
        before = ada.get("/api/my/ratings").json()
        serving.stop()
        shutil.rmtree(serving.data_dir)
        away = place.folder.rename(place.folder.with_name("away"))
        serving.start(until="restoring")
        told = command(serving.data_dir, "audit", **serving.settings)
        assert told.returncode == 1 and "mkdir" in told.stderr
        away.rename(place.folder)
        wait_until(lambda: ada.get("/healthz").json()["status"] == "ok", 70)
        assert ada.get("/healthz").json()["epoch"] != answer["epoch"]
        assert ada.get("/api/my/ratings").json() == before


@pytest.mark.slow
def test_a_server_told_to_stop_ends_in_time_even_if_its_store_is_held_by_somebody(serving):
    with serving:
        ada = Visitor(serving).signs_in("ada")
        first, second = ada.asks(2)
        confirmed = ada.sends(rating(first["prompt_id"])).json()["confirmed"]
        with sqlite3.connect(serving.data_dir / "sprint.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(httpx.ReadTimeout):
                ada.post("/api/ratings", json={"events": [rating(second["prompt_id"])]}, timeout=0.5)
            began = time.monotonic()
            serving.stop()
            assert time.monotonic() - began < 10.5
            other.execute("ROLLBACK")
        serving.start()
        assert len(confirmed) == len(ada.get("/api/my/ratings").json()["rows"]) == 1
