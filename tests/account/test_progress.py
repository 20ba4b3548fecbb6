"""A contributor's own progress: today, in all, and days in a row."""

import pytest

from components.account.progress import own_progress, streak


@pytest.mark.parametrize(
    ("days", "today", "length"),
    [
        ([], "2026-03-01", 0),
        (["2026-03-01"], "2026-03-01", 1),
        (["2026-02-28"], "2026-03-01", 1),  # today may still get one
        (["2026-02-27"], "2026-03-01", 0),
        (["2026-02-27", "2026-02-28", "2026-03-01"], "2026-03-01", 3),
        (["2026-02-26", "2026-02-28", "2026-03-01"], "2026-03-01", 2),
        (["2026-03-02"], "2026-03-01", 0),  # where it is tomorrow already, and not here
    ],
)
def test_a_streak_is_days_in_a_row_up_to_now(days, today, length):
    assert streak(dict.fromkeys(days, 1), today) == length


def test_progress_counts_today_and_all():
    assert own_progress({"2026-03-01": 4, "2026-02-01": 2}, "2026-03-01", 30) == {
        "ratings": 6,
        "today": 4,
        "streak": 1,
        "daily_goal": 30,
        "milestone": 0,
        "enough": 0,
    }


def test_that_it_is_enough_is_told_once_it_is():
    days = {"2026-03-01": 4, "2026-02-01": 2}
    told = [own_progress(days, "2026-03-01", 30, enough)["enough"] for enough in (0, 6, 7)]
    assert told == [0, 6, 0]
