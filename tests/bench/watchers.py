"""Watchers over HTTP/1.1, in a process of their own, and beside them those who rate.

Reads what to do as one line of JSON and writes lines of JSON: how far it is, and at the end what was seen.
"""

import asyncio
import json
import random
import sys
import time
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass

import brotli
import orjson
import uvloop

from tests.bench.load import Crowd, tell
from tests.bench.outcome import Cost, Load, Outcome
from tests.bench.requests import ETAG, LENGTH, asking
from tests.bench.table import percentile

INDEX = "/api/views"
EVERY_S = 2.0
WARM_UP_S = 1.0
# Of the ratings whose way to each page is timed: one in so many.
TIMED = 10


@dataclass(frozen=True)
class Asking:
    """Ask for one document again and again.

    Attributes:
        known: Whether the asker has it already, and says so.
    """

    port: int
    pid: int
    path: str
    known: bool
    connections: int
    seconds: float


@dataclass(frozen=True)
class Asked:
    """What became of it; the shares are of one core."""

    per_s: float
    p99_ms: float | None
    bytes: int
    server_share: float
    client_share: float
    others_share: float


@dataclass(frozen=True)
class Seen:
    """What watchers saw of a sprint that grew meanwhile."""

    rating: Outcome
    polls: int
    documents: int
    fresh_p50_s: float | None
    fresh_p95_s: float | None
    fresh_max_s: float | None
    troubles: dict[str, int]


class Connection(asyncio.Protocol):
    """A kept-alive connection with one request on the way at a time."""

    def __init__(self, port: int, answered: Callable[[int, bytes, bytes], None]) -> None:
        """Prepare; `answered` is given status, head and body of each answer."""
        self._port = port
        self._answered = answered
        self._transport: asyncio.Transport | None = None
        self._came = b""
        self._request = b""

    async def send(self, request: bytes) -> None:
        """Send a request, on a new connection if there is none."""
        self._request = request
        if self._transport is None:
            await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)
        self._transport.write(request)

    def again(self, request: bytes) -> None:
        """Send a request on the connection there is."""
        self._request = request
        self._transport.write(request)

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._transport, self._came = None, b""
        if self._request:  # a browser asks again, too
            asyncio.ensure_future(self.send(self._request))

    def data_received(self, data: bytes) -> None:
        self._came += data
        end = self._came.find(b"\r\n\r\n")
        if end < 0:
            return
        status = int(self._came[9:12])
        length = LENGTH.search(self._came, 0, end + 2) if status != 304 else None
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self._came) < whole:
            return
        head, body = self._came[:end], self._came[end + 4 : whole]
        self._came, self._request = b"", b""
        self._answered(status, head, body)


async def ask(what: Asking) -> Asked:
    """Ask in a closed loop over so many connections."""
    loop = asyncio.get_running_loop()
    first: asyncio.Future[tuple[int, bytes, bytes]] = loop.create_future()
    await Connection(what.port, lambda *answer: first.set_result(answer)).send(asking(what.port, what.path))
    status, head, body = await first
    if status != 200:
        raise SystemExit(f"{what.path} answers {status}.")
    request = asking(what.port, what.path, ETAG.search(head)[1] if what.known else b"")
    took = array("d")
    wanted = 304 if what.known else 200
    state = {"measuring": False, "over": False}

    def asker() -> Connection:
        began = 0.0

        def answered(status: int, head: bytes, body: bytes) -> None:
            nonlocal began
            now = time.perf_counter()
            if status != wanted:
                raise SystemExit(f"{what.path} answers {status}.")
            if state["measuring"]:
                took.append(now - began)
            if not state["over"]:
                began = now
                connection.again(request)

        connection = Connection(what.port, answered)
        return connection

    await asyncio.gather(*(asker().send(request) for _ in range(what.connections)))
    await asyncio.sleep(WARM_UP_S)
    cost = Cost(what.pid)
    before, state["measuring"] = cost.now(), True
    await asyncio.sleep(what.seconds)
    state["measuring"] = False
    used = [now - then for now, then in zip(cost.now(), before, strict=True)]
    state["over"] = True
    milliseconds = sorted(1000 * one for one in took)
    shares = (max(0.0, one / used[0]) for one in used[1:])
    return Asked(len(took) / used[0], percentile(milliseconds, 99), len(body), *shares)


class TimedCrowd(Crowd):
    """Raters, and when each of their ratings was confirmed."""

    def __init__(self, load: Load) -> None:
        super().__init__(load)
        self.confirmed_at = array("d")

    def took(self, seconds: float) -> None:
        self.confirmed_at.append(time.perf_counter())
        super().took(seconds)


class Watching:
    """Open pages: each asks for the index every two seconds, and for what it shows and has changed."""

    def __init__(self, crowd: TimedCrowd, number: int) -> None:
        self.crowd = crowd
        self.polls = self.documents = 0
        self.fresh = array("d")
        self.troubles: Counter[str] = Counter()
        self._number = number
        self._read: dict[bytes, object] = {}

    async def open(self) -> None:
        """Open all pages, spread over the time between two questions."""
        first = asyncio.get_running_loop().create_future()
        port = self.crowd.load.port
        await Connection(port, lambda *answer: first.set_result(answer)).send(asking(port, INDEX))
        names = sorted(orjson.loads(brotli.decompress((await first)[2]))["views"])
        charts = [name for name in names if not name.startswith(("progress", "leaderboard", "durable"))]
        for place in range(self._number):
            shown = ("progress", "leaderboard-sprint", charts[place % len(charts)])
            asyncio.get_running_loop().call_later(random.uniform(0, EVERY_S), Page(self, shown).begin)

    def read(self, head: bytes, body: bytes) -> tuple[bytes, object]:
        """ETag and content of an answer; each version is read once for all pages."""
        etag = ETAG.search(head)[1]
        if etag not in self._read:
            self._read[etag] = orjson.loads(brotli.decompress(body))
        return etag, self._read[etag]

    def saw(self, before: int, after: int) -> None:
        """A page shows so many ratings, where it showed fewer before."""
        if self.crowd.measuring:
            now = time.perf_counter()
            times = self.crowd.confirmed_at
            start = -(-before // TIMED) * TIMED
            self.fresh.extend(now - times[place] for place in range(start, min(after, len(times)), TIMED))


class Page:
    """One open page."""

    def __init__(self, watching: Watching, shown: tuple[str, ...]) -> None:
        self._watching = watching
        self._shown = shown
        self._connection = Connection(watching.crowd.load.port, self._answered)
        self._known: dict[str, bytes] = {}
        self._due: list[str] = []
        self._asked = ""
        self._ratings = 0
        self._began = 0.0

    def begin(self) -> None:
        """Ask what has changed."""
        self._began = time.perf_counter()
        self._ask("")

    def _ask(self, name: str) -> None:
        self._asked = name
        path = f"{INDEX}/{name}" if name else INDEX
        request = asking(self._watching.crowd.load.port, path, self._known.get(name, b""))
        asyncio.ensure_future(self._connection.send(request))

    def _answered(self, status: int, head: bytes, body: bytes) -> None:
        watching = self._watching
        if status == 200:
            etag, content = watching.read(head, body)
            self._known[self._asked] = etag
            if not self._asked:
                views = content["views"]
                self._due = [name for name in self._shown if views[name].encode() != self._known.get(name)]
            elif self._asked == "progress":
                watching.saw(self._ratings, content["ratings"])
                self._ratings = content["ratings"]
        elif status != 304:
            watching.troubles[f"{status} {body[:100].decode(errors='replace')}"] += 1
        if watching.crowd.measuring:
            watching.polls += not self._asked
            watching.documents += bool(self._asked)
        if self._due:
            self._ask(self._due.pop())
        elif not watching.crowd.over.done():
            rest = self._began + EVERY_S - time.perf_counter()
            asyncio.get_running_loop().call_later(max(0.0, rest), self.begin)


async def watch(load: Load, watchers: int) -> Seen:
    """Let people rate while others watch."""
    crowd = TimedCrowd(load)
    watching = Watching(crowd, watchers)
    if watchers:
        await watching.open()
    outcome = await crowd.measured()
    fresh = sorted(watching.fresh)
    return Seen(
        outcome,
        watching.polls,
        watching.documents,
        percentile(fresh, 50),
        percentile(fresh, 95),
        fresh[-1] if fresh else None,
        dict(watching.troubles),
    )


async def main(words: dict) -> None:
    """Do it, and tell what came of it."""
    if "path" in words:
        tell({"asked": asdict(await ask(Asking(**words)))})
    else:
        tell({"seen": asdict(await watch(Load(**words["load"]), words["watchers"]))})


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.stdin.readline())))
