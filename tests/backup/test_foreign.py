"""Two servers that keep their backup in one place take in what the other has said, and come to rest."""

import uuid
from contextlib import closing

import pytest

from components.backup.backup import Backup
from components.backup.compaction import compact
from components.backup.drill import drill
from components.backup.durability import BACKED_UP, Durability
from components.backup.foreign import Foreign
from components.backup.inventory import inventory_of
from components.store.audit import audit
from components.store.prompts import add
from components.store.store import Store
from tests.conftest import Person, opinion_of


@pytest.fixture
def successor(store, person, loaded, backup, place, restored):
    """The store of a server that started from the backup while the old one was still finishing."""
    person("ada").rates(loaded[0], 4)
    backup.write_all()
    return restored(place)


def scores(store, prompt):
    with store.reading() as connection:
        people = [Person(store, name).id for name in ("ada", "bo")]
        return [getattr(opinion_of(connection, one, prompt.prompt_id), "score", None) for one in people]


def test_what_the_old_server_still_said_is_taken_in_once(store, successor, loaded, backup, place):
    Person(store, "ada").rates(loaded[1], 5)
    Person(store, "bo").rates(loaded[1], 1)
    backup.write_all()
    foreign = Foreign(successor, place)
    assert foreign.take(inventory_of(place)) == 3  # bo joined, too
    assert foreign.take(inventory_of(place)) == 0
    assert Foreign(successor, place).take(inventory_of(place)) == 0
    assert scores(successor, loaded[1]) == [5, 1]
    assert audit(successor).differences == []


def test_two_servers_that_go_on_agree_and_come_to_rest(store, successor, loaded, backup, place, restored):
    other = Backup(successor, place, Durability(BACKED_UP))
    Person(store, "bo").rates(loaded[2], 1)
    Person(successor, "ada").rates(loaded[2], 5)
    for _ in range(3):
        for one in (backup, other):
            one._house_at = one._looked_at = float("-inf")
            one._attempt()
            assert one.progress().error is None
    before = store.vector(), successor.vector()
    for one in (backup, other):
        one._house_at = one._looked_at = float("-inf")
        one._attempt()
    assert (store.vector(), successor.vector()) == before
    assert scores(store, loaded[2]) == scores(successor, loaded[2]) == [5, 1]
    back = restored(place)
    assert scores(back, loaded[2]) == [5, 1]
    assert audit(back).differences == audit(store).differences == audit(successor).differences == []


def test_what_was_taken_in_stays_when_its_segments_become_part_of_a_base(
    store, successor, loaded, backup, place, restored
):
    Person(store, "bo").rates(loaded[1], 1)
    backup.write_all()
    foreign = Foreign(successor, place)
    foreign.take(inventory_of(place))
    compact(successor, place, foreign.absorbed)
    assert not inventory_of(place).segments
    # The old server goes on all the same.
    Person(store, "bo").rates(loaded[2], 2)
    backup.write_all()
    back = restored(place)
    assert scores(back, loaded[1]) == [None, 1]
    assert audit(back).differences == []
    Foreign(back, place).take(inventory_of(place))
    assert scores(back, loaded[2]) == [None, 2]
    assert audit(back).differences == []


@pytest.mark.parametrize("first", ["0", "f"])
def test_what_is_said_of_another_writers_prompts_is_taken_in_whichever_is_named_first(
    first, tmp_path, clock, place, make_prompts
):
    prompts = make_prompts(2)
    one = Store(f"sqlite:///{tmp_path / 'other.db'}", clock)
    one.writer.name = f"{first}-brings-the-prompts"
    one.open()
    one.write(lambda transaction: add(transaction, prompts, {}))
    Person(one, "ada")
    one.close()
    two = Store(f"sqlite:///{tmp_path / 'other.db'}", clock)
    two.writer.name = "5-rates"
    Person(two.open(), "ada").rates(prompts[0], 4)
    Backup(two, place, Durability(BACKED_UP)).write_all()
    two.close()
    here = Store(f"sqlite:///{tmp_path / 'here.db'}", clock).open()
    try:
        Foreign(here, place).take(inventory_of(place))
        assert scores(here, prompts[0]) == [4, None]
        assert audit(here).differences == []
    finally:
        here.close()


def test_a_survivors_drill_agrees_when_people_were_on_both_servers(tmp_path, clock, place, make_prompts):
    prompts = make_prompts(6)
    one, two = (Store(f"sqlite:///{tmp_path / name}.db", clock).open() for name in ("one", "two"))
    with closing(one), closing(two):
        keeping = [
            Backup(store, place, Durability(BACKED_UP), began_here=lambda: True) for store in (one, two)
        ]
        for store in (two, one):
            store.write(lambda transaction: add(transaction, prompts, {}))
            clock.forward(minutes=1)
            Person(store, "ada").rates(prompts[0], 4)
            Person(store, "bo").rates(prompts[1], 2)
            clock.forward(minutes=1)
        same = str(uuid.uuid4())
        for store in (two, one):
            Person(store, "ada").rates(prompts[2], 5, event_id=same)
            clock.forward(minutes=1)
        for backup in 5 * keeping:
            backup._house_at = float("-inf")
            backup._attempt()
            assert backup.progress().error is None
        rest = one.vector(), two.vector()
        for backup in keeping:
            backup._house_at = float("-inf")
            backup._attempt()
        assert (one.vector(), two.vector()) == rest
        for survivor, backup in zip((one, two), keeping, strict=True):
            assert audit(survivor).differences == []
            outcome = drill(survivor, place)
            assert (outcome.same, outcome.waiting) == (True, 0), str(outcome)
            compact(survivor, place, backup._foreign.absorbed)
            assert drill(survivor, place).same
            Person(survivor, "cyd").rates(prompts[3], 1)
            backup._inventory = None
            backup._attempt()
            assert drill(survivor, place).same
