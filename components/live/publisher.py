"""Keeps the latest version of every view as ready-made bytes, and renews them when the log has moved."""

import asyncio
import gzip
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence

import brotli
import orjson

from components.errors import SprintError, UnknownView
from components.live.moment import Moment
from components.live.view import View
from components.store.store import Store

log = logging.getLogger(__name__)

# How long to rest between two looks at the log: so that renewing the views takes at most about this share of
# the process's time, but never so long that a page which asks every two seconds moves later than after three.
SHARE_OF_TIME = 0.05
SHORTEST_REST_S, LONGEST_ROUND_S = 0.5, 0.9
# While nobody has looked for so long, the views are renewed so seldom: for milestones, and for who comes next.
WATCHED_S, UNWATCHED_ROUND_S = 10.0, 10.0
# After each view, a pause so many times as long as it took: all at once they would hold up whoever rates then.
PAUSES = 4.0

# In the order in which they are preferred.
COMPRESSORS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=5),
    "gzip": lambda content: gzip.compress(content, compresslevel=6, mtime=0),
}
IDENTITY = "identity"


class Published:
    """One version of a document.

    Attributes:
        etag: A hash of its content, so equal content is never sent twice.
    """

    def __init__(self, document: object) -> None:
        content = orjson.dumps(document)
        # Weak, since it is the same for every encoding.
        self.etag = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
        self._encoded = {IDENTITY: content}

    @property
    def asked_for(self) -> tuple[str, ...]:
        """The encodings it was made in so far."""
        return tuple(self._encoded)

    def encoded(self, encoding: str) -> bytes:
        """The document in an encoding of `COMPRESSORS`, or as it is.

        Compressed when first asked for, and then kept: most versions of most views nobody fetches.
        """
        if encoding not in self._encoded:
            self._encoded[encoding] = COMPRESSORS[encoding](self._encoded[IDENTITY])
        return self._encoded[encoding]


class Publisher:
    """Computes each view at most once per change of the log, and holds what everybody is served.

    While nobody asks for any, it follows the log from afar.
    """

    def __init__(self, store: Store, views: Sequence[View]) -> None:
        self._store = store
        self._views = tuple(views)
        self._version: tuple[int, Hashable] | None = None
        self._outdated = 0
        self._until: int | None = None
        self._failing: set[str] = set()
        self._good_at: dict[str, int] = {}
        self._documents: dict[str, Published] = {}
        self._index = Published({"views": {}})
        self._task: asyncio.Task | None = None
        self._asked_at = -WATCHED_S
        # Whoever changed something that others see has it shown at once, beside the turns of `_follow`.
        self._refreshing = threading.Lock()

    def refresh(self, pauses: float = 0) -> None:
        """Renew every view if the log has moved since the last time, or a view said that it would change by now.

        A view that cannot be computed keeps its last good version, marked with its time in `as_of` (epoch
        milliseconds), and the log says why.

        Args:
            pauses: How long to leave the processor to others after each view, in times of what it took.
        """
        with self._refreshing:
            self._refresh(pauses)

    def _refresh(self, pauses: float) -> None:
        if not self._store.epoch:
            return  # not open yet: there is nothing to compute from
        # Noted before anything is read: what is outdated meanwhile is computed the next time.
        version = self._outdated, self._store.version()
        now = self._store.clock()
        if version == self._version and (self._until is None or now < self._until):
            return
        failing = set()
        with self._store.reading() as connection:
            moment = Moment(connection, now)
            for view in self._views:
                began = time.perf_counter()
                try:
                    self._publish(view.name, view.compute(moment))
                    self._good_at[view.name] = now
                except Exception:
                    failing.add(view.name)
                    if view.name not in self._failing:
                        log.exception("The view %s cannot be computed; the last good one stays.", view.name)
                        self._mark(view.name)
                time.sleep(pauses * (time.perf_counter() - began))
        self._failing = failing
        if not failing:  # else all are tried again the next time
            self._version, self._until = version, moment.until
        self._list()

    def _list(self) -> None:
        self._index = Published({"views": {name: made.etag for name, made in self._documents.items()}})

    def _publish(self, name: str, document: dict) -> None:
        made, before = Published(document), self._documents.get(name)
        # What says the same may be compressed already.
        if before is None or made.etag != before.etag:
            if before is not None:
                # Whoever looked at the last version asks for this one: better compressed here than while
                # they wait.
                for encoding in before.asked_for:
                    made.encoded(encoding)
            self._documents[name] = made

    def _mark(self, name: str) -> None:
        """Have the last good version of a view say of when it is."""
        good = self._documents.get(name)
        if good is not None:
            self._publish(name, orjson.loads(good.encoded(IDENTITY)) | {"as_of": self._good_at[name]})

    def outdate(self) -> None:
        """Have every view computed again, for a change that is not in the log."""
        self._outdated += 1

    def index(self) -> Published:
        """The document that names every view and its ETag."""
        self._asked_at = time.monotonic()
        return self._index

    def document(self, name: str) -> Published:
        """The latest version of a view.

        Raises:
            UnknownView: There is no view of that name.
        """
        self._asked_at = time.monotonic()
        try:
            return self._documents[name]
        except KeyError:
            known = ", ".join(sorted(self._documents))
            raise UnknownView(f"There is no view named {name[:60]}; there are {known}.") from None

    def contents(self) -> dict[str, bytes]:
        """The latest version of every view, as JSON."""
        # Asked by the backup's thread, while another one may add a view.
        return {name: made.encoded(IDENTITY) for name, made in tuple(self._documents.items())}

    def show(self, documents: Mapping[str, object]) -> None:
        """Serve documents of an earlier time until the views can be computed."""
        known = {view.name for view in self._views}
        for name in known & documents.keys():
            self._publish(name, documents[name])
        self._list()

    def start(self) -> None:
        """Begin to follow the log, in the running event loop."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Stop following the log."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        said = ""
        while True:
            began = time.monotonic()
            try:
                await asyncio.to_thread(self.refresh, PAUSES)
                said = ""
            except SprintError as error:
                if str(error) != said:
                    log.warning("The views stay as they are: %s", error)
                said = str(error)
            except Exception:
                log.exception("The views stay as they are.")
            await asyncio.sleep(rest_after(time.monotonic() - began))
            while self._asked_at + WATCHED_S < time.monotonic() < began + UNWATCHED_ROUND_S:
                await asyncio.sleep(SHORTEST_REST_S)


def rest_after(took: float) -> float:
    """How long to rest after a refresh with its pauses, both in seconds."""
    return max(SHORTEST_REST_S, min(took / SHARE_OF_TIME, LONGEST_ROUND_S - took))
