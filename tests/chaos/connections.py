"""A PostgreSQL server that is started anew and whose connections are cut, also in the middle of a commit."""

import random
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from tests.chaos.crowd import crowd
from tests.chaos.scenario import Outcome, reckoned, rss_mb
from tests.chaos.sprint import sprint_in
from tests.doubles.postgresql import PostgreSQL
from tests.doubles.wire import Wire

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
CUTS = 5
EVERY_S = 0.1


def cut(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Cut connections before and after commits, end all of them again and again, and start the server anew."""
    with closing(PostgreSQL()) as server:
        url = server.new()
        with Wire(url) as wire, sprint_in(folder, DATABASE_URL=wire.url) as serving, crowd(serving) as people:
            people.rates(100)
            before = rss_mb(serving)
            for _ in rounds:
                for _ in range(CUTS):
                    random.choice((wire.cut_after_commit, wire.cut_before_commit))()
                    people.wait_until(wire.cut.is_set)
                    people.rates(5)
                with _ended_all_the_time(url):
                    people.rates(20)
                server.crash()
                time.sleep(random.uniform(0, 1))
                server.start()
                people.rates(20)
            people.finish()
            memory = before, rss_mb(serving)
        return reckoned(url, people, memory)


@contextmanager
def _ended_all_the_time(url: str) -> Iterator[None]:
    """Have the server end every connection several times a second."""
    over = threading.Event()

    def end() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not over.wait(EVERY_S):
                connection.execute(OTHERS)

    ending = threading.Thread(target=end)
    ending.start()
    try:
        yield
    finally:
        over.set()
        ending.join()
