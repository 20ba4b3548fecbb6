"""Krippendorff's alpha: the published values, those of the package, undefined where it is, and intervals that cover."""

import doctest

import krippendorff
import numpy as np
import pytest

from components.agreement import alpha as module
from components.agreement import patterns as patterns_module
from components.agreement.alpha import ALL_EQUAL, NO_OVERLAP, alpha, alpha_interval
from components.agreement.patterns import Patterns, patterns_of
from tests.agreement.published import FLEISS, KRIPPENDORFF_C, counts_of

LEVELS = ("ordinal", "nominal", "interval")


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_it_is_the_published_number(level, published):
    found = alpha(patterns_of(counts_of(KRIPPENDORFF_C)), level)
    assert found.value == pytest.approx(published, abs=0.0005)
    assert (found.prompts, found.pairs) == (11, 55)


def test_it_is_the_number_of_the_package_for_any_ratings():
    rng = np.random.default_rng(1)
    for level in LEVELS:
        for _ in range(20):
            counts = rng.multinomial(3, rng.dirichlet(np.ones(5)), size=30)
            counts[rng.integers(30, size=10)] = np.eye(5, dtype=int)[rng.integers(5)]
            theirs = krippendorff.alpha(value_counts=counts, level_of_measurement=level)
            assert alpha(patterns_of(counts), level).value == pytest.approx(theirs, abs=1e-12)


def test_prompts_with_one_rating_change_nothing():
    counts = counts_of(KRIPPENDORFF_C)
    more = np.vstack([counts, np.repeat(np.eye(5, dtype=int), 40, axis=0)])
    for level in LEVELS:
        assert alpha(patterns_of(more), level) == alpha(patterns_of(counts), level)
    rng = np.random.default_rng
    assert alpha_interval(patterns_of(more), rng(1)) == alpha_interval(patterns_of(counts), rng(1))


def test_undefined_is_neither_zero_nor_one():
    none, single = np.zeros((0, 5), int), np.eye(5, dtype=int)
    for counts in (none, single):
        found = alpha_interval(patterns_of(counts), np.random.default_rng(1))
        assert (found.value, found.low, found.why) == (None, None, NO_OVERLAP)
    equal = alpha_interval(patterns_of(np.array([[0, 0, 0, 3, 0]] * 20)), np.random.default_rng(1))
    assert (equal.value, equal.why, equal.prompts, equal.pairs) == (None, ALL_EQUAL, 20, 60)


def test_a_few_prompts_have_no_interval():
    found = alpha_interval(
        patterns_of(np.array([[2, 0, 0, 0, 0], [0, 0, 0, 1, 1]])), np.random.default_rng(1)
    )
    assert (found.low, found.high) == (None, None) and found.value == pytest.approx(5 / 6)


def test_counts_beyond_one_number_a_row_are_put_together_as_well():
    many = np.array([[10**6, 1, 0, 0, 0], [0, 0, 0, 0, 2], [10**6, 1, 0, 0, 0]])
    found = patterns_of(many)
    assert dict(zip(map(tuple, found.counts.tolist()), found.prompts.tolist(), strict=True)) == {
        (10**6, 1, 0, 0, 0): 2,
        (0, 0, 0, 0, 2): 1,
    }


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    grid = rng.dirichlet(np.ones(5), size=400)
    # Drawn from a fixed stock of kinds of prompts, alpha has a true value: that of very many of them.
    true = alpha(patterns_of(rng.multinomial(3, grid[rng.integers(400, size=200_000)]))).value
    inside = 0
    for _ in range(100):
        counts = rng.multinomial(3, grid[rng.integers(400, size=80)])
        found = alpha_interval(patterns_of(counts), rng, samples=300)
        inside += found.low <= true <= found.high
    assert 88 <= inside <= 99


def test_the_interval_narrows_as_prompts_come_in():
    counts = np.array(FLEISS)
    few = alpha_interval(patterns_of(counts), np.random.default_rng(1), "nominal")
    many = alpha_interval(patterns_of(np.repeat(counts, 9, axis=0)), np.random.default_rng(1), "nominal")
    assert few.low < many.low < few.value < many.high < few.high
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(3, rel=0.15)


def test_it_reports_how_far_it_is():
    done = []
    alpha_interval(patterns_of(np.array(FLEISS)), np.random.default_rng(1), samples=250, done=done.append)
    assert done == [100, 100, 50]


def test_a_pattern_that_no_prompt_has_changes_nothing():
    counts = np.array([[2, 0, 0, 0, 0], [0, 0, 0, 1, 1], [0, 1, 1, 0, 0]])
    assert alpha(Patterns(counts, np.array([3, 4, 0]))) == alpha(Patterns(counts[:2], np.array([3, 4])))


@pytest.mark.parametrize("documented", [module, patterns_module])
def test_the_examples_in_the_docstrings_run(documented):
    failed, run = doctest.testmod(documented)
    assert not failed and run


def test_where_hardly_any_prompt_differs_the_missing_interval_has_its_own_reason():
    counts = np.array([[0, 0, 2, 0, 0], [0, 0, 0, 2, 0]])
    found = alpha_interval(Patterns(counts, np.array([18, 1])), np.random.default_rng(1))
    assert found.low is None and found.sentence.endswith("too few of them differ for an interval.")
    few = alpha_interval(Patterns(counts, np.array([8, 1])), np.random.default_rng(1))
    assert few.sentence.endswith("too few prompts for an interval.")
