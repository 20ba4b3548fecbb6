"""The pace: bursts and steady hands pass, machines wait, and an outbox of hours is welcome."""

import pickle
import random

import pytest

from components.rating.pace import Pace


def wait(pace, happened_at, now, contributor="ada", per_minute=60):
    """How long to wait; what need not wait is counted."""
    turn = pace.turn(now, per_minute)
    ms = turn.wait_ms(contributor, happened_at)
    if not ms:
        turn.count(contributor, happened_at)
        turn.keep()
    return ms


NOON = 1_772_366_400_000
SECOND = 1000


def test_a_burst_of_a_hundred_passes_and_the_next_waits():
    pace = Pace()
    assert [wait(pace, NOON, NOON) for _ in range(100)] == [0] * 100
    ms = wait(pace, NOON, NOON)
    assert 0 < ms <= 100 * SECOND
    assert wait(pace, NOON, NOON + ms - 1) > 0
    assert wait(pace, NOON, NOON + ms) == 0


def test_one_a_second_passes_for_ever():
    pace = Pace()
    assert not any(wait(pace, NOON + n * SECOND, NOON + n * SECOND) for n in range(2000))


@pytest.mark.parametrize("seed", range(20))
def test_an_outbox_of_hours_passes_in_any_order(seed):
    pace = Pace()
    moments = [NOON - n * 2 * SECOND for n in range(3000)]
    random.Random(seed).shuffle(moments)
    assert not any(wait(pace, moment, NOON) for moment in moments)


def test_what_claims_to_have_happened_at_once_long_ago_comes_in_no_faster_than_by_hand():
    pace = Pace()
    now, taken = NOON, 0
    while now < NOON + 3600 * SECOND:
        ms = wait(pace, NOON - 86_400_000, now)
        taken += ms == 0
        now += ms
    assert 3600 <= taken <= 3600 + 3 * 100


def test_nobody_waits_for_somebody_else_and_zero_means_no_limit():
    pace, free = Pace(), Pace()
    for _ in range(200):
        wait(pace, NOON, NOON)
    assert wait(pace, NOON, NOON, "bob") == 0
    assert not any(wait(free, NOON, NOON, per_minute=0) for _ in range(1000))


def test_what_came_to_nothing_was_not_done():
    pace = Pace()
    for _ in range(5):
        turn = pace.turn(NOON, 60)
        for _ in range(90):
            turn.count("ada", NOON)
    assert [wait(pace, NOON, NOON) for _ in range(100)] == [0] * 100


def test_what_was_counted_long_ago_is_forgotten():
    """Memory stays as small as what is done in twenty minutes, however long the sprint."""
    pace = Pace()
    for minute in range(0, 600, 5):
        for someone in range(20):
            wait(pace, NOON + minute * 60_000, NOON + minute * 60_000, f"person-{minute}-{someone}")
    assert len(pickle.dumps(vars(pace))) < 10_000


def test_a_limit_that_changes_holds_from_then_on():
    pace = Pace()
    assert not any(wait(pace, NOON, NOON) for _ in range(100))
    assert wait(pace, NOON, NOON) > 0
    assert wait(pace, NOON, NOON, per_minute=600) == 0
