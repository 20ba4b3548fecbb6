"""Jobs that an organizer starts on the page: one at a time, in a thread, to be watched and cancelled."""

import logging
import threading
from collections.abc import Callable

from components.errors import BadRequest, SprintError

log = logging.getLogger(__name__)


class Job:
    """One job, as those who do it and those who watch it see it.

    Attributes:
        kind: "import" or "duplicates".
        name: Of what it works on.
        doing: What it does now, in a word.
        unit: What `done` and `total` count.
        result: What came of it, None as long as it runs, and if it failed.
        error: Why it failed, as a sentence.
    """

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        self.doing = "reading"
        self.unit = ""
        self.done = 0
        self.total: int | None = None
        self.running = True
        self.ended_at: int | None = None
        self.result: object = None
        self.error: str | None = None
        self._cancelled = threading.Event()

    def progressed(self, doing: str, unit: str = "") -> Callable[[int, int | None], None]:
        """What to tell how far something has come."""

        def told(done: int, total: int | None) -> None:
            self.doing, self.unit, self.done, self.total = doing, unit, done, total

        return told

    def cancel(self) -> None:
        """Let it end as soon as it looks."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether it is to end."""
        return self._cancelled.is_set()


class Jobs:
    """The job that runs, and the last one of each kind."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last: dict[str, Job] = {}

    def last(self, kind: str) -> Job | None:
        """The job of a kind that runs, or the last one that did."""
        return self._last.get(kind)

    def begin(self, kind: str, name: str, work: Callable[[Job], object]) -> Job:
        """Begin one.

        Args:
            work: Does it, and returns what came of it.

        Raises:
            BadRequest: Another is under way.
        """
        if not self._lock.acquire(blocking=False):
            running = next((one for one in self._last.values() if one.running), None)
            doing = running.name if running else "Something else"
            raise BadRequest(f"{doing} is under way; wait for it, or cancel it.")
        job = self._last[kind] = Job(kind, name)
        threading.Thread(target=self._run, args=(job, work), name=kind, daemon=True).start()
        return job

    def cancel(self, kind: str) -> None:
        """Let the job of a kind end.

        Raises:
            BadRequest: None runs.
        """
        job = self._last.get(kind)
        if job is None or not job.running:
            raise BadRequest("Nothing is under way that could be cancelled.")
        job.cancel()

    def close(self) -> None:
        """Let whatever runs end: the process does."""
        for job in self._last.values():
            job.cancel()

    def _run(self, job: Job, work: Callable[[Job], object]) -> None:
        try:
            job.result = work(job)
        except SprintError as error:
            job.error = str(error)
        except Exception:
            log.exception("A job failed.")
            job.error = "It failed by a mistake of ours; the log has it. Nothing of it was kept."
        finally:
            job.ended_at = self._clock()
            job.running = False
            self._lock.release()
