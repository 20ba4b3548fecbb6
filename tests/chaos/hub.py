"""A Hub that is not well while people rate: nobody waits for it, and the backup catches up."""

import shutil
import signal
from collections.abc import Iterable
from pathlib import Path

import httpx

from tests.chaos.crowd import Crowd, crowd
from tests.chaos.scenario import Outcome, reckoned, rss_mb
from tests.chaos.sprint import sprint_in, url_of
from tests.doubles.hub.exchange import Fault
from tests.doubles.hub.server import running_hub
from tests.serving import Serving

# Each meets so many requests; silence is minutes in life.
FAULTS = (
    Fault(".", "silence", seconds=3),
    Fault(".", "answer", times=2, status=429, headers={"Retry-After": "2"}),
    Fault(".", "reset", times=3),
    Fault(".", "answer", times=3, status=503),
    Fault(".", "half", times=2),
    Fault("batch|commit", "lose", times=2),
    Fault(".", "answer", times=2, status=412),
)
# Of somebody who rates: far below what the Hub is silent for, but a small machine is busy.
NOBODY_WAITS_S = 1.5


def unwell(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Let the Hub go wrong in every way, then lose the disk: the backup has all that was confirmed."""
    with running_hub() as hub:
        sprint = sprint_in(
            folder,
            BACKUP_TO="hf://buckets/sprint/backup",
            HF_TOKEN="hf_alice",
            HF_ENDPOINT=hub.address,
            HF_HOME=folder / "home",
            HF_HUB_OFFLINE=0,
        )
        with sprint as serving, crowd(serving) as people:
            people.rates(100)
            before = rss_mb(serving)
            people.forget_slowest()
            for number in rounds:
                fault = FAULTS[number % len(FAULTS)]
                hub.goes_wrong(Fault(**vars(fault)))
                asked = len(hub.requests())
                people.wait_until(lambda asked=asked, fault=fault: len(hub.requests()) > asked + fault.times)
                hub.is_well()
                _is_backed_up(serving, people)
            slowest_s = people.slowest_s
            people.finish()
            _is_backed_up(serving, people)
            memory = before, rss_mb(serving)
            serving.stop(signal.SIGKILL)
            (folder / "data").rename(folder / "lost")
            serving.start()
            serving.stop(signal.SIGKILL)
            outcome = reckoned(url_of(serving), people, memory)
            shutil.rmtree(folder / "lost")
        if slowest_s > NOBODY_WAITS_S:
            outcome.failures.append(f"somebody waited {slowest_s:.1f} s while the Hub was not well")
        return outcome


def _is_backed_up(serving: Serving, people: Crowd) -> None:
    """Wait until all that is confirmed by now is in the backup."""
    wanted = [one.last_seq for one in people.raters]

    def there() -> bool:
        held = httpx.get(f"{serving.address}/api/views/durable", timeout=30).json()["writers"]
        return all(held.get(seq["writer"], 0) >= seq["number"] for seq in wanted)

    people.wait_until(there, 120)
