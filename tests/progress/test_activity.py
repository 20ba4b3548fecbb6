"""The last hour, kept from refresh to refresh: equal to what a new process reads, and nothing older."""

import pytest

from components.progress.activity import Activity
from components.records import HOUR_MS, MINUTE_MS
from components.store.database import driver_of
from components.store.store import Store
from tests.conftest import Person


@pytest.fixture
def read(store, clock):
    def read(activity=None):
        activity = activity or Activity()
        with store.reading() as connection:
            activity.read(connection, clock.now)
        return activity

    return read


def told(activity):
    return activity.active, dict(activity.minutes), activity.liked


def test_nothing_is_told_of_an_empty_sprint(read, clock):
    assert told(read()) == (0, {}, [])
    assert read().changes_at(clock.now) is None


def test_active_are_those_who_rated_in_the_last_five_minutes(loaded, person, clock, read):
    activity = read()
    ada, bob = person("ada"), person("bob")
    ada.rates(loaded[0], 4)
    ada.rates(loaded[1], 4)
    clock.forward(minutes=4)
    bob.rates(loaded[0], 4)
    assert read(activity).active == 2
    clock.forward(minutes=1)
    assert read(activity).active == 1
    clock.forward(minutes=4)
    assert read(activity).active == 0
    assert activity.changes_at(clock.now) == clock.now + 60_000


def test_only_ratings_count(loaded, person, read):
    ada = person("ada")
    ada.skips(loaded[0])
    said = ada.rates(loaded[1], 3)
    ada.undoes(said)
    assert sum(read().minutes.values()) == 1


def test_what_counts_is_when_a_rating_was_given_and_not_when_it_came_in(loaded, person, clock, read):
    ada = person("ada")
    ada.rates(loaded[0], 4, happened_at=clock.now - 2 * HOUR_MS)
    ada.rates(loaded[1], 4, happened_at=clock.now - 30 * MINUTE_MS)
    ada.rates(loaded[2], 4, happened_at=None)
    minute = clock.now // MINUTE_MS
    assert read().minutes == {minute - 30: 1, minute: 1} and read().last_hour == 2


def test_minutes_and_liked_prompts_older_than_an_hour_are_forgotten(loaded, person, clock, read):
    activity = read()
    ada = person("ada")
    ada.rates(loaded[0], 5)
    clock.forward(minutes=30)
    ada.rates(loaded[1], 5)
    read(activity)
    assert activity.liked == [loaded[1].prompt_id, loaded[0].prompt_id]
    assert list(activity.minutes.values()) == [1, 1]
    clock.forward(minutes=30)
    assert (read(activity).liked, list(activity.minutes.values())) == ([loaded[1].prompt_id], [1])


def test_a_process_that_starts_now_reads_the_same(loaded, person, clock, read):
    followed = read()
    for number in range(8):
        person(f"person-{number % 3}").rates(loaded[number], 1 + number % 5)
        clock.forward(minutes=7)
        read(followed)
    assert told(read()) == told(followed)


def test_what_other_processes_take_is_noticed(store, loaded, clock, read, url):
    activity = read()
    other = Store(url, clock).open()
    Person(other, "ada").rates(loaded[0], 5)
    other.close()
    assert read(activity).active == 1


@pytest.mark.on("sqlite")
def test_old_events_are_not_read_again_and_again(store, loaded, person, clock):
    activity = Activity()

    def statements():
        asked = []
        with store.reading() as connection:
            driver_of(connection).set_trace_callback(asked.append)
            activity.read(connection, clock.now)
            driver_of(connection).set_trace_callback(None)
        return len(asked)

    person("ada").rates(loaded[0], 5)
    assert statements() == 2
    assert statements() == 1
    person("bob").rates(loaded[0], 5)
    assert statements() == 2
