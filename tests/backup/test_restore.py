"""A restored store is the one that was lost, whatever the backup consists of."""

import sqlite3
import threading
from contextlib import closing

import pytest

from components.backup.compaction import compact
from components.backup.folder import Folder
from components.backup.inventory import inventory_of
from components.backup.recovery import Recovery
from components.backup.restore import restore
from components.errors import DamagedBackup, PlaceRefused, PlaceUnreachable, StoreUnavailable
from components.store.audit import audit
from components.store.store import Store
from tests.backup.conftest import assert_same


def test_everything_that_was_backed_up_is_back(store, person, loaded, backup, place, restored):
    ada, bo = person("ada"), person("bo")
    ada.rates(loaded[0], 4)
    assert backup.write_all() > 0
    bo.rates(loaded[0], 2)
    ada.skips(loaded[1])
    assert backup.write_all() == 2
    back = restored(place)
    assert_same(store, back, place)
    assert back.epoch != store.epoch
    assert back.sprint().title == store.sprint().title


def test_nothing_new_writes_nothing(store, person, backup, place):
    person("ada")
    backup.write_all()
    before = place.names()
    assert backup.write_all() == 0 and place.names() == before


def test_an_empty_place_is_a_new_sprint(place, restored):
    assert restored(place).sprint().title == "Not the title"


def test_a_missing_folder_is_never_empty(place, restored):
    place.folder.rmdir()
    with pytest.raises(PlaceRefused, match="mkdir"):
        restored(place)


def test_a_base_stands_for_the_segments_it_replaces(store, person, loaded, backup, place, restored):
    ada = person("ada")
    for prompt in loaded[:6]:
        ada.rates(prompt, 3)
        backup.write_all()
    compact(store, place, {})
    assert not inventory_of(place).segments
    ada.rates(loaded[7], 1)
    backup = type(backup)(store, place, backup._durability)
    backup.write_all()
    assert len(inventory_of(place).of_events) == 1
    assert_same(store, restored(place), place)


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-3], lambda content: b"", lambda content: content[:40] + b"!" + content[41:]],
)
def test_a_damaged_segment_is_named(damage, store, person, loaded, backup, place, restored):
    person("ada").rates(loaded[0], 4)
    backup.write_all()
    name = inventory_of(place).of_events[0].name
    path = place.folder / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedBackup, match=name):
        restored(place)


def test_a_missing_segment_is_named(store, person, loaded, backup, place, restored):
    ada = person("ada")
    for prompt in loaded[:3]:
        backup.write_all()
        ada.rates(prompt, 4)
    backup.write_all()
    gone = inventory_of(place).of_events[1]
    (place.folder / gone.name).unlink()
    with pytest.raises(DamagedBackup, match=f"lacks the events {gone.first} to {gone.last}"):
        restored(place)


def test_the_store_is_nobodys_while_files_are_on_their_way(store, person, backup, place, clock, tmp_path):
    person("ada")
    backup.write_all()
    back = Store(f"sqlite:///{tmp_path / 'back.db'}", clock)
    back.database.migrate()
    one_by_one = threading.Lock()

    class Slow(Folder):
        def read(self, name):
            # Several are read at once, and would be in each other's way.
            with one_by_one, closing(sqlite3.connect(tmp_path / "back.db", timeout=0)) as other:
                other.execute("BEGIN IMMEDIATE")
            return super().read(name)

    assert restore(back.database, Slow(place.folder)).events > 0
    with pytest.raises(StoreUnavailable, match="quicker"):
        restore(back.database, place)
    back.close()


def test_what_changes_while_it_is_looked_at_is_looked_at_again(
    store, person, loaded, backup, place, restored
):
    class Slow(Folder):
        """Lists one folder after another, and between the first two another server writes."""

        looks = 0

        def names(self, prefix=""):
            self.looks += 1
            before = [name for name in super().names(prefix) if not name.startswith("events")]
            if self.looks == 1:
                person("ada").rates(loaded[0], 4)
                backup.write_all()
            return sorted({*before, *(name for name in super().names(prefix) if name.startswith("events"))})

    assert_same(store, restored(Slow(place.folder)), place)


def test_a_place_that_never_rests_is_not_taken_for_what_it_was(place):
    class Restless(Folder):
        looks = 0

        def names(self, prefix=""):
            self.looks += 1
            return [f"views/{self.looks:015d}-a.json.zst"]

    with pytest.raises(PlaceUnreachable, match="keep changing"):
        inventory_of(Restless(place.folder))


def test_somebody_who_writes_all_the_time_holds_nobody_up(store, person, loaded, backup, place, restored):
    class Busy(Folder):
        looks = 0

        def names(self, prefix=""):
            person("ada").rates(loaded[self.looks], 4)
            self.looks += 1
            before = [name for name in super().names(prefix) if not name.startswith("events")]
            backup.write_all()
            return sorted({*before, *(name for name in super().names(prefix) if name.startswith("events"))})

    busy = Busy(place.folder)
    back = restored(busy)
    assert busy.looks == 2 and audit(back).differences == []
    assert 0 < back.vector()[store.writer.name] < store.writer.number


def test_a_sprint_that_is_back_and_cannot_be_opened_yet_is_opened_later(
    store, person, loaded, backup, place, clock, tmp_path
):
    person("ada").rates(loaded[0], 4)
    backup.write_all()
    back = Store(f"sqlite:///{tmp_path / 'back.db'}", clock)
    back.database.migrate()
    recovery = Recovery(back, place)
    errors = []

    def opening():
        errors.append(recovery.document()["error"])
        back.open()
        if len(errors) == 1:
            back.close()
            raise StoreUnavailable("The disk is full; make room.")

    with closing(back):
        assert recovery.run(opening=opening).events > 0
        assert errors == [None, "The disk is full; make room."]
        assert back.sprint().title == store.sprint().title
