"""Points: the public formula, and which sources are thin."""

import doctest

import pytest

from components import points
from components.points import FORMULA, reckoning, thin_sources


def test_the_examples_are_true():
    assert doctest.testmod(points).failed == 0 and doctest.testmod(points).attempted > 2


@pytest.mark.parametrize("counts", [(0, 0, 0), (1, 0, 0), (7, 2, 0), (5000, 1234, 77)])
def test_the_words_come_to_the_same_as_the_sum(counts):
    parts = reckoning(*counts).replace(",", " ").split("for") if any(counts) else []
    said = [part.split()[-1] for part in parts[:-1]]
    assert points.points(*counts) == sum(
        worth * number for (worth, _), number in zip(FORMULA, counts, strict=True)
    )
    assert len(said) == sum(map(bool, counts))


def test_a_source_is_thin_as_long_as_it_has_less_than_half_of_what_the_sprint_has():
    sprint = {("old", "human"): {3: 90, 0: 10}, ("old", "synthetic"): {3: 100}}
    assert thin_sources(sprint | {("new", "human"): {1: 40, 0: 60}}, 3) == {"new"}
    assert thin_sources(sprint | {("new", "human"): {3: 40, 0: 60}}, 3) == frozenset()


def test_ratings_beyond_the_goal_do_not_make_a_source_less_thin():
    assert thin_sources({("old", "human"): {2: 50}, ("new", "human"): {0: 49, 100: 1}}, 2) == {"new"}


@pytest.mark.parametrize(
    "coverage", [{}, {("a", "human"): {}}, {("a", "human"): {0: 5}, ("b", "human"): {0: 5}}]
)
def test_before_anybody_rated_no_source_is_thin(coverage):
    assert thin_sources(coverage, 3) == frozenset()


def test_at_the_very_beginning_chance_makes_no_source_thin():
    assert thin_sources({("a", "human"): {1: 10, 0: 990}, ("b", "human"): {0: 1000}}, 3) == frozenset()
