"""The writer: gathered work shares one commit, and what fails fails alone."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from components.errors import StoreUnavailable, UnknownPrompt
from components.records import Event
from components.store.store import Store

NUMBERS = text("SELECT number FROM events WHERE writer = :writer ORDER BY number")


def an_event(name: str) -> Event:
    return Event(name, "somebody", "setting", 0)


def numbers(store) -> list[int]:
    with store.reading() as connection:
        return connection.execute(NUMBERS, {"writer": store.writer.name}).scalars().all()


def test_a_piece_of_work_that_fails_is_undone_and_its_neighbours_stand(store):
    gate = threading.Event()
    store.submit(lambda tx: gate.wait())  # so that the next three are gathered into one group

    def fails(transaction):
        transaction.append(an_event("undone"))
        raise UnknownPrompt("no such prompt")

    first = store.submit(lambda tx: tx.append(an_event("first")))
    second = store.submit(fails)
    third = store.submit(lambda tx: tx.append(an_event("third")))
    gate.set()
    first.result(), third.result()
    with pytest.raises(UnknownPrompt):
        second.result()
    with store.reading() as connection:
        ids = connection.execute(
            text("SELECT event_id FROM events WHERE contributor = 'somebody' ORDER BY number")
        )
        assert ids.scalars().all() == ["first", "third"]
    assert numbers(store) == list(range(1, store.vector()[store.writer.name] + 1))


def test_the_vector_moves_with_every_commit_that_logs_something(store):
    before = store.vector()[store.writer.name]
    store.write(lambda tx: tx.append(an_event("one")))
    assert store.vector()[store.writer.name] == before + 1
    store.write(lambda tx: None)
    assert store.vector()[store.writer.name] == before + 1


def test_work_queued_before_closing_is_done(store):
    results = [store.submit(lambda tx, n=n: tx.append(an_event(str(n)))) for n in range(50)]
    store.writer.close()
    assert all(result.done() and result.exception() is None for result in results)
    with pytest.raises(StoreUnavailable):
        store.submit(lambda tx: None)


def test_work_waits_while_another_process_writes(store):
    with store.database.writing():
        waiting = store.submit(lambda tx: tx.append(an_event("waits")))
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.3)
    assert waiting.result(timeout=10) is None


def test_who_only_reads_leaves_no_writer_behind(store, url):
    before = store.vector()
    Store(url).open().close()
    assert store.vector() == before


def test_a_store_that_cannot_begin_leaves_no_thread_behind(url):
    broken = Store(url)
    with pytest.raises(IntegrityError):
        broken.open(title=None)
    assert not broken.writer._thread.is_alive()


def test_a_connection_that_broke_costs_its_group_and_nothing_after(store):
    def breaks(transaction):
        transaction.connection.connection.driver_connection.close()
        raise ZeroDivisionError

    with pytest.raises(Exception):  # noqa: B017
        store.write(breaks)
    store.write(lambda tx: tx.append(an_event("after")))
    assert numbers(store) == list(range(1, store.vector()[store.writer.name] + 1))


def test_what_is_to_be_noted_after_the_commit_is_noted_only_then(store):
    noted = []

    def work(transaction, fails):
        transaction.after_commit.append(lambda: noted.append(fails))
        if fails:
            raise UnknownPrompt("no such prompt")

    with pytest.raises(UnknownPrompt):
        store.write(lambda tx: work(tx, True))
    store.write(lambda tx: work(tx, False))
    assert noted == [False]
