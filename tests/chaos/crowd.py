"""People who rate while things break: each keeps what is not confirmed and sends it again, as the page does."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import httpx

from tests.serving import Serving, Visitor, rating

RATERS = 8
# After a failure, in seconds; a page waits longer, and is not so many at once.
AGAIN_S = 0.05
# Of what is confirmed so much is sent once more, as by a page that missed the answer.
SENT_AGAIN = 0.1
MOST_AT_ONCE = 100
# When nothing is broken any more, so long is enough to have everything confirmed.
PATIENCE_S = 60


class Rater(threading.Thread):
    """Somebody who rates as fast as they can, and remembers what was confirmed.

    Attributes:
        made: Every rating ever given, by event_id.
        confirmed: Event ids of those that the server has confirmed.
        refused: What the server said instead, with its status.
        broken: What must never happen.
        slowest_s: The longest time in which something was confirmed.
    """

    def __init__(self, servers: Sequence[Serving], name: str, pause_s: float) -> None:
        super().__init__(name=name, daemon=True)
        self._servers = servers
        self._visitor = Visitor(servers[0]).signs_in(name)
        self._pause_s = pause_s
        self._held: list[str] = []
        self._waiting: dict[str, dict] = {}
        self.made: dict[str, dict] = {}
        self.confirmed: set[str] = set()
        self.refused: Counter[str] = Counter()
        self.broken: list[str] = []
        self.slowest_s = 0.0
        self.last_seq: dict[str, object] = {}
        self._stop_by: float | None = None

    def stop(self) -> None:
        """Give no new ratings, and end as soon as all are confirmed."""
        self._stop_by = time.monotonic() + PATIENCE_S

    def run(self) -> None:
        while self._stop_by is None or (self._waiting and time.monotonic() < self._stop_by):
            try:
                if self._stop_by is None:
                    self._rate()
                if self._waiting:
                    self._send()
            except Exception as error:
                self.broken.append(f"{self.name}: {error!r}")
                time.sleep(AGAIN_S)

    def _rate(self) -> None:
        time.sleep(random.uniform(0, 2 * self._pause_s))
        if not self._held:
            answer = self._post("/api/next", {"n": 5})
            self._held = [prompt["prompt_id"] for prompt in answer["prompts"]] if answer else []
            assert self._held or not answer, "There is nothing left to rate: the sprint needs more prompts."
        if self._held:
            event = rating(self._held.pop(0), random.randint(1, 5))
            self.made[event["event_id"]] = self._waiting[event["event_id"]] = event

    def _send(self) -> None:
        events = [*self._waiting.values()][:MOST_AT_ONCE]
        if self.confirmed and random.random() < SENT_AGAIN:
            events.append(self.made[random.choice([*self.confirmed])])
        began = time.monotonic()
        answer = self._post("/api/ratings", {"events": events[-MOST_AT_ONCE:]})
        if answer is None:
            return
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        self.last_seq = answer["seq"]
        kept = set(answer["confirmed"])
        missing = [event["event_id"] for event in events[-MOST_AT_ONCE:] if event["event_id"] not in kept]
        if missing:
            self.broken.append(f"{self.name}: not confirmed {missing}, rejected {answer['rejected']}")
        self.confirmed |= kept
        for event_id in kept:
            self._waiting.pop(event_id, None)
        self._held = [prompt["prompt_id"] for prompt in answer["next"]]

    def _post(self, path: str, body: dict) -> dict | None:
        """What the server answers, or None if it does not take it now."""
        try:
            answer = self._visitor.post(path, json=body)
            if answer.status_code == 200:
                return answer.json()
            self.refused[f"{answer.status_code} {_sentence(answer)}"] += 1
        except httpx.TransportError as error:
            self.refused[type(error).__name__] += 1
        # To where a balancer would send the next attempt.
        self._visitor.base_url = random.choice(self._servers).address
        time.sleep(AGAIN_S)
        return None


def _sentence(answer: httpx.Response) -> str:
    """What somebody reads who is refused."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"no sentence, but {answer.text[:80]!r}"


class Crowd:
    """Everybody who rates during a scenario."""

    def __init__(self, raters: Sequence[Rater]) -> None:
        self.raters = raters

    @property
    def made(self) -> dict[str, dict]:
        """Every rating anybody gave, by event_id."""
        return {event_id: event for one in self.raters for event_id, event in list(one.made.items())}

    @property
    def confirmed(self) -> set[str]:
        """Event ids of what was confirmed to anybody."""
        return set().union(*(one.confirmed.copy() for one in self.raters))

    @property
    def refused(self) -> Counter[str]:
        """What servers said when they did not take something."""
        return sum((one.refused.copy() for one in self.raters), Counter())

    @property
    def broken(self) -> list[str]:
        """What must never happen."""
        return [sentence for one in self.raters for sentence in one.broken]

    @property
    def slowest_s(self) -> float:
        """The longest time in which something was confirmed."""
        return max(one.slowest_s for one in self.raters)

    def forget_slowest(self) -> None:
        """Measure the longest time from now on."""
        for one in self.raters:
            one.slowest_s = 0.0

    def rates(self, number: int) -> None:
        """Wait until so many more are confirmed."""
        wanted = len(self.confirmed) + number
        self.wait_until(lambda: len(self.confirmed) >= wanted)

    def wait_until(self, true: Callable[[], object], within_s: float = PATIENCE_S) -> None:
        """Let them rate until something is so."""
        until = time.monotonic() + within_s
        while not true():
            if time.monotonic() > until:
                raise AssertionError(f"It takes too long: {self.refused.most_common(3)} {self.broken[:3]}")
            time.sleep(0.02)

    def finish(self) -> None:
        """Stop everybody as soon as all they gave is confirmed."""
        for one in self.raters:
            one.stop()
        for one in self.raters:
            one.join()


@contextmanager
def crowd(*servers: Serving, raters: int = RATERS, pause_s: float = 0.05) -> Iterator[Crowd]:
    """People who begin to rate now, on any of the servers."""
    made = Crowd([Rater(servers, f"person-{number}", pause_s) for number in range(raters)])
    for one in made.raters:
        one.start()
    try:
        yield made
    finally:
        for one in made.raters:
            one._stop_by = one._stop_by or 0.0
