"""What scores are made of, found again where it is known."""

import numpy as np
import pytest

from components.agreement import effects as module
from components.agreement.effects import adjusted_means, effects, variances
from components.agreement.matrix import Matrix
from tests.agreement.simulation import simulated

Z = 1.96


def test_the_variances_are_those_it_was_made_with():
    rng, found = np.random.default_rng(1), []
    for _ in range(20):
        made = simulated(rng, means=(2.5, 3.5), whole=False)
        parts = variances(made.matrix, made.groups)
        found.append((parts.prompts, parts.contributors, parts.rest))
    assert np.mean(found, axis=0) == pytest.approx([0.49, 0.25, 0.49], rel=0.12)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng, severities, means, prompts = np.random.default_rng(2), [], [], []
    for _ in range(40):
        made = simulated(rng, prompts=200, contributors=20, means=(2.5, 3.5), whole=False)
        found = effects(made.matrix, made.groups)
        severities.append(np.abs(found.severity - made.severity) < Z * found.severity_error)
        means.append(np.abs(found.means - [2.5, 3.5]) < Z * np.sqrt(np.diag(found.covariance)))
        mean, error = adjusted_means(made.matrix, found)
        prompts.append(np.abs(mean - made.worth) < Z * error)
    assert 0.91 < np.mean(severities) < 0.98
    assert 0.88 < np.mean(means) < 0.99
    assert 0.91 < np.mean(prompts) < 0.98


def test_taking_severity_out_brings_prompts_nearer_to_what_they_are_worth():
    made = simulated(np.random.default_rng(3), severity=0.9)
    mean = made.matrix.of_prompts(made.matrix.scores) / made.matrix.of_prompts()
    adjusted, _ = adjusted_means(made.matrix, effects(made.matrix))
    assert np.corrcoef(adjusted, made.worth)[0, 1] > np.corrcoef(mean, made.worth)[0, 1] + 0.03


def test_step_by_step_it_finds_the_same(monkeypatch):
    made = simulated(np.random.default_rng(4), means=(2.5, 3.5))
    at_once = effects(made.matrix, made.groups)
    monkeypatch.setattr(module, "MOST_AT_ONCE", 0)
    by_steps = effects(made.matrix, made.groups)
    assert by_steps.means == pytest.approx(at_once.means, abs=1e-5)
    assert by_steps.severity == pytest.approx(at_once.severity, abs=1e-5)
    assert by_steps.covariance == pytest.approx(at_once.covariance, rel=1e-3, abs=1e-6)
    assert (by_steps.severity_error <= at_once.severity_error + 1e-9).all()


def test_without_overlap_there_is_nothing_to_tell():
    apart = Matrix(np.arange(6), np.array([0, 0, 1, 1, 2, 2]), np.array([1, 2, 3, 4, 5, 1]), 6, 3)
    once_each = Matrix(np.array([0, 0, 1, 1]), np.arange(4), np.array([1, 2, 3, 4]), 2, 4)
    nothing = Matrix(*np.zeros((3, 0), np.int64), 0, 0)
    assert effects(apart) is effects(once_each) is effects(nothing) is None


def test_where_nobody_differs_on_any_prompt_severity_cannot_be_told():
    of, by = np.divmod(np.arange(30), 3)
    assert effects(Matrix(of, by, np.full(30, 4), 10, 3)) is None
    assert effects(Matrix(of, by, 1 + of % 5, 10, 3)) is None


def test_prompts_contributors_and_groups_without_a_rating_change_nothing():
    made = simulated(np.random.default_rng(5), means=(2.5, 3.5))
    was = made.matrix
    wider = Matrix(was.prompts, was.contributors, was.scores, was.number_of_prompts + 2, 31)
    groups = np.concatenate((made.groups, [3, 3]))
    less, more = effects(was, made.groups), effects(wider, groups)
    assert more.means[:2] == pytest.approx(less.means) and more.means[2] == 0
    assert more.severity[:30] == pytest.approx(less.severity) and more.severity[30] == 0
    mean, _ = adjusted_means(wider, more)
    assert np.isnan(mean[-2:]).all() and not np.isnan(mean[:-2]).any()
