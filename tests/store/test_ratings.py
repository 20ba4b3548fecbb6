"""Ratings: one current opinion for each prompt and contributor, whatever arrives, and in whatever order."""

import dataclasses
import threading

import pytest
from sqlalchemy import text

from components.errors import EventIdReused, InvalidAction, UnknownPrompt
from components.records import DAY_MS, Action, Prompt
from components.store import cube, events, standings, tallies
from components.store.audit import audit
from tests.conftest import Person, opinion_of


def score(store, person, prompt):
    with store.reading() as connection:
        opinion = opinion_of(connection, person.id, prompt.prompt_id)
        return opinion and opinion.score


def test_rating_again_replaces_the_opinion(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 2)
    clock.forward(minutes=1)
    ada.rates(loaded[0], 5)
    assert score(store, ada, loaded[0]) == 5
    with store.reading() as connection:
        assert tallies.coverage(connection) == {0: 11, 1: 1}
        assert {row["score"]: row["ratings"] for row in cube.scores(connection) if row["ratings"]} == {5: 1}


def test_an_older_opinion_that_arrives_late_changes_nothing(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 5, happened_at=clock.now)
    assert ada.send(ada.event(loaded[0], 1, happened_at=clock.now - 60_000))
    assert score(store, ada, loaded[0]) == 5


def test_a_skip_never_displaces_a_rating(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    clock.forward(minutes=1)
    ada.skips(loaded[0])
    assert score(store, ada, loaded[0]) == 4


def test_a_rating_displaces_a_skip_even_a_later_one(store, loaded, person, clock):
    ada = person("ada")
    ada.skips(loaded[0])
    ada.rates(loaded[0], 3, happened_at=clock.now - 60_000)
    assert score(store, ada, loaded[0]) == 3
    with store.reading() as connection:
        assert sum(day["skips"] for day in own_days(connection, ada)) == 0


def own_days(connection, person):
    tallied = text("SELECT skips FROM contributor_tallies WHERE contributor = :contributor")
    return connection.execute(tallied, {"contributor": person.id}).mappings().all()


def test_the_same_event_again_changes_nothing(store, loaded, person):
    ada = person("ada")
    event = ada.rates(loaded[0], 4)
    before = store.vector()
    assert ada.send(event) is False
    assert ada.send(dataclasses.replace(event, received_at=event.received_at + 5000)) is False
    assert store.vector() == before


@pytest.mark.parametrize("change", [{"score": 5}, {"prompt_id": "another"}, {"shown_ms": 7}])
def test_an_event_id_used_for_something_else_is_refused(store, loaded, person, change):
    ada = person("ada")
    event = ada.rates(loaded[0], 4)
    with pytest.raises(EventIdReused):
        ada.send(dataclasses.replace(event, **change))


def test_nobodys_event_id_confirms_anybody_elses_event(store, loaded, person):
    ada, bob = person("ada"), person("bob")
    event = ada.rates(loaded[0], 4)
    assert bob.send(bob.event(loaded[0], 1, event_id=event.event_id))
    assert (score(store, ada, loaded[0]), score(store, bob, loaded[0])) == (4, 1)


def test_an_unknown_prompt_is_refused_and_leaves_no_event(store, loaded, person):
    ada = person("ada")
    before = store.vector()
    with pytest.raises(UnknownPrompt):
        ada.rates(Prompt("never imported", "nowhere", "human"), 3)
    assert store.vector() == before


def test_a_clock_in_the_future_or_in_1970_counts_within_reason(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 3, happened_at=clock.now + 365 * DAY_MS)
    ada.rates(loaded[1], 3, happened_at=0)
    with store.reading() as connection:
        hours = {row["hour"] * 3_600_000 for row in cube.hours(connection)}
    assert max(hours) <= clock.now and min(hours) >= clock.now - 31 * DAY_MS


def test_a_local_date_counts_only_where_it_can_be_true(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 3, local_date="2026-03-02")  # it is the first of March in UTC
    ada.rates(loaded[1], 3, local_date="1999-12-31")
    with store.reading() as connection:
        assert tallies.days(connection, ada.id) == {"2026-03-01": 1, "2026-03-02": 1}


def test_forty_people_rating_at_once_lose_nothing(store, loaded):
    people = [Person(store, f"person-{n}") for n in range(40)]

    def rate_everything(someone):
        for place, prompt in enumerate(loaded):
            someone.rates(prompt, place % 5 + 1)

    threads = [threading.Thread(target=rate_everything, args=(someone,)) for someone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as connection:
        assert tallies.coverage(connection) == {40: 12}
        assert sum(one.ratings for one in standings.everybody(connection).values()) == 480
        assert events.count(connection) == 480 + 40 + 1 + 1  # joined, one import, one setting


def test_what_is_undone_was_never_said_and_what_was_said_before_counts_again(store, loaded, person, clock):
    ada = person("ada")
    first = ada.rates(loaded[0], 2)
    clock.forward(minutes=1)
    second = ada.rates(loaded[0], 5)
    ada.undoes(second)
    assert score(store, ada, loaded[0]) == 2
    ada.undoes(first)
    with store.reading() as connection:
        assert opinion_of(connection, ada.id, loaded[0].prompt_id) is None
        assert tallies.coverage(connection) == {0: 12}


def test_an_undo_may_arrive_before_what_it_undoes(store, loaded, person):
    ada = person("ada")
    said = ada.event(loaded[0], 4)
    ada.undoes(said)
    ada.send(said)
    assert score(store, ada, loaded[0]) is None


def test_nobody_undoes_what_somebody_else_said(store, loaded, person):
    ada, eve = person("ada"), person("eve")
    said = ada.rates(loaded[0], 4)
    eve.undoes(said)
    assert score(store, ada, loaded[0]) == 4


def test_an_undo_cannot_be_undone(store, loaded, person):
    ada = person("ada")
    undo = ada.undoes(ada.rates(loaded[0], 4))
    with pytest.raises(InvalidAction, match="say again"):
        ada.undoes(undo)


def test_whoever_undoes_is_handed_the_prompt_again(store, loaded, person, clock):
    ada = person("ada")
    said = ada.rates(loaded[0], 4)
    ada.undoes(said)
    with store.reading() as connection:
        held = connection.execute(text("SELECT contributor, prompt_id FROM leases")).all()
    assert held == [(ada.id, loaded[0].prompt_id)]
    assert audit(store).differences == []


def test_an_undo_after_the_crowd_was_shown_is_marked(store, loaded, person, clock):
    ada, bob, cy = person("ada"), person("bob"), person("cy")
    alone = ada.rates(loaded[1], 3)
    for someone in (bob, cy):
        someone.rates(loaded[0], 4)
    clock.forward(minutes=1)
    shown = ada.rates(loaded[0], 1)
    ada.undoes(shown)
    ada.undoes(alone)
    ada.rates(loaded[0], 4)
    with store.reading() as connection:
        marked = [
            (event.action, event.prompt_id) for event in events.about_prompts(connection) if event.payload
        ]
    assert marked == [(action, loaded[0].prompt_id) for action in ("undone", "rated")]


def test_a_withdrawn_score_counts_no_more_and_a_discarded_prompt_has_none(store, loaded, person, clock):
    ada = person("ada")
    for place, action in enumerate((Action.WITHDRAWN, Action.DISCARDED)):
        ada.rates(loaded[place], 4)
        clock.forward(minutes=1)
        ada.send(ada.event(loaded[place], None, action=action))
        assert score(store, ada, loaded[place]) is None
    with store.reading() as connection:
        assert tallies.coverage(connection) == {0: 12}
    assert audit(store).differences == []


def test_three_flags_for_one_reason_keep_a_prompt_back_until_one_is_undone(store, loaded, person):
    def waits():
        with store.reading() as connection:
            found = connection.execute(
                text("SELECT 1 FROM queue WHERE prompt_id = :prompt_id"), {"prompt_id": loaded[0].prompt_id}
            )
            return found.first() is None

    people = [person(f"person-{n}") for n in range(5)]
    for someone, reason in zip(people, ("spam", "broken", "spam", "broken", "spam"), strict=True):
        assert not waits()
        last = someone.event(loaded[0], None, action=Action.FLAGGED, reason=reason)
        someone.send(last)
    assert waits()
    people[4].undoes(last)
    assert not waits()
    assert audit(store).differences == []
