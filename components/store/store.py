"""A sprint at rest: one database, its single writer, and the moment it is read at."""

import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import TypeVar

from sqlalchemy import Connection

from components.records import Sprint
from components.store import events, findings, sprints, tallies
from components.store.database import Database, epoch_ms
from components.store.writer import Transaction, Writer

Result = TypeVar("Result")


class Store:
    """Everything a sprint keeps. Open it once in a process, hand it down, close it.

    Attributes:
        epoch: New for each new store, known once it is open: a browser that sees another one knows
            that what it holds may be missing here.
    """

    def __init__(self, url: str, clock: Callable[[], int] = epoch_ms) -> None:
        """Prepare a store; `open` does the work.

        Raises:
            BadSetting: The address is not one of a database this version can use.
        """
        self.clock = clock
        self.database = Database(url)
        self.writer = Writer(self.database, str(uuid.uuid4()), clock)
        self.epoch = ""

    def open(
        self, title: str = "Prompt Sprint", ratings_per_prompt: int = 3, ratings_per_minute: int = 0
    ) -> "Store":
        """Migrate, begin to write, and make the sprint if there is none; an existing one stays as it is.

        Raises:
            StoreUnavailable: It cannot be opened now; the store is closed, and this may be tried again.
        """
        self.database.migrate()
        self.writer.start()
        try:
            begun = (title, ratings_per_prompt, ratings_per_minute)
            self.write(lambda transaction: sprints.begin(transaction, *begun))
            self.epoch = self.sprint().epoch
        except BaseException:
            self.close()
            raise
        return self

    def is_empty(self) -> bool:
        """Whether nothing ever happened in it; it need not be open for this, but its tables have to be made."""
        with self.reading() as connection:
            return not events.any_at_all(connection)

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one moment of the store."""
        return self.database.reading()

    def scanning(self) -> AbstractContextManager[Connection]:
        """The same for who reads everything once."""
        return self.database.scanning()

    def submit(self, work: Callable[[Transaction], Result], weight: int = 1) -> "Future[Result]":
        """Queue work for the writer, as heavy as about so many ratings; the future resolves when it is on the disk."""
        return self.writer.submit(work, weight)

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Have work done by the writer and wait until it is on the disk."""
        return self.submit(work).result()

    def sprint(self) -> Sprint:
        """The sprint as it stands now."""
        with self.reading() as connection:
            return sprints.current(connection)

    def vector(self) -> Mapping[str, int]:
        """How far each writer has come: it changes exactly when the log does."""
        with self.reading() as connection:
            return tallies.vector(connection)

    def version(self) -> str:
        """What changes whenever numbers that are counted do: with the log, an erasure, and an exclusion."""
        with self.reading() as connection:
            return findings.version(connection)

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self.writer.close()
        self.database.close()
