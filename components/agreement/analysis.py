"""The analysis: begins the work in a process of its own when ratings came in, and keeps what that found."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from components.errors import SprintError
from components.store import duties, findings
from components.store.findings import Made
from components.store.store import Store

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent.parent
NAME = "agreement"
# At most once a minute, and so that it takes a fifth of one core's time at most.
LEAST_REST_MS = 60_000
RESTS = 4
# A server has better to do in its first moments, and one that soon ends need not begin.
FIRST_S = 20.0
LOOK_S = 5.0
# Longer than any takes; whoever died with it keeps it from the others for no longer.
DUTY_MS = 10 * 60_000
RETRY_MS = 5 * 60_000


@dataclass(frozen=True)
class Progress:
    """How far the work is: what it does, and how much of how much is done."""

    doing: str
    done: int
    total: int


class Analysis:
    """Looks every few seconds whether the numbers are old, and has them computed anew by one of the replicas."""

    def __init__(
        self,
        store: Store,
        url: str,
        changed: Callable[[], None],
        alone: bool,
        first_s: float = FIRST_S,
        look_s: float = LOOK_S,
    ) -> None:
        """Prepare; `start` begins.

        Args:
            url: The address of the store.
            changed: Called when there are new numbers, whoever computed them.
            alone: Whether no other server has the same store.
            first_s, look_s: How long to wait before the first look, and between two.
        """
        self._store = store
        self._url = url
        self._changed = changed
        self._alone = alone
        self._first_s, self._look_s = first_s, look_s
        self._seen: Made | None = None
        self._not_before = 0
        self._progress: Progress | None = None
        self._process: subprocess.Popen | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)

    @property
    def progress(self) -> Progress | None:
        """How far the work is; None if none is under way here."""
        return self._progress

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more, and let go of work that is under way: the next start does it anew."""
        self._ended.set()
        process = self._process
        if process is not None:
            process.terminate()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> bool:
        """Have the numbers computed if they are old and nobody else is at it; returns whether it was done."""
        now = self._store.clock()
        with self._store.reading() as connection:
            made, version = findings.latest(connection, NAME), findings.version(connection)
        if made != self._seen:
            self._seen = made
            self._changed()
        if now < self._not_before or (made and not _is_old(made, version, now)):
            return False
        if not self._alone and not self._take(now):
            return False
        try:
            self._not_before = now + RETRY_MS  # unless it comes to a good end
            contents = self._work()
            made = Made(contents.pop("version"), now, self._store.clock() - now)
            self._store.write(lambda transaction: findings.keep(transaction, made, contents["contents"]))
            self._not_before = 0
        finally:
            self._progress = None
            if not self._alone:
                self._let_go()
        self._seen = made
        self._changed()
        return True

    def _work(self) -> dict:
        """Run the process to its end; what it says last is what it found."""
        told: Mapping = {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "components.agreement.work"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # A Ctrl-C in the terminal is for the server, which ends this then.
            start_new_session=True,
        )
        if self._ended.is_set():
            self._process.terminate()
        with self._process as process:
            # Not as an argument, which anybody on the machine can read: it may hold a password.
            process.stdin.write(json.dumps({"url": self._url}))
            process.stdin.close()
            for line in process.stdout:
                told = json.loads(line)
                if "doing" in told:
                    self._progress = Progress(**told)
        self._process = None
        if "contents" not in told:
            raise RuntimeError(f"The work on agreement ended early, with {process.returncode}.")
        return dict(told)

    def _take(self, now: int) -> bool:
        with self._store.database.writing() as connection:
            return duties.take(connection, NAME, self._store.writer.name, now, DUTY_MS)

    def _let_go(self) -> None:
        with self._store.database.writing() as connection:
            duties.let_go(connection, NAME, self._store.writer.name)

    def _run(self) -> None:
        self._ended.wait(self._first_s)
        while not self._ended.is_set():
            try:
                self.look()
            except SprintError as error:
                log.warning("The numbers about agreement stay as they are: %s", error)
            except Exception:
                if not self._ended.is_set():
                    log.exception("The numbers about agreement stay as they are.")
            self._ended.wait(self._look_s)


def _is_old(made: Made, version: str, now: int) -> bool:
    rested = now - made.made_at - made.took_ms
    # One from the future was made by a clock that was wrong.
    enough = rested >= max(LEAST_REST_MS, RESTS * made.took_ms) or rested < -LEAST_REST_MS
    return made.version != version and enough
