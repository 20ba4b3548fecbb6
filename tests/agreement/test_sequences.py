"""Accounts that behave as one are found by what they do, and people who only rate much are not."""

import numpy as np

from components.agreement.matrix import Matrix
from components.agreement.sequences import LENGTH, same_moments, same_sequences
from tests.agreement.simulation import simulated


def with_times(made: Matrix, rng) -> tuple[Matrix, np.ndarray]:
    """Ratings, each contributor's some seconds apart, all in the same hours."""
    times = np.zeros(len(made), np.int64)
    for who in range(made.number_of_contributors):
        own = np.flatnonzero(made.contributors == who)
        times[own] = rng.integers(0, 600_000) + np.cumsum(rng.integers(2_000, 30_000, len(own)))
    return made, times


def more(made: Matrix, times, contributor: int, prompts, scores, at) -> tuple[Matrix, np.ndarray]:
    both = Matrix(
        np.concatenate((made.prompts, prompts)),
        np.concatenate((made.contributors, np.full(len(prompts), contributor))),
        np.concatenate((made.scores, scores)),
        made.number_of_prompts,
        contributor + 1,
    )
    return both, np.concatenate((times, at))


def test_honest_people_are_in_neither_list():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        made, times = with_times(simulated(rng, prompts=600, each=4).matrix, rng)
        assert same_sequences(made, times) == same_moments(made, times) == []


def test_the_same_scores_in_the_same_order_are_found_whatever_the_prompts():
    rng = np.random.default_rng(1)
    made, times = with_times(simulated(rng, prompts=600, each=4).matrix, rng)
    own = np.flatnonzero(made.contributors == 3)
    own = own[np.argsort(times[own])][5:45]
    other = rng.permutation(600)[:40]
    made, times = more(made, times, 30, other, made.scores[own], 10**9 + np.arange(40) * 7000)
    [found] = same_sequences(made, times)
    assert (found.first, found.second, found.length) == (3, 30, 40)
    assert (found.began_at, found.again_at) == (times[own[0]], 10**9)


def test_one_who_repeats_a_pattern_is_found_and_one_who_gives_mostly_fours_is_not():
    rng = np.random.default_rng(2)
    made, times = with_times(simulated(rng, prompts=600, each=4).matrix, rng)
    fours = np.where(rng.random(300) < 0.95, 4, 3)
    made, times = more(made, times, 30, np.arange(300), fours, np.arange(300) * 9000)
    assert same_sequences(made, times) == []
    pattern = np.tile([1, 2, 3, 4, 5, 4, 3, 2], 50)
    made, times = more(made, times, 31, np.arange(400), pattern, np.arange(400) * 9000)
    [found] = same_sequences(made, times)
    assert (found.first, found.second) == (31, 31) and found.length >= 2 * LENGTH


def test_two_who_rate_at_the_same_moments_are_found():
    rng = np.random.default_rng(3)
    made, times = with_times(simulated(rng, prompts=600, each=4).matrix, rng)
    own = times[made.contributors == 3]
    made, times = more(
        made,
        times,
        30,
        np.arange(len(own)),
        rng.integers(1, 6, len(own)),
        own + rng.integers(0, 300, len(own)),
    )
    [found] = same_moments(made, times)
    assert (found.first, found.second) == (3, 30)
    assert found.same > 0.8 * found.moments and found.usual < 0.4


def test_nothing_is_borne():
    nothing = Matrix(*np.zeros((3, 0), np.int64), 0, 0)
    assert (
        same_sequences(nothing, np.zeros(0, np.int64)) == same_moments(nothing, np.zeros(0, np.int64)) == []
    )
