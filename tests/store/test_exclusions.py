"""Excluding somebody: their ratings count nowhere, stay in the log, and count again if they are readmitted."""

import random
from contextlib import closing

import pytest

from components.errors import BadRequest
from components.live.raters import Raters
from components.records import FLAG_REASONS, Action, Identity
from components.store import (
    contributors,
    cube,
    erasures,
    exclusions,
    roles,
    tallies,
)
from components.store.absorption import absorb
from components.store.audit import audit
from components.store.fingerprint import fingerprint
from tests.store.stores import exported, hashed, merged, new_store, published, rows, rows_of

WHY = "the same score for everything"


def counted(store):
    """All that is counted of prompts and people."""
    with store.reading() as connection:
        return {
            "coverage": tallies.coverage(connection),
            "hours": sum(row["ratings"] for row in tallies.hours(connection)),
            "scores": sum(row["ratings"] for row in cube.scores(connection)),
            "spent": sum(row["ratings"] for row in cube.spent(connection)),
            "raters": {one.username: one.ratings for one in Raters().read(connection).values()},
            "each": sorted(cube.totals(connection)),
            "joined": contributors.count(connection),
            "exported": len(exported(connection)),
            "published": len(published(connection)),
        }


def exclude(store, organizer, person, to_the_end=True):
    store.write(lambda tx: exclusions.exclude(tx, organizer.id, person.id, WHY))
    if to_the_end:
        finish(store, person)


def readmit(store, organizer, person):
    store.write(lambda tx: exclusions.readmit(tx, organizer.id, person.id))
    finish(store, person)


def finish(store, person, most=3):
    while store.write(lambda tx: exclusions.go_on(tx, person.id, most)):
        assert audit(store).differences == []
    assert audit(store).differences == []


@pytest.fixture
def cast(store, loaded, person):
    """Grace organizes; Ada rates everything in every way there is, and Bob some of it."""
    grace, ada, bob = person("grace"), person("ada"), person("bob")
    store.write(lambda tx: roles.give(tx, "terminal", grace.id, True))
    for number, prompt in enumerate(loaded):
        said = ada.rates(prompt, number % 5 + 1, shown_ms=900 * number)
        if number % 4 == 0:
            ada.undoes(said)
        if number % 4 == 1:
            ada.rates(prompt, 5, shown_ms=10)
        if number % 4 == 2:
            ada.rates(prompt, None, action=Action.FLAGGED, reason="spam")
        if number % 3 == 0:
            bob.rates(prompt, 2, shown_ms=4000)
    return grace, ada, bob


def test_nothing_of_somebody_excluded_is_counted_and_all_of_it_again_when_they_are_readmitted(
    store, cast, clock
):
    grace, ada, bob = cast
    before = counted(store)
    clock.forward(minutes=1)
    exclude(store, grace, ada)
    after = counted(store)
    assert after["raters"] == {"bob": 4} and after["each"] == [4]
    assert (after["hours"], after["scores"], after["spent"], after["exported"]) == (4, 4, 4, 4)
    assert after["coverage"] == {0: 8, 1: 4} and after["joined"] == before["joined"] - 1
    clock.forward(minutes=1)
    readmit(store, grace, ada)
    assert counted(store) == before
    log = rows(store, "events", "action IN ('excluded', 'readmitted')")
    assert [(row["action"], row["contributor"], row["target"], row["reason"]) for row in log] == [
        ("excluded", grace.id, ada.id, WHY),
        ("readmitted", grace.id, ada.id, None),
    ]


def test_who_reads_people_sees_an_exclusion_before_anything_is_counted_out(store, cast):
    grace, ada, _ = cast
    exclude(store, grace, ada, to_the_end=False)
    at_once = counted(store)
    assert at_once["raters"] == {"bob": 4}
    assert (at_once["published"], at_once["exported"], at_once["each"]) == (4, 4, [4])
    assert audit(store).differences == []


def test_what_happens_in_the_middle_of_it_is_counted_right(store, cast, loaded):
    grace, ada, bob = cast
    dice = random.Random(6)
    exclude(store, grace, ada, to_the_end=False)
    for turn in range(12):
        store.write(lambda tx: exclusions.go_on(tx, ada.id, 2))
        some = dice.choice(loaded)
        said = ada.rates(some, dice.randint(1, 5), shown_ms=1000)
        bob.rates(dice.choice(loaded), dice.randint(1, 5))
        if turn % 3 == 0:
            ada.undoes(said)
        if turn == 4:
            store.write(lambda tx: exclusions.readmit(tx, grace.id, ada.id))
        if turn == 6:
            store.write(lambda tx: exclusions.exclude(tx, grace.id, ada.id, WHY))
        assert audit(store).differences == []
    finish(store, ada)
    assert counted(store)["raters"].keys() == {"bob"}
    readmit(store, grace, ada)
    assert counted(store)["raters"].keys() == {"ada", "bob"}


def test_flags_of_somebody_excluded_hold_no_prompt_back(store, cast, loaded, person, clock):
    grace, ada, bob = cast
    clock.forward(minutes=1)
    for one in (ada, bob, person("cy")):
        one.rates(loaded[5], None, action=Action.FLAGGED, reason=next(iter(FLAG_REASONS)))
    assert rows(store, "queue", f"prompt_id = '{loaded[5].prompt_id}'") == []
    exclude(store, grace, ada)
    assert rows(store, "queue", f"prompt_id = '{loaded[5].prompt_id}'") != []
    readmit(store, grace, ada)
    assert rows(store, "queue", f"prompt_id = '{loaded[5].prompt_id}'") == []


def test_deleting_the_account_of_somebody_half_excluded_leaves_nothing(store, cast):
    grace, ada, _ = cast
    exclude(store, grace, ada, to_the_end=False)
    store.write(lambda tx: exclusions.go_on(tx, ada.id, 5))
    store.write(lambda tx: erasures.begin(tx, ada.id, hashed(ada.contributor.identity)))
    after = ""
    while after is not None:
        after = store.write(lambda tx, after=after: erasures.go_on(tx, ada.id, after, 4))
        assert audit(store).differences == []
    assert rows(store, "counted_out") == [] and rows(store, "ratings", f"contributor = '{ada.id}'") == []
    assert [row["reason"] for row in rows(store, "events", "action = 'excluded'")] == [None]


def test_only_contributors_who_count_can_be_excluded(store, cast):
    grace, ada, _ = cast
    with pytest.raises(BadRequest, match="dismiss them first"):
        exclude(store, grace, grace)
    exclude(store, grace, ada)
    with pytest.raises(BadRequest, match="already"):
        exclude(store, grace, ada)
    with pytest.raises(BadRequest, match="readmit them first"):
        store.write(lambda tx: roles.give(tx, grace.id, ada.id, True))
    with pytest.raises(BadRequest, match="not excluded"):
        readmit(store, ada, grace)
    with pytest.raises(BadRequest, match="no such contributor"):
        store.write(lambda tx: exclusions.exclude(tx, grace.id, "nobody", WHY))


@pytest.mark.on("sqlite")
def test_a_merge_counts_nobody_who_is_excluded_whatever_changed_since(store, cast, clock, tmp_path):
    grace, ada, _ = cast
    before = rows_of(store)
    clock.forward(minutes=1)
    exclude(store, grace, ada, to_the_end=False)
    half = rows_of(store)
    finish(store, ada)
    with closing(new_store(tmp_path / "other.db", clock)) as other:
        other.write(lambda tx: absorb(tx, before, hashed))
        clock.forward(minutes=1)
        renamed = Identity("local", "ada", "Ada Lovelace", "Ada")
        other.write(lambda tx: contributors.sign_in(tx, renamed, ()))
        elsewhere = rows_of(other)
    expected = None
    for order in ([before, half, elsewhere], [elsewhere, half], [half, elsewhere, before]):
        with merged(tmp_path, order, clock) as together:
            assert audit(together).differences == []
            found = counted(together)
            assert found["raters"] == {"bob": 4} and found["hours"] == 4
            [person] = rows(together, "contributors", "excluded")
            assert (person["username"], person["excluded_reason"]) == ("Ada Lovelace", WHY)
            with together.reading() as connection:
                told = fingerprint(connection)["contributors"]
            expected = expected or told
            assert told == expected
