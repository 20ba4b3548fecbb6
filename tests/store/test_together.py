"""Together: what arrives at the same time is one piece of work, and no mistake of one costs another."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvloop

from components.errors import StoreUnavailable
from components.store.together import APART_S, HANDFUL, HANDFULS_APART_S, Together
from tests.conftest import run_async


class Counting:
    """Work that notes what it was given at once, and breaks where it is told to."""

    def __init__(self):
        self.groups = []

    def __call__(self, transaction, items):
        self.groups.append(list(items))
        if "break" in items:
            raise ZeroDivisionError
        return [item.upper() for item in items]


async def all_of(together, items):
    return await asyncio.gather(*(together.do(item) for item in items), return_exceptions=True)


def test_each_is_answered_with_its_own_result(store):
    work = Counting()
    items = [f"item {n}" for n in range(50)]
    together = Together(store, work, len, 10_000)
    assert run_async(all_of(together, items)) == [item.upper() for item in items]
    assert len(work.groups) < 10
    assert sum(work.groups, []) == items


def test_one_that_breaks_costs_no_other(store):
    answers = run_async(all_of(Together(store, Counting(), len, 10_000), ["a", "b", "break", "c", "d"]))
    assert [answer for answer in answers if isinstance(answer, str)] == ["A", "B", "C", "D"]
    assert isinstance(answers[2], ZeroDivisionError)


def test_no_group_is_heavier_than_it_may_be(store):
    work = Counting()
    run_async(all_of(Together(store, work, lambda item: 10, 30), [str(n) for n in range(20)]))
    assert max(map(len, work.groups)) == 3


def test_those_who_come_now_and_then_share_a_flush(store):
    async def trickle():
        together = Together(store, work, len, 10_000)
        coming = []
        began = time.monotonic()
        for n in range(80):
            coming.append(asyncio.ensure_future(together.do(str(n))))
            await asyncio.sleep(0.005)
        await asyncio.gather(*coming)
        return time.monotonic() - began

    work = Counting()
    took = run_async(trickle())
    assert len(work.groups) <= took / HANDFULS_APART_S + 2


class Occupied:
    """Work in groups whose first one is under way until it is released, inside a running loop."""

    def __init__(self, store):
        self.work = Counting()
        self._released = threading.Event()
        self._together = Together(store, self._waits, len, 10_000)
        self._begun = [self._begin("first")]
        self.expect = self._together.expect

    def _waits(self, transaction, items):
        self._released.wait(20)
        return self.work(transaction, items)

    def _begin(self, item):
        return asyncio.ensure_future(self._together.do(item))

    def coming(self, item):
        """What begins an item."""
        return lambda: self._begun.append(self._begin(item))

    async def released(self, number):
        """Let the first go on; returns the answers as soon as so many items have begun."""
        self._released.set()
        async with asyncio.timeout(20):
            while len(self._begun) < number:
                await asyncio.sleep(0.001)
            return await asyncio.gather(*self._begun)


def test_those_who_are_expected_come_together_when_their_group_goes(store):
    async def visit():
        occupied = Occupied(store)
        await asyncio.sleep(0)
        assert all(occupied.expect(occupied.coming(item)) for item in "abc")
        await asyncio.sleep(2 * HANDFULS_APART_S)
        assert occupied.work.groups == []
        assert await occupied.released(4) == ["FIRST", "A", "B", "C"]
        return occupied.work.groups

    assert run_async(visit()) == [["first"], ["a", "b", "c"]]


def test_one_who_breaks_while_coming_holds_up_nobody(store):
    async def visit():
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        occupied = Occupied(store)
        await asyncio.sleep(0)
        assert occupied.expect(occupied.coming("before"))
        assert occupied.expect(lambda: 1 / 0)
        assert occupied.expect(occupied.coming("after"))
        return await occupied.released(3)

    assert run_async(visit()) == ["FIRST", "BEFORE", "AFTER"]


def test_who_comes_alone_or_in_a_crowd_comes_at_once(store):
    async def visit():
        assert not Together(store, Counting(), len, 10_000).expect(pytest.fail)
        occupied = Occupied(store)
        await asyncio.sleep(0)
        items = [str(number) for number in range(2 * HANDFUL)]
        expected = [item for item in items if occupied.expect(occupied.coming(item))]
        assert expected == items[:HANDFUL]
        await occupied.released(1 + HANDFUL)

    run_async(visit())


def test_those_who_come_back_together_wait_for_no_handful(store):
    async def visit():
        loop = asyncio.get_running_loop()
        order = []

        def weight(item):
            order.append(item)
            return 1

        def work(transaction, items):
            time.sleep(APART_S / 2)
            return items

        together = Together(store, work, weight, 10_000)
        crowd = [str(number) for number in range(HANDFUL)]
        await all_of(together, crowd)
        # Less than that after they were answered, and more than that after they went.
        loop.call_later(0.9 * APART_S, order.append, "later")
        await all_of(together, crowd)
        await asyncio.sleep(APART_S)
        return order.index("later")

    assert run_async(visit()) == 2 * HANDFUL


def test_a_crowd_that_comes_just_when_its_group_may_go_is_answered(store):
    async def visits():
        loop = asyncio.get_running_loop()
        went = []

        def weight(item):
            went.append(loop.time())
            return 1

        together = Together(store, Counting(), weight, 10_000)
        for moment in range(100):
            # Larger than the last one, so that some come when all who were answered are back already.
            crowd = [str(number) for number in range(HANDFUL * (1 + moment % 2))]
            assert await all_of(together, crowd) == crowd
            while loop.time() < went[-1] + 0.95 * APART_S:
                await asyncio.sleep(0)

    # The server's own loop counts in whole milliseconds.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(uvloop.run, visits()).result()


def test_whoever_goes_away_leaves_the_others_their_answers(store):
    async def visit():
        together = Together(store, Counting(), len, 10_000)
        gone, stays = (asyncio.ensure_future(together.do(item)) for item in ("gone", "stays"))
        await asyncio.sleep(0)
        gone.cancel()
        return await stays

    assert run_async(visit()) == "STAYS"


def test_a_store_that_is_closing_is_said_so(store):
    store.close()

    async def late():
        with pytest.raises(StoreUnavailable):
            await Together(store, Counting(), len, 10).do("late")

    run_async(late())
