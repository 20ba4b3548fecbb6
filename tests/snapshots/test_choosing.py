"""Filters: what organizers write is read and compared, and nothing of it ever runs."""

import pyarrow as pa
import pytest

from components.errors import BadSetting
from components.snapshots.choosing import BEST, Filter
from components.snapshots.options import options

ROWS = pa.table(
    {
        "avg_rating": [4.0, 5.0, None, 2.5],
        "num_responses": pa.array([2, 1, 0, 3]),
        "agreement_ratio": [1.0, 1.0, None, 0.4],
        "graded_score": [3.9, 4.5, None, 2.7],
        "kind": ["human", "synthetic", "human", "unknown"],
        "source": ["a", "b", "a", "c"],
    }
)


@pytest.mark.parametrize(
    ("words", "passes"),
    [
        (BEST, [True, False, False, False]),
        ("avg_rating>=4 or num_responses > 2", [True, True, False, True]),
        ("not avg_rating >= 4", [False, False, False, True]),
        ("2 <= num_responses < 3", [True, False, False, False]),
        ("kind == 'human' and source != \"b\"", [True, False, True, False]),
        ("4 <= avg_rating", [True, True, False, False]),
        ("graded_score > 4", [False, True, False, False]),
    ],
)
def test_a_filter_says_which_rows_pass(words, passes):
    assert Filter(words)(ROWS).tolist() == passes


@pytest.mark.parametrize(
    "words",
    [
        "__import__('os').system('true')",
        "avg_rating.__class__ == 4",
        "avg_rating >= 4; print(1)",
        "password == 'x'",
        "kind > 'a'",
        "avg_rating == 'good'",
        "1 < 2",
        "avg_rating",
        "avg_rating in (4, 5)",
        "(lambda: 1)() == avg_rating",
        "avg_rating >=",
        "not " * 60 + "avg_rating > 1",
        "avg_rating > 1 and " * 100 + "avg_rating > 1",
        "\0",
    ],
)
def test_anything_else_is_one_sentence(words):
    with pytest.raises(
        BadSetting, match="write one like `avg_rating >= 4 and num_responses > 1` over avg_rating"
    ):
        Filter(words)


def test_a_filter_over_graded_scores_asks_for_them():
    assert options(best="graded_score >= 4", scores=True).filter.names == {"graded_score"}
    with pytest.raises(BadSetting, match="--scores"):
        options(best="graded_score >= 4")
