"""The publisher: a view is computed when the log moved and not otherwise, and a broken one keeps its last version."""

import gzip
import json

import brotli
import pytest

from components.errors import UnknownView
from components.live.publisher import Publisher, published
from components.live.view import View
from components.store import events


@pytest.fixture
def counting(store):
    """A publisher of one view that counts events, and the list of its computations."""
    computed = []

    def compute(connection):
        computed.append(1)
        return {"events": events.count(connection)}

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
        json.loads(after.encodings["identity"])["events"]
        == json.loads(before.encodings["identity"])["events"] + 1
    )
    assert json.loads(publisher.index().encodings["identity"]) == {"views": {"count": after.etag}}


def test_a_change_that_is_not_in_the_log_is_not_missed_while_views_are_computed(store):
    states = ["importing", "done"]

    def compute(connection):
        state = states.pop(0)
        publisher.outdate()
        return {"state": state}

    publisher = Publisher(store, [View("state", compute)])
    publisher.refresh()
    publisher.refresh()
    assert json.loads(publisher.document("state").encodings["identity"]) == {"state": "done"}


def test_another_process_that_rates_is_noticed(store, counting, tmp_path):
    from components.store.store import Store

    publisher, computed = counting
    publisher.refresh()
    other = Store(f"sqlite:///{tmp_path / 'sprint.db'}").open()
    other.write(lambda tx: tx.append(events.Event("e", "somebody", "setting", 0)))
    other.close()
    publisher.refresh()
    assert len(computed) == 2


def test_a_view_that_fails_keeps_its_last_good_version(store, person):
    broken = []

    def compute(connection):
        if broken:
            raise ZeroDivisionError
        return {"fine": True}

    publisher = Publisher(
        store, [View("fragile", compute), View("sound", lambda connection: {"n": len(broken)})]
    )
    publisher.refresh()
    broken.append(1)
    person("ada")
    publisher.refresh()
    assert json.loads(publisher.document("fragile").encodings["identity"]) == {"fine": True}
    assert json.loads(publisher.document("sound").encodings["identity"]) == {"n": 1}


def test_a_view_that_failed_for_a_passing_reason_is_tried_again(store):
    outcomes = [ZeroDivisionError(), {"fine": True}]

    def compute(connection):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    publisher = Publisher(store, [View("fragile", compute)])
    publisher.refresh()
    publisher.refresh()
    assert json.loads(publisher.document("fragile").encodings["identity"]) == {"fine": True}


def test_every_encoding_holds_the_same_document():
    version = published({"word": "ρ" * 500})
    content = version.encodings["identity"]
    assert gzip.decompress(version.encodings["gzip"]) == brotli.decompress(version.encodings["br"]) == content


def test_an_unknown_view_says_which_there_are(counting):
    publisher, _ = counting
    publisher.refresh()
    with pytest.raises(UnknownView, match="there are count"):
        publisher.document("nonsense")
