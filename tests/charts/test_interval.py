"""Intervals of means hold what they promise where their assumption is true, and never claim certainty."""

import doctest
import random
from collections import Counter

import pytest

from components.charts import concentration, interval
from components.charts.interval import mean_interval
from components.records import SCORES


@pytest.mark.parametrize("module", [interval, concentration])
def test_the_examples_are_right(module):
    assert doctest.testmod(module).failed == 0 < doctest.testmod(module).attempted


@pytest.mark.parametrize("weights", [(1, 1, 1, 1, 1), (1, 2, 4, 8, 4), (0, 0, 1, 4, 15), (10, 0, 0, 0, 10)])
@pytest.mark.parametrize("n", [10, 30, 200])
def test_of_independent_ratings_the_interval_has_the_mean_in_95_of_100_cases(weights, n):
    chance = random.Random(5)
    truth = sum(score * weight for score, weight in zip(SCORES, weights, strict=True)) / sum(weights)
    within = 0
    for _ in range(1000):
        drawn = Counter(chance.choices(SCORES, weights, k=n))
        low, high = mean_interval([drawn[score] for score in SCORES])
        within += low <= truth <= high
    assert within >= 930


@pytest.mark.parametrize("score", SCORES)
def test_ten_equal_scores_are_no_certainty(score):
    low, high = mean_interval([10 * (score == one) for one in SCORES])
    assert 1 <= low <= score <= high <= 5 and high - low > 0.5


def test_too_few_ratings_have_no_interval():
    assert mean_interval((1, 2, 3, 2, 1)) is None
    assert mean_interval((0, 0, 0, 0, 0)) is None


def test_more_ratings_make_it_narrower():
    low, high = mean_interval((2, 4, 8, 4, 2))
    nearer, farther = mean_interval((200, 400, 800, 400, 200))
    assert low < nearer < 3 < farther < high
