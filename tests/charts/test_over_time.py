"""Ratings over time: every rating in its hour or day, by kind, without gaps."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from components.charts import over_time
from components.charts.numbers import Numbers
from components.charts.over_time import Period
from components.live.moment import Moment
from components.records import HOUR_MS, KINDS, Filter
from components.store import cube
from tests.charts.conftest import HOSTILE, MARCH_1, numbers_of, tally

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def rated_at(store, loaded, rate, *hours: float) -> list[Period]:
    for who, hour in enumerate(hours):
        rate(who, loaded[0], 3, MARCH_1 + round(hour * HOUR_MS))
    store.write(lambda transaction: None)
    return numbers_of(store, over_time.table)


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
    start = MARCH + timedelta(hours=13)
    assert drawn == [Period(start, start + timedelta(hours=1), 1, (1, 0, 0), (1, 0, 0))]


def test_every_rating_has_its_day(many):
    by_day = Counter()
    for row in tally(many, cube.hours):
        by_day[datetime.fromtimestamp(row["hour"] // 24 * 86_400, UTC)] += row["ratings"]
    drawn = numbers_of(many, over_time.table)
    assert {row.start: row.ratings for row in drawn if row.ratings} == by_day


def test_a_filter_leaves_the_same_ratings_here_as_in_the_scores(many):
    chosen = Filter(HOSTILE[:4], ("human", "synthetic"), "2026-03-05", "2026-03-12")
    rows = numbers_of(many, over_time.table, chosen)
    given = numbers_of(many, lambda numbers: sum(row["ratings"] for row in numbers.scores()), chosen)
    assert sum(row.ratings for row in rows) == given > 10
    assert min(row.start for row in rows) >= MARCH + timedelta(days=4)
    assert max(row.start for row in rows) < MARCH + timedelta(days=12)


def test_every_rating_is_counted_under_its_kind_and_stays_counted(many):
    by_kind = Counter()
    for row in tally(many, cube.hours):
        by_kind[row["kind"]] += row["ratings"]
    rows = numbers_of(many, over_time.table)
    assert dict(zip(KINDS, rows[-1].so_far, strict=True)) == by_kind
    for before, after in zip(rows, rows[1:], strict=False):
        assert [a + b for a, b in zip(before.so_far, after.given, strict=True)] == [*after.so_far]


def test_bars_and_lines_draw_the_table(many):
    rows = numbers_of(many, over_time.table)
    bars, lines = over_time.draw(rows)["figure"]["data"], over_time.draw_so_far(rows)["figure"]["data"]
    assert [bar["name"] for bar in bars] == [line["name"] for line in lines] == [*KINDS]
    for place, (bar, line) in enumerate(zip(bars, lines, strict=True)):
        assert bar["y"] == [row.given[place] for row in rows]
        assert line["y"] == [0, *(row.so_far[place] for row in rows)]
        assert bar["x0"] == line["x"][0] == f"{rows[0].start:%Y-%m-%d} 00:00"
        assert bar["dx"] == 86_400_000 and line["x"][1] == f"{rows[1].start:%Y-%m-%d} 00:00"
    assert len({line["line"]["dash"] for line in lines}) == len({str(bar["marker"]) for bar in bars}) == 3


@pytest.mark.parametrize(("before", "now"), [(20, "2026-03-02 13:34"), (100, "2026-03-05 21:34")])
def test_the_line_grows_until_now_and_not_into_the_time_to_come(store, loaded, rate, before, now):
    last = MARCH_1 + round((before + 17.58) * HOUR_MS)
    rate(0, loaded[0], 3, MARCH_1)
    rate(1, loaded[0], 3, last)
    store.write(lambda transaction: None)
    with store.reading() as connection:
        rows = over_time.table(Numbers(Moment(connection, last)))
    [line] = over_time.draw_so_far(rows)["figure"]["data"]
    assert line["x"][-1] == now and line["x"] == sorted(line["x"])
    assert len(line["x"]) == len(line["y"]) and line["y"][-1] == 2


def said_of(*ratings: int, hours: int = 24) -> over_time.Words:
    first, step = datetime(2026, 3, 1, tzinfo=UTC), timedelta(hours=hours)
    rows = [
        Period(
            first + number * step,
            first + (number + 1) * step,
            hours,
            (given, 0, 0),
            (sum(ratings[: number + 1]), 0, 0),
        )
        for number, given in enumerate(ratings)
    ]
    return over_time.words(rows)


def test_the_busiest_day_is_named_if_it_is_one_and_there_are_enough_ratings():
    assert said_of(10, 1203, 5).finding == "Busiest day so far: 2 March 2026, with 1,203 ratings"
    assert said_of(60, 70, hours=1).finding == "Busiest hour so far: 1 March 2026, 01:00, with 70 ratings"
    assert said_of(70, 70).finding is None
    assert said_of(10, 20).finding is None
    assert said_of(500, hours=1).finding is None


def test_time_is_told_in_utc():
    told = said_of(10, 1203, 5)
    assert told.subtitle == "n = 1,218 ratings, per day, UTC"
    assert (
        told.text
        == "1,218 ratings from 1 March 2026 to 3 March 2026 (UTC): 1,218 of human prompts. Most in one day: 1,203."
    )
