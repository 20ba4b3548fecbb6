"""Duties: one replica has each at a time, and nobody keeps one by dying."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from components.store import duties
from components.store.store import Store


def take(store, holder, now, for_ms=60_000, name="backup"):
    return store.write(lambda tx: duties.take(tx.connection, name, holder, now, for_ms))


def test_one_has_a_duty_and_keeps_it(store):
    assert take(store, "ada", 0)
    assert not take(store, "bob", 59_999)
    assert take(store, "ada", 30_000)
    assert not take(store, "bob", 60_000)


def test_a_lease_that_ran_out_is_anybodys(store):
    assert take(store, "ada", 0)
    assert take(store, "bob", 60_000)
    assert not take(store, "ada", 60_001)


def test_a_lease_given_by_a_clock_that_was_ahead_holds_nobody_up(store):
    assert take(store, "ada", 86_400_000)
    assert take(store, "bob", 0)
    assert not take(store, "ada", 1)


def test_duties_are_had_apart(store):
    assert take(store, "ada", 0)
    assert take(store, "bob", 0, name="erase")


def test_who_lets_go_lets_go_of_their_own(store):
    take(store, "ada", 0)
    store.write(lambda tx: duties.let_go(tx.connection, "backup", "bob"))
    assert not take(store, "bob", 1)
    store.write(lambda tx: duties.let_go(tx.connection, "backup", "ada"))
    assert take(store, "bob", 1)


def together(number, work):
    """Do work in so many threads at the same moment, and return what came of each."""
    ready = threading.Barrier(number)

    def run(place):
        ready.wait()
        return work(place)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def test_of_many_who_ask_at_once_one_has_it(store, url):
    others = [Store(url).open() for _ in range(4)]
    try:
        assert sum(together(4, lambda place: take(others[place], str(place), 0))) == 1
    finally:
        for other in others:
            other.close()


@pytest.mark.parametrize("attempt", range(3))
def test_replicas_that_start_at_once_on_an_empty_database_make_one_sprint(url, attempt):
    stores = [Store(url) for _ in range(5)]
    try:
        together(5, lambda place: stores[place].open(f"Sprint {place}"))
        assert len({store.epoch for store in stores}) == 1
        with stores[0].reading() as connection:
            begun = connection.execute(text("SELECT COUNT(*) FROM events WHERE action = 'setting'"))
            assert begun.scalar() == 1
    finally:
        for store in stores:
            store.close()


def test_a_migration_somebody_died_in_is_done_when_their_lease_is_over(url):
    first = Store(url)
    first.database._make_duties()
    with first.database._migrating() as connection:
        over = first.clock() + 1000
        duties.take(connection, "migration", "the dead", first.clock(), 1000)
    first.open()
    assert first.clock() >= over and first.sprint().epoch
    first.close()
