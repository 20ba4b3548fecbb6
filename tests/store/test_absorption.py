"""Absorption: what a foreign writer said becomes one's own, once, while people go on rating."""

from dataclasses import replace

import pytest

from components.records import Action, Identity, Prompt
from components.store import contributors, erasures, prompts, sprints
from components.store.absorption import absorb
from components.store.audit import audit
from tests.conftest import Person
from tests.store.stores import hashed, merged, names, new_store, rows, rows_of, segment
from tests.store.test_merge import hash_of, told_by_name


@pytest.fixture
def foreign(tmp_path, clock, loaded):
    """Another store of the same sprint, which knows two prompts more."""
    clock.forward(minutes=1)
    opened = new_store(tmp_path / "foreign.db", clock)
    opened.write(lambda tx: prompts.add(tx, [*loaded, Prompt("Only there", "s", "human"), OTHER], {}))
    yield opened
    opened.close()


OTHER = Prompt("There too", "s", "synthetic", metadata={"language": "de"})


def take(store, other, most=None):
    some = rows_of(other)[:most]
    return store.write(lambda tx: absorb(tx, some, hashed))


def test_what_was_said_there_counts_here(store, foreign, loaded, person, clock):
    person("ada").rates(loaded[0], 4)
    ada, kim = Person(foreign, "ada"), Person(foreign, "kim")
    ada.rates(loaded[1], 5)
    said = kim.rates(OTHER, 2, happened_at=store.clock() - 5000)
    kim.undoes(kim.rates(loaded[2], 1))
    ada.send(ada.event(loaded[3], 4).marked(completes=True, thin=True))
    clock.forward(minutes=1)
    foreign.write(lambda tx: contributors.show_as(tx, ada.id, "hidden", ""))
    take(store, foreign)
    assert audit(store).differences == []
    seen = {row["username"]: row["visibility"] for row in rows(store, "contributors")}
    assert seen == {"ada": "hidden", "kim": ""}
    assert [row["prompt_id"] for row in rows(store, "ratings", "completes = 1 AND thin = 1")] == [
        loaded[3].prompt_id
    ]
    assert sorted(names(store).values()) == ["ada", "kim"]
    assert len(rows(store, "prompts")) == 14
    [kept] = rows(store, "events", f"event_id = '{said.event_id}'")
    assert (kept["received_at"], kept["happened_at"]) == (said.received_at, said.happened_at)
    assert kept["writer"] == store.writer.name
    assert {(row["prompt_id"], row["score"]) for row in rows(store, "ratings")} == {
        (loaded[0].prompt_id, 4),
        (loaded[1].prompt_id, 5),
        (loaded[3].prompt_id, 4),
        (OTHER.prompt_id, 2),
    }


def test_two_stores_that_absorb_each_other_come_to_rest(store, foreign, loaded, person, clock):
    person("ada").rates(loaded[0], 4)
    Person(foreign, "ada").rates(loaded[0], 2)
    Person(foreign, "bob").rates(loaded[0], 2)
    foreign.write(lambda tx: sprints.change(tx, sprints.TERMINAL, {"ratings_per_prompt": 5}))
    for _ in range(3):
        clock.forward(minutes=1)
        take(store, foreign)
        take(foreign, store)
    numbers = store.writer.number, foreign.writer.number
    assert take(store, foreign) == take(foreign, store) == 0
    assert (store.writer.number, foreign.writer.number) == numbers
    assert audit(store).differences == audit(foreign).differences == []
    assert told_by_name(store) == told_by_name(foreign)
    assert store.sprint().ratings_per_prompt == foreign.sprint().ratings_per_prompt == 5


def test_a_backup_of_both_counts_nothing_twice(store, foreign, loaded, person, clock, tmp_path):
    person("ada").rates(loaded[0], 4)
    Person(foreign, "ada").rates(loaded[1], 2)
    take(store, foreign)
    with merged(tmp_path, [segment(foreign), segment(store)], clock) as restored:
        assert audit(restored).differences == []
        assert told_by_name(restored) == told_by_name(store)


def test_later_events_find_their_person_although_the_row_does_not_come_again(store, foreign, loaded, person):
    ada = person("ada")
    there = Person(foreign, "ada")
    take(store, foreign)
    after = foreign.writer.number
    there.rates(loaded[3], 3)
    later = segment(foreign, after)
    assert [name for name, _ in later] == ["events"]
    assert store.write(lambda tx: absorb(tx, later, hashed)) == 1
    assert [row["contributor"] for row in rows(store, "ratings")] == [ada.id]


def test_events_that_speak_of_what_is_not_known_yet_wait(store, foreign):
    Person(foreign, "kim").rates(OTHER, 2)
    some = rows_of(foreign)
    events = [one for one in some if one[0] == "events" and one[1]["contributor"] != sprints.TERMINAL]
    assert store.write(lambda tx: absorb(tx, events, hashed)) == 0
    people = [one for one in some if one[0] != "prompts" and one[1].get("contributor") != sprints.TERMINAL]
    assert store.write(lambda tx: absorb(tx, people, hashed)) == 1  # that they joined
    assert store.write(lambda tx: absorb(tx, some, hashed)) > 0
    assert len(rows(store, "ratings")) == 1 and audit(store).differences == []


def test_who_was_erased_here_stays_erased(store, foreign, loaded, person):
    ada = person("ada")
    Person(foreign, "ada").rates(loaded[1], 2)
    store.write(lambda tx: erasures.begin(tx, ada.id, hash_of("ada")))
    for _ in range(2):
        take(store, foreign)
        assert names(store) == {} and rows(store, "ratings") == []
        assert audit(store).differences == []


def test_who_was_erased_there_is_erased_here(store, foreign, loaded, person):
    """Whether this store heard of their other id before, or knows them only by the hash."""
    ada, bob = person("ada"), person("bob")
    ada.rates(loaded[0], 4)
    bob.rates(loaded[0], 4)
    theirs = Person(foreign, "ada"), Person(foreign, "bob")
    some = [one for one in rows_of(foreign) if one[1].get("username") != "bob"]
    store.write(lambda tx: absorb(tx, some, hashed))
    for one, name in zip(theirs, ("ada", "bob"), strict=True):
        foreign.write(lambda tx, one=one, name=name: erasures.begin(tx, one.id, hash_of(name)))
    take(store, foreign)
    assert names(store) == {} and audit(store).differences == []
    with store.reading() as connection:
        unfinished = erasures.unfinished(connection)
    assert {ada.id, bob.id} <= set(unfinished)
    for contributor in unfinished:
        while store.write(lambda tx, who=contributor: erasures.go_on(tx, who)) is not None:
            pass
    assert rows(store, "ratings") == [] and audit(store).differences == []
    numbers = store.writer.number
    take(store, foreign)
    assert store.writer.number == numbers


def test_who_comes_back_after_an_erasure_is_somebody_new(store, foreign, loaded, person, clock):
    gone = Person(foreign, "ada")
    foreign.write(lambda tx: erasures.begin(tx, gone.id, hash_of("ada")))
    clock.forward(minutes=1)
    back = Person(foreign, "ada")
    back.rates(loaded[0], 5)
    for _ in range(2):
        take(store, foreign)
        assert list(names(store)) == [back.id]
    assert len(rows(store, "ratings")) == 1 and audit(store).differences == []


def test_the_newest_settings_win_and_no_fresh_copy_resets_them(store, foreign, clock):
    store.write(lambda tx: sprints.change(tx, sprints.TERMINAL, {"title": "Changed here"}))
    take(store, foreign)
    assert store.sprint().title == "Changed here"
    clock.forward(minutes=1)
    changes = {"title": "Changed there", "extra_rating": True}
    foreign.write(lambda tx: sprints.change(tx, sprints.TERMINAL, changes))
    take(store, foreign)
    assert store.sprint().title == "Changed there" and store.sprint().extra_rating
    assert store.sprint().epoch != foreign.sprint().epoch and audit(store).differences == []
    clock.forward(minutes=1)
    foreign.write(
        lambda tx: sprints.change(tx, sprints.TERMINAL, {"ends_at": clock.now + 5, "state": "paused"})
    )
    take(store, foreign)
    assert (store.sprint().state, store.sprint().ends_at) == ("paused", clock.now + 5)


def test_a_newer_name_comes_along_and_a_role_does_not(store, foreign, clock, person):
    ada = person("ada")
    clock.forward(minutes=1)
    renamed = Identity("local", "ada", "ada", "Ada L.")
    foreign.write(lambda tx: contributors.sign_in(tx, renamed, ["ada"]))
    take(store, foreign)
    with store.reading() as connection:
        found = contributors.find(connection, "local", "ada")
    assert (found.contributor_id, found.identity.name, found.organizer) == (ada.id, "Ada L.", False)


def test_what_was_absorbed_is_found_by_the_next_backup(store, foreign, loaded, person, tmp_path, clock):
    person("ada")
    after = store.writer.number
    Person(foreign, "kim").rates(OTHER, 2)
    take(store, foreign)
    new = segment(store, after)
    assert {row["prompt_id"] for name, row in new if name == "prompts"} >= {OTHER.prompt_id}
    assert [row["username"] for name, row in new if name == "contributors"] == ["kim"]
    assert all(row["number"] <= store.writer.number for _, row in new)


def test_rows_without_any_new_event_are_found_by_the_next_backup_too(store, foreign):
    Person(foreign, "kim")
    after = store.writer.number
    people = [one for one in rows_of(foreign) if one[0] == "contributors"]
    assert store.write(lambda tx: absorb(tx, people, hashed)) == 0
    assert [row["number"] for name, row in segment(store, after) if name == "contributors"] == [after + 1]
    assert store.writer.number == after + 1


def test_another_body_under_a_known_id_is_passed_over(store, foreign, loaded, person, caplog):
    ada = person("ada")
    said = ada.rates(loaded[0], 4)
    there = Person(foreign, "ada")
    there.send(replace(said, contributor=there.id, score=1))
    take(store, foreign)
    assert [row["score"] for row in rows(store, "ratings")] == [4]
    assert said.event_id in caplog.text and audit(store).differences == []
    assert Action.REPEATED not in {row["action"] for row in rows(store, "events")}


def test_an_undo_there_of_what_was_said_of_another_prompt_comes_along(store, foreign, loaded, clock):
    kim = Person(foreign, "kim")
    said = kim.rates(loaded[0], 4)
    undo = kim.undoes(replace(said, prompt_id=loaded[1].prompt_id))
    clock.forward(minutes=1)
    take(store, foreign)
    assert rows(store, "events", f"event_id = '{undo.event_id}'")
    assert [row["score"] for row in rows(store, "ratings")] == [4]
    assert audit(store).differences == []
