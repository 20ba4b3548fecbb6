"""A fault the sprint has to survive, and what is compared when it is over."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import text

from components.store.audit import audit
from components.store.store import Store
from tests.chaos.crowd import Crowd
from tests.serving import Serving

RATED = text("SELECT event_id, score, COUNT(*) FROM events WHERE action = 'rated' GROUP BY event_id, score")
# What caches and pools still grow by after the first ratings; a leak of all that is refused would be more.
MOST_GROWTH_MB = 100
# Answers that tell a page to keep what it has and to send it again.
TRY_AGAIN = ("503 ", "429 ")


class Skipped(Exception):
    """The machine has not what a scenario needs; the message says what."""


@dataclass
class Outcome:
    """What was confirmed and what is there.

    Attributes:
        confirmed: Ratings that were confirmed to somebody.
        found: How many of them are in the store as they were given.
        twice: How many are there once more than they were given.
        audit: What a recount says.
        before_mb: Memory of the server when it had begun, and `after_mb` at the end.
        failures: A sentence for each thing that is not as it has to be.
    """

    confirmed: int
    found: int
    twice: int
    audit: str
    before_mb: float | None = None
    after_mb: float | None = None
    failures: list[str] = field(default_factory=list)


# Rounds are so many faults, one after the other; whoever looks on sees how far it is.
Run = Callable[[Path, Iterable[int]], Outcome]


@dataclass(frozen=True)
class Scenario:
    """One fault.

    Attributes:
        name: As on the command line.
        does: What happens, in a sentence.
        run: Does it in a folder, in so many rounds.
        short: Rounds in the tests, and `long` from the command line.
    """

    name: str
    does: str
    run: Run
    short: int
    long: int


def rss_mb(serving: Serving) -> float:
    """The memory a server holds."""
    return psutil.Process(serving.pid).memory_info().rss / 1e6


def reckoned(
    url: str, people: Crowd, memory: tuple[float, float] | None = None, confirmed: set[str] | None = None
) -> Outcome:
    """Compare what was confirmed with what is in a store.

    Args:
        memory: What the server held when it had begun, and at the end, in megabytes.
        confirmed: What has to be there, if not all that is confirmed by now.
    """
    made, confirmed = people.made, people.confirmed if confirmed is None else confirmed
    with closing(Store(url)) as store:
        with store.reading() as connection:
            rows = connection.execute(RATED).fetchall()
        said = str(audit(store)).splitlines()
    kept = {row[0]: row[1] for row in rows}
    outcome = Outcome(
        len(confirmed),
        sum(kept.get(event_id) == made[event_id]["score"] for event_id in confirmed),
        sum(row[2] for row in rows) - len(kept),
        "clean" if said[0].startswith("Everything agrees.") else "\n".join(said[:5]),
        *(memory or ()),
        failures=people.broken[:5],
    )
    # Not what connections do when they break, but what the server says itself.
    unclear = [said for said in people.refused if said[0].isdigit() and not said.startswith(TRY_AGAIN)]
    judged = _judged(outcome, kept.keys() - made.keys(), unclear)
    outcome.failures += [sentence for wrong, sentence in judged if wrong]
    return outcome


def _judged(outcome: Outcome, invented: set[str], unclear: list[str]) -> list[tuple[object, str]]:
    lost = outcome.confirmed - outcome.found
    growth = (outcome.after_mb or 0) - (outcome.before_mb or 0)
    return [
        (not outcome.confirmed, "nothing was confirmed, so nothing is shown"),
        (lost, f"{lost} of {outcome.confirmed} confirmed ratings are lost"),
        (outcome.twice, f"{outcome.twice} ratings are there twice"),
        (invented, f"{len(invented)} ratings are there that nobody gave"),
        (outcome.audit != "clean", outcome.audit),
        (unclear, f"raters were told {unclear}"),
        (growth > MOST_GROWTH_MB, f"memory grew by {growth:.0f} MB"),
    ]
