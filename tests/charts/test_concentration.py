"""Concentration: the Lorenz curve from nobody to everybody, and what the busiest gave."""

import pytest

from components.charts import concentration
from components.charts.concentration import gini
from components.charts.numbers import Numbers
from components.live.moment import Moment
from components.live.raters import Raters
from components.records import Filter
from tests.charts.conftest import HOSTILE, numbers_of


class Totals:
    """Numbers that only know who gave how much."""

    def __init__(self, *totals: int) -> None:
        self._totals = sorted(totals)

    def totals(self) -> list[int]:
        return self._totals


def test_the_curve_begins_with_nobody_and_ends_with_all(many):
    rows = numbers_of(many, concentration.table)
    assert (rows[0].people, rows[0].ratings) == (0, 0)
    assert rows[-1].share_of_people == rows[-1].share_of_ratings == 1
    assert all(row.share_of_ratings <= row.share_of_people for row in rows)


def test_what_the_live_view_keeps_and_what_the_store_counts_are_the_same(many):
    with many.reading() as connection:
        kept = Numbers(Moment(connection), raters=Raters())
        assert kept.totals() == Numbers(Moment(connection)).totals()
        some = kept.under(Filter(sources=HOSTILE[:3]))
        assert 0 < sum(some.totals()) < sum(kept.totals())


def test_who_all_gave_the_same_makes_a_straight_line():
    assert gini(concentration.table(Totals(*[7] * 30))) == pytest.approx(0)
    assert gini(concentration.table(Totals(*[1] * 99, 10_000))) > 0.95


def test_the_busiest_tenth_is_told_exactly():
    told = concentration.words(concentration.table(Totals(*[1] * 900, *[9] * 100)))
    assert told.finding == "The busiest 10 % of contributors gave 50 % of the ratings"
    assert "the 100 with most ratings gave 50 % of 1,800 ratings" in told.text


def test_many_people_are_a_hundred_points():
    assert len(concentration.table(Totals(*range(1, 5001)))) == 101


def test_of_few_people_the_title_claims_nothing():
    assert concentration.words(concentration.table(Totals(1, 2, 50))).finding is None
