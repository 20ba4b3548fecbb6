"""Rating over HTTP: submit and get the next prompt, beside a bare insert with the same group commit."""

import argparse
import asyncio
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.load import Connection, Latencies, closed_loop
from tests.conftest import ROOT
from tests.serving import Serving, Visitor, environment, free_port, rating


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--raters", type=int, nargs="+", default=[1, 10, 50, 200])
    parser.add_argument("--prompts", type=int, default=10_331)
    parser.add_argument("--seconds", type=float, default=5.0)


def run(words: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        prompts = Path(folder) / "prompts.jsonl"
        rows = (
            {"prompt": f"Prompt {n}: " + "word " * 40, "source": f"s{n % 16}", "kind": "human"}
            for n in range(words.prompts)
        )
        prompts.write_text("\n".join(map(json.dumps, rows)))
        print("raters  route       /s      p50 ms  p95 ms  p99 ms")
        for raters in words.raters:
            with bare(Path(folder) / f"bare-{raters}.db") as port:
                show(raters, "yardstick", asyncio.run(insert(port, raters, words.seconds)))
            with Serving(
                Path(folder) / f"sprint-{raters}", PROMPTS=prompts, RATINGS_PER_PROMPT=100
            ) as serving:
                show(raters, "rating", asyncio.run(rate(serving, raters, words.seconds)))


def show(raters: int, route: str, latencies: Latencies) -> None:
    rate_per_s, p50, p95, p99 = latencies.row()
    print(f"{raters:6}  {route:9}  {rate_per_s:7.0f}  {p50:6.1f}  {p95:6.1f}  {p99:6.1f}", flush=True)


@contextlib.contextmanager
def bare(database: Path) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.yardstick", str(database), str(port)],
        cwd=ROOT,
        env=environment(database.parent),
    )
    try:
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError):
                httpx.post(f"http://127.0.0.1:{port}/")
                break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


async def insert(port: int, raters: int, seconds: float) -> Latencies:
    connections = [await Connection(port).open() for _ in range(raters)]
    latencies = await closed_loop([lambda one=one: one.post("/", {}) for one in connections], seconds)
    for one in connections:
        one.close()
    return latencies


async def rate(serving: Serving, raters: int, seconds: float) -> Latencies:
    clients = []
    for number in range(raters):
        with Visitor(serving) as visitor:
            visitor.signs_in(f"rater-{number}")
            cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
            prompts = visitor.asks()
        clients.append(Rater(await Connection(serving.port, cookie).open(), prompts))
    return await closed_loop([client.rate for client in clients], seconds)


class Rater:
    """One rater with the prompts their card holds."""

    def __init__(self, connection: Connection, prompts: list[dict]) -> None:
        self._connection = connection
        self._prompts = prompts

    async def rate(self) -> None:
        event = rating(
            self._prompts.pop(0)["prompt_id"],
            random.randint(1, 5),
            shown_ms=900,
            happened_at=time.time_ns() // 10**6,
        )
        answer = await self._connection.post("/api/ratings", {"events": [event]})
        assert answer["confirmed"] == [event["event_id"]]
        self._prompts += answer["next"]
