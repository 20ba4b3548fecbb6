"""The loop of the backup: what it promises, and what it says when the place fails."""

import time
from contextlib import closing

import pytest

from components.backup.backup import Backup
from components.backup.drill import drill
from components.backup.durability import BACKED_UP, COMMITTED, NEVER, Durability, durable_when
from components.backup.folder import Folder
from components.backup.inventory import inventory_of
from components.backup.recovery import refuse_another
from components.errors import AnotherSprint, PlaceRefused, PlaceUnreachable
from components.settings import read_settings
from components.store.store import Store
from tests.backup.conftest import assert_same, wait_until


class Unreliable(Folder):
    """A folder that fails as long as it is told to; what was written before may stay."""

    every_s = 0.05
    failure = None
    files_first = 0

    def names(self, prefix=""):
        if self.failure and not self.files_first:
            raise self.failure
        return super().names(prefix)

    def write(self, files):
        if self.failure:
            super().write(dict(list(files.items())[: self.files_first]))
            raise self.failure
        super().write(files)


@pytest.fixture
def place(place):
    return Unreliable(place.folder)


@pytest.fixture
def durability():
    return Durability(BACKED_UP)


@pytest.fixture
def keeping(store, place, durability):
    return Backup(store, place, durability)


def test_only_what_the_place_has_confirmed_is_durable(store, person, place, keeping, durability):
    person("ada")
    writer, number = store.writer.name, store.writer.number
    assert durability.of(writer, number) == -1
    place.failure = PlaceUnreachable("It does not answer.")
    keeping._attempt()
    assert durability.of(writer, number) == -1
    place.failure = None
    keeping._attempt()
    assert durability.of(writer, number) == number


@pytest.mark.parametrize(
    ("settings", "when"),
    [
        ({}, COMMITTED),
        ({"BACKUP_TO": "/backup"}, BACKED_UP),
        ({"SPACE_ID": "org/space", "SESSION_SECRET": "x"}, NEVER),
        ({"SPACE_ID": "org/space", "SESSION_SECRET": "x", "BACKUP_TO": "/backup"}, BACKED_UP),
        ({"DATABASE_URL": "postgresql://host/sprint", "BACKUP_TO": "/backup"}, COMMITTED),
    ],
)
def test_when_an_event_is_durable_follows_from_the_settings(settings, when):
    assert durable_when(read_settings(settings)) == when


def test_a_failing_place_is_tried_again_and_named_until_it_works(store, person, loaded, place, keeping):
    person("ada").rates(loaded[0], 4)
    keeping._attempt()
    person("ada").rates(loaded[1], 4)
    person("bo")
    place.failure = PlaceRefused("The token may not write; make another.")
    first = keeping._attempt()
    assert keeping._attempt() > first
    stands = keeping.progress()
    assert (stands.state, stands.error) == ("failing", "The token may not write; make another.")
    assert (stands.waiting, stands.ratings_waiting) == (2, 1)
    assert stands.retry_at > stands.error_at == store.clock()
    place.failure = PlaceUnreachable("Too many requests.", retry_after_s=500)
    assert keeping._attempt() >= 500
    place.failure = None
    keeping._attempt()
    stands = keeping.progress()
    assert (stands.state, stands.error, stands.waiting) == ("ok", None, 0)


@pytest.mark.parametrize("more_happens", [False, True])
@pytest.mark.parametrize("files_first", [1, 2, 3])
def test_a_write_that_broke_off_is_finished_by_the_next(
    files_first, more_happens, store, clock, person, loaded, place, keeping, restored
):
    ada = person("ada")
    place.failure, place.files_first = PlaceUnreachable("It does not answer."), files_first
    keeping._attempt()
    assert not inventory_of(place).reach
    # What the half of it said of a person is not the newest any more when the rest is written.
    clock.forward(minutes=1)
    person("ada")
    if more_happens:
        ada.rates(loaded[0], 4)
    place.failure = None
    keeping._attempt()
    assert keeping.progress().error is None
    assert_same(store, restored(place), place)


def test_it_goes_on_by_itself_and_writes_the_rest_at_the_end(
    store, person, loaded, place, keeping, durability
):
    keeping.start()
    ada = person("ada")
    wait_until(lambda: durability.of(store.writer.name, 0) == store.writer.number)
    place.every_s = 60
    time.sleep(0.2)
    ada.rates(loaded[0], 3)
    began = time.monotonic()
    keeping.close(began + 5)
    assert time.monotonic() - began < 4
    assert durability.of(store.writer.name, 0) == store.writer.number


def test_at_the_end_it_gives_up_in_time_and_says_what_is_missing(
    store, person, loaded, place, keeping, caplog
):
    place.failure = PlaceUnreachable("It does not answer.")
    keeping.start()
    person("ada").rates(loaded[0], 3)
    began = time.monotonic()
    keeping.close(began + 0.5)
    assert time.monotonic() - began < 3
    assert "1 ratings" in caplog.text and str(place.folder) in caplog.text


def test_two_processes_with_one_store_write_to_one_place(store, person, loaded, place, keeping, restored):
    other = Backup(store, place, Durability(BACKED_UP))
    ada = person("ada")
    for prompt in loaded[:4]:
        ada.rates(prompt, 5)
        other._look()
        keeping._attempt()
        ada.skips(loaded[8])
        # It does not know yet what the first has written.
        other._attempt()
        other._attempt()
        assert other.progress().waiting == 0
    assert_same(store, restored(place), place)


def test_a_file_that_is_not_ours_stays_and_is_in_nobodys_way(store, person, place, keeping, restored):
    (place.folder / "lost+found").mkdir()
    (place.folder / "lost+found/README").write_text("not ours")
    person("ada")
    keeping._attempt()
    assert keeping.progress().error is None
    assert_same(store, restored(place), place)


def another_folder(place, name):
    """Move the place away and put an empty folder where it was; returns where it is now."""
    aside = place.folder.with_name(name)
    place.folder.rename(aside)
    place.folder.mkdir()
    return aside


def test_a_place_swapped_for_an_empty_one_and_back_lacks_nothing(
    store, person, loaded, place, keeping, durability, restored
):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    keeping._attempt()
    aside = another_folder(place, "aside")
    ada.rates(loaded[1], 4)
    keeping._attempt()
    assert "gone from the folder" in keeping.progress().error
    assert keeping.progress().state == "ok"
    assert_same(store, restored(place), place)
    place.folder.rename(place.folder.with_name("second"))
    aside.rename(place.folder)
    ada.rates(loaded[2], 4)
    keeping._attempt()
    assert durability.of(store.writer.name, 0) == store.writer.number
    assert_same(store, restored(place), place)


@pytest.mark.parametrize("table", ["prompts", "contributors", "events"])
def test_a_file_that_is_taken_away_is_written_again(table, store, person, loaded, place, keeping, restored):
    ada = person("ada")
    for prompt in loaded[:3]:
        ada.rates(prompt, 4)
        keeping._attempt()
    gone = next(name for name in place.names() if name.startswith(table))
    (place.folder / gone).unlink()
    # Nothing else happens meanwhile.
    place.look_s, keeping._looked_at = 0.0, float("-inf")
    keeping._attempt()
    assert keeping.progress().state == "ok" and keeping.progress().waiting == 0
    assert_same(store, restored(place), place)


def test_another_sprints_backup_is_not_mixed_in(store, person, loaded, place, keeping, tmp_path, clock):
    person("ada").rates(loaded[0], 4)
    keeping._attempt()
    other = Store(f"sqlite:///{tmp_path / 'other.db'}", clock).open("Another sprint")
    with closing(other):
        theirs = Backup(other, place, Durability(BACKED_UP))
        before = place.names()
        theirs._attempt()
        assert "holds the backup of another sprint" in theirs.progress().error
        assert place.names() == before and not theirs._foreign.absorbed
        with pytest.raises(AnotherSprint, match="another sprint"):
            refuse_another(other, place)
        with pytest.raises(AnotherSprint):
            drill(other, place)
    refuse_another(store, place)


def test_two_servers_that_begin_at_one_empty_place_are_of_one_sprint(
    store, person, loaded, place, keeping, tmp_path, clock
):
    other = Store(f"sqlite:///{tmp_path / 'other.db'}", clock).open()
    with closing(other):
        theirs = Backup(other, place, Durability(BACKED_UP), began_here=lambda: True)
        person("ada").rates(loaded[0], 4)
        keeping._attempt()
        theirs._attempt()
        assert theirs.progress().error is None
        assert other.vector().keys() | store.vector().keys() == inventory_of(place).reach.keys()
        # The next time it starts with data of its own, it finds what it wrote.
        refuse_another(other, place)
        # What another sprint left when that was settled is refused nevertheless.
        another_folder(place, "aside")
        Backup(store, place, Durability(BACKED_UP))._attempt()
        theirs._attempt()
        assert "another sprint" in theirs.progress().error


def test_what_cannot_wait_is_written_at_once(store, person, loaded, place, keeping):
    place.every_s = 60
    keeping.start()
    try:
        person("ada").rates(loaded[0], 4)
        assert keeping.write_now(10)
        place.failure = PlaceUnreachable("It does not answer.")
        person("ada").rates(loaded[1], 4)
        assert not keeping.write_now(0.2)
    finally:
        place.failure = None
        keeping.close(time.monotonic() + 5)
    assert keeping.progress().waiting == 0
