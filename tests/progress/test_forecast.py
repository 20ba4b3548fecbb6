"""The forecast: its formula, and that its band holds what happens as often as it says."""

import random
from math import sqrt

import pytest

from components.progress.forecast import (
    OF_TEN,
    Pace,
    days_until,
    last_days,
    pace_of,
    ratings_within,
    verdict,
)

NOW = 500_000  # an hour


def test_days_are_counted_back_from_the_hour_that_has_just_begun():
    hours = {NOW - 50: 7, NOW - 25: 1, NOW - 24: 2, NOW - 1: 3, NOW: 100}
    assert last_days(hours, NOW) == [5, 1]
    assert last_days(hours, NOW - 2) == [3, 7]


def test_a_week_at_most_is_counted_and_nothing_of_an_empty_sprint():
    assert last_days({}, NOW) == []
    assert last_days({NOW - 1: 5}, NOW) == []
    assert last_days({NOW - hour: 1 for hour in range(1, 1000)}, NOW) == [24] * 7


def test_a_week_without_ratings_has_no_pace_though_there_were_some_before():
    days = last_days({NOW - 1000: 50}, NOW)
    assert days == [0] * 7
    assert pace_of(days) is None


@pytest.mark.parametrize("days", [[], [10], [10, 12]])
def test_two_days_are_no_pace(days):
    assert pace_of(days) is None


def test_days_are_never_taken_to_differ_less_than_chance_has_them():
    assert pace_of([100, 100, 100]) == Pace(100, sqrt(100), 3)
    assert pace_of([50, 100, 150]) == Pace(100, 50, 3)


def test_the_ends_of_the_band_are_where_the_interval_of_the_sum_reaches_what_is_missing():
    pace = pace_of([80, 120, 100, 140, 60, 110, 90])
    band = days_until(pace, 1500)
    assert band.likely == 1500 / pace.per_day
    assert ratings_within(pace, band.earliest).latest == pytest.approx(1500)
    assert ratings_within(pace, band.latest).earliest == pytest.approx(1500)


def test_the_interval_of_a_sum_is_that_of_the_formula():
    pace = Pace(per_day=100, deviation=30, days=7)
    margin = 1.440 * 30 * sqrt(5 + 25 / 7)
    band = ratings_within(pace, 5)
    assert (band.earliest, band.likely, band.latest) == pytest.approx((500 - margin, 500, 500 + margin))


def test_a_pace_that_is_too_uneven_has_no_latest_day():
    assert days_until(pace_of([0, 0, 300]), 1000).latest is None


def test_what_is_there_already_takes_no_days():
    assert days_until(Pace(10, 4, 5), 0).latest == 0


def test_more_that_is_missing_takes_longer():
    pace = pace_of([80, 120, 100, 140])
    bands = [days_until(pace, ratings) for ratings in (1, 10, 500, 10_000)]
    for one, more in zip(bands, bands[1:], strict=False):
        assert one.earliest < more.earliest and one.likely < more.likely and one.latest < more.latest
    for band in bands:
        assert band.earliest < band.likely < band.latest


def test_a_verdict_is_given_only_outside_the_band():
    pace = Pace(per_day=100, deviation=30, days=7)
    assert [verdict(pace, ratings, 5) for ratings in (300, 450, 500, 560, 700)] == [
        "likely",
        "open",
        "open",
        "open",
        "unlikely",
    ]
    assert verdict(pace, 1, -3) == "unlikely"


@pytest.mark.parametrize(
    ("days", "per_day", "unevenness"), [(7, 300, 0.4), (7, 40, 0.2), (4, 1000, 0.3), (3, 100, 0.5)]
)
def test_the_band_holds_what_happens_about_as_often_as_it_says(days, per_day, unevenness):
    """Thousands of sprints whose days are drawn from a gamma-Poisson (negative binomial) distribution."""
    chance = random.Random(days * per_day)
    held = 0
    sprints = 4000
    for _ in range(sprints):
        draw = lambda: _gamma_poisson(chance, per_day, unevenness)  # noqa: E731
        pace = pace_of([draw() for _ in range(days)])
        missing = 8 * per_day
        band = days_until(pace, missing)
        took = _days_taken(draw, missing)
        held += band.earliest <= took and (band.latest is None or took <= band.latest)
    assert OF_TEN / 10 - 0.04 < held / sprints < OF_TEN / 10 + 0.08


def _gamma_poisson(chance, mean, unevenness):
    """One day's ratings: the rate itself differs from day to day, by this share of the mean."""
    rate = chance.gammavariate(1 / unevenness**2, mean * unevenness**2)
    return max(0, round(chance.gauss(rate, sqrt(rate))))


def _days_taken(draw, missing):
    days, total = 0, 0
    while True:
        today = draw()
        if total + today >= missing:
            return days + (missing - total) / today
        days, total = days + 1, total + today
