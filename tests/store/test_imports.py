"""Imports at rest: exact copies are offered once, ratings come along, and an import can be undone as a whole."""

import pytest

from components.errors import BadRequest, UnknownPrompt
from components.records import OLDEST_EVENT_MS, Prompt
from components.store import duplicates, imports, prompts
from components.store.absorption import absorb
from components.store.audit import audit
from components.store.imports import Given
from components.store.sprints import TERMINAL
from tests.conftest import Person
from tests.store.stores import hashed, merged, new_store, rows, rows_of

SOME = [Prompt(f"Prompt {n}", "atlas", "human") for n in range(4)]
COPY = Prompt("  prompt\t0 ", "mirror", "unknown", metadata={"language": "en"})
ANOTHER = Prompt("Prompt 0", "third", "unknown")


def bring(store, some, import_id="first", **options):
    def work(transaction):
        statuses = prompts.bring(transaction, some, import_id, **options)
        imports.log(transaction, TERMINAL, import_id, {"file": f"{import_id}.csv", "added": len(some)})
        return statuses

    return store.write(work)


def undo(store, import_id="first"):
    return store.write(lambda tx: imports.undo(tx, TERMINAL, import_id))


def decide(store, decision, first, second):
    store.write(lambda tx: duplicates.decide(tx, TERMINAL, decision, first.prompt_id, second.prompt_id))
    assert audit(store).differences == []


def offered(store):
    waiting = {row["prompt_id"] for row in rows(store, "queue")}
    return sorted(row["source"] for row in rows(store, "prompts") if row["prompt_id"] in waiting)


def take(store, other):
    return store.write(lambda tx: absorb(tx, rows_of(other), hashed))


def test_what_says_the_same_is_offered_once_and_nothing_is_thrown_away(store):
    assert bring(store, SOME) == ["active"] * 4
    assert bring(store, [COPY, ANOTHER, SOME[0]], "second") == ["duplicate", "duplicate", None]
    assert offered(store) == ["atlas"] * 4
    assert len(rows(store, "prompts")) == 6 and audit(store).differences == []
    passage = Prompt("Prompt 0", "mirror", "human", context="About another passage.")
    assert bring(store, [passage], "third") == ["active"]
    assert bring(store, [Prompt("Prompt 1", "mirror", "human")], "fourth", each_copy=True) == ["active"]


def test_an_import_is_undone_as_a_whole_and_may_come_again(store, loaded, clock):
    bring(store, SOME)
    clock.forward(minutes=1)
    assert undo(store) == 4
    assert audit(store).differences == [] and len(offered(store)) == len(loaded)
    with store.reading() as connection:
        assert prompts.count(connection) == len(loaded)
        assert prompts.to_everybody(connection, SOME[0].prompt_id) is None
        known = [one for one in imports.every(connection) if one.import_id == "first"]
    assert [one.undone_at for one in known] == [clock.now]
    with pytest.raises(BadRequest, match="No prompt"):
        undo(store)
    assert bring(store, SOME, "again") == ["active"] * 4
    assert audit(store).differences == [] and len(offered(store)) == len(loaded) + 4


def test_nothing_is_undone_once_somebody_has_said_something_of_it(store, person):
    bring(store, SOME)
    person("ada").rates(SOME[2], 4)
    with pytest.raises(BadRequest, match="1 of its 4 prompts were rated"):
        undo(store)
    assert len(offered(store)) == 4 and audit(store).differences == []


def test_a_copy_takes_the_place_of_a_prompt_whose_import_is_undone(store):
    bring(store, SOME)
    bring(store, [COPY, ANOTHER], "second")
    undo(store)
    assert len(offered(store)) == 1 and audit(store).differences == []
    [heir] = rows(store, "prompts", "status = 'active'")
    [other] = rows(store, "prompts", "status = 'duplicate'")
    assert other["status_reason"] == heir["prompt_id"]


def test_what_is_undone_stays_so_in_a_backup_and_what_came_again_is_there(store, tmp_path, clock):
    bring(store, SOME)
    before = rows_of(store)
    clock.forward(minutes=1)
    undo(store)
    with merged(tmp_path, [rows_of(store), before], clock) as restored:
        assert offered(restored) == [] and audit(restored).differences == []
    clock.forward(minutes=1)
    gone = rows_of(store)
    bring(store, SOME[:2], "again")
    with merged(tmp_path, [before, rows_of(store), gone], clock) as restored:
        assert offered(restored) == ["atlas"] * 2 and audit(restored).differences == []


def test_what_was_rated_elsewhere_before_the_undo_was_heard_of_is_not_lost(store, tmp_path, clock):
    bring(store, SOME)
    other = new_store(tmp_path / "other.db", clock)
    try:
        take(other, store)
        Person(other, "ada").rates(SOME[1], 5)
        clock.forward(minutes=1)
        undo(store)
        with merged(tmp_path, [rows_of(store), rows_of(other)], clock) as both:
            assert offered(both) == ["atlas"] and len(rows(both, "ratings")) == 1
            assert audit(both).differences == []
        take(store, other)
        assert offered(store) == ["atlas"] and len(rows(store, "ratings")) == 1
        take(other, store)
        assert len(rows(other, "ratings")) == 1
        assert audit(store).differences == audit(other).differences == []
    finally:
        other.close()


def test_an_undo_elsewhere_is_taken_over_and_so_is_coming_again(store, tmp_path, clock):
    bring(store, SOME)
    other = new_store(tmp_path / "other.db", clock)
    try:
        take(other, store)
        assert len(offered(other)) == 4
        clock.forward(minutes=1)
        undo(store)
        take(other, store)
        assert offered(other) == [] and audit(other).differences == []
        clock.forward(minutes=1)
        bring(store, SOME[:1], "again")
        take(other, store)
        assert offered(other) == ["atlas"] and audit(other).differences == []
    finally:
        other.close()


def test_scores_that_came_along_count_once_under_their_own_pseudonyms(store, clock):
    bring(store, SOME)
    given = [
        Given(SOME[0].prompt_id, "a", "pseudonym-a", 5, 0),
        Given(SOME[0].prompt_id, "b", "pseudonym-b", 2, 1, at=clock.now - 5000),
        Given(SOME[1].prompt_id, "a", "pseudonym-a", 1, 0),
    ]
    for new in (3, 0):
        assert store.write(lambda tx: imports.give(tx, "first", given)) == new
    assert sorted(row["pseudonym"] for row in rows(store, "contributors")) == ["pseudonym-a", "pseudonym-b"]
    decided = sorted(row["decided_at"] for row in rows(store, "ratings"))
    # Without a date they were given before anybody's today.
    assert decided == [clock.now - OLDEST_EVENT_MS] * 2 + [clock.now - 5000]
    assert audit(store).differences == []


@pytest.mark.parametrize(
    ("decisions", "status", "number"),
    [
        (["merge"], "duplicate", 3),
        (["retire"], "retired", 3),
        (["keep"], "active", 4),
        (["merge", "keep"], "kept", 4),
        (["retire", "keep"], "kept", 4),
    ],
)
def test_organizers_decide_about_two_prompts_and_may_decide_otherwise(decisions, status, number, store):
    bring(store, SOME)
    for decision in decisions:
        decide(store, decision, SOME[0], SOME[3])
    [second] = rows(store, "prompts", f"prompt_id = '{SOME[3].prompt_id}'")
    assert (second["status"], len(offered(store))) == (status, number)
    with store.reading() as connection:
        assert list(duplicates.decided(connection).values()) == decisions[-1:]


def test_copies_follow_a_prompt_that_is_merged_and_ratings_stay(store, person):
    bring(store, [*SOME, COPY])
    person("ada").rates(SOME[0], 4)
    decide(store, "merge", SOME[3], SOME[0])
    assert {row["status_reason"] for row in rows(store, "prompts", "status = 'duplicate'")} == {
        SOME[3].prompt_id
    }
    assert len(rows(store, "ratings")) == 1
    decide(store, "merge", COPY, SOME[3])
    assert len(offered(store)) == 3
    with pytest.raises(UnknownPrompt):
        decide(store, "merge", SOME[0], ANOTHER)
