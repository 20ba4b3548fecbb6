"""The analysis: a real process computes, one replica at a time, at most once a minute, and what it found is kept."""

import json
import threading
from contextlib import closing

import pytest

from components.agreement.analysis import DUTY_MS, NAME, Analysis
from components.agreement.views import NO_RATINGS, NOT_YET, agreement
from components.live.moment import Moment
from components.store import duties, findings
from components.store.store import Store
from tests.conftest import Person


@pytest.fixture
def rated(store, loaded):
    for name, score in (("ada", 4), ("bob", 2), ("cleo", 4)):
        person = Person(store, name)
        for place, prompt in enumerate(loaded):
            person.rates(prompt, score + place % 2)
    return person


def shown(store) -> dict:
    with store.reading() as connection:
        return agreement(Moment(connection))


def test_nothing_is_computed_before_anybody_rates(store, url, loaded):
    assert not Analysis(store, url, lambda: None, alone=True).look()
    assert shown(store)["empty"] == NO_RATINGS


def test_the_numbers_are_computed_kept_shown_and_computed_again_a_minute_after_the_next_rating(
    store, url, loaded, rated, clock
):
    changes = []
    analysis = Analysis(store, url, lambda: changes.append(1), alone=True)
    assert shown(store)["empty"] == NOT_YET
    assert analysis.look() and changes and analysis.progress is None
    first = shown(store)
    assert (first["ratings"], first["contributors"], first["empty"]) == (36, 3, None)
    assert first["made_at"] == clock.now
    with store.reading() as connection:
        assert len(json.loads(findings.content(connection, "contributors"))) == 3
    clock.forward(minutes=2)
    assert not analysis.look()  # nothing happened
    rated.rates(loaded[0], 1)
    # A server that starts anew finds what was kept, and when it was made.
    again = Analysis(store, url, lambda: None, alone=True)
    clock.now = first["made_at"] + 59_000
    assert not again.look() and shown(store) == first
    clock.forward(minutes=1)
    assert again.look()
    assert shown(store)["ratings"] == 36 and shown(store)["made_at"] == clock.now


def test_only_one_of_several_servers_computes(store, url, rated, clock):
    with closing(Store(url, clock).open()) as other:
        with other.database.writing() as connection:
            assert duties.take(connection, NAME, other.writer.name, clock.now, DUTY_MS)
        changes = []
        analysis = Analysis(store, url, lambda: changes.append(1), alone=False)
        assert not analysis.look() and not changes
        with store.reading() as connection:
            version = findings.version(connection)
        made = findings.Made(version, clock.now, 10)
        other.write(lambda tx: findings.keep(tx, made, {NAME: "{}"}))
        # What another one found is shown here, too.
        assert not analysis.look() and changes
        assert not analysis.look()


def test_ending_does_not_wait_for_the_work(store, url, rated):
    analysis = Analysis(store, url, lambda: None, alone=True, first_s=0, look_s=60)
    analysis.start()
    ended = threading.Thread(target=analysis.close)
    ended.start()
    ended.join(10)
    assert not ended.is_alive()
    with store.reading() as connection:
        assert findings.latest(connection, NAME) is None
