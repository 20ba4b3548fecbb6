"""The one who writes: a thread that gathers waiting work, does it in one transaction, and commits once.

A hundred contributors rating at the same moment share one flush to the disk. Nobody is told that
something was kept before that flush is over.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from operator import attrgetter

import orjson
from sqlalchemy import Connection

from components.errors import SprintError, StoreUnavailable
from components.records import Event
from components.store.database import Database, driver_of, savepoint
from components.store.statement import Statement

log = logging.getLogger(__name__)

# So much weight makes the flush cheap, and nobody waits long behind the others.
LARGEST_GROUP = 256

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
        self._driver = driver_of(self.connection)

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
    ) -> list[list]:
        """Run a statement that answers and return its rows.

        Args:
            given: The rows of the statement's `given` table.
            named: Its other parameters.
        """
        answer = self._driver.execute(statement.in_one_piece, statement.parameters(given, named))
        return orjson.loads(answer.fetchone()[0])

    def change(self, statement: Statement, given: Sequence[Sequence], **named: object) -> None:
        """Run a statement that answers nothing, unless no rows are given."""
        if given:
            self._driver.execute(statement.sql, statement.parameters(given, named))


@dataclass
class _Job:
    work: Callable[[Transaction], object]
    weight: int
    done: Future


class Writer:
    """The single writer of one process; its events are numbered 1, 2, 3 without gaps."""

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
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="writer")

    def start(self) -> None:
        """Begin to take work. The store learns of this writer with its first event."""
        self._started_at = self._clock()
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
        if self._thread.is_alive():
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
        outcomes: list[tuple[Future, object, Exception | None]] = []
        after_commit: list[Callable[[], None]] = []
        try:
            if self._connection is None:
                self._connection = self._database.connect()
            with self._database.writing(self._connection) as connection:
                number = self.number
                for job in group:
                    transaction = Transaction(connection, self.name, self._slot, self._clock(), number)
                    try:
                        with savepoint(connection):
                            result = job.work(transaction)
                    except self._database.outages:
                        raise  # the disk or the database itself: nothing of this group can stand
                    except Exception as error:
                        if not isinstance(error, SprintError):
                            log.exception("A piece of work failed and was undone.")
                        outcomes.append((job.done, None, error))
                    else:
                        number = transaction.number
                        after_commit += transaction.after_commit
                        outcomes.append((job.done, result, None))
                if number != self.number:
                    transaction.change(WRITER_AT, [(self.name, number, self._slot, self._started_at)])
        except Exception as error:
            log.exception("A group of %d could not be kept.", len(group))
            for job in group:
                job.done.set_exception(error)
            self._disconnect()
            return
        self.number = number
        for done in after_commit:
            done()
        for done, result, error in outcomes:
            if error is None:
                done.set_result(result)
            else:
                done.set_exception(error)
