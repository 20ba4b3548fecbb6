"""Titles say what the numbers show, and ask where they show nothing yet."""

from datetime import UTC, datetime, timedelta

import pytest

from components.charts import sentences
from components.charts.labels import count, full_name, percent, short_name
from components.charts.tables import Coverage, Period, Scores


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 7, "0 %"),
        (7, 7, "100 %"),
        (1, 1000, "under 1 %"),
        (999, 1000, "over 99 %"),
        (5, 8, "63 %"),
        (1, 3, "33 %"),
    ],
)
def test_a_share_is_nothing_or_all_only_if_it_is(part, whole, words):
    assert percent(part, whole) == words


def test_numbers_agree_with_their_nouns():
    assert [count(n, "prompt") for n in (0, 1, 2, 12345)] == [
        "no prompts",
        "1 prompt",
        "2 prompts",
        "12,345 prompts",
    ]


def test_long_names_lose_their_middle_only_where_there_is_no_room():
    name = "organization/a-dataset-with-a-long-name#subset"
    short = short_name(name).strip("\u2068\u2069")
    assert short == "organization/a…ng-name#subset"
    assert len(short_name("漢" * 40)) < len(short)
    assert full_name(name).replace("<br>", "") == name
    assert full_name("a few words that are longer than a line of a hover box").count("<br>") == 1


def coverage(reached: int, below: int, goal: int = 3, *beyond: Coverage) -> sentences.Sentences:
    rows = [Coverage(0, 0, below, 0, False), Coverage(goal, goal, reached, goal * reached, True)]
    return sentences.coverage([*rows, *beyond])


def test_coverage_says_how_far_it_is():
    assert coverage(62, 38).finding == "62 % of prompts have their 3 ratings"
    assert coverage(1, 999).finding == "Under 1 % of prompts have their 3 ratings"
    assert coverage(0, 5).finding == "No prompt has its 3 ratings yet"
    assert coverage(5, 0, goal=1).finding == "Every prompt has its rating"
    assert coverage(62, 38).subtitle == "n = 100 prompts, 186 ratings; goal: 3 ratings for each"
    assert coverage(62, 38).text.startswith("62 of 100 prompts have at least 3 ratings.")


def test_coverage_tells_the_ratings_beyond_the_goal_only_if_there_are_any():
    said = coverage(5, 3, 3, Coverage(4, 9, 2, 18, True))
    assert said.subtitle == "n = 10 prompts, 33 ratings; goal: 3 ratings for each; 12 ratings beyond the goal"
    assert said.text.startswith(
        "7 of 10 prompts have at least 3 ratings; 12 ratings beyond the goal. Prompts"
    )
    assert "beyond" not in coverage(62, 38).subtitle + coverage(62, 38).text


def over_time(*ratings: int, hours: int = 24) -> sentences.Sentences:
    first, step = datetime(2026, 3, 1, tzinfo=UTC), timedelta(hours=hours)
    return sentences.ratings_over_time(
        [Period(first + number * step, hours, given) for number, given in enumerate(ratings)]
    )


def test_the_busiest_day_is_named_if_it_is_one_and_there_are_enough_ratings():
    assert over_time(10, 1203, 5).finding == "Busiest day so far: 2 March 2026, with 1,203 ratings"
    assert over_time(60, 70, hours=1).finding == "Busiest hour so far: 1 March 2026, 01:00, with 70 ratings"
    assert over_time(70, 70).finding is None
    assert over_time(10, 20).finding is None
    assert over_time(500, hours=1).finding is None


def test_time_is_told_in_utc():
    told = over_time(10, 1203, 5)
    assert told.subtitle == "n = 1,218 ratings, per day, UTC"
    assert told.text == "1,218 ratings from 1 March 2026 to 3 March 2026 (UTC). Most in one day: 1,203."


def scored(*rows: tuple) -> list[Scores]:
    """Rows of name, folded, and how many of the scores 3 and 4."""
    return [Scores(name, (0, 0, ok, good, 0), folded) for name, folded, ok, good in rows]


def test_kinds_with_few_ratings_are_left_out_of_the_title_and_not_of_the_text():
    said = sentences.scores_by_kind(
        scored(("human", 0, 40, 60), ("synthetic", 0, 75, 25), ("unknown", 0, 1, 9))
    )
    assert said.finding == "Share of 4s and 5s: 60 % for human and 25 % for synthetic prompts"
    assert "90 % of 10" in said.text
    assert sentences.scores_by_kind(scored(("human", 0, 4, 6))).finding is None


def test_sources_are_compared_only_among_those_with_enough_ratings():
    said = sentences.scores_by_source(
        scored(("a", 0, 40, 60), ("b", 0, 75, 25), ("c", 0, 0, 99), ("other (3 sources)", 3, 0, 500))
    )
    assert said.finding == f"Share of 4s and 5s: from 25 % ({short_name('b')}) to 60 % ({short_name('a')})"
    assert said.subtitle.startswith("n = 799 ratings of prompts from 6 sources")
    assert "100 ratings or more" in said.subtitle


def test_sources_that_do_not_differ_or_stand_alone_leave_the_question_open():
    assert sentences.scores_by_source(scored(("a", 0, 50, 50), ("b", 0, 100, 100))).finding is None
    assert sentences.scores_by_source(scored(("a", 0, 50, 50))).finding is None
