"""The agreement ratio: equal to the published one, and no more than it is."""

import doctest
import json

import pytest

from components.agreement import ratio
from components.agreement.ratio import agreement_ratio


@pytest.mark.parametrize(
    ("scores", "published"),
    [
        ([5, 5], 1.0),
        ([2, 3, 3, 3], 0.6875),
        ([3, 5, 1], 0.166667),
        ([4, 3], 0.375),
        ([5, 3, 3], 0.583333),
        ([1], 1.0),
        ([1, 2, 3, 4, 5], 0.0),
    ],
)
def test_it_is_the_published_number(scores, published):
    assert agreement_ratio(scores) == pytest.approx(published, abs=1e-6)


def test_it_is_the_number_in_the_real_rows(shared):
    rows = (shared / "data/reference/dibt_10k_sample_rows.jsonl").read_text().splitlines()
    checked = 0
    for row in map(json.loads, rows):
        if "agreement_ratio" in row:
            assert agreement_ratio(row["raw_responses"]) == pytest.approx(row["agreement_ratio"], abs=1e-6)
            checked += 1
    assert checked >= 5


def test_it_is_exactly_one_or_zero_at_the_ends():
    for number in range(1, 30):
        assert agreement_ratio([4] * number) == 1.0
    assert agreement_ratio([5, 4, 3, 2, 1]) == 0.0


def test_the_order_of_the_scores_does_not_matter():
    assert agreement_ratio([3, 1, 3, 5]) == agreement_ratio([5, 3, 3, 1])


def test_no_scores_have_no_ratio():
    with pytest.raises(ValueError, match="no scores"):
        agreement_ratio([])


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(ratio) == (0, 3)
