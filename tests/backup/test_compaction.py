"""Compaction: wherever it ends, and whoever else does it, everything can be restored."""

import itertools
import threading
import time

import pytest

from components.backup.backup import Backup
from components.backup.compaction import clear, compact
from components.backup.durability import BACKED_UP, Durability
from components.backup.folder import Folder
from components.backup.inventory import inventory_of
from components.errors import DamagedBackup, PlaceUnreachable
from components.store import erasures
from components.store.store import Store
from tests.backup.conftest import assert_same
from tests.conftest import Person


class Breaking(Folder):
    """A folder that stops working after so many files were written or removed."""

    def __init__(self, folder, after):
        super().__init__(folder)
        self.left = after

    def _count(self):
        self.left -= 1
        if self.left < 0:
            raise PlaceUnreachable("The folder is gone.")

    def _write(self, path, content):
        self._count()
        super()._write(path, content)

    def remove(self, names):
        for name in names:
            self._count()
            super().remove([name])


@pytest.fixture
def rated(store, person, loaded, backup, place):
    """A store with a base, and segments on top of it."""
    ada = person("ada")
    for n, prompt in enumerate(loaded[:6]):
        ada.rates(prompt, 3)
        backup.write_all()
        if n == 2:
            compact(store, place, {})
    return store


def test_a_compaction_that_ends_anywhere_loses_nothing(rated, clock, place, restored):
    steps = 0
    for steps in itertools.count():
        clock.forward(minutes=1)
        try:
            compact(rated, Breaking(place.folder, steps), {})
        except PlaceUnreachable:
            assert_same(rated, restored(place), place)
        else:
            break
    assert steps > 6
    found = inventory_of(place)
    assert len(found.bases) == 1 and not found.segments
    assert_same(rated, restored(place), place)
    clock.forward(minutes=60 * 25)
    clear(place, clock())
    assert not inventory_of(place).unfinished


def test_two_who_compact_at_once_leave_one_base(rated, url, clock, place, restored):
    compact(rated, place, {})
    other = Store(url, clock).open()
    compact(other, place, {})
    clear(place, clock())
    assert len(inventory_of(place).bases) == 1
    other.close()
    assert_same(rated, restored(place), place)


def test_a_base_that_cannot_be_read_back_removes_nothing(rated, place):
    class Forgetful(Folder):
        def _write(self, path, content):
            super()._write(path, content[:-1] if "events" in path.name else content)

    before = set(place.names())
    with pytest.raises(DamagedBackup):
        compact(rated, Forgetful(place.folder), {})
    assert before <= set(place.names())
    assert len(inventory_of(place).bases) == 1


@pytest.mark.parametrize("damage", ["manifest", "part"])
def test_a_base_that_is_not_what_was_written_is_named(damage, rated, place, restored):
    [base] = inventory_of(place).bases
    name = base.manifest if damage == "manifest" else base.files[0]["name"]
    other = b"{}" if damage == "manifest" else (place.folder / base.files[-1]["name"]).read_bytes()
    (place.folder / name).write_bytes(other)
    with pytest.raises(DamagedBackup, match=name):
        restored(place)


def test_bases_of_two_copies_of_a_sprint_are_both_needed(rated, place, clock, loaded, backup, restored):
    backup.write_all()
    copy = restored(place)
    Person(copy, "bo").rates(loaded[0], 1)
    Person(rated, "cleo").rates(loaded[0], 5)
    clock.forward(minutes=1)
    compact(rated, place, {})
    clock.forward(minutes=1)
    compact(copy, place, {})
    clear(place, clock())
    assert len(inventory_of(place).bases) == 2
    back = restored(place)
    assert_same(rated, back, place)
    assert_same(copy, back, place)


def test_many_segments_become_one_base(store, person, loaded, place, restored):
    keeping = Backup(store, place, Durability(BACKED_UP), most_segments=3)
    ada = person("ada")
    for prompt in loaded[:5]:
        ada.rates(prompt, 2)
        keeping._house_at = float("-inf")
        keeping._attempt()
        assert keeping.progress().error is None
    keeping._attempt()
    found = inventory_of(place)
    assert len(found.bases) == 1 and len(found.of_events) < 4
    assert_same(store, restored(place), place)


def test_what_a_deleted_account_said_is_gone_from_the_backup_after_a_week(
    store, person, loaded, place, clock, backup
):
    ada, bo = person("ada"), person("bo")
    ada.rates(loaded[0], 2)
    bo.rates(loaded[0], 2)
    backup.write_all()
    store.write(lambda tx: erasures.begin(tx, ada.id, "hash"))
    after = ""
    while after is not None:
        after = store.write(lambda tx, after=after: erasures.go_on(tx, ada.id, after))
    old = inventory_of(place).of_events
    for days, gone in ((6, False), (2, True)):
        clock.forward(minutes=60 * 24 * days)
        for _ in range(2):
            backup._house_at = float("-inf")
            backup._attempt()
        assert backup.progress().error is None
        assert all(segment not in inventory_of(place).segments for segment in old) == gone
    [base] = inventory_of(place).bases
    clock.forward(minutes=60)
    backup._house_at = float("-inf")
    backup._attempt()
    assert [one.base_id for one in inventory_of(place).bases] == [base.base_id]


def test_what_is_said_while_a_base_is_made_does_not_wait_for_it(store, person, loaded, place):
    ada, durability = person("ada"), Durability(BACKED_UP)

    class Slow(Folder):
        every_s = 0.0

        def read(self, name):
            if name.endswith("events-0001.jsonl.zst"):
                ada.rates(loaded[0], 4)
            return super().read(name)

        def write(self, files):
            if any(name.endswith("prompts-0001.jsonl.zst") for name in files):
                ada.rates(loaded[1], 4)
            super().write(files)

    keeping = Backup(store, Slow(place.folder), durability, most_segments=0)
    keeping._attempt()
    assert keeping.progress().error is None
    [base] = inventory_of(place).bases
    assert durability.of(store.writer.name, 0) > base.vector[store.writer.name]


def test_at_the_end_a_compaction_is_left_for_the_next_start(store, person, loaded, place, restored):
    ada = person("ada")
    busy, go_on = threading.Event(), threading.Event()

    class Slow(Folder):
        every_s = 0.05

        def write(self, files):
            super().write(files)
            if any(name.startswith("base/") for name in files):
                busy.set()
                go_on.wait(10)

    keeping = Backup(store, Slow(place.folder), Durability(BACKED_UP), most_segments=0)
    keeping.start()
    assert busy.wait(10)
    ada.rates(loaded[0], 4)
    threading.Timer(0.2, go_on.set).start()
    keeping.close(time.monotonic() + 5)
    found = inventory_of(place)
    assert not found.bases and found.unfinished
    assert found.reach[store.writer.name] == store.writer.number
    assert_same(store, restored(place), place)
