"""What contributors are checked with, and what of it stands in the findings."""

import doctest

import numpy as np
import pytest

from components.agreement import checks
from components.agreement.checks import compared, interval
from components.agreement.kappa import weighted_kappa
from components.store import exclusions, repeats
from tests.agreement.checked import checked, computed

FIRST = np.array([1, 2, 3, 4, 5, 5] * 6)
SECOND = np.array([1, 3, 3, 4, 4, 5] * 6)


def test_pairs_are_compared_by_a_weighted_kappa_and_by_the_distance_in_points():
    [bob, ada] = compared([("ada", *pair) for pair in zip(FIRST, SECOND, strict=True)], ["bob", "ada"])
    both = np.zeros((5, 5), int)
    np.add.at(both, (FIRST - 1, SECOND - 1), 1)
    assert ada["consistency"]["value"] == pytest.approx(weighted_kappa(both).value)
    assert (ada["n"], ada["same"], ada["apart"]["value"]) == (36, 24, pytest.approx(1 / 3))
    assert 0.15 < ada["apart"]["low"] < 1 / 3 < ada["apart"]["high"] < 0.5
    assert bob == {"n": 0, "same": 0, "consistency": interval(), "apart": interval()}


def test_nobody_is_judged_on_nine():
    [ada] = compared([("ada", 4, 4)] * 9, ["ada"])
    assert (ada["n"], ada["apart"], ada["consistency"]) == (9, interval(), interval())
    # Always the same score in both is no consistency that could be told.
    [ada] = compared([("ada", 4, 4)] * 10, ["ada"])
    assert ada["apart"]["value"] == 0 and ada["consistency"] == interval()


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    whole = (
        np.array([[5, 1, 0, 0, 0], [1, 6, 2, 0, 0], [0, 2, 8, 2, 0], [0, 0, 2, 9, 2], [0, 0, 0, 2, 6]]) / 48
    )
    true, held = weighted_kappa(np.rint(whole * 48_000).astype(int)).value, []
    cells = rng.choice(25, size=(200, 60), p=whole.ravel())
    pairs = [(str(one), cell // 5 + 1, cell % 5 + 1) for one, row in enumerate(cells) for cell in row]
    for one in compared(pairs, [str(number) for number in range(200)]):
        held.append(one["consistency"]["low"] < true < one["consistency"]["high"])
    assert 0.9 < np.mean(held) < 0.985


def test_the_examples_in_the_docstrings_run():
    assert not doctest.testmod(checks).failed


@pytest.fixture
def sprint(store):
    return checked(store)


def test_everybody_has_what_they_were_checked_with_and_accounts_that_rate_as_one_are_listed(store, sprint):
    told = computed(store)
    people = told["contributors"]
    bob, cy = people[sprint["bob"].id], people[sprint["cy"].id]
    assert bob["gold"]["n"] == cy["gold"]["n"] == 12
    assert (bob["gold"]["same"], bob["gold"]["apart"]["value"]) == (12, 0)
    assert 0 < cy["gold"]["apart"]["value"] < 1 and cy["gold"]["consistency"]["value"] < 1
    assert (bob["repeats"]["n"], bob["repeats"]["same"], cy["repeats"]["n"]) == (12, 12, 0)
    assert cy["seconds"] == {"n": 40, "value": 4, "low": 4, "high": 4}
    assert sum(cy["scores"]) == 40 and sum(cy["others"]) == pytest.approx(1)
    [pair] = [one for one in told["review"] if one["sort"] == "alike"]
    assert set(pair["contributors"]) == {sprint["bob"].id, sprint["dora"].id}
    assert "40 of 40" in pair["told"]


def test_who_is_excluded_is_in_none_of_it(store, sprint):
    store.write(lambda tx: exclusions.exclude(tx, "terminal", sprint["dora"].id, "one person"))
    told = computed(store)
    assert sprint["dora"].id not in told["contributors"]
    assert not any(sprint["dora"].id in one["contributors"] for one in told["review"])
    with store.reading() as connection:
        assert len(list(repeats.said(connection))) == 12


def test_where_no_answer_moves_it_a_number_has_no_interval():
    [same, constant] = compared(
        [("ada", 1 + n % 5, 1 + n % 5) for n in range(12)] + [("bob", 1 + n % 5, 3) for n in range(12)],
        ["ada", "bob"],
    )
    assert same["consistency"] == {"value": 1, "low": None, "high": None}
    assert same["apart"] == {"value": 0, "low": None, "high": None}
    assert constant["consistency"] == {"value": pytest.approx(0), "low": None, "high": None}
