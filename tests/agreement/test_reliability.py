"""How contributors rate, and what of it organizers are shown."""

import doctest

import numpy as np
import pytest

from components.agreement import concentration as concentration_module
from components.agreement import factors, matrix, reliability
from components.agreement.concentration import concentration
from components.agreement.effects import effects
from components.agreement.factors import due_to_severity, explained
from components.agreement.kappa import weighted_kappa
from components.agreement.matrix import FEWEST_SHARED, Matrix
from components.agreement.patterns import Patterns
from components.agreement.reliability import consistency
from components.agreement.review import alike, bursts, nearly_constant
from tests.agreement.simulation import simulated


def more(made: Matrix, prompts, contributor: int, scores) -> Matrix:
    """The same with the ratings of one contributor more."""
    return Matrix(
        np.concatenate((made.prompts, prompts)),
        np.concatenate((made.contributors, np.full(len(prompts), contributor))),
        np.concatenate((made.scores, scores)),
        made.number_of_prompts,
        contributor + 1,
    )


def test_consistency_is_a_weighted_kappa_with_the_crowd():
    # Two people: the crowd of each is the other.
    first, second = np.array([1, 2, 3, 4, 5, 5] * 6), np.array([1, 3, 3, 4, 4, 5] * 6)
    of = np.tile(np.arange(36), 2)
    found = consistency(Matrix(of, np.repeat([0, 1], 36), np.concatenate((first, second)), 36, 2))
    both = np.zeros((5, 5), int)
    np.add.at(both, (first - 1, second - 1), 1)
    assert found.value == pytest.approx([weighted_kappa(both).value] * 2)
    assert (found.low < found.value).all() and (found.value < found.high).all()


def test_who_reads_is_told_from_who_does_not():
    made = simulated(np.random.default_rng(1), contributors=12, each=4, spammers=3)
    found = consistency(made.matrix)
    assert (found.value[:3] < 0.1).all() and (found.low[:3] < 0).all()
    assert (found.low[3:] > 0).all()


def test_always_the_same_score_is_no_consistency():
    made = simulated(np.random.default_rng(2))
    found = consistency(more(made.matrix, np.arange(200), 30, np.full(200, 3)))
    assert found.value[30] == pytest.approx(0)


def test_nobody_is_judged_on_few_ratings():
    made = simulated(np.random.default_rng(3))
    number = FEWEST_SHARED - 1
    found = consistency(more(made.matrix, np.arange(number), 30, np.full(number, 3)))
    assert found.shared[30] == number and np.isnan([found.value[30], found.low[30], found.high[30]]).all()


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    rng, told = np.random.default_rng(4), []
    for _ in range(60):
        # All alike: the true value is one and the same, and the mean of all comes near it.
        made = simulated(rng, prompts=200, contributors=5, each=3, severity=0.0)
        found = consistency(made.matrix)
        told.append((found.low, found.value, found.high))
    low, value, high = np.array(told).transpose(1, 0, 2)
    true, judged = np.nanmean(value), ~np.isnan(value)
    assert 0.9 < ((low < true) & (true < high))[judged].mean() < 0.985


def test_nobody_and_nothing_is_borne():
    nothing = Matrix(*np.zeros((3, 0), np.int64), 0, 0)
    alone = Matrix(np.arange(40), np.zeros(40, np.int64), np.tile([1, 5], 20), 40, 1)
    for one in (nothing, alone):
        assert np.isnan(consistency(one).value).all()
        assert (
            alike(one, np.zeros(len(one)))
            == nearly_constant(one)
            == bursts(one, np.arange(len(one)) * 1e5)
            == []
        )
    equal = Matrix(np.repeat(np.arange(40), 2), np.tile([0, 1], 40), np.full(80, 4), 40, 2)
    assert np.isnan(consistency(equal).value).all()
    assert alike(equal, np.zeros(80)) == nearly_constant(equal) == []


def test_two_accounts_that_rate_as_one_are_listed_with_what_shows_it():
    made = simulated(np.random.default_rng(5), prompts=400, each=4).matrix
    own = np.flatnonzero(made.contributors == made.contributors[0])
    scores = made.scores[own].copy()
    scores[0] = scores[0] % 5 + 1
    double = more(made, made.prompts[own], 30, scores)
    times = np.concatenate((np.arange(len(made)) * 60_000, np.zeros(len(own), int)))
    times[-len(own) :] = times[own] + 2000
    [found] = alike(double, times)
    assert (found.first, found.second) == (made.contributors[0], 30)
    assert (found.shared, found.same, found.apart_ms) == (len(own), len(own) - 1, 2000)
    assert 0.2 < found.usual < 0.6
    assert alike(made, times[: len(made)]) == []


def test_nearly_constant_answers_are_listed_where_others_see_it_otherwise():
    rng = np.random.default_rng(6)
    made = simulated(rng).matrix
    lazy = more(made, np.arange(100), 30, np.where(np.arange(100) % 20, 4, 2))
    [found] = nearly_constant(lazy)
    assert (found.contributor, found.score, found.times, found.ratings) == (30, 4, 95, 100)
    assert found.usual < 0.5
    # The same answers to prompts that deserve them are none of this.
    good = Matrix(made.prompts, made.contributors, np.full(len(made), 4), 300, 30)
    assert nearly_constant(more(good, np.arange(100), 30, np.where(np.arange(100) % 20, 4, 2))) == []


def test_bursts_are_found_wherever_they_begin():
    times = np.concatenate((np.arange(100) * 30_000, 5_000_000 + np.arange(50) * 1000))
    one = Matrix(np.arange(150), np.ones(150, int), np.full(150, 3), 150, 3)
    [found] = bursts(one, times)
    assert (found.contributor, found.ratings, found.began_at) == (1, 50, 5_000_000)
    assert bursts(one, np.arange(150) * 2000) == []


def test_the_effective_number_of_contributors_counts_the_busy_ones():
    founding = np.array([2512] + [41] * 311)
    found = concentration(founding)
    assert (found.contributors, found.busiest) == (312, 0)
    assert found.share == pytest.approx(0.1645, abs=0.001) and 30 < found.effective < 35
    assert concentration(np.zeros(3)).busiest is None


def test_what_goes_along_with_disagreement_is_found():
    calm, torn = [1, 0, 2, 0, 0], [1, 0, 0, 0, 2]
    patterns = Patterns(np.array([calm, torn, calm, torn]), np.array([90, 10, 10, 90]))
    assert explained(patterns, np.array([0, 0, 1, 1])).share == pytest.approx(0.64, abs=0.01)
    assert explained(patterns, np.array([0, 0, 0, 0])).share is None
    unrelated = Patterns(patterns.counts, np.array([50, 50, 50, 50]))
    assert explained(unrelated, np.array([0, 0, 1, 1])).share == pytest.approx(0, abs=0.01)
    made = simulated(
        np.random.default_rng(8), severity=0.7, noise=0.7, whole=False, prompts=800, contributors=60
    )
    assert due_to_severity(effects(made.matrix).variances) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("documented", [matrix, reliability, factors, concentration_module])
def test_the_examples_in_the_docstrings_run(documented):
    assert not doctest.testmod(documented).failed
