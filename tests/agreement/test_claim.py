"""Human against synthetic: intervals that hold, and a sentence that says no more than they do."""

import numpy as np
import pytest

from components.agreement.claim import (
    AS_RATED,
    NOBODY_RATED_BOTH,
    NOTHING_SHARED,
    SEVERITY,
    SOURCE,
    differences,
)
from components.agreement.matrix import Matrix
from tests.agreement.simulation import simulated

NAMES = ("human", "synthetic", "unknown")


def compared(made, kind_of_source) -> dict:
    kinds = np.array(kind_of_source)[made.groups]
    return {found.basis: found for found in differences(made.matrix, kinds, made.groups, NAMES)}


def test_a_difference_is_told_with_its_interval():
    made = simulated(np.random.default_rng(1), prompts=900, means=(3.6, 3.6, 3.6, 2.9, 2.9, 2.9), each=3)
    found = compared(made, (0, 0, 0, 1, 1, 1))
    for basis in (AS_RATED, SEVERITY, SOURCE):
        assert found[basis].low < 0.65 < found[basis].high, basis
    told = found[SOURCE]
    assert told.sentence == (
        "Human prompts are rated higher than synthetic prompts: "
        f"the difference is {told.value:.2f} ({told.low:.2f} to {told.high:.2f})."
    )
    assert (told.first.sources, told.second.sources) == (3, 3)
    assert told.first.prompts + told.second.prompts == 900
    assert told.first.ratings + told.second.ratings == 2700


def test_the_higher_kind_comes_first_in_the_sentence():
    made = simulated(np.random.default_rng(2), prompts=600, means=(2.5, 2.5, 3.5, 3.5))
    told = compared(made, (0, 0, 1, 1))[SEVERITY]
    assert told.value < 0 and told.sentence.startswith(
        "Synthetic prompts are rated higher than human prompts"
    )
    assert "−" not in told.sentence


def test_where_the_interval_holds_nothing_the_data_cannot_tell():
    made = simulated(np.random.default_rng(3), means=(3.0, 3.4, 2.6, 3.0, 3.4, 2.6))
    told = compared(made, (0, 0, 0, 1, 1, 1))[SOURCE]
    assert told.low < 0 < told.high
    assert told.sentence.startswith(
        "These data cannot tell whether human prompts or synthetic prompts are rated higher"
    )


def test_severe_people_who_got_the_prompts_of_one_kind_are_seen_through():
    rng = np.random.default_rng(4)
    made = simulated(rng, prompts=800, contributors=20, each=4, severity=0.0, means=(3.0, 3.0, 3.0, 3.0))
    matrix, kinds = made.matrix, np.array([0, 0, 1, 1])[made.groups]
    severe = matrix.contributors < 10
    scores = matrix.scores - severe
    # Those who are severe rate human prompts three times as often as the others do.
    kept = rng.random(len(matrix)) < np.where(severe == (kinds[matrix.prompts] == 0), 0.9, 0.3)
    biased = Matrix(matrix.prompts, matrix.contributors, np.maximum(scores, 1), 800, 20).only(kept)
    found = {one.basis: one for one in differences(biased, kinds, made.groups, NAMES)}
    assert found[AS_RATED].high < -0.2
    assert abs(found[SEVERITY].value) < 0.12 and found[SOURCE].low < 0 < found[SOURCE].high


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng, inside, plain = np.random.default_rng(5), 0, 0
    for _ in range(60):
        means = tuple(np.array([3.3] * 4 + [3.0] * 4) + rng.normal(0, 0.25, 8))
        made = simulated(rng, prompts=240, contributors=15, each=3, means=means, whole=False)
        found = compared(made, (0,) * 4 + (1,) * 4)
        inside += found[SOURCE].low <= 0.3 <= found[SOURCE].high
        plain += found[AS_RATED].low <= 0.3 <= found[AS_RATED].high
    assert inside >= 53
    # Taking prompts for independent of their source is too sure of itself.
    assert plain < inside


def test_one_source_of_a_kind_cannot_be_told_from_the_kind():
    made = simulated(np.random.default_rng(6), means=(3.0, 3.0, 3.5))
    found = compared(made, (0, 0, 1))
    assert found[SOURCE].value is None and found[SEVERITY].value is not None
    assert found[SOURCE].sentence == (
        "There is only one source of synthetic prompts, "
        "so what is due to the kind cannot be told from what is due to the source."
    )


def test_every_two_kinds_with_ratings_are_compared_and_no_others():
    made = simulated(np.random.default_rng(7), means=(3.0, 3.0, 3.0))
    pairs = differences(made.matrix, made.groups, made.groups, NAMES)
    assert [(one.first.kind, one.second.kind) for one in pairs[::3]] == [
        ("human", "synthetic"),
        ("human", "unknown"),
        ("synthetic", "unknown"),
    ]
    assert differences(made.matrix, np.zeros(300, int), made.groups, NAMES) == []


@pytest.mark.parametrize(("people", "why"), [(1, NOTHING_SHARED), (24, NOBODY_RATED_BOTH)])
def test_without_overlap_only_the_plain_difference_is_told(people, why):
    of = np.arange(24)
    scores = np.tile([1, 2, 2], 8) + 3 * (of >= 12)
    found = differences(Matrix(of, of % people, scores, 24, people), of // 12, of, NAMES)
    assert found[0].value == pytest.approx(-3) and found[0].low < -3 < found[0].high
    assert [one.value for one in found[1:]] == [None, None]
    assert found[2].sentence == why


def test_people_who_share_prompts_of_one_kind_only_tell_nothing_of_the_other():
    of, place = np.divmod(np.arange(80), 2)
    scores = 1 + (of * 7 + place * 3) % 5
    apart = differences(
        Matrix(of, place + 2 * (of // 20), scores, 40, 4), np.arange(40) // 20, np.arange(40), NAMES
    )
    assert apart[0].low < apart[0].high and apart[1].why == apart[2].why == NOBODY_RATED_BOTH


def test_with_fewer_than_ten_prompts_of_a_kind_no_difference_is_told():
    made = simulated(np.random.default_rng(8), prompts=30, means=(3.0, 3.0))
    found = differences(made.matrix, (np.arange(30) < 9).astype(int), made.groups, NAMES)
    assert {one.why for one in found} == {
        "There are only 9 rated synthetic prompts; it takes 10 of each kind to tell a difference."
    }
