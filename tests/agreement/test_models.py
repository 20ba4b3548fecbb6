"""The models that weigh contributors: the published case, better where spammers are, harmless where none are."""

import doctest
import json

import numpy as np
import pytest

from components.agreement import dawid_skene as module
from components.agreement.dawid_skene import dawid_skene
from components.agreement.graded import graded
from components.agreement.matrix import Matrix
from tests.agreement.simulation import simulated
from tests.agreement.test_reference import rows_of

# Philip Dawid and Allan Skene, 1979: for each patient the class that five anaesthetists saw, the first of them three times.
ANAESTHETISTS = """
    1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
    1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
    1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
    2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""


def matrix_of(rows, values: int = 5, first: int = 1) -> tuple[Matrix, list[str]]:
    prompts, of = np.unique([row["item_id"] for row in rows], return_inverse=True)
    people, by = np.unique([row["rater_id"] for row in rows], return_inverse=True)
    scores = np.array([int(row["rating"]) for row in rows]) - first + 1
    return Matrix(of, by, scores, len(prompts), len(people), values), prompts.tolist()


def error(found: np.ndarray, true: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - true) ** 2)))


def mean_of(matrix: Matrix) -> np.ndarray:
    return matrix.of_prompts(matrix.scores) / matrix.of_prompts()


def test_the_marginals_of_dawid_and_skene_are_the_published_ones():
    scores = np.array([[int(score) for score in patient] for patient in ANAESTHETISTS.split()])
    of, by = np.repeat(np.arange(45), 7), np.tile([0, 0, 0, 1, 2, 3, 4], 45)
    found = dawid_skene(Matrix(of, by, scores.ravel(), 45, 5, 4), smoothing=0)
    assert found.marginals.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]


def test_dawid_and_skene_find_what_others_found_in_their_data(shared):
    matrix, prompts = matrix_of(rows_of(shared, "anaesthetists_1to4"), 4)
    found = dawid_skene(matrix, smoothing=0)
    told = json.loads((shared / "data/reference/agreement_cases.json").read_text())["dawid_skene"]
    told = told["computed_by_us"]
    assert found.marginals == pytest.approx(told["class_marginals"], abs=1e-3)
    assert found.log_likelihood == pytest.approx(told["log_likelihood"], abs=1e-3)
    classes = dict(zip(prompts, (found.classes.argmax(axis=1) + 1).tolist(), strict=True))
    assert classes == told["map_class"]
    for place, rates in enumerate(told["error_rates"].values()):
        assert found.confusion[place] == pytest.approx(np.array(rates), abs=2e-3)


@pytest.mark.parametrize("name", ["sites_gprx_1to4", "bluebirds_binary", "weather_sentiment_amt"])
def test_real_ratings_are_told_as_well_as_others_tell_them(shared, name):
    about = json.loads((shared / "data/ratings/INDEX.json").read_text())[name]
    rows = rows_of(shared, name)
    matrix, prompts = matrix_of(rows, len(about["scale"]), about["scale"][0])
    lines = (shared / f"data/ratings/{name}.truth.csv").read_text().splitlines()[1:]
    truth = {line.split(",")[0]: int(line.split(",")[1]) - about["scale"][0] for line in lines}
    found = dawid_skene(matrix).classes.argmax(axis=1)
    right = np.mean(
        [found[place] == truth[prompt] for place, prompt in enumerate(prompts) if prompt in truth]
    )
    assert right >= about["computed_by_us"]["dawid_skene_accuracy_crowdkit"] - 0.02


def test_the_graded_model_beats_the_mean_where_spammers_are():
    rng, errors, spotted, blamed = np.random.default_rng(1), [], [], []
    for _ in range(3):
        made = simulated(rng, prompts=250, contributors=24, spammers=6)
        found = graded(made.matrix)
        errors.append((error(found.score, made.expected), error(mean_of(made.matrix), made.expected)))
        spotted.append(found.careless[made.spammers].mean())
        blamed.append(found.careless[~made.spammers].mean())
    model, mean = np.mean(errors, axis=0)
    assert model < 0.8 * mean
    assert np.mean(spotted) > 0.6 and np.mean(blamed) < 0.05


def test_it_does_no_harm_where_none_are_and_its_intervals_hold():
    rng, inside = np.random.default_rng(2), []
    for each in (2, 5):
        made = simulated(rng, prompts=250, contributors=24, each=each)
        found = graded(made.matrix)
        assert error(found.score, made.expected) < error(mean_of(made.matrix), made.expected)
        assert found.careless.max() < 0.5 and (found.reliability > 0.2).all()
        inside.append((found.low <= made.expected) & (made.expected <= found.high))
    assert 0.89 < np.mean(inside) < 0.98


def test_dawid_and_skene_spot_who_does_not_read():
    made = simulated(np.random.default_rng(3), contributors=20, each=6, spammers=4)
    found = dawid_skene(made.matrix)
    right = np.einsum("jcc,c->j", found.confusion, found.marginals)
    assert right[made.spammers].mean() < right[~made.spammers].mean() - 0.1


def test_no_and_few_ratings_are_borne():
    nothing = Matrix(*np.zeros((3, 0), np.int64), 4, 2)
    one = Matrix(np.array([1]), np.array([0]), np.array([5]), 4, 2)
    equal = Matrix(np.repeat(np.arange(4), 2), np.tile([0, 1], 4), np.full(8, 3), 4, 2)
    for matrix in (nothing, one, equal):
        scores = [dawid_skene(matrix).score, graded(matrix).score]
        assert all(((score >= 1) & (score <= 5)).all() for score in scores)
    assert graded(one).score[1] > graded(one).score[0]


def test_the_example_in_the_docstring_runs():
    failed, run = doctest.testmod(module)
    assert not failed and run
