"""What organizers decide of prompts: retired, kept, edited, and all that is counted follows."""

import json
from contextlib import closing
from itertools import islice

import pytest

from components.errors import BadRequest, UnknownPrompt
from components.records import Action, Prompt
from components.store import moderation, prompts, tallies
from components.store.absorption import absorb
from components.store.audit import audit
from tests.conftest import Person
from tests.store.stores import hashed, merged, new_store, rows, rows_of


def judge(store, organizer, prompt, status, reason=None):
    store.write(lambda tx: moderation.judge(tx, organizer.id, prompt.prompt_id, status, reason))
    assert audit(store).differences == []


def edit(store, organizer, prompt, metadata, was=None):
    store.write(lambda tx: moderation.edit(tx, organizer.id, prompt.prompt_id, metadata, was))
    assert audit(store).differences == []


def coverage(store):
    with store.reading() as connection:
        return tallies.coverage(connection)


def is_handed_out(store, prompt):
    return rows(store, "queue", f"prompt_id = '{prompt.prompt_id}'") != []


def listed(store, which, words="", page=1, most=50):
    with store.reading() as connection:
        return moderation.listed(connection, which, words, page, most)


def flag(people, prompt, reason="spam"):
    for one in people:
        one.rates(prompt, None, action=Action.FLAGGED, reason=reason)


@pytest.fixture
def four(person):
    return [person(name) for name in ("ada", "bob", "cy", "dora")]


def test_a_retired_prompt_is_handed_out_and_wanted_no_more_and_what_was_said_stays(
    store, loaded, four, clock
):
    grace, ada, bob, _ = four
    ada.rates(loaded[0], 4)
    clock.forward(minutes=1)
    judge(store, grace, loaded[0], "retired", "says nothing")
    assert coverage(store) == {0: 11} and not is_handed_out(store, loaded[0])
    # Somebody had it on their card already.
    bob.rates(loaded[0], 2)
    assert audit(store).differences == []
    assert coverage(store) == {0: 11} and len(rows(store, "ratings")) == 2
    judge(store, grace, loaded[0], "active")
    assert coverage(store) == {0: 11, 2: 1} and is_handed_out(store, loaded[0])
    log = rows(store, "events", "action IN ('retired', 'restored')")
    assert [
        (row["contributor"], row["action"], row["reason"], json.loads(row["payload"])) for row in log
    ] == [
        (grace.id, "retired", "says nothing", {"from": "active", "to": "retired"}),
        (grace.id, "restored", None, {"from": "retired", "to": "active"}),
    ]
    before = store.vector()
    judge(store, grace, loaded[0], "active")
    assert store.vector() == before


def test_a_prompt_that_is_kept_is_handed_out_whatever_its_flags(store, loaded, four):
    grace, *three = four
    flag(three, loaded[1])
    assert not is_handed_out(store, loaded[1])
    judge(store, grace, loaded[1], "kept")
    assert is_handed_out(store, loaded[1])
    flag([grace], loaded[1])
    assert is_handed_out(store, loaded[1]) and audit(store).differences == []
    judge(store, grace, loaded[1], "active")
    assert not is_handed_out(store, loaded[1])


def test_lists_have_what_waits_with_reasons_and_counts(store, loaded, four):
    grace, *three = four
    flag(three, loaded[1])
    flag(three[:1], loaded[2], "broken")
    judge(store, grace, loaded[3], "retired")
    with store.reading() as connection:
        counts = moderation.counts(connection)
    assert counts == {"flagged": 2, "held": 1, "kept": 0, "retired": 1, "gold": 0, "every": 12}
    first, second = listed(store, "flagged").rows
    assert (first["prompt_id"], first["spam"], second["broken"]) == (loaded[1].prompt_id, 3, 1)
    assert [row["prompt_id"] for row in listed(store, "retired").rows] == [loaded[3].prompt_id]
    assert listed(store, "flagged", "NUMBER 2").total == 1 and listed(store, "flagged", "%").total == 0
    assert listed(store, "every", loaded[5].prompt_id).total == 1
    last = listed(store, "every", page=99, most=5)
    assert (last.total, last.page, last.pages, len(last.rows)) == (12, 3, 3, 2)


def test_metadata_are_edited_and_the_language_moves_the_prompt(store, loaded, four):
    grace, ada, *_ = four
    ada.rates(loaded[0], 4)
    edit(store, grace, loaded[0], {"language": "de", "topic": "a"}, was={})
    edit(store, grace, loaded[0], {"language": "fr"})
    [row] = rows(store, "prompts", f"prompt_id = '{loaded[0].prompt_id}'")
    assert json.loads(row["metadata"]) == {"language": "fr"}
    assert (row["source"], row["kind"]) == (loaded[0].source, loaded[0].kind)
    with pytest.raises(BadRequest, match="meanwhile"):
        edit(store, grace, loaded[0], {"topic": "b"}, was={"language": "de", "topic": "a"})
    with pytest.raises(BadRequest, match="own id"):
        edit(store, grace, loaded[0], {"id": "7"})
    with pytest.raises(UnknownPrompt):
        edit(store, grace, Prompt("Nowhere", "s", "human"), {})
    said = [json.loads(row["payload"]) for row in rows(store, "events", "action = 'edited'")]
    assert said[1] == {"from": {"language": "de", "topic": "a"}, "to": {"language": "fr"}}


@pytest.mark.on("sqlite")
def test_decisions_of_another_store_are_absorbed_and_merged(store, loaded, four, clock, tmp_path):
    grace, *_ = four
    clock.forward(minutes=1)
    with closing(new_store(tmp_path / "other.db", clock)) as other:
        other.write(lambda tx: prompts.add(tx, loaded, {}))
        there = Person(other, "grace")
        judge(store, grace, loaded[0], "retired", "twice")
        judge(store, grace, loaded[1], "retired")
        clock.forward(minutes=1)
        edit(other, there, loaded[2], {"language": "de"})
        judge(other, there, loaded[1], "kept")
        here, elsewhere = rows_of(store), rows_of(other)
        for one, taken in ((store, elsewhere), (other, here)):
            one.write(lambda tx, taken=taken: absorb(tx, taken, hashed))
            assert audit(one).differences == []
        expected = decided(store)
        assert decided(other) == expected
        for order in ([here, elsewhere], [elsewhere, here]):
            with merged(tmp_path, order, clock) as together:
                assert audit(together).differences == [] and decided(together) == expected
        before = store.vector()
        store.write(lambda tx: absorb(tx, elsewhere, hashed))
        assert store.vector() == before


def decided(store):
    changed = rows(store, "prompts", "changed_at > 0 ORDER BY prompt_id")
    return [
        (row["prompt_id"], row["status"], row["status_reason"], row["metadata"]) for row in islice(changed, 9)
    ]
