"""What every place of a backup promises, on each of them."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from components.backup.bucket import Bucket
from components.backup.dataset import Dataset
from components.backup.folder import Folder
from components.backup.place import Place
from components.errors import PlaceUnreachable
from tests.doubles.hub.server import Hub

FIRST = "events/one/000000000001-000000000002.jsonl.zst"
SECOND = "events/one/000000000003-000000000009.jsonl.zst"
MANIFEST = "base/1/manifest.json"


@pytest.fixture(params=["folder", "bucket", "dataset"])
def open_place(request: pytest.FixtureRequest, hub: Hub, tmp_path: Path) -> Callable[[], Place]:
    """Open the one place of this test, as every process that uses it does."""
    makers = {
        "folder": lambda: Folder(tmp_path),
        "bucket": lambda: Bucket("sprint/backup", "hf_alice", hub.address),
        "dataset": lambda: Dataset("sprint/backup", "hf_alice", hub.address),
    }
    return makers[request.param]


@pytest.fixture
def place(open_place: Callable[[], Place]) -> Place:
    return open_place()


def test_a_new_place_is_empty(place):
    assert place.names() == []


def test_what_was_written_is_listed_and_read(place, open_place):
    place.write({FIRST: b"one", MANIFEST: b"{}"})
    other = open_place()
    assert other.names() == [MANIFEST, FIRST]
    assert (other.read(FIRST), other.read(MANIFEST)) == (b"one", b"{}")


def test_names_are_chosen_by_how_they_begin(place):
    place.write({FIRST: b"one", SECOND: b"two", MANIFEST: b"{}"})
    assert place.names("events/one/000000000003") == [SECOND]
    assert place.names("events/two") == []


def test_the_same_file_may_be_written_again_and_another_one_may_not(place):
    place.write({FIRST: b"one", MANIFEST: b"{}"})
    place.write({FIRST: b"one", MANIFEST: b"{}"})
    for name, before, other in ((FIRST, b"one", b"two"), (MANIFEST, b"{}", b"{ }")):
        with pytest.raises(PlaceUnreachable, match="another content"):
            place.write({name: other})
        assert place.read(name) == before


def test_what_is_there_already_does_not_stop_the_rest(place):
    place.write({FIRST: b"one"})
    place.write({FIRST: b"one", SECOND: b"two"})
    assert place.names() == [FIRST, SECOND]


def test_files_are_removed_and_one_that_is_not_there_is_fine(place):
    place.write({FIRST: b"one", SECOND: b"two"})
    place.remove([FIRST, MANIFEST])
    place.remove([FIRST])
    assert place.names() == [SECOND]


def test_writing_and_removing_nothing_is_fine(place):
    place.write({})
    place.remove([])
    assert place.names() == []


def test_a_file_that_is_not_there_is_no_empty_file(place):
    with pytest.raises(PlaceUnreachable):
        place.read(FIRST)


def test_a_large_file_comes_back_as_it_was(place):
    content = os.urandom(12_000_000)
    place.write({"base/1/events-0000.jsonl.zst": content})
    assert place.read("base/1/events-0000.jsonl.zst") == content


def test_many_files_are_all_listed_and_removed(place):
    files = {f"events/one/{number:012d}-{number:012d}.jsonl.zst": b"%d" % number for number in range(130)}
    place.write(files)
    assert place.names() == sorted(files)
    place.remove(files)
    assert place.names() == []


def test_several_may_write_at_once(open_place):
    def write(writer: int) -> None:
        place = open_place()
        for number in range(3):
            place.write({f"events/{writer}/{number:012d}-{number:012d}.jsonl.zst": b"%d" % writer})

    # Made first: two who make the same place at the same moment are another test.
    open_place().names()
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(write, range(3)))
    assert len(open_place().names()) == 9
