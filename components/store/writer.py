"""The one who writes: a thread that gathers waiting work, does it in one transaction, and commits once.

A hundred contributors rating at the same moment share one flush to the disk. Nobody is told that
something was kept before that flush is over.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from operator import attrgetter

from sqlalchemy import Connection

from components.errors import Outage, SprintError, StoreUnavailable
from components.records import Event
from components.store.database import Database, driver_of, savepoint
from components.store.statement import Statement

log = logging.getLogger(__name__)

# So much weight makes the flush cheap, and nobody waits long behind the others.
LARGEST_GROUP = 256

# Before a group is tried again; together three or four seconds, as long as a database takes to start anew.
PAUSES_S = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 1.6)

EVENT_COLUMNS = tuple(Event.__dataclass_fields__)
EVENT_VALUES = attrgetter(*EVENT_COLUMNS)
EVENT_NUMBERS = ("score", "shown_ms", "happened_at", "received_at")
EVENT_FIELDS = tuple(f"{name} int" if name in EVENT_NUMBERS else name for name in EVENT_COLUMNS)

APPEND_EVENT = Statement(
    """
    INSERT INTO events (writer, number, event_id, contributor, prompt_id, action, score, reason, target,
                        shown_ms, happened_at, local_date, received_at, payload)
    SELECT writer, number, event_id, contributor, prompt_id, action, score, reason, target,
           shown_ms, happened_at, local_date, received_at, payload
    FROM {given}
    """,
    "writer",
    "number int",
    *EVENT_FIELDS,
)
WRITER_AT = Statement(
    """
    INSERT INTO writers (writer, number, slot, started_at)
    SELECT writer, number, slot, started_at FROM {given} WHERE true
    ON CONFLICT (writer) DO UPDATE SET number = excluded.number
    """,
    "writer",
    "number int",
    "slot int",
    "started_at int",
)
OWN_NUMBER = Statement("SELECT number FROM writers WHERE writer = :writer", returns=1)


@dataclass
class Transaction:
    """What one piece of work may touch.

    Attributes:
        connection: Inside a savepoint of its own: raising undoes this work and nothing else's.
        now: The moment of this work, in epoch milliseconds.
        slot: The number of the rows of shared tallies that are this writer's to add to.
        number: The running number of this writer's last event.
        after_commit: Called in order as soon as all of it is on the disk; what they note is noted only then.
    """

    connection: Connection
    writer: str
    slot: int
    now: int
    number: int
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cursor = driver_of(self.connection).cursor()
        self._engine = self.connection.dialect.name

    @property
    def stamp(self) -> dict[str, object]:
        """What marks a row that the next event makes or changes, so that a backup finds it."""
        return {"writer": self.writer, "number": self.number + 1}

    def append(self, *events: Event) -> None:
        """Add events to the log, as this writer's next."""
        rows = []
        for event in events:
            self.number += 1
            rows.append((self.writer, self.number, *EVENT_VALUES(event)))
        self.change(APPEND_EVENT, rows)

    def read(
        self, statement: Statement, given: Sequence[Sequence] | None = None, **named: object
    ) -> list[Sequence]:
        """Run a statement that answers and return its rows.

        Args:
            given: The rows of the statement's `given` table.
            named: Its other parameters.
        """
        return statement.answer(self._engine, self._cursor, given, named)

    def change(self, statement: Statement, given: Sequence[Sequence], **named: object) -> None:
        """Run a statement that answers nothing, unless no rows are given."""
        if given:
            statement.execute(self._engine, self._cursor, given, named)


@dataclass
class _Job:
    work: Callable[[Transaction], object]
    weight: int
    done: Future


@dataclass
class _Attempt:
    """One transaction that did the work of a group: it counts once it is committed.

    Attributes:
        before, number: This writer's number without it and with it.
        outcomes: What each job came to, its result or its error.
    """

    before: int
    number: int
    outcomes: list[tuple[Future, object, Exception | None]] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


class Writer:
    """The single writer of one process; its events are numbered 1, 2, 3 without gaps.

    Attributes:
        trouble: Why what is sent cannot be kept now, for whoever runs the sprint; empty if it can.
    """

    def __init__(self, database: Database, name: str, clock: Callable[[], int], slot: int = 0) -> None:
        self.name = name
        self.number = 0
        self._database = database
        self._clock = clock
        self._slot = slot
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._started_at = 0
        self.trouble = ""
        self._connection: Connection | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to take work, also after it was closed. The store learns of this writer with its first event."""
        self._started_at = self._clock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer")
        self._thread.start()

    def submit(self, work: Callable[[Transaction], object], weight: int = 1) -> Future:
        """Queue a piece of work; the future holds what it returns once that is on the disk.

        Args:
            weight: About how many ratings it keeps; heavy work shares its flush with less other work.

        Raises:
            StoreUnavailable: The writer has been closed.
        """
        job = _Job(work, weight, Future())
        with self._closing:
            if self._closed:
                raise StoreUnavailable("The sprint is shutting down; what you sent will be sent again.")
            self._jobs.put(job)
        return job.done

    def close(self) -> None:
        """Do what is queued, then stop."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            group, closing = self._next_group()
            if group:
                self._do(group)
            if closing:
                self._disconnect()
                return

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                # Not back into the pool: after an error nobody knows what state it is in.
                connection.invalidate()
                connection.close()
            except Exception:  # what is broken already must not take the thread with it
                log.exception("A connection could not be closed properly.")

    def _next_group(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        weight = 0
        job = self._jobs.get()
        while job is not None:
            if job.done.set_running_or_notify_cancel():
                group.append(job)
                weight += job.weight
            if weight >= LARGEST_GROUP or self._jobs.empty():
                return group, False
            job = self._jobs.get()
        return group, True

    def _do(self, group: list[_Job]) -> None:
        finished: list[_Attempt] = []
        for pause in (*PAUSES_S, None):
            try:
                attempt = self._attempt(group, finished)
                break
            except Exception as error:
                self._disconnect()
                if pause is None or not self._database.may_be_tried_again(error):
                    self._say(error, len(group))
                    for job in group:
                        job.done.set_exception(error)
                    return
            time.sleep(random.uniform(0.5, 1) * pause)
        if self.trouble:
            log.warning("What is sent is kept again.")
            self.trouble = ""
        self.number = attempt.number
        for done in attempt.after_commit:
            done()
        for done, result, error in attempt.outcomes:
            if error is None:
                done.set_result(result)
            else:
                done.set_exception(error)

    def _say(self, error: Exception, number: int) -> None:
        """Log why a group could not be kept: what the disk or the database says, once until it says another thing."""
        if not isinstance(error, Outage):
            log.error("A group of %d could not be kept.", number, exc_info=error)
        elif str(error) != self.trouble:
            log.error("What is sent cannot be kept. %s It is tried with all that is sent from now on.", error)
            self.trouble = str(error)

    def _attempt(self, group: list[_Job], finished: list[_Attempt]) -> _Attempt:
        """Do the work of a group in one transaction.

        Args:
            finished: Earlier attempts that failed no sooner than in their commit; this one is added.
        """
        connected_now = self._connection is None
        if connected_now:
            self._connection = self._database.connect()
        with self._database.writing(self._connection) as connection:
            start = self._transaction(connection, self.number)
            if connected_now:
                # Nobody else writes now, so an earlier commit of ours has come through, or never will.
                self.number = start.number = next(
                    (row[0] for row in start.read(OWN_NUMBER, writer=self.name)), 0
                )
                for earlier in finished:
                    if earlier.number == self.number > earlier.before:
                        return earlier
            attempt = _Attempt(self.number, self.number)
            for job in group:
                self._work(job, connection, attempt)
            if attempt.number != attempt.before:
                start.change(WRITER_AT, [(self.name, attempt.number, self._slot, self._started_at)])
            finished.append(attempt)
        return attempt

    def _work(self, job: _Job, connection: Connection, attempt: _Attempt) -> None:
        transaction = self._transaction(connection, attempt.number)
        try:
            with savepoint(connection):
                result = job.work(transaction)
        except Exception as error:
            if self._database.is_outage(error) or self._database.may_be_tried_again(error):
                raise  # nothing of this group can stand
            if not isinstance(error, SprintError):
                log.exception("A piece of work failed and was undone.")
            attempt.outcomes.append((job.done, None, error))
        else:
            attempt.number = transaction.number
            attempt.after_commit += transaction.after_commit
            attempt.outcomes.append((job.done, result, None))

    def _transaction(self, connection: Connection, number: int) -> Transaction:
        return Transaction(connection, self.name, self._slot, self._clock(), number)
