"""Doing many pieces of work as one: what arrives while the last ones are on their way to the disk goes next, together."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Generic, TypeVar

from components.errors import StoreUnavailable
from components.store.store import Store
from components.store.writer import Transaction

Item = TypeVar("Item")
Result = TypeVar("Result")
Done = Callable[[object, BaseException | None], None]

# Groups follow each other at least so far apart: a flush for each of a thousand people who rate now and
# then would keep the machine busy, and nobody notices the wait. For so long, too, a group waits until as
# many are there as were answered last: those who send again at once come back together. A handful is there
# by chance, and goes on its way less often.
APART_S = 0.012
HANDFUL, HANDFULS_APART_S = 16, 0.020


class Together(Generic[Item, Result]):
    """Gathers what the requests of an event loop want kept; belongs to that loop alone."""

    def __init__(
        self,
        store: Store,
        work: Callable[[Transaction, Sequence[Item]], Sequence[Result]],
        weight: Callable[[Item], int],
        most: int,
    ) -> None:
        """Prepare to gather.

        Args:
            work: Does the work for some items in one transaction; a result for each, in their order.
            weight: About how many ratings an item keeps.
            most: So much weight is enough for one transaction.
        """
        self._store = store
        self._work = work
        self._weight = weight
        self._most = most
        self._waiting: list[tuple[Item, Done]] = []
        self._expected: list[Callable[[], None]] = []
        self._letting_in = False
        self._under_way = 0
        self._sent_at = self._answered_at = -APART_S
        self._last = 0
        self._timer: asyncio.Handle | None = None
        self._timer_at = 0.0

    async def do(self, item: Item) -> Result:
        """Have work done for one item; returns what became of it when that is on the disk.

        Raises:
            StoreUnavailable: It could not be kept.
        """
        result = asyncio.get_running_loop().create_future()
        self.put(item, partial(_settle, result))
        return await result

    def put(self, item: Item, done: Done) -> None:
        """The same without a task to wait in.

        Args:
            done: Is called with what became of the item and None, or with None and why it could not be kept.
        """
        self._waiting.append((item, done))
        self._send()

    def expect(self, come: Callable[[], None]) -> bool:
        """Have one of a handful come when its group is about to go: those who come together cost half.

        Args:
            come: Lets it come; in the loop's turn after that it is done, or a task that does it begins.

        Returns:
            Whether it will be called; if not, it is best done at once.
        """
        number = len(self._waiting) + len(self._expected)
        if self._letting_in or max(self._last, number) >= HANDFUL:
            return False
        idle = self._timer is None and not self._under_way
        if idle and self._ready_at() <= asyncio.get_running_loop().time():
            return False
        self._expected.append(come)
        if idle or number + 1 == HANDFUL:
            self._send()
        return True

    def _ready_at(self) -> float:
        if len(self._waiting) + len(self._expected) < max(self._last, HANDFUL):
            return max(self._sent_at + HANDFULS_APART_S, self._answered_at + APART_S)
        return self._sent_at + APART_S

    def _send(self) -> None:
        if not (self._waiting or self._expected) or self._under_way or self._letting_in:
            return
        loop = asyncio.get_running_loop()
        ready_at = self._ready_at()
        if ready_at <= loop.time():
            self._send_now()
        elif self._timer is None or ready_at < self._timer_at:
            self._stop_timer()
            self._timer, self._timer_at = loop.call_at(ready_at, self._send_now), ready_at

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _send_now(self) -> None:
        self._stop_timer()
        if self._under_way:
            return
        if self._expected:
            self._let_in()
        elif self._waiting:
            self._sent_at = asyncio.get_running_loop().time()
            number = weight = 0
            while number < len(self._waiting) and weight < self._most:
                weight += self._weight(self._waiting[number][0])
                number += 1
            group, self._waiting = self._waiting[:number], self._waiting[number:]
            self._last = number
            self._submit(group, weight)

    def _let_in(self) -> None:
        coming, self._expected = self._expected, []
        self._letting_in = True
        loop = asyncio.get_running_loop()
        for come in coming:
            loop.call_soon(come)
        # In the loop's next turn they come, in the one after that they are done; then all are there.
        loop.call_soon(loop.call_soon, self._all_in)

    def _all_in(self) -> None:
        self._letting_in = False
        self._send_now()

    def _submit(self, group: list[tuple[Item, Done]], weight: int) -> None:
        items = [item for item, _ in group]
        try:
            written = self._store.submit(lambda transaction: self._work(transaction, items), weight)
        except StoreUnavailable as error:
            _fail(group, error)
            return
        self._under_way += 1
        loop = asyncio.get_running_loop()
        written.add_done_callback(lambda written: loop.call_soon_threadsafe(self._written, group, written))

    def _written(self, group: list[tuple[Item, Done]], written: "Future[Sequence[Result]]") -> None:
        self._under_way -= 1
        loop = asyncio.get_running_loop()
        self._answered_at = loop.time()
        error = written.exception()
        if error is None:
            for (_, done), result in zip(group, written.result(), strict=True):
                loop.call_soon(done, result, None)
        elif len(group) == 1 or isinstance(error, StoreUnavailable):
            _fail(group, error)
        else:
            # One of them broke it, by a mistake of ours: alone, the others are kept.
            for one in group:
                self._submit([one], self._weight(one[0]))
        self._send()


def _fail(group: Sequence[tuple[object, Done]], error: BaseException) -> None:
    loop = asyncio.get_running_loop()
    for _, done in group:
        loop.call_soon(done, None, error)


def _settle(waiting: asyncio.Future, result: object, error: BaseException | None) -> None:
    if waiting.done():  # whoever asked has gone away
        return
    if error is None:
        waiting.set_result(result)
    else:
        waiting.set_exception(error)
