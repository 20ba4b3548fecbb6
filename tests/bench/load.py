"""Load over HTTP/1.1 on plain sockets: light enough to share two cores with the server it measures."""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


class Connection:
    """One kept-alive connection, as one browser holds it."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._port = port
        self._cookie = f"Cookie: {cookie}\r\n" if cookie else ""

    async def open(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def post(self, path: str, document: object) -> dict:
        """Send a JSON document and read the JSON answer; anything but 200 is an error."""
        body = json.dumps(document).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._cookie}"
            f"Origin: http://127.0.0.1:{self._port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in answer.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )
        content = await self._reader.readexactly(length)
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{path}: {answer[:80]!r} {content[:200]!r}")
        return json.loads(content)

    def close(self) -> None:
        self._writer.close()


@dataclass
class Latencies:
    """How long each request took, in milliseconds, and over how many seconds they were made."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def row(self) -> tuple[float, float, float, float]:
        """Requests a second, and the 50th, 95th and 99th percentile in milliseconds."""
        cuts = statistics.quantiles(self.took, n=100)
        return len(self.took) / self.seconds, cuts[49], cuts[94], cuts[98]


async def closed_loop(clients: list[Callable[[], Awaitable[None]]], seconds: float) -> Latencies:
    """Let each client repeat its request without a pause until the time is over."""
    latencies = Latencies()
    start = time.perf_counter()

    async def repeat(request: Callable[[], Awaitable[None]]) -> None:
        while time.perf_counter() - start < seconds:
            began = time.perf_counter()
            await request()
            latencies.took.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(repeat(client) for client in clients))
    latencies.seconds = time.perf_counter() - start
    return latencies
