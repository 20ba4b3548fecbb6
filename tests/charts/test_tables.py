"""The tables behind the charts are the tallies, in other shapes."""

from collections import Counter
from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import pytest

from components.charts import tables
from components.charts.tables import Coverage, Period, Scores
from components.live.moment import Moment
from components.records import HOUR_MS, SCORES
from components.store import prompts, sprints, tallies
from components.store.store import Store
from tests.charts.conftest import HOSTILE, MARCH_1, SOURCES

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def table(store: Store, read) -> list:
    with store.reading() as connection:
        return read(Moment(connection))


def tally(store: Store, reading) -> object:
    with store.reading() as connection:
        return reading(connection)


def rated_at(store, loaded, rate, *hours: float) -> list[Period]:
    for who, hour in enumerate(hours):
        rate(who, loaded[0], 3, MARCH_1 + round(hour * HOUR_MS))
    store.write(lambda transaction: None)
    return table(store, tables.ratings_over_time)


def test_coverage_counts_every_prompt_once(many):
    counted = tally(many, tallies.coverage)
    drawn = table(many, tables.coverage)
    assert [astuple(row) for row in drawn] == [
        (ratings, ratings, counted[ratings], ratings * counted[ratings], ratings == 3) for ratings in range(4)
    ]


def test_prompts_beyond_the_goal_share_a_row(store, loaded, rate):
    for who in range(6):
        rate(who, loaded[0], 3, MARCH_1)
        if who < 4:
            rate(who, loaded[1], 3, MARCH_1)
    store.write(lambda transaction: None)
    assert table(store, tables.coverage)[-1] == Coverage(4, 6, prompts=2, ratings=10, reached=True)


@pytest.mark.parametrize("goal", [1, 2, 9, 10, 11, 37, 100])
def test_coverage_has_few_rows_without_gap_or_overlap_whatever_the_goal(tmp_path, make_prompts, goal):
    store = Store(f"sqlite:///{tmp_path}/goal.db", lambda: MARCH_1).open("A goal", goal)
    store.write(lambda transaction: prompts.add(transaction, make_prompts(5), {}))
    drawn = table(store, tables.coverage)
    assert tally(store, sprints.current).ratings_per_prompt == goal
    store.close()
    spans = [range(row.least, row.most + 1) for row in drawn]
    assert [ratings for span in spans for ratings in span] == list(range(goal + 1))
    assert len(drawn) <= tables.COVERAGE_BARS + 2
    assert [row.reached for row in drawn] == [False] * (len(drawn) - 1) + [True]


def test_each_hour_has_its_row_for_three_days(store, loaded, rate):
    drawn = rated_at(store, loaded, rate, 5, 5.9, 76)
    assert len(drawn) == 72 and {row.hours for row in drawn} == {1}
    assert [row.ratings for row in drawn] == [2] + [0] * 70 + [1]
    assert [drawn[at].start for at in (0, 1)] == [MARCH + timedelta(hours=hours) for hours in (5, 6)]


def test_afterwards_each_day_has(store, loaded, rate):
    drawn = rated_at(store, loaded, rate, 5, 5.9, 77)
    assert [row.start for row in drawn] == [MARCH + timedelta(days=days) for days in range(4)]
    assert {row.hours for row in drawn} == {24}
    assert [row.ratings for row in drawn] == [2, 0, 0, 1]


def test_one_rating_is_one_hour(store, loaded, rate):
    drawn = rated_at(store, loaded, rate, 13.5)
    assert drawn == [Period(MARCH + timedelta(hours=13), hours=1, ratings=1)]


def test_every_rating_has_its_day(many):
    by_day = Counter()
    for row in tally(many, tallies.hours):
        by_day[datetime.fromtimestamp(row["hour"] // 24 * 86_400, UTC)] += row["ratings"]
    drawn = table(many, tables.ratings_over_time)
    assert {row.start: row.ratings for row in drawn if row.ratings} == by_day


def test_kinds_stand_in_their_order_with_every_score(many):
    counted = Counter()
    for row in tally(many, tallies.scores):
        counted[row["kind"], row["score"]] += row["ratings"]
    drawn = table(many, tables.scores_by_kind)
    assert [row.name for row in drawn] == ["human", "synthetic", "unknown"]
    for row in drawn:
        assert row.given == tuple(counted[row.name, score] for score in SCORES)
        assert row.n == sum(row.given) and row.liked == counted[row.name, 4] + counted[row.name, 5]


def test_twelve_sources_stand_alone_and_the_rest_together(many):
    counted = Counter()
    for row in tally(many, tallies.scores):
        counted[row["source"], row["score"]] += row["ratings"]
    drawn = table(many, tables.scores_by_source)
    named, other = drawn[:12], drawn[12]
    assert len(drawn) == 13
    assert other.name == "other (3 sources)" and other.folded == 3
    assert {row.name for row in named} == {*HOSTILE}
    for row in named:
        assert row.given == tuple(counted[row.name, score] for score in SCORES)
    for at, score in enumerate(SCORES):
        assert sum(row.given[at] for row in drawn) == sum(counted[source, score] for source in SOURCES)
    assert [row.n for row in named] == sorted((row.n for row in named), reverse=True)


def test_a_source_whose_only_rating_moved_to_another_score_has_one_rating(store, loaded, rate):
    rate(0, loaded[0], 1, MARCH_1)
    rate(0, loaded[0], 5, MARCH_1 + 1)
    store.write(lambda transaction: None)
    assert table(store, tables.scores_by_source) == [Scores(loaded[0].source, (0, 0, 0, 0, 1))]


@pytest.mark.parametrize("read", [tables.scores_by_kind, tables.scores_by_source])
def test_a_source_whose_ratings_were_all_taken_back_has_no_row(store, read):
    gone = {"day": "2026-03-01", "source": "a", "kind": "human", "length_class": "short", "score": 3}
    store.write(lambda transaction: transaction.change(tallies.ADD_TO_SCORES, [(*gone.values(), 0, 0)]))
    assert table(store, read) == []
