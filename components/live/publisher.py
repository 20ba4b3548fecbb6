"""Keeps the latest version of every view as ready-made bytes, and renews them when the log has moved."""

import asyncio
import gzip
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import brotli
import orjson

from components.errors import SprintError, UnknownView
from components.live.view import View
from components.store.store import Store

log = logging.getLogger(__name__)

# How often the log is looked at; what a page sees is at most this much, and its own poll, old.
INTERVAL_S = 0.5


@dataclass(frozen=True)
class Published:
    """One version of a document, in each encoding a browser may ask for."""

    etag: str
    encodings: Mapping[str, bytes]


def published(document: object) -> Published:
    """Encode a JSON document; its ETag is a hash of its content, so equal content is never sent twice."""
    content = orjson.dumps(document)
    # Weak, since it is the same for every encoding.
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
    return Published(
        etag,
        {
            "br": brotli.compress(content, quality=5),
            "gzip": gzip.compress(content, compresslevel=6, mtime=0),
            "identity": content,
        },
    )


class Publisher:
    """Computes each view at most once per change of the log, and holds what everybody is served."""

    def __init__(self, store: Store, views: Sequence[View]) -> None:
        self._store = store
        self._views = tuple(views)
        self._version: tuple[int, Mapping[str, int]] | None = None
        self._outdated = 0
        self._failing: set[str] = set()
        self._documents: dict[str, Published] = {}
        self._index = published({"views": {}})
        self._task: asyncio.Task | None = None

    def refresh(self) -> None:
        """Renew every view if the log has moved since the last time.

        A view that cannot be computed keeps its last good version, and the log says why.
        """
        # Noted before anything is read: what is outdated meanwhile is computed the next time.
        version = self._outdated, self._store.vector()
        if version == self._version:
            return
        failing = set()
        with self._store.reading() as connection:
            for view in self._views:
                try:
                    self._documents[view.name] = published(view.compute(connection))
                except Exception:
                    failing.add(view.name)
                    if view.name not in self._failing:
                        log.exception("The view %s cannot be computed; the last good one stays.", view.name)
        self._failing = failing
        if not failing:  # else all are tried again the next time
            self._version = version
        self._index = published({"views": {name: made.etag for name, made in self._documents.items()}})

    def outdate(self) -> None:
        """Have every view computed again, for a change that is not in the log."""
        self._outdated += 1

    def index(self) -> Published:
        """The document that names every view and its ETag."""
        return self._index

    def document(self, name: str) -> Published:
        """The latest version of a view.

        Raises:
            UnknownView: There is no view of that name.
        """
        try:
            return self._documents[name]
        except KeyError:
            known = ", ".join(sorted(self._documents))
            raise UnknownView(f"There is no view named {name[:60]}; there are {known}.") from None

    def start(self) -> None:
        """Begin to follow the log, in the running event loop."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Stop following the log."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.refresh)
            except SprintError as error:
                log.warning("The views stay as they are: %s", error)
            except Exception:
                log.exception("The views stay as they are.")
            await asyncio.sleep(INTERVAL_S)
