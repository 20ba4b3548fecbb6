"""The tables behind the charts are the tallies, in other shapes."""

from collections import Counter

import pandas as pd
import pytest

from components.charts import tables
from components.records import HOUR_MS, SCORES
from components.store import prompts, sprints, tallies
from components.store.store import Store
from tests.charts.conftest import HOSTILE, MARCH_1, SOURCES


def table(store: Store, read) -> pd.DataFrame:
    with store.reading() as connection:
        return read(connection)


def rated_at(store, loaded, rate, *hours: float) -> pd.DataFrame:
    for who, hour in enumerate(hours):
        rate(who, loaded[0], 3, MARCH_1 + round(hour * HOUR_MS))
    store.write(lambda transaction: None)
    return table(store, tables.ratings_over_time)


def test_coverage_counts_every_prompt_once(many):
    counted = table(many, tallies.coverage)
    drawn = table(many, tables.coverage)
    assert drawn[["least", "most"]].to_numpy().tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]
    assert drawn["prompts"].tolist() == [counted[ratings] for ratings in range(4)]
    assert drawn["ratings"].tolist() == [ratings * counted[ratings] for ratings in range(4)]
    assert drawn["reached"].tolist() == [False, False, False, True]


def test_prompts_beyond_the_goal_share_a_row(store, loaded, rate):
    for who in range(6):
        rate(who, loaded[0], 3, MARCH_1)
        if who < 4:
            rate(who, loaded[1], 3, MARCH_1)
    store.write(lambda transaction: None)
    last = table(store, tables.coverage).iloc[-1]
    assert last.to_dict() == {"least": 4, "most": 6, "prompts": 2, "ratings": 10, "reached": True}


@pytest.mark.parametrize("goal", [1, 2, 9, 10, 11, 37, 100])
def test_coverage_has_few_rows_without_gap_or_overlap_whatever_the_goal(tmp_path, make_prompts, goal):
    store = Store(f"sqlite:///{tmp_path}/goal.db", lambda: MARCH_1).open("A goal", goal)
    store.write(lambda transaction: prompts.add(transaction, make_prompts(5), {}))
    drawn = table(store, tables.coverage)
    assert table(store, sprints.current).ratings_per_prompt == goal
    store.close()
    spans = [range(row.least, row.most + 1) for row in drawn.itertuples()]
    assert [ratings for span in spans for ratings in span] == list(range(goal + 1))
    assert len(drawn) <= tables.COVERAGE_BARS + 2
    assert drawn["reached"].tolist() == [False] * (len(drawn) - 1) + [True]


def test_each_hour_has_its_row_for_three_days(store, loaded, rate):
    drawn = rated_at(store, loaded, rate, 5, 5.9, 76)
    assert len(drawn) == 72 and set(drawn["hours"]) == {1}
    assert drawn["ratings"].tolist() == [2] + [0] * 70 + [1]
    assert drawn["start"].iloc[0] == pd.Timestamp("2026-03-01T05:00Z")


def test_afterwards_each_day_has(store, loaded, rate):
    drawn = rated_at(store, loaded, rate, 5, 5.9, 77)
    assert drawn["start"].tolist() == list(pd.date_range("2026-03-01", "2026-03-04", tz="UTC"))
    assert set(drawn["hours"]) == {24}
    assert drawn["ratings"].tolist() == [2, 0, 0, 1]


def test_one_rating_is_one_hour(store, loaded, rate):
    drawn = rated_at(store, loaded, rate, 13.5)
    assert drawn.to_dict("list") == {
        "start": [pd.Timestamp("2026-03-01T13:00Z")],
        "hours": [1],
        "ratings": [1],
    }


def test_every_rating_has_its_day(many):
    by_day = Counter()
    for row in table(many, tallies.hours):
        by_day[pd.Timestamp(row["hour"] // 24 * 24, unit="h", tz="UTC")] += row["ratings"]
    drawn = table(many, tables.ratings_over_time)
    assert {row.start: row.ratings for row in drawn.itertuples() if row.ratings} == by_day


def test_kinds_stand_in_their_order_with_every_score(many):
    counted = Counter()
    for row in table(many, tallies.scores):
        counted[row["kind"], row["score"]] += row["ratings"]
    drawn = table(many, tables.scores_by_kind)
    assert drawn["name"].tolist() == ["human", "synthetic", "unknown"]
    for row in drawn.to_dict("records"):
        assert [row[score] for score in SCORES] == [counted[row["name"], score] for score in SCORES]
        assert row["n"] == sum(row[score] for score in SCORES)


def test_twelve_sources_stand_alone_and_the_rest_together(many):
    counted = Counter()
    for row in table(many, tallies.scores):
        counted[row["source"], row["score"]] += row["ratings"]
    drawn = table(many, tables.scores_by_source).to_dict("records")
    named, other = drawn[:12], drawn[12]
    assert len(drawn) == 13
    assert other["name"] == "other (3 sources)" and other["folded"] == 3
    assert {row["name"] for row in named} == {*HOSTILE}
    for score in SCORES:
        assert [row[score] for row in named] == [counted[row["name"], score] for row in named]
        assert sum(row[score] for row in drawn) == sum(counted[source, score] for source in SOURCES)
    assert [row["n"] for row in named] == sorted((row["n"] for row in named), reverse=True)


def test_a_source_whose_only_rating_moved_to_another_score_has_one_rating(store, loaded, rate):
    rate(0, loaded[0], 1, MARCH_1)
    rate(0, loaded[0], 5, MARCH_1 + 1)
    store.write(lambda transaction: None)
    drawn = table(store, tables.scores_by_source).to_dict("records")
    assert drawn == [{"name": loaded[0].source, "n": 1, "folded": 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 1}]


@pytest.mark.parametrize("read", [tables.scores_by_kind, tables.scores_by_source])
def test_a_source_whose_ratings_were_all_taken_back_has_no_row(store, read):
    gone = {"day": "2026-03-01", "source": "a", "kind": "human", "length_class": "short", "score": 3}
    store.write(
        lambda transaction: transaction.change(tallies.ADD_TO_SCORES, [gone | {"slot": 0, "change": 0}])
    )
    assert table(store, read).empty
