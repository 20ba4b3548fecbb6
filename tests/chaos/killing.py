"""Servers that are killed at any moment, while people rate: one alone on each engine, and one of three replicas."""

import random
import signal
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path

from tests.chaos.crowd import crowd
from tests.chaos.scenario import Outcome, reckoned, rss_mb
from tests.chaos.sprint import sprint_in, url_of
from tests.doubles.postgresql import PostgreSQL
from tests.serving import Serving

REPLICAS = 3


def on_sqlite(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Kill the only server of a file again and again."""
    return _killed(sprint_in(folder), rounds)


def on_postgresql(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Kill the only server of a database again and again."""
    with closing(PostgreSQL()) as server:
        return _killed(sprint_in(folder, DATABASE_URL=server.new()), rounds)


def _killed(sprint: Serving, rounds: Iterable[int]) -> Outcome:
    with sprint as serving, crowd(serving) as people:
        people.rates(100)
        before = rss_mb(serving)
        for _ in rounds:
            people.rates(20)
            time.sleep(random.uniform(0, 1))
            serving.stop(signal.SIGKILL)
            serving.start()
        people.rates(20)
        people.finish()
        memory = before, rss_mb(serving)
        serving.stop(signal.SIGKILL)
        return reckoned(url_of(serving), people, memory)


def of_three(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Kill one of three replicas on one database, each time another one; the balancer notices by itself."""
    with closing(PostgreSQL()) as server, ExitStack() as stack:
        url = server.new()
        replicas = [sprint_in(folder / f"replica-{n}", DATABASE_URL=url) for n in range(REPLICAS)]
        for one in replicas:
            stack.enter_context(one)
        people = stack.enter_context(crowd(*replicas))
        people.rates(100)
        before = rss_mb(replicas[0])
        for number in rounds:
            # The first stays, so that its memory can be followed.
            killed = replicas[1 + number % (REPLICAS - 1)]
            people.rates(20)
            killed.stop(signal.SIGKILL)
            people.rates(100)
            killed.start()
        people.rates(20)
        people.finish()
        return reckoned(url, people, (before, rss_mb(replicas[0])))
