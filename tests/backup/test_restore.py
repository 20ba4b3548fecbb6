"""A restored store is the one that was lost, whatever the backup consists of."""

import sqlite3
import threading
from contextlib import closing

import orjson
import pytest

from components.backup.backup import Backup
from components.backup.compaction import compact
from components.backup.folder import Folder
from components.backup.inventory import inventory_of
from components.backup.last_views import file_of
from components.backup.recovery import Recovery
from components.backup.restore import restore
from components.backup.segments import pack, unpack
from components.errors import DamagedBackup, PlaceRefused, PlaceUnreachable, StoreUnavailable
from components.store.audit import audit
from components.store.prompts import add
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
    with pytest.raises(DamagedBackup, match=f"lacks the events {gone.first} to {gone.last} .* of which"):
        restored(place)


def name_of(place, table, which=0):
    return [segment.name for segment in inventory_of(place).segments if segment.table == table][which]


@pytest.mark.parametrize("table", ["prompts", "contributors", "sprint"])
def test_a_missing_segment_of_another_table_is_named(table, store, person, loaded, backup, place, restored):
    person("ada").rates(loaded[0], 4)
    backup.write_all()
    gone = name_of(place, table)
    (place.folder / gone).unlink()
    with pytest.raises(DamagedBackup, match=gone if table != "sprint" else "lacks the sprint itself"):
        restored(place)


def test_the_missing_last_segment_of_an_earlier_server_is_named(
    store, person, loaded, backup, place, clock, restored
):
    person("ada").rates(loaded[0], 4)
    backup.write_all()
    person("ada").rates(loaded[1], 4)
    backup.write_all()
    gone = name_of(place, "events", -1)
    store.writer.close()
    store.writer.name, store.writer.number = "next", 0
    store.writer.start()
    person("ada").rates(loaded[2], 4)
    # A new process, which looks what is there.
    type(backup)(store, place, backup._durability).write_all()
    (place.folder / gone).unlink()
    with pytest.raises(DamagedBackup, match="lacks the events .* of which events/next/"):
        restored(place)


def test_what_the_last_views_had_seen_confirmed_has_to_be_there(
    store, person, loaded, backup, place, restored
):
    for prompt in loaded[:2]:
        person("ada").rates(prompt, 4)
        backup.write_all()
    told = {"durable": orjson.dumps({"writers": inventory_of(place).reach})}
    place.write(dict([file_of(told, store.clock(), "a")]))
    assert restored(place).epoch
    (place.folder / name_of(place, "events", -1)).unlink()
    with pytest.raises(DamagedBackup, match="views/ tells"):
        restored(place)


@pytest.mark.parametrize("headless", [False, True])
@pytest.mark.parametrize("table", ["events", "prompts"])
def test_a_segment_in_the_place_of_another_is_named(
    table, headless, store, person, loaded, backup, place, restored, tmp_path, clock
):
    ada = person("ada")
    for prompt in loaded[:3]:
        ada.rates(prompt, 4)
        backup.write_all()
    other = Store(f"sqlite:///{tmp_path / 'other.db'}", clock).open()
    elsewhere = Folder(tmp_path / "elsewhere")
    elsewhere.folder.mkdir()
    with closing(other):
        other.write(lambda transaction: add(transaction, loaded, {}))
        Backup(other, elsewhere, backup._durability).write_all()
    name, theirs = name_of(place, table), elsewhere.read(name_of(elsewhere, table))
    if headless:
        theirs = pack(row for row in unpack("theirs", theirs) if "segment" not in row)
    (place.folder / name).write_bytes(theirs)
    with pytest.raises(DamagedBackup, match=f"{name} holds something else"):
        restored(place)


def test_a_backup_from_before_segments_told_of_themselves_is_brought_back(
    store, person, loaded, backup, place, restored
):
    ada = person("ada")
    for prompt in loaded[:3]:
        ada.rates(prompt, 4)
        backup.write_all()
    for name in place.names():
        path = place.folder / name
        path.write_bytes(pack(row for row in unpack(name, path.read_bytes()) if "segment" not in row))
    assert_same(store, restored(place), place)
    # Prompts that somebody rated are missed even then.
    (place.folder / name_of(place, "prompts")).unlink()
    with pytest.raises(DamagedBackup, match="no such prompt"):
        restored(place)


def test_a_base_that_lacks_a_file_is_not_whole(store, person, loaded, backup, place, restored):
    person("ada").rates(loaded[0], 4)
    backup.write_all()
    base = compact(store, place, {})
    gone = base.files[0]["name"]
    (place.folder / gone).unlink()
    with pytest.raises(DamagedBackup, match=f"lacks {gone}"):
        restored(place)
    # Another one holds the same.
    again = compact(store, place, {})
    assert inventory_of(place).bases == [again]
    assert_same(store, restored(place), place)


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
