"""Kappa of two contributors, and of all."""

import doctest

import numpy as np
import pytest
from statsmodels.stats import inter_rater

from components.agreement import kappa as module
from components.agreement.kappa import fleiss_kappa, weighted_kappa
from components.agreement.patterns import patterns_of
from tests.agreement.published import FLEISS, KRIPPENDORFF_C, counts_of


def test_fleiss_kappa_is_the_published_number():
    assert fleiss_kappa(patterns_of(np.array(FLEISS))) == pytest.approx(0.4302445, abs=1e-7)


def test_with_ratings_missing_it_is_the_number_of_gwet():
    assert fleiss_kappa(patterns_of(counts_of(KRIPPENDORFF_C))) == pytest.approx(0.76117, abs=6e-6)


def test_it_is_undefined_without_pairs_and_without_difference():
    assert fleiss_kappa(patterns_of(np.eye(5, dtype=int))) is None
    assert fleiss_kappa(patterns_of(np.array([[0, 3, 0]] * 4))) is None


@pytest.mark.parametrize(
    ("weights", "theirs"), [("none", None), ("linear", "linear"), ("quadratic", "quadratic")]
)
def test_weighted_kappa_is_the_number_of_statsmodels(weights, theirs):
    rng = np.random.default_rng(2)
    for _ in range(20):
        both = rng.integers(1, 9, size=(5, 5)) + np.diag(rng.integers(30, size=5))
        expected = inter_rater.cohens_kappa(both, wt=theirs, return_results=False)
        assert weighted_kappa(both, weights).value == pytest.approx(expected, abs=1e-12)


def test_two_who_share_nothing_have_no_kappa():
    found = weighted_kappa(np.zeros((5, 5), int))
    assert found.value is None and found.prompts == 0 and "no prompt in common" in found.why


def test_the_examples_in_the_docstrings_run():
    failed, run = doctest.testmod(module)
    assert not failed and run
