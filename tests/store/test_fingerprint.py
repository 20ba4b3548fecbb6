"""Fingerprints: equal for a store and its copy, also when the store has moved on; different for anything lost or altered."""

import pytest

from components.records import Identity
from components.store import contributors, erasures, prompts, sprints
from components.store.fingerprint import fingerprint, moved_on
from components.store.transfers import TABLES
from tests.conftest import Person
from tests.store.stores import hashed, merged, new_store, rows_of, segment


def compared(store, copy, vector):
    """The tables that differ between two stores, as far as a vector covers them."""
    with store.reading() as ours, copy.reading() as theirs:
        moved = moved_on(ours, vector) | moved_on(theirs, vector)
        left, right = fingerprint(ours, vector, moved), fingerprint(theirs, vector, moved)
    return {name for name in TABLES if left[name] != right[name]}


@pytest.fixture
def busy(store, loaded, person):
    """A store in which three people did several things."""
    for name in ("ada", "bob", "eve"):
        one = person(name)
        one.rates(loaded[0], 4)
        one.undoes(one.rates(loaded[1], 2))
        one.skips(loaded[2])
    return store


def test_a_copy_is_equal_in_everything(busy, tmp_path, clock):
    with merged(tmp_path, [rows_of(busy)], clock) as copy, busy.reading() as ours, copy.reading() as theirs:
        assert fingerprint(ours) == fingerprint(theirs)
        assert fingerprint(ours)["prompts"][0] == 12
        assert fingerprint(ours)["contributors"][0] == 3


def test_a_store_that_has_moved_on_is_compared_as_far_as_its_copy_goes(
    busy, tmp_path, clock, loaded, make_prompts
):
    vector = busy.vector()
    with merged(tmp_path, [rows_of(busy)], clock) as copy:
        clock.forward(minutes=1)
        ada = Person(busy, "ada")
        ada.rates(loaded[3], 5)
        Person(busy, "kim").rates(loaded[0], 1)
        busy.write(lambda tx: prompts.add(tx, make_prompts(14), {}))
        busy.write(lambda tx: contributors.set_daily_goal(tx, ada.id, 7))
        busy.write(lambda tx: sprints.change(tx, sprints.TERMINAL, {"title": "Another"}))
        eve = Identity("local", "eve", "eve", "Eve E.")
        busy.write(lambda tx: contributors.sign_in(tx, eve, ()))
        assert compared(busy, copy, vector) == set()
        gone = Person(busy, "bob")
        busy.write(lambda tx: erasures.begin(tx, gone.id, hashed(gone.contributor.identity)))
        assert compared(busy, copy, vector) == set()
        busy.write(lambda tx: erasures.go_on(tx, gone.id))
        assert compared(busy, copy, vector) == set()


def test_events_of_another_store_in_the_copy_change_nothing(busy, tmp_path, clock, make_prompts, loaded):
    """The backup of a server that was still finishing: its people are partly the same, and one rating came to both."""
    other = new_store(tmp_path / "other.db", clock)
    try:
        clock.forward(minutes=-5)
        other.write(lambda tx: prompts.add(tx, make_prompts(12), {}))
        again = Person(other, "ada")
        twice = Person(busy, "ada").rates(loaded[5], 3)
        sooner = {"event_id": twice.event_id, "received_at": twice.received_at - 1}
        again.send(again.event(loaded[5], 3, **sooner))
        vector = busy.vector()
        with merged(tmp_path, [rows_of(busy), rows_of(other)], clock) as copy:
            assert compared(busy, copy, vector) == set()
            with copy.reading() as connection:
                [repeated] = connection.exec_driver_sql(
                    "SELECT writer, target FROM events WHERE action = 'repeated'"
                ).all()
            assert repeated == (busy.writer.name, twice.event_id)
    finally:
        other.close()


ALTERED = (
    ("events", "DELETE FROM events WHERE number = 16"),
    ("events", "UPDATE events SET score = 5 WHERE score = 4"),
    ("events", "UPDATE events SET contributor = (SELECT MIN(contributor_id) FROM contributors)"),
    ("events", "UPDATE events SET happened_at = 7 WHERE score = 4"),
    ("prompts", "DELETE FROM prompts WHERE text = 'Prompt number 3'"),
    ("prompts", "UPDATE prompts SET status = 'retired' WHERE text = 'Prompt number 3'"),
    ("contributors", "UPDATE contributors SET daily_goal = 1"),
    ("contributors", "UPDATE contributors SET pseudonym = 'p'"),
    ("sprint", "UPDATE sprint SET ratings_per_prompt = 9"),
    ("erasures", "DELETE FROM erasures"),
)


@pytest.mark.parametrize(("table", "statement"), ALTERED, ids=[row[1] for row in ALTERED])
def test_what_is_lost_or_altered_is_seen(busy, tmp_path, clock, table, statement):
    gone = Person(busy, "kim")
    busy.write(lambda tx: erasures.begin(tx, gone.id, hashed(gone.contributor.identity)))
    with merged(tmp_path, [rows_of(busy)], clock) as copy:
        assert compared(busy, copy, busy.vector()) == set()
        copy.write(lambda tx: tx.connection.exec_driver_sql(statement))
        assert table in compared(busy, copy, busy.vector())


def test_segments_cover_what_they_say(busy, tmp_path, clock):
    number = busy.writer.number
    vector = {busy.writer.name: number - 4}
    with merged(tmp_path, [segment(busy, 0, number - 4)], clock) as copy:
        assert compared(busy, copy, vector) == set()
        assert compared(busy, copy, {busy.writer.name: number}) == {"events"}
