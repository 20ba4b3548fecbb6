"""Time spent: every rating whose time was noted, in a class of times."""

import pytest

from components.charts import spent
from components.records import SPENT_FROM_S
from components.store.tallies import spent_class
from tests.charts.conftest import MARCH_1, numbers_of


@pytest.mark.parametrize(
    ("shown_ms", "class_"), [(0, 0), (999, 0), (1000, 1), (14_999, 10), (15_000, 15), (10**9, 600)]
)
def test_a_time_belongs_to_the_class_it_reaches(shown_ms, class_):
    assert spent_class(shown_ms) == class_


def test_every_time_is_counted_and_none_where_none_was_noted(store, loaded, rate):
    for who, shown_ms in enumerate([500, 4_000, 4_500, 700_000, None]):
        rate(who, loaded[0], 3, MARCH_1, shown_ms)
    store.write(lambda transaction: None)
    rows = numbers_of(store, spent.table)
    assert [row.from_s for row in rows] == [*SPENT_FROM_S]
    assert {row.span: row.ratings for row in rows if row.ratings} == {
        "under 1 s": 1,
        "3 s to 5 s": 2,
        "10 min or longer": 1,
    }
    assert "the one in the middle took 3 s to 5 s" in spent.words(rows).text


def test_a_rating_that_was_changed_took_its_time_twice(store, loaded, rate):
    rate(0, loaded[0], 3, MARCH_1, 4_000)
    rate(0, loaded[0], 5, MARCH_1 + 1, 2_000)
    store.write(lambda transaction: None)
    assert sum(row.ratings for row in numbers_of(store, spent.table)) == 2
