"""Outages of a shared database: what was kept is kept once, whatever became of the connection."""

import threading
import time
import uuid
from contextlib import closing, suppress

import psycopg
import pytest
from sqlalchemy import text

from components.errors import StoreUnavailable
from components.records import Event
from components.store.audit import audit
from components.store.database import Database
from components.store.store import Store
from tests.conftest import Person
from tests.doubles.postgresql import PostgreSQL
from tests.doubles.wire import Wire

pytestmark = pytest.mark.on("postgresql")

KEPT = text("SELECT event_id FROM events WHERE contributor = 'somebody' ORDER BY number")
NUMBERS = text("SELECT number FROM events WHERE writer = :writer ORDER BY number")
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def an_event(name):
    return Event(name, "somebody", "setting", 0)


def kept(store):
    with store.reading() as connection:
        numbers = connection.execute(NUMBERS, {"writer": store.writer.name}).scalars().all()
        assert numbers == list(range(1, store.vector()[store.writer.name] + 1))
        return connection.execute(KEPT).scalars().all()


@pytest.fixture
def wire(url):
    with Wire(url) as made:
        yield made


@pytest.fixture
def far(wire):
    """A store at the other end of the wire."""
    opened = Store(wire.url).open()
    yield opened
    opened.close()


def test_a_commit_whose_answer_was_lost_is_not_done_again(wire, far):
    done, noted = [], []

    def work(transaction):
        done.append(transaction.append(an_event(str(len(done)))))
        transaction.after_commit.append(lambda: noted.append(True))
        return "kept"

    wire.cut_after_commit()
    assert far.write(work) == "kept"
    assert wire.cut.is_set()
    assert kept(far) == ["0"] and (len(done), len(noted)) == (1, 1)
    far.write(lambda tx: tx.append(an_event("next")))
    assert kept(far) == ["0", "next"]


def test_a_commit_the_server_never_heard_of_is_done_again(wire, far):
    done = []

    def work(transaction):
        transaction.append(an_event(str(len(done))))
        done.append(True)

    wire.cut_before_commit()
    far.write(work)
    assert wire.cut.is_set()
    assert kept(far) == ["1"] and len(done) == 2


def test_ratings_are_kept_once_while_connections_are_cut_all_the_time(url, store, loaded):
    people = [Person(store, f"person-{n}") for n in range(8)]
    over = threading.Event()

    def cut():
        with psycopg.connect(url, autocommit=True) as connection:
            while not over.wait(0.2):
                connection.execute(OTHERS)

    def rate(someone):
        for place, prompt in enumerate(loaded):
            event = someone.event(prompt, place % 5 + 1)
            while True:
                try:
                    someone.send(event)
                    break
                except StoreUnavailable:
                    time.sleep(0.05)  # as the page does, which sends it again

    cutting = threading.Thread(target=cut)
    cutting.start()
    threads = [threading.Thread(target=rate, args=(someone,)) for someone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    cutting.join()
    outcome = audit(store)
    assert outcome.differences == [] and outcome.ratings == len(people) * len(loaded)


def test_a_server_that_crashes_and_comes_back_has_all_that_was_confirmed(tmp_path):
    with closing(PostgreSQL(tmp_path / "server")) as server:
        store = Store(server.new()).open()
        confirmed, over = [], threading.Event()

        def rate():
            while not over.is_set():
                event = an_event(str(uuid.uuid4()))
                with suppress(StoreUnavailable):
                    store.write(lambda tx, event=event: tx.append(event))
                    confirmed.append(event.event_id)

        rating = threading.Thread(target=rate)
        rating.start()
        for _ in range(2):
            time.sleep(0.5)
            server.crash()
            time.sleep(0.2)
            server.start()
            before = len(confirmed)
            until = time.monotonic() + 20
            while len(confirmed) == before and time.monotonic() < until:
                time.sleep(0.05)
        over.set()
        rating.join()
        found = kept(store)
        assert len(found) == len(set(found)) and set(confirmed) <= set(found)
        assert len(confirmed) > before
        store.close()


def test_a_deadlock_is_tried_again(url, store, loaded):
    touch, tried = "UPDATE prompts SET status_reason = NULL WHERE prompt_id = '{}'", []

    def work(transaction):
        tried.append(True)
        for prompt in (loaded[1], loaded[0]):
            transaction.connection.exec_driver_sql(touch.format(prompt.prompt_id))
        transaction.append(an_event(str(uuid.uuid4())))

    with psycopg.connect(url) as other:
        other.execute("SET deadlock_timeout = '20s'")
        other.execute(touch.format(loaded[0].prompt_id))
        waiting = store.submit(work)
        until = time.monotonic() + 10
        while not tried and time.monotonic() < until:
            time.sleep(0.01)
        other.execute(touch.format(loaded[1].prompt_id))
    waiting.result(timeout=20)
    assert len(tried) > 1 and len(kept(store)) == 1


def test_whoever_falls_silent_in_the_middle_of_writing_loses_the_turn(url, store):
    other = Database(url)
    with pytest.raises(StoreUnavailable), other.writing() as silent:
        assert silent.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == "15s"
        silent.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 300")
        store.submit(lambda tx: tx.append(an_event("after"))).result(timeout=10)
    other.close()
    assert kept(store) == ["after"]
