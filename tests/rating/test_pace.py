"""The pace: bursts and steady hands pass, machines wait, and an outbox of hours is welcome."""

import random

import pytest

from components.rating.pace import Pace

NOON = 1_772_366_400_000
SECOND = 1000


def test_a_burst_of_a_hundred_passes_and_the_next_waits():
    pace = Pace(60)
    assert [pace.wait_ms("ada", NOON, NOON) for _ in range(100)] == [0] * 100
    wait = pace.wait_ms("ada", NOON, NOON)
    assert 0 < wait <= 100 * SECOND
    assert pace.wait_ms("ada", NOON, NOON + wait - 1) > 0
    assert pace.wait_ms("ada", NOON, NOON + wait) == 0


def test_one_a_second_passes_for_ever():
    pace = Pace(60)
    assert not any(pace.wait_ms("ada", NOON + n * SECOND, NOON + n * SECOND) for n in range(2000))


@pytest.mark.parametrize("seed", range(20))
def test_an_outbox_of_hours_passes_in_any_order(seed):
    pace = Pace(60)
    moments = [NOON - n * 2 * SECOND for n in range(3000)]
    random.Random(seed).shuffle(moments)
    assert not any(pace.wait_ms("ada", moment, NOON) for moment in moments)


def test_what_claims_to_have_happened_at_once_long_ago_comes_in_no_faster_than_by_hand():
    pace = Pace(60)
    now, taken = NOON, 0
    while now < NOON + 3600 * SECOND:
        wait = pace.wait_ms("ada", NOON - 86_400_000, now)
        taken += wait == 0
        now += wait
    assert 3600 <= taken <= 3600 + 3 * 100


def test_nobody_waits_for_somebody_else_and_zero_means_no_limit():
    pace, free = Pace(60), Pace(0)
    for _ in range(200):
        pace.wait_ms("ada", NOON, NOON)
    assert pace.wait_ms("bob", NOON, NOON) == 0
    assert not any(free.wait_ms("ada", NOON, NOON) for _ in range(1000))


def test_what_is_remembered_of_one_person_stays_small():
    pace = Pace(60)
    moments = [NOON - n * 100 * SECOND for n in range(20_000)]
    random.Random(1).shuffle(moments)
    for moment in moments:
        pace.wait_ms("ada", moment, NOON)
    assert len(pace._done["ada"]) <= 5000
