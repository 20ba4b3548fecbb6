"""What only a dataset does."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from huggingface_hub import HfApi

from components.backup.dataset import ATTEMPTS, Dataset
from components.errors import PlaceUnreachable
from tests.backup.conftest import PATIENCE_S
from tests.conftest import Clock
from tests.doubles.hub.exchange import Fault
from tests.doubles.hub.server import Hub

PEOPLE = "contributors/one/000000000001-000000000002.jsonl.zst"
FIRST = "events/one/000000000001-000000000002.jsonl.zst"
SECOND = "events/one/000000000003-000000000009.jsonl.zst"
MANIFEST = "base/1/manifest.json"


@pytest.fixture
def dataset(hub: Hub, clock: Clock) -> Dataset:
    made = Dataset("sprint/backup", "hf_alice", hub.address, PATIENCE_S, lambda: clock.now / 1000)
    made.names()
    return made


@pytest.fixture
def history(hub: Hub) -> Callable[[], list[str]]:
    """The titles of all commits, the newest first."""
    api = HfApi(hub.address, "hf_alice")
    return lambda: [commit.title for commit in api.list_repo_commits("sprint/backup", repo_type="dataset")]


def test_everything_of_one_pass_is_one_commit(hub, dataset):
    dataset.write({PEOPLE: b"ada", FIRST: b"one", MANIFEST: b"{}"})
    assert sum("/commit/" in request for request in hub.requests()) == 1


def test_nothing_of_a_pass_that_failed_is_there(hub, dataset):
    hub.goes_wrong(Fault("/commit/", "reset"))
    with pytest.raises(PlaceUnreachable):
        dataset.write({PEOPLE: b"ada", FIRST: b"one"})
    assert dataset.names() == []


def test_a_commit_of_another_in_between_is_built_upon(hub, dataset):
    hub.goes_wrong(Fault("/commit/", "answer", times=ATTEMPTS - 1, status=412))
    dataset.write({FIRST: b"one"})
    assert dataset.names() == [FIRST]


def test_two_who_write_the_same_name_at_once_do_not_overwrite_each_other(hub, dataset):
    hub.goes_wrong(Fault("/commit/", "delay", seconds=PATIENCE_S / 2))
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(dataset.write, {FIRST: b"one"})
        while not any("/commit/" in request for request in hub.requests()):
            time.sleep(0.01)
        dataset.write({FIRST: b"two"})
        with pytest.raises(PlaceUnreachable, match="another content"):
            first.result()
    assert dataset.read(FIRST) == b"two"


def test_a_commit_that_never_comes_first_is_tried_later(hub, dataset):
    hub.goes_wrong(Fault("/commit/", "answer", times=ATTEMPTS, status=412))
    with pytest.raises(PlaceUnreachable, match="Others write to the dataset sprint/backup"):
        dataset.write({FIRST: b"one"})


def test_a_history_squashed_by_another_in_between_is_built_upon(hub, dataset):
    gone = {"X-Error-Code": "RevisionNotFound"}
    hub.goes_wrong(Fault("/(paths-info|tree)/", "answer", times=2, status=404, headers=gone))
    dataset.write({FIRST: b"one"})
    assert dataset.names() == [FIRST]
    hub.goes_wrong(Fault("/tree/", "answer", status=404, headers=gone))
    with pytest.raises(PlaceUnreachable, match="Others write"):
        dataset.names()


def test_the_first_write_of_a_process_and_a_removal_squash_the_history_once_an_hour(dataset, history, clock):
    dataset.write({FIRST: b"one"})
    assert len(history()) == 1
    dataset.write({SECOND: b"two"})
    assert len(history()) == 2
    dataset.remove([FIRST])
    assert len(history()) == 3
    clock.forward(minutes=61)
    dataset.write({MANIFEST: b"{}"})
    assert len(history()) == 1
    assert dataset.names() == [MANIFEST, SECOND]


def test_a_history_that_cannot_be_squashed_does_not_fail_the_backup(hub, dataset, history, clock, caplog):
    hub.goes_wrong(Fault("/super-squash/", "answer", times=100))
    dataset.write({FIRST: b"one"})
    assert "was not squashed" in caplog.text
    hub.is_well()
    clock.forward(minutes=61)
    dataset.write({SECOND: b"two"})
    assert len(history()) == 1


def test_what_the_hub_puts_there_itself_is_no_backup(dataset):
    assert dataset.names() == []
