"""A clock that jumps forward and back while people rate: nothing is lost, and nobody is kept waiting by it."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import psutil
from sqlalchemy import text

from components.errors import SprintError
from components.rating.assignment import LEASE_MS, MOST_HELD, Assignment
from components.rating.pace import Pace
from components.rating.recording import Submission, record
from components.records import Identity, Prompt
from components.store import contributors, prompts, sprints
from components.store.database import epoch_ms
from components.store.store import Store
from components.store.writer import Transaction
from tests.chaos.crowd import RATERS, Crowd
from tests.chaos.scenario import Outcome, reckoned

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
JUMPS_MS = (DAY_MS, -2 * DAY_MS, HOUR_MS, -HOUR_MS, 400 * DAY_MS, -400 * DAY_MS)
PROMPTS, WANTED = 300, 3
PACE = 100_000
BETWEEN = 20
LOOKS_S = 0.5
UNMET = text("""
    SELECT COUNT(*) FROM prompts
    WHERE (SELECT COUNT(*) FROM ratings WHERE ratings.prompt_id = prompts.prompt_id) < :wanted
""")


class JumpingClock:
    """The time now, and how far it is off."""

    def __init__(self) -> None:
        self.off_ms = 0

    def __call__(self) -> int:
        return epoch_ms() + self.off_ms


class Person(threading.Thread):
    """Somebody whose own clock is right, until there is nothing left to rate; remembers as `Rater` does."""

    def __init__(self, store: Store, pace: Pace, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._store = store
        self._pace = pace
        identity = Identity("local", name, name, name)
        self._id = store.write(lambda tx: contributors.sign_in(tx, identity, ())).contributor_id
        self._waiting: dict[str, dict] = {}
        self.held: list[str] = []
        self.made: dict[str, dict] = {}
        self.confirmed: set[str] = set()
        self.refused: Counter[str] = Counter()
        self.broken: list[str] = []
        self.over = False

    def run(self) -> None:
        while not self.over:
            time.sleep(random.uniform(0, 0.02))
            if not self.held:
                self.ask()
            if not self._waiting and self.held:
                self._rate(self.held[0])
            if self._waiting:
                self._send()

    def ask(self) -> None:
        """Ask for prompts."""

        def work(transaction: Transaction) -> list[str]:
            assignment = Assignment(transaction, [self._id], sprints.standing(transaction))
            assignment.top_up(self._id, MOST_HELD)
            assignment.write()
            return assignment.held(self._id)

        self.held = self._store.write(work)

    def _rate(self, prompt_id: str) -> None:
        event_id = str(uuid.uuid4())
        told = {
            "event_id": event_id,
            "prompt_id": prompt_id,
            "action": "rated",
            "score": random.randint(1, 5),
        }
        self.made[event_id] = self._waiting[event_id] = told | {"happened_at": epoch_ms(), "local_date": None}

    def _send(self) -> None:
        behind_ms = self._store.clock() - epoch_ms()
        asked = Submission(self._id, 0, [*self._waiting.values()], behind_ms=behind_ms)
        [answer] = self._store.write(lambda tx: record(tx, [asked], self._pace))
        if isinstance(answer, SprintError):
            self.refused[str(answer)] += 1
            return
        if answer["rejected"]:
            self.broken.append(f"{self.name}: rejected {answer['rejected']}")
        for event_id in answer["confirmed"]:
            self.confirmed.add(event_id)
            self._waiting.pop(event_id, None)
        rated = {event["prompt_id"] for event in self._waiting.values()}
        self.held = [prompt["prompt_id"] for prompt in answer["next"] if prompt["prompt_id"] not in rated]


def jumping(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Let the clock jump; some take prompts while it is wrong, and never come back."""
    url = f"sqlite:///{folder / 'sprint.db'}"
    clock = JumpingClock()
    with closing(Store(url, clock).open("A test sprint", WANTED, PACE)) as store:
        some = [Prompt(f"Prompt {n}", "chaos", "human") for n in range(PROMPTS)]
        store.write(lambda tx: prompts.add(tx, some, {"file": "test"}))
        pace = Pace()
        raters = [Person(store, pace, f"person-{number}") for number in range(RATERS)]
        people = Crowd(raters)
        for one in raters:
            one.start()
        people.rates(BETWEEN)
        before = _own_mb()
        for number in rounds:
            clock.off_ms += JUMPS_MS[number % len(JUMPS_MS)]
            Person(store, pace, f"leaver-{number}").ask()
            people.rates(BETWEEN)
        clock.off_ms = 0
        _finish(people, clock)
        memory = before, _own_mb()
        with store.reading() as connection:
            unmet = connection.execute(UNMET, {"wanted": WANTED}).scalar()
    outcome = reckoned(url, people, memory)
    if unmet:
        outcome.failures.append(f"{unmet} prompts are handed out to nobody any more")
    return outcome


def _finish(people: Crowd, clock: JumpingClock) -> None:
    """Let them rate all that is left, also what was handed to those who left as long as a lease lasts."""
    people.wait_until(lambda: not any(one.held for one in people.raters))
    clock.off_ms += LEASE_MS
    # As soon as somebody looks, what nobody holds any more is theirs.
    time.sleep(LOOKS_S)
    people.wait_until(lambda: not any(one.held for one in people.raters))
    for one in people.raters:
        one.over = True
    for one in people.raters:
        one.join()


def _own_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6
