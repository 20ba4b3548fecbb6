"""A server that keeps its backup on the Hub: emptied, stopped and started while the Hub is not well."""

import shutil
import signal
import time

import httpx
import pytest

from tests.backup.conftest import wait_until
from tests.doubles.hub.exchange import Fault
from tests.serving import Serving, Visitor, command, rating

SECRET = "a secret that outlives the disk, as on a Space"


@pytest.fixture
def serving_with(tmp_path, hub):
    """A server, not yet started, that keeps its backup in a bucket or a dataset."""
    return lambda places: Serving(
        tmp_path / "data",
        BACKUP_TO=f"hf://{places}/sprint/backup",
        HF_TOKEN="hf_alice",
        HF_ENDPOINT=hub.address,
        HF_HOME=tmp_path / "home",
        HF_HUB_OFFLINE=0,
        SESSION_SECRET=SECRET,
    )


@pytest.fixture
def serving(serving_with):
    return serving_with("buckets")


def rates_some(visitor):
    return visitor.sends(*(rating(prompt["prompt_id"]) for prompt in visitor.asks())).json()


@pytest.mark.parametrize("places", ["buckets", pytest.param("datasets", marks=pytest.mark.slow)])
def test_a_sprint_comes_back_from_the_hub_onto_an_emptied_disk(serving_with, places):
    with serving_with(places) as serving:
        ada = Visitor(serving).signs_in("ada")
        answer = rates_some(ada)
        before = ada.get("/api/my/ratings").json()
        began = time.monotonic()
        serving.stop()
        assert time.monotonic() - began < 10
        shutil.rmtree(serving.data_dir)
        serving.start()
        assert ada.get("/healthz").json()["epoch"] != answer["epoch"]
        assert ada.get("/api/my/ratings").json() == before
        serving.stop()
    told = command(serving.data_dir, "audit")
    assert told.returncode == 0, told.stdout


@pytest.mark.slow
def test_a_hub_that_is_silent_at_the_end_holds_nothing_up_and_has_it_after_the_next_start(serving, hub):
    with serving:
        ada = Visitor(serving).signs_in("ada")
        hub.goes_wrong(Fault(".", "silence", times=1000, seconds=60))
        answer = rates_some(ada)
        began = time.monotonic()
        serving.stop()
        assert time.monotonic() - began < 10
        assert "Not in the backup: 5 ratings" in serving.log()
        hub.is_well()
        serving.start()
        writer, number = answer["seq"]["writer"], answer["seq"]["number"]
        wait_until(lambda: ada.get("/api/views/durable").json()["writers"].get(writer, 0) >= number)


@pytest.mark.slow
def test_a_sprint_on_an_emptied_disk_waits_for_a_hub_that_does_not_answer(serving, hub):
    with serving:
        rates_some(Visitor(serving).signs_in("ada"))
        serving.stop()
        shutil.rmtree(serving.data_dir)
        hub.goes_wrong(Fault(".", "answer", times=1000, status=429, headers={"Retry-After": "2"}))
        serving.start(until="restoring")
        ada = Visitor(serving)
        wait_until(lambda: ada.get("/api/restoring").json()["error"])
        assert "asks for fewer requests" in ada.get("/api/restoring").json()["error"]
        assert ada.sends(rating("p")).status_code == 503
        hub.is_well()
        wait_until(lambda: httpx.get(f"{serving.address}/healthz").json()["status"] == "ok")
        assert ada.signs_in("ada").get("/api/my/ratings").json()["rows"]
        serving.stop(signal.SIGKILL)
