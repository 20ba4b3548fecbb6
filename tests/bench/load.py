"""Raters over HTTP/1.1, in a process of their own, light enough to share two cores with what they measure.

Reads what to do as one line of JSON and writes lines of JSON: how far it is, and at the end the outcome.
"""

import asyncio
import gc
import json
import random
import sys
import time
from array import array
from collections import Counter, deque
from dataclasses import asdict

import orjson
import uvloop

from tests.bench.outcome import Cost, Load, Outcome
from tests.bench.requests import ASK, LENGTH, head, signed_in
from tests.bench.table import percentile

SIGNING_IN_AT_ONCE = 32
AGAIN_S = 1.0
MOST_TRIES = 20

# Every field has the same length each time, and so has the whole: heads are made once.
EVENT = (
    '{"events":[{"event_id":"%s","prompt_id":"%s","action":"rated","score":%d,'
    '"shown_ms":%d,"happened_at":%d,"local_date":"%s"}]}'
)
NOBODY, NO_PROMPT = "prompt_sprint_session=" + "x" * 480, "0" * 32


class Crowd:
    """All raters of one load, and what they have seen."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.loop = asyncio.get_running_loop()
        self.cost = Cost(load.pid)
        self.today = time.strftime("%Y-%m-%d", time.gmtime())
        self.turn = random.getrandbits(32)
        self.over = self.loop.create_future()
        self.measuring = False
        self.latencies = array("d")
        self.ratings = 0
        self.ran_out = 0
        self.troubles: Counter[str] = Counter()

    def took(self, seconds: float) -> None:
        """One rating was confirmed."""
        if not self.measuring:
            return
        self.ratings += 1
        self.latencies.append(seconds)
        self.tell_now_and_then()
        if self.ratings == self.load.most_ratings:
            self.end()

    def tell_now_and_then(self) -> None:
        """Say how far it is, if it is time to."""
        if self.load.tell_every and self.ratings % self.load.tell_every == 0:
            tell({"ratings": self.ratings, "rss_mb": self.cost.rss_mb, "at": self.cost.now()})

    def end(self) -> None:
        """Nobody sends anything new from now on."""
        if not self.over.done():
            self.over.set_result(None)

    async def measured(self) -> Outcome:
        """Let everybody rate, and measure what it costs."""
        raters = await self._here()
        await asyncio.gather(*(rater.connect() for rater in raters))
        gc.collect()
        gc.disable()
        for rater in raters:
            self.loop.call_later(random.uniform(0, self.load.think_s), rater.rate)
        if self.load.most_ratings is None:
            await asyncio.sleep(self.load.warm_up_s)
        self.measuring, before = True, self.cost.now()
        self.tell_now_and_then()
        self.loop.call_later(self.load.seconds, self.end)
        await self.over
        self.measuring = False
        used = [now - then for now, then in zip(self.cost.now(), before, strict=True)]
        took = sorted(1000 * seconds for seconds in self.latencies)
        return Outcome(
            self.ratings,
            used[0],
            *(percentile(took, percent) for percent in (50, 95, 99)),
            *used[1:],
            self.cost.rss_mb,
            self.ran_out,
            dict(self.troubles),
        )

    async def _here(self) -> "list[Rater]":
        if not self.load.signs_in:
            return [Rater(self, number, NOBODY, ()) for number in range(self.load.raters)]
        gate = asyncio.Semaphore(SIGNING_IN_AT_ONCE)

        async def arrive(number: int) -> Rater:
            async with gate:
                return Rater(self, number, *await signed_in(self.load.port, f"{self.turn:08x}-{number}"))

        return await asyncio.gather(*(arrive(number) for number in range(self.load.raters)))


class Rater(asyncio.Protocol):
    """One rater: a kept-alive connection, the prompts their card holds, and one rating at a time."""

    def __init__(self, crowd: Crowd, number: int, cookie: str, prompts: object) -> None:
        self.crowd = crowd
        self.prompts: deque[str] = deque(prompts)
        self.number = number
        self.count = 0
        example = EVENT % (self._new_id(), NO_PROMPT, 5, 1000, time.time_ns() // 10**6, crowd.today)
        self.head = head(crowd.load.port, "/api/ratings", len(example), cookie)
        self.asking_head = head(crowd.load.port, "/api/next", len(ASK), cookie)
        self.transport: asyncio.Transport | None = None
        self.event_id = ""
        self.request = b""
        self.waiting = False
        self.came = b""
        self.tries = 0

    def _new_id(self) -> str:
        self.count += 1
        return f"{self.crowd.turn:08x}-{self.number:04x}-4000-8000-{self.count:012x}"

    async def connect(self) -> None:
        """Open the connection, and send what waits for it."""
        try:
            await self.crowd.loop.create_connection(lambda: self, "127.0.0.1", self.crowd.load.port)
        except OSError as error:
            self.trouble(f"no connection: {error.strerror}")
            return
        if self.waiting:
            self.transport.write(self.request)

    def rate(self) -> None:
        """Rate the first prompt of the card, or ask for prompts if there is none."""
        if self.crowd.over.done():
            return
        if self.crowd.load.signs_in and not self.prompts:
            self.event_id, self.request = "", self.asking_head + ASK
        else:
            self.event_id = self._new_id()
            prompt_id = self.prompts.popleft() if self.prompts else NO_PROMPT
            self.request = (
                self.head
                + (
                    EVENT
                    % (
                        self.event_id,
                        prompt_id,
                        self.count % 5 + 1,
                        1000 + self.count % 9000,
                        time.time_ns() // 10**6,
                        self.crowd.today,
                    )
                ).encode()
            )
        self.tries = 0
        self.began = time.perf_counter()
        self.send()

    def send(self) -> None:
        """Send what is to be sent; the clock runs since the rating was given, whatever happens on the way."""
        self.waiting = True
        if self.transport is None:
            self.crowd.loop.create_task(self.connect())
        else:
            self.transport.write(self.request)

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """The server ends connections nobody used for a while; a browser opens another one, and so do we."""
        self.transport, self.came = None, b""
        if self.waiting and not self.crowd.over.done():
            self.tries += 1
            if self.tries > 1:
                self.trouble("the connection was lost twice for one rating")
            else:
                self.send()

    def data_received(self, data: bytes) -> None:
        if self.came:
            data = self.came + data
        ends = data.find(b"\r\n\r\n")
        length = LENGTH.search(data, 0, ends + 2) if ends > 0 else None
        if length is None or len(data) < ends + 4 + int(length[1]):
            self.came = data
            return
        now = time.perf_counter()
        self.came, self.waiting = b"", False
        self.answered(data[9:12], data[ends + 4 :], now)

    def answered(self, status: bytes, body: bytes, now: float) -> None:
        """Take an answer: confirmed, prompts, or trouble."""
        crowd = self.crowd
        if status != b"200":
            self.trouble(f"{status.decode()} {body[:200].decode(errors='replace')}")
            return
        answer = orjson.loads(body)
        if not self.event_id:
            self.prompts.extend(prompt["prompt_id"] for prompt in answer["prompts"])
            if self.prompts:
                self.rate()
            elif not crowd.over.done():
                crowd.ran_out += 1
            return
        if crowd.load.signs_in:
            if answer["confirmed"] != [self.event_id]:
                self.trouble(f"not confirmed: {answer['rejected']}")
                return
            self.prompts.extend([prompt["prompt_id"] for prompt in answer["next"]])
        crowd.took(now - self.began)
        if crowd.load.think_s:
            crowd.loop.call_later(random.expovariate(1 / crowd.load.think_s), self.rate)
        else:
            self.rate()

    def trouble(self, what: str) -> None:
        """Something other than a confirmation came: it is told at the end, and sent again for a while."""
        if self.crowd.over.done():
            return
        self.crowd.troubles[what] += 1
        self.tries += 1
        if self.tries < MOST_TRIES:
            self.crowd.loop.call_later(AGAIN_S, self.send)


def tell(document: object) -> None:
    """Write one line for whoever started this process."""
    print(json.dumps(document), flush=True)


async def main(load: Load) -> None:
    """Do it, and tell the outcome."""
    tell({"outcome": asdict(await Crowd(load).measured())})


if __name__ == "__main__":
    uvloop.run(main(Load(**json.loads(sys.stdin.readline()))))
