"""Killing the server in the middle of a burst: what was confirmed is there, once, and the books balance."""

import json
import random
import signal
import sqlite3
import threading
import time

import httpx

from tests.serving import Serving, Visitor, command, rating

RATERS = 8
KILLS = 3


class Burst(threading.Thread):
    """Somebody who rates as fast as they can, and remembers what was confirmed and what is in doubt."""

    def __init__(self, serving: Serving, name: str) -> None:
        super().__init__()
        self._visitor = Visitor(serving).signs_in(name)
        self.confirmed: dict[str, dict] = {}
        self.in_doubt: list[dict] = []
        self.stopping = False
        self.ended_well = False

    def run(self) -> None:
        while not self.stopping:
            try:
                for prompt in self._visitor.asks():
                    # Sometimes again what is in doubt, as the outbox of a page does.
                    events = [*self.in_doubt[-20:], rating(prompt["prompt_id"], random.randint(1, 5))]
                    self.in_doubt.append(events[-1])
                    answer = self._visitor.sends(*events).raise_for_status().json()
                    kept = set(answer["confirmed"])
                    self.confirmed |= {
                        event["event_id"]: event for event in events if event["event_id"] in kept
                    }
                    self.in_doubt = [event for event in self.in_doubt if event["event_id"] not in kept]
            except httpx.HTTPError:
                time.sleep(0.05)
        self.ended_well = True


def test_nothing_confirmed_is_lost_and_nothing_counts_twice(tmp_path):
    prompts = tmp_path / "prompts.jsonl"
    rows = ({"prompt": f"Prompt {n}", "source": "chaos", "kind": "synthetic"} for n in range(5000))
    prompts.write_text("\n".join(map(json.dumps, rows)))
    with Serving(tmp_path, PROMPTS=prompts, RATINGS_PER_MINUTE=0) as serving:
        people = [Burst(serving, f"person-{n}") for n in range(RATERS)]
        for someone in people:
            someone.start()
        for _ in range(KILLS):
            time.sleep(random.uniform(0.5, 1.5))
            serving.stop(signal.SIGKILL)
            serving.start()
        time.sleep(1)
        for someone in people:
            someone.stopping = True
        for someone in people:
            someone.join()
        serving.stop(signal.SIGKILL)

    assert all(someone.ended_well for someone in people)
    confirmed = {event_id: event for someone in people for event_id, event in someone.confirmed.items()}
    with sqlite3.connect(tmp_path / "sprint.db") as database:
        kept = dict(database.execute("SELECT event_id, score FROM events WHERE action = 'rated'").fetchall())
        times = database.execute(
            "SELECT COUNT(*), COUNT(DISTINCT event_id) FROM events WHERE action = 'rated'"
        ).fetchone()
    assert len(confirmed) > 100
    assert all(kept.get(event_id) == event["score"] for event_id, event in confirmed.items())
    assert times[0] == times[1]
    recount = command(tmp_path, "audit")
    assert recount.returncode == 0, recount.stdout


def test_the_audit_of_a_damaged_store_says_what_differs(tmp_path):
    with Serving(tmp_path) as serving:
        ada = Visitor(serving).signs_in("ada")
        ada.sends(*(rating(prompt["prompt_id"]) for prompt in ada.asks()))
    assert command(tmp_path, "audit").returncode == 0
    with sqlite3.connect(tmp_path / "sprint.db") as database:
        database.execute(
            "UPDATE prompt_tallies SET n4 = n4 + 1 WHERE n4 = 1 AND prompt_id = (SELECT MIN(prompt_id) FROM ratings)"
        )
    told = command(tmp_path, "audit")
    assert told.returncode == 1
    assert "prompt_tallies" in told.stdout
