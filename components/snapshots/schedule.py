"""The schedule: snapshots that are pushed by themselves, by one of several servers."""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from components.errors import BadRequest, BadSetting
from components.prompt_sources.jobs import Job, Jobs
from components.records import DAY_MS, HOUR_MS, Milestone
from components.snapshots.options import Options
from components.snapshots.publishing import Target
from components.store import duties, milestones, publications, sprints
from components.store.publications import Publication
from components.store.sprints import TERMINAL
from components.store.store import Store

log = logging.getLogger(__name__)

# How often, and after how long at the soonest.
EVERY = {"off": None, "hour": HOUR_MS, "day": DAY_MS, "milestone": 0}
LOOK_S = 20.0
RETRY_MS = 10 * 60_000
# A push may take long; whoever died with one keeps it from the others for no longer.
DUTY_MS = 60 * 60_000


@dataclass(frozen=True)
class Plan:
    """When snapshots go where.

    Attributes:
        every: One of `EVERY`.
    """

    every: str
    target: Target

    def __str__(self) -> str:
        if self.every == "off":
            return f"No snapshot is pushed by itself; they went to {self.target.to}."
        return f"A snapshot is pushed to {self.target.to} every {self.every}, while the server runs."


def plan(every: str, target: Target) -> Plan:
    """A plan that can be followed.

    Raises:
        BadSetting: It names no such times.
    """
    if every not in EVERY:
        raise BadSetting(f"Snapshots can be pushed every {', '.join(EVERY)}; not {every!r}.")
    return Plan(every, target)


def current(store: Store) -> Plan | None:
    """The plan that was made last; None if there never was one."""
    with store.reading() as connection:
        return _read(sprints.publishing(connection))


def follow(store: Store, contributor: str, wanted: Plan) -> None:
    """Follow a plan from now on, and note in the log who said so."""
    told = json.dumps({"every": wanted.every, **asdict(wanted.target)}, ensure_ascii=False)
    store.write(lambda transaction: sprints.change(transaction, contributor, {"publishing": told}))


def stop(store: Store, contributor: str) -> Plan:
    """Follow no plan any more; what it was is remembered.

    Raises:
        BadSetting: There is none.
    """
    known = current(store)
    if known is None:
        raise BadSetting("There is no schedule yet: name how often, and the dataset with --to ORG/NAME.")
    follow(store, contributor, replace(known, every="off"))
    return replace(known, every="off")


def is_due(
    wanted: Plan, last: Publication | None, reached: Sequence[Milestone], tried_at: int, now: int
) -> bool:
    """Whether a snapshot is to be pushed now.

    Args:
        last: The last one that went there.
        tried_at: When it was last tried, whatever came of it.
    """
    since = max(last.at if last else 0, tried_at)
    if wanted.every == "off":
        return False
    if wanted.every == "milestone":
        return any(one.reached_at > since for one in reached)
    return now - since >= EVERY[wanted.every]


class Schedule:
    """Looks every few seconds whether a snapshot is due, and pushes it."""

    def __init__(
        self, store: Store, jobs: Jobs, publish: Callable[[Target, str, Job], object], alone: bool
    ) -> None:
        """Prepare.

        Args:
            publish: Pushes to a target, in somebody's name, watched through a job.
            alone: Whether no other server has the same store.
        """
        self._store = store
        self._jobs = jobs
        self._publish = publish
        self._alone = alone
        self._tried_at = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._ended.set()

    def look(self) -> bool:
        """Push a snapshot if one is due and nobody else is at it; returns whether it was begun."""
        wanted, now = current(self._store), self._store.clock()
        if wanted is None or wanted.every == "off":
            return False
        with self._store.reading() as connection:
            last = publications.latest_to(connection, wanted.target.to)
            reached = milestones.every(connection)
        if not is_due(wanted, last, reached, self._tried_at, now) or not self._is_on_duty(now):
            return False
        before, self._tried_at = self._tried_at, now
        try:
            self._jobs.begin("push", wanted.target.to, lambda job: self._push(job, wanted))
        except BadRequest:  # an organizer is at it
            self._tried_at = before
            return False
        return True

    def _push(self, job: Job, wanted: Plan) -> object:
        try:
            return self._publish(wanted.target, TERMINAL, job)
        except Exception:
            # Sooner than when the next one is due.
            self._tried_at = self._store.clock() - (EVERY[wanted.every] or RETRY_MS) + RETRY_MS
            raise

    def _is_on_duty(self, now: int) -> bool:
        if self._alone:
            return True
        with self._store.database.writing() as connection:
            return duties.take(connection, "publishing", self._store.writer.name, now, DUTY_MS)

    def _run(self) -> None:
        while not self._ended.wait(LOOK_S):
            try:
                self.look()
            except Exception:
                log.exception("Whether a snapshot is due could not be found out.")


def _read(told: str) -> Plan | None:
    if not told:
        return None
    fields = json.loads(told)
    every, options = fields.pop("every"), fields.pop("options")
    options = Options(**options | {"formats": tuple(options["formats"])})
    return Plan(every, Target(**fields, options=options))
