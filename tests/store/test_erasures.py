"""Deleting an account: nothing is left of it but tombstones, and every recount agrees all the way."""

import random
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.errors import EventIdReused, NotSignedIn
from components.records import KINDS, Action, Event, Prompt
from components.store import contributors, erasures, prompts, queue, standings, tallies
from components.store.audit import audit
from components.store.store import Store
from tests.conftest import Clock, Person, keep
from tests.store.stores import exported, published

HASH = "a" * 64


def begin(store, person, subject_hash=HASH):
    return store.write(lambda tx: erasures.begin(tx, person.id, subject_hash))


def chunk(store, person, after="", most=erasures.EVENTS_AT_ONCE):
    return store.write(lambda tx: erasures.go_on(tx, person.id, after, most))


def finish(store, person):
    chunks, after = 0, ""
    while (after := chunk(store, person, after)) is not None:
        chunks += 1
        assert audit(store).differences == []
    return chunks


def rows(store, table, where="1 = 1"):
    with store.reading() as connection:
        return connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {where}").mappings().all()


def log_of(store, person):
    return rows(store, "events", f"contributor = '{person.id}'")


def all_kinds(person, loaded):
    """Somebody does all that one can do."""
    person.store.write(lambda tx: contributors.show_as(tx, person.id, "nickname", "Moth"))
    person.store.write(lambda tx: contributors.set_team(tx, person.id, "Reds"))
    person.rates(loaded[0], 2, shown_ms=900)
    person.rates(loaded[0], 5, shown_ms=4_000)
    person.skips(loaded[1])
    person.rates(loaded[2], None, action=Action.FLAGGED, reason="spam")
    person.rates(loaded[3], None, action=Action.DISCARDED)
    person.undoes(person.rates(loaded[4], 1))
    person.rates(loaded[5], 3, shown_ms=9_000)
    person.rates(loaded[5], None, action=Action.WITHDRAWN)


def test_the_name_is_gone_at_once_and_the_numbers_still_agree(store, loaded, person):
    ada = person("ada")
    all_kinds(ada, loaded)
    assert begin(store, ada) == len(log_of(store, ada)) - 1
    assert rows(store, "contributors") == []
    with store.reading() as connection:
        assert standings.everybody(connection) == {}
        assert exported(connection) == published(connection) == []
    assert audit(store).differences == []


def test_nothing_is_left_but_tombstones(store, loaded, person, clock):
    ada, bob = person("ada"), person("bob")
    all_kinds(ada, loaded)
    bob.rates(loaded[0], 1)
    before = {row["number"]: row for row in log_of(store, ada)}
    begin(store, ada)
    finish(store, ada)
    after = {row["number"]: row for row in log_of(store, ada)}
    kept = ("writer", "number", "event_id", "contributor", "received_at")
    for number, row in before.items():
        tombstone = dict.fromkeys(row, None) | {name: row[name] for name in kept} | {"action": "erased"}
        assert after[number] == tombstone
    assert [row["action"] for number, row in after.items() if number not in before] == ["erased"]
    for table in ("ratings", "contributor_tallies", "standing_tallies", "leases"):
        assert rows(store, table, f"contributor = '{ada.id}'") == []
    tally = rows(store, "prompt_tallies", f"prompt_id = '{loaded[0].prompt_id}'")[0]
    assert [tally[f"n{score}"] for score in (1, 2, 3, 4, 5)] == [1, 0, 0, 0, 0]
    with store.reading() as connection:
        assert tallies.coverage(connection) == {0: 11, 1: 1}
    assert [row["done"] for row in rows(store, "erasures")] == [True]
    assert audit(store).differences == []


def test_prompts_come_back_for_rating(store, loaded, person):
    """A prompt that had all its ratings wants one again, and so does one that was held."""
    people = [person(name) for name in ("ada", "bob", "eve")]
    for someone in people:
        someone.rates(loaded[0], 4)
    ada = people[0]
    ada.undoes(ada.rates(loaded[1], 4))  # who takes back what they said is handed the prompt again
    assert _claims(store, loaded) == [3, 1]
    begin(store, ada)
    assert _claims(store, loaded) == [3, 0]
    finish(store, ada)
    assert _claims(store, loaded) == [2, 0]


def _claims(store, loaded):
    found = {row["prompt_id"]: row["claims"] for row in rows(store, "queue")}
    return [found[prompt.prompt_id] for prompt in loaded[:2]]


def test_a_prompt_held_back_by_flags_is_handed_out_again_without_one_of_them(store, loaded, person):
    people = [person(name) for name in ("ada", "bob", "eve")]
    for someone in people:
        someone.rates(loaded[0], None, action=Action.FLAGGED, reason="spam")
    assert rows(store, "queue", f"prompt_id = '{loaded[0].prompt_id}'") == []
    begin(store, people[0])
    finish(store, people[0])
    assert len(rows(store, "queue", f"prompt_id = '{loaded[0].prompt_id}'")) == 1


def test_thousands_of_events_go_in_chunks_that_agree_each(store, person):
    ada, bob = person("ada"), person("bob")
    made = [Prompt(f"Prompt {n}", "s", "human") for n in range(700)]
    store.write(lambda tx: prompts.add(tx, made, {"file": "test"}))
    for someone in (ada, bob):
        told = [someone.event(prompt, n % 5 + 1) for n, prompt in enumerate([*made, *made])]
        for start in range(0, len(told), 200):
            store.write(lambda tx, start=start, told=told: keep(tx, told[start : start + 200]))
    begin(store, ada)
    # Each takes a hundred, and what else was said of the same prompts.
    assert 1400 / 200 <= finish(store, ada) <= 1400 / 100
    with store.reading() as connection:
        assert tallies.coverage(connection) == {1: 700}
        assert erasures.left(connection, ada.id) == 0


def test_what_a_killed_server_left_is_gone_on_with(store, loaded, person):
    ada = person("ada")
    all_kinds(ada, loaded)
    begin(store, ada)
    chunk(store, ada, most=3)
    with store.reading() as connection:
        assert 0 < erasures.left(connection, ada.id) < 10
        assert erasures.unfinished(connection) == [ada.id]
    finish(store, ada)
    with store.reading() as connection:
        assert erasures.unfinished(connection) == []
        assert erasures.left(connection, ada.id) == 0


def test_an_account_is_deleted_once(store, loaded, person):
    ada = person("ada")
    begin(store, ada)
    before = store.vector()
    with pytest.raises(NotSignedIn):
        begin(store, ada)
    assert store.vector() == before


def test_a_replayed_event_finds_its_place_taken(store, loaded, person):
    ada = person("ada")
    told = ada.rates(loaded[0], 4)
    begin(store, ada)
    finish(store, ada)
    with pytest.raises(EventIdReused):
        ada.send(told)
    assert rows(store, "ratings") == []


def test_who_deletes_a_second_account_has_both_deleted(store, loaded, person):
    first = person("ada")
    first.rates(loaded[0], 4)
    begin(store, first)
    again = Person(store, "ada")
    again.rates(loaded[0], 2)
    begin(store, again)
    with store.reading() as connection:
        assert set(erasures.unfinished(connection)) == {first.id, again.id}
        assert erasures.of(connection, HASH).contributor == again.id
    finish(store, first)
    finish(store, again)
    assert rows(store, "ratings") == [] and audit(store).differences == []


def test_what_would_go_is_told_first(store, loaded, person):
    ada, bob, eve, kim = (person(name) for name in ("ada", "bob", "eve", "kim"))
    for someone in (ada, bob, eve):
        someone.rates(loaded[0], 4)  # three are wanted
        someone.rates(loaded[1], 4)
    kim.rates(loaded[1], 4)  # one more than that
    ada.rates(loaded[2], 4)
    ada.skips(loaded[3])
    with store.reading() as connection:
        told = erasures.would_go(connection, ada.id)
        falling = erasures.would_fall(connection, ada.id, 20)
    assert told == {"ratings": 3, "events": 5, "prompts_below_goal": 1}
    assert [row["text"] for row in falling] == [loaded[0].text]


STEP = st.tuples(
    st.integers(0, 2),  # who
    st.integers(0, 5),  # which prompt
    st.sampled_from(["1", "3", "5", "skipped", "discarded", "flagged", "withdrawn", "undone", "chunk"]),
)


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(STEP, max_size=60), leaves_at=st.integers(0, 60), seed=st.integers(0, 2**16))
def test_whatever_happens_around_it_the_rest_is_as_if_they_had_never_been(steps, leaves_at, seed):
    """Two sprints: in one somebody leaves in the middle of things; in the other they were never there."""
    with tempfile.TemporaryDirectory() as folder:
        left, never = (_sprint(Path(folder) / name) for name in ("left.db", "never.db"))
        try:
            _play(left, steps, leaves_at, seed)
            _play(never, [step for step in steps if step[0] != 0], None, seed)
            assert audit(left).differences == [] and audit(never).differences == []
            for table, key in (("prompt_tallies", "prompt_id"), ("queue", "prompt_id")):
                assert _by(left, table, key) == _by(never, table, key)
            assert _coverage(left) == _coverage(never)
        finally:
            left.close()
            never.close()


def _sprint(path):
    clock = Clock()
    store = Store(f"sqlite:///{path}", clock).open("T", 2)
    made = [Prompt(f"Prompt {n}", f"s{n % 2}", KINDS[n % 3]) for n in range(6)]
    store.write(lambda tx: prompts.add(tx, made, {"file": "test"}))
    return store


def _play(store, steps, leaves_at, seed):
    ids = random.Random(seed)
    people = [Person(store, name) for name in ("zoe", "bob", "eve")]
    made = sorted(row["prompt_id"] for row in rows(store, "prompts"))
    said: dict[tuple[int, int], list[str]] = {}
    gone, after = False, ""
    for place, (who, prompt, what) in enumerate(steps):
        store.clock.forward(minutes=1)
        if place == leaves_at:
            begin(store, people[0])
            gone = True
        if what == "chunk" and gone and after is not None:
            after = chunk(store, people[0], after, most=2)
            assert audit(store).differences == []
        event_id = str(uuid.UUID(int=ids.getrandbits(128)))
        target = said.get((who, prompt), [None])[-1]
        if what == "chunk" or (who == 0 and gone) or (what == "undone" and target is None):
            continue
        action = Action.RATED if what.isdigit() else Action(what)
        event = Event(
            event_id,
            people[who].id,
            action,
            store.clock(),
            prompt_id=made[prompt],
            score=int(what) if what.isdigit() else None,
            reason="spam" if action == Action.FLAGGED else None,
            target=target if action == Action.UNDONE else None,
        )
        people[who].send(event)
        if action != Action.UNDONE:
            said.setdefault((who, prompt), []).append(event_id)
        else:
            said[who, prompt].pop()
            if not said[who, prompt]:
                del said[who, prompt]
    if leaves_at is not None:
        if not gone:
            begin(store, people[0])
        while after is not None:
            after = chunk(store, people[0], after)
    # What an undo holds on lease is no matter here.
    store.clock.forward(minutes=60)
    store.write(queue.end_expired)


def _by(store, table, key):
    return {row[key]: dict(row) for row in rows(store, table)}


def _coverage(store):
    with store.reading() as connection:
        return tallies.coverage(connection)
