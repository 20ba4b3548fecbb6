"""The publisher: a view is computed when the log moved and not otherwise, and a broken one keeps its last version."""

import asyncio
import gzip
import json

import brotli
import pytest

from components.errors import UnknownView
from components.live.publisher import (
    LONGEST_ROUND_S,
    PAUSES,
    SHORTEST_REST_S,
    Published,
    Publisher,
    rest_after,
)
from components.live.view import View
from components.store import erasures, events
from tests.conftest import run_async


@pytest.fixture
def counting(store):
    """A publisher of one view that counts events, and the list of its computations."""
    computed = []

    def compute(moment):
        computed.append(1)
        return {"events": moment.read(events.count)}

    return Publisher(store, [View("count", compute)]), computed


def test_a_view_is_computed_once_for_each_change(store, loaded, person, counting):
    publisher, computed = counting
    publisher.refresh()
    publisher.refresh()
    assert len(computed) == 1
    ada = person("ada")
    ada.rates(loaded[0], 4)
    ada.rates(loaded[1], 4)
    publisher.refresh()
    assert len(computed) == 2


def test_a_change_reaches_document_and_index(store, person, counting):
    publisher, _ = counting
    publisher.refresh()
    before = publisher.document("count")
    person("ada")
    publisher.refresh()
    after = publisher.document("count")
    assert (
        json.loads(after.encoded("identity"))["events"]
        == json.loads(before.encoded("identity"))["events"] + 1
    )
    assert json.loads(publisher.index().encoded("identity")) == {"views": {"count": after.etag}}


def test_a_change_that_is_not_in_the_log_is_not_missed_while_views_are_computed(store):
    states = ["importing", "done"]

    def compute(moment):
        state = states.pop(0)
        publisher.outdate()
        return {"state": state}

    publisher = Publisher(store, [View("state", compute)])
    publisher.refresh()
    publisher.refresh()
    assert json.loads(publisher.document("state").encoded("identity")) == {"state": "done"}


def test_another_process_that_rates_is_noticed(store, counting, url):
    from components.store.store import Store

    publisher, computed = counting
    publisher.refresh()
    other = Store(url).open()
    other.write(lambda tx: tx.append(events.Event("e", "somebody", "setting", 0)))
    other.close()
    publisher.refresh()
    assert len(computed) == 2


def test_an_erasure_that_another_process_finished_is_noticed(store, loaded, person, counting):
    publisher, computed = counting
    ada = person("ada")
    ada.rates(loaded[0], 4)
    store.write(lambda tx: erasures.begin(tx, ada.id, "a hash"))
    publisher.refresh()
    after = store.write(lambda tx: erasures.go_on(tx, ada.id))
    store.write(lambda tx: erasures.go_on(tx, ada.id, after))
    publisher.refresh()
    assert len(computed) == 2


def test_a_view_that_fails_keeps_its_last_good_version_and_says_of_when_it_is(store, person, clock):
    broken = []

    def compute(moment):
        if broken:
            raise ZeroDivisionError
        return {"fine": True}

    publisher = Publisher(store, [View("fragile", compute), View("sound", lambda moment: {"n": len(broken)})])
    publisher.refresh()
    good_at, index = clock.now, publisher.index().etag
    clock.forward(5)
    broken.append(1)
    person("ada")
    for _ in range(2):
        publisher.refresh()
        assert json.loads(publisher.document("fragile").encoded("identity")) == {
            "fine": True,
            "as_of": good_at,
        }
    assert publisher.index().etag != index
    assert json.loads(publisher.document("sound").encoded("identity")) == {"n": 1}
    broken.clear()
    publisher.refresh()
    assert json.loads(publisher.document("fragile").encoded("identity")) == {"fine": True}


def test_a_view_that_failed_for_a_passing_reason_is_tried_again(store):
    outcomes = [ZeroDivisionError(), {"fine": True}]

    def compute(moment):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    publisher = Publisher(store, [View("fragile", compute)])
    publisher.refresh()
    publisher.refresh()
    assert json.loads(publisher.document("fragile").encoded("identity")) == {"fine": True}


def test_views_that_nobody_looks_at_wait_until_somebody_does(store, person, counting):
    publisher, computed = counting

    async def computed_within(seconds):
        await asyncio.sleep(seconds)
        return len(computed)

    async def follow():
        publisher.start()
        assert await computed_within(1) == 1
        person("ada")
        assert await computed_within(2) == 1
        publisher.index()
        assert await computed_within(2) == 2
        person("ben")
        assert await computed_within(2) == 3
        await publisher.stop()

    run_async(follow())


def test_every_encoding_holds_the_same_document():
    version = Published({"word": "ρ" * 500})
    content = version.encoded("identity")
    assert gzip.decompress(version.encoded("gzip")) == brotli.decompress(version.encoded("br")) == content


def test_a_version_is_compressed_once_and_kept_while_the_view_says_the_same(store, person):
    publisher = Publisher(store, [View("still", lambda moment: {"text": "word " * 1000})])
    publisher.refresh()
    compressed = publisher.document("still").encoded("br")
    person("ada")
    publisher.refresh()
    assert publisher.document("still").encoded("br") is compressed


def test_what_two_views_read_is_read_once_for_each_change(store, person):
    read = []

    def reading(connection):
        read.append(1)
        return events.count(connection)

    views = [View(name, lambda moment: {"events": moment.read(reading)}) for name in ("one", "other")]
    publisher = Publisher(store, views)
    publisher.refresh()
    person("ada")
    publisher.refresh()
    assert len(read) == 2
    assert json.loads(publisher.document("one").encoded("identity")) == {"events": 2}


@pytest.mark.parametrize("took", [0, 0.001, 0.02, 0.03, 0.04, 0.2, 5])
def test_it_rests_long_enough_to_be_cheap_and_short_enough_for_pages_to_move(took):
    rest = rest_after(took)
    assert rest == SHORTEST_REST_S or rest + took <= LONGEST_ROUND_S < 1
    assert took / (1 + PAUSES) / (took + rest) <= 0.05 or rest == SHORTEST_REST_S


def test_an_unknown_view_says_which_there_are(counting):
    publisher, _ = counting
    publisher.refresh()
    with pytest.raises(UnknownView, match="there are count"):
        publisher.document("nonsense")


def test_a_view_that_changes_by_itself_is_computed_again_at_the_moment_it_named(store, clock):
    computed = []

    def compute(moment):
        computed.append(moment.now)
        for later in (clock.now - 1, None, clock.now + 60_000, clock.now + 90_000):
            moment.holds_until(later)
        return {"now": moment.now}

    publisher = Publisher(store, [View("clock", compute)])
    publisher.refresh()
    clock.now += 59_999
    publisher.refresh()
    assert len(computed) == 1
    clock.now += 1
    publisher.refresh()
    publisher.refresh()
    assert computed == [clock.now - 60_000, clock.now]
