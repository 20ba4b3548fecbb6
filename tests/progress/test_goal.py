"""The goal: what is reached, what is beyond it, and what is missing."""

import pytest

from components.progress.goal import missing, reached, share_given, surplus


def test_more_ratings_than_wanted_do_not_count_twice():
    assert reached({0: 5, 2: 3, 3: 4, 7: 1}, 3) == 5


def test_what_goes_beyond_the_goal_is_counted_for_each_prompt():
    assert surplus({0: 5, 2: 3, 3: 4}, 3) == 0
    assert surplus({0: 5, 3: 4, 4: 2, 7: 1}, 3) == 6


@pytest.mark.parametrize(
    ("goal", "prompts", "ratings"),
    [
        (3, None, 5 * 3 + 3 * 1),
        (1, None, 5),
        (4, None, 5 * 4 + 3 * 2 + 4 * 1),
        (3, 15, 5 * 3 + 3 + 2 * 3),
        # Of fewer the least rated are left out.
        (3, 8, 3),
        (3, 5, 0),
        (3, 0, 0),
    ],
)
def test_what_is_missing_can_be_asked_for_any_goal_and_number_of_prompts(goal, prompts, ratings):
    assert missing({0: 5, 2: 3, 3: 4, 7: 1}, goal, prompts) == ratings


def test_nothing_is_missing_where_nothing_is():
    assert missing({}, 3) == 0
    assert missing({}, 3, prompts=10) == 30


def test_what_is_beyond_the_goal_of_one_prompt_fills_no_gap_of_another():
    assert share_given({0: 2, 1: 1, 9: 1}, 3) == pytest.approx(4 / 12)
    assert share_given({3: 5, 4: 1}, 3) == 1
    assert share_given({}, 3) is None
