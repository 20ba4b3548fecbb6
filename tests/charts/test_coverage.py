"""Coverage: every prompt in one bar, and how far they are on the way to the goal."""

from dataclasses import astuple

import pytest

from components.charts import coverage
from components.charts.colours import ACCENT, NEUTRAL
from components.charts.coverage import Coverage
from components.records import EVERYTHING, Filter
from components.store import prompts, sprints, tallies
from components.store.store import Store
from tests.charts.conftest import HOSTILE, MARCH_1, numbers_of, tally


def test_coverage_counts_every_prompt_once(many):
    counted = tally(many, tallies.coverage)
    drawn = numbers_of(many, coverage.table)
    assert [astuple(row) for row in drawn] == [
        (ratings, ratings, counted[ratings], ratings * counted[ratings], ratings == 3) for ratings in range(4)
    ]


def test_prompts_beyond_the_goal_share_a_row(store, loaded, rate):
    for who in range(6):
        rate(who, loaded[0], 3, MARCH_1)
        if who < 4:
            rate(who, loaded[1], 3, MARCH_1)
    store.write(lambda transaction: None)
    assert numbers_of(store, coverage.table)[-1] == Coverage(4, 6, prompts=2, ratings=10, reached=True)


@pytest.mark.parametrize("goal", [1, 2, 9, 10, 11, 37, 100])
def test_coverage_has_few_rows_without_gap_or_overlap_whatever_the_goal(tmp_path, make_prompts, goal):
    store = Store(f"sqlite:///{tmp_path}/goal.db", lambda: MARCH_1).open("A goal", goal)
    store.write(lambda transaction: prompts.add(transaction, make_prompts(5), {}))
    drawn = numbers_of(store, coverage.table)
    assert tally(store, sprints.current).ratings_per_prompt == goal
    store.close()
    spans = [range(row.least, row.most + 1) for row in drawn]
    assert [ratings for span in spans for ratings in span] == list(range(goal + 1))
    assert len(drawn) <= coverage.BARS + 2
    assert [row.reached for row in drawn] == [False] * (len(drawn) - 1) + [True]


def test_coverage_of_a_source_is_that_of_its_prompts(many):
    def prompts_under(chosen):
        return sum(row.prompts for row in numbers_of(many, coverage.table, chosen))

    assert prompts_under(Filter(sources=(HOSTILE[0], "rare-1"))) == 35
    assert prompts_under(Filter(sources=("rare-1",), kinds=("human",))) == 0
    assert sum(
        prompts_under(Filter(kinds=(kind,))) for kind in ("human", "synthetic", "unknown")
    ) == prompts_under(EVERYTHING)


def test_coverage_draws_its_table_with_the_goal_in_the_accent(many):
    rows = numbers_of(many, coverage.table)
    [bars] = coverage.draw(rows)["figure"]["data"]
    assert bars["x"] == [row.prompts for row in rows]
    assert bars["marker"]["color"] == [NEUTRAL, NEUTRAL, NEUTRAL, ACCENT]


def said_of(reached: int, below: int, goal: int = 3, *beyond: Coverage) -> coverage.Words:
    rows = [Coverage(0, 0, below, 0, False), Coverage(goal, goal, reached, goal * reached, True)]
    return coverage.words([*rows, *beyond])


def test_coverage_says_how_far_it_is():
    assert said_of(62, 38).finding == "62 % of prompts have their 3 ratings"
    assert said_of(1, 999).finding == "Under 1 % of prompts have their 3 ratings"
    assert said_of(0, 5).finding == "No prompt has its 3 ratings yet"
    assert said_of(5, 0, goal=1).finding == "Every prompt has its rating"
    assert said_of(62, 38).subtitle == "n = 100 prompts, 186 ratings; goal: 3 ratings for each"
    assert said_of(62, 38).text.startswith("62 of 100 prompts have at least 3 ratings.")


def test_coverage_tells_the_ratings_beyond_the_goal_only_if_there_are_any():
    said = said_of(5, 3, 3, Coverage(4, 9, 2, 18, True))
    assert said.subtitle == "n = 10 prompts, 33 ratings; goal: 3 ratings for each; 12 ratings beyond the goal"
    assert said.text.startswith(
        "7 of 10 prompts have at least 3 ratings; 12 ratings beyond the goal. Prompts"
    )
    assert "beyond" not in said_of(62, 38).subtitle + said_of(62, 38).text
