"""The folder as a place: never half a file, never another content, never taken for empty."""

import os

import pytest

from components.errors import PlaceRefused, PlaceUnreachable


def test_files_are_kept_read_listed_and_removed(place):
    place.write({"events/w/1": b"one", "views/2": b"two"})
    place.write({"events/w/1": b"one"})
    assert place.names() == ["events/w/1", "views/2"] and place.names("events/") == ["events/w/1"]
    assert place.read("events/w/1") == b"one"
    place.remove(["events/w/1", "events/w/none"])
    assert place.names() == ["views/2"]


def test_a_file_is_never_replaced(place):
    place.write({"events/w/1": b"one"})
    with pytest.raises(PlaceUnreachable, match="another content"):
        place.write({"events/w/1": b"two"})
    assert place.read("events/w/1") == b"one"


def test_what_is_not_finished_is_not_there(place):
    place.write({"events/w/1": b"one"})
    (place.folder / "events/w/.half.part").write_bytes(b"o")
    assert place.names() == ["events/w/1"]


def test_a_folder_that_is_not_there_is_neither_empty_nor_made(place):
    place.folder.rmdir()
    for attempt in (place.names, lambda: place.write({"a": b""}), lambda: place.remove(["a"])):
        with pytest.raises(PlaceRefused, match="mkdir -p"):
            attempt()
    assert not place.folder.exists()


def test_a_file_in_its_place_is_refused(place):
    place.folder.rmdir()
    place.folder.write_text("")
    with pytest.raises(PlaceRefused, match="no folder"):
        place.names()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_refused(place):
    place.folder.chmod(0)
    with pytest.raises(PlaceRefused, match="let this process"):
        place.names()


def test_a_file_that_is_gone_may_be_back_later(place):
    with pytest.raises(PlaceUnreachable):
        place.read("events/w/1")
