"""Ratings: one current opinion for each prompt and contributor, whatever arrives, and in whatever order."""

import dataclasses
import threading

import pytest

from components.errors import EventIdReused, UnknownPrompt
from components.records import DAY_MS, Prompt
from components.store import events, ratings, tallies
from tests.conftest import Person


def score(store, person, prompt):
    with store.reading() as connection:
        opinion = ratings.current(connection, person.id, prompt.prompt_id)
        return opinion and opinion.score


def test_rating_again_replaces_the_opinion(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 2)
    clock.forward(minutes=1)
    ada.rates(loaded[0], 5)
    assert score(store, ada, loaded[0]) == 5
    with store.reading() as connection:
        assert tallies.coverage(connection) == {0: 11, 1: 1}
        assert {row["score"]: row["ratings"] for row in tallies.scores(connection) if row["ratings"]} == {
            5: 1
        }


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
    rows = connection.exec_driver_sql(
        "SELECT skips FROM contributor_tallies WHERE contributor = ?", (person.id,)
    )
    return rows.mappings().all()


def test_the_same_event_again_changes_nothing(store, loaded, person):
    ada = person("ada")
    event = ada.rates(loaded[0], 4)
    before = store.vector()
    assert ada.send(event) is False
    assert ada.send(dataclasses.replace(event, received_at=event.received_at + 5000)) is False
    assert store.vector() == before


@pytest.mark.parametrize(
    "change", [{"score": 5}, {"prompt_id": "another"}, {"shown_ms": 7}, {"happened_at": 1}]
)
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
        hours = {row["hour"] * 3_600_000 for row in tallies.hours(connection)}
    assert max(hours) <= clock.now and min(hours) >= clock.now - 31 * DAY_MS


def test_a_local_date_counts_only_where_it_can_be_true(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 3, local_date="2026-03-02")  # it is the first of March in UTC
    ada.rates(loaded[1], 3, local_date="1999-12-31")
    with store.reading() as connection:
        assert tallies.own_progress(connection, ada.id, "2026-03-02") == {"ratings": 2, "today": 1}
        assert tallies.own_progress(connection, ada.id, "2026-03-01") == {"ratings": 2, "today": 1}


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
        assert sum(row["ratings"] for row in tallies.standings(connection)) == 480
        assert events.count(connection) == 480 + 40 + 1 + 1  # joined, one import, one setting
