"""Activity: every rating in its hour of the week, in UTC."""

from datetime import UTC, datetime

from components.charts import activity
from components.records import HOUR_MS
from components.store import cube
from tests.charts.conftest import MARCH_1, numbers_of, tally


def test_hours_of_a_weekday_are_told_as_calendars_do(store, loaded, rate):
    rate(0, loaded[0], 3, MARCH_1 + 14 * HOUR_MS)
    rate(1, loaded[0], 3, MARCH_1 + (7 * 24 + 14) * HOUR_MS)
    store.write(lambda transaction: None)
    assert datetime.fromtimestamp(MARCH_1 / 1000, UTC).strftime("%A") == "Sunday"
    [busy] = [row for row in numbers_of(store, activity.table) if row.ratings]
    assert (activity.WEEKDAYS[busy.weekday], busy.hour, busy.ratings) == ("Sunday", 14, 2)


def test_every_rating_has_its_cell(many):
    rows = numbers_of(many, activity.table)
    assert len(rows) == 7 * 24
    assert sum(row.ratings for row in rows) == sum(row["ratings"] for row in tally(many, cube.hours))
    [cells] = activity.draw(rows)["figure"]["data"]
    assert sum(map(sum, cells["z"])) == sum(row.ratings for row in rows)
