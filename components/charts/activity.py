"""At which hours of the week people rate, in UTC."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from components.charts import figures
from components.charts.chart import Chart, Words
from components.charts.labels import ENOUGH, count, listed, percent
from components.charts.numbers import Numbers

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_HOURS = 24
# The first of January 1970, when hours began to be counted, was a Thursday.
FIRST_WEEKDAY = 3
HOUR_TICKS = (0, 6, 12, 18)
ROW_HEIGHT = 34


@dataclass(frozen=True, slots=True)
class Activity:
    """How many ratings were given in an hour of a weekday, in UTC, over all weeks."""

    weekday: int
    hour: int
    ratings: int

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        return {"weekday": WEEKDAYS[self.weekday], "hour_utc": self.hour, "ratings": self.ratings}


def table(numbers: Numbers) -> list[Activity]:
    """One row for each hour of each weekday, from Monday on; none if there are no ratings."""
    counted: Counter[tuple[int, int]] = Counter()
    for row in numbers.hours():
        day, hour = divmod(int(row["hour"]), DAY_HOURS)
        counted[(day + FIRST_WEEKDAY) % len(WEEKDAYS), hour] += int(row["ratings"])
    if not counted:
        return []
    return [
        Activity(weekday, hour, counted[weekday, hour])
        for weekday in range(len(WEEKDAYS))
        for hour in range(DAY_HOURS)
    ]


def words(table: Sequence[Activity]) -> Words:
    """The busiest hour of the week, and how much of all falls on each weekday."""
    total = sum(row.ratings for row in table)
    most = max(table, key=lambda row: row.ratings)
    when = f"{WEEKDAYS[most.weekday]}s from {most.hour:02}:00 to {(most.hour + 1) % DAY_HOURS:02}:00 UTC"
    days = [
        f"{percent(sum(row.ratings for row in table if row.weekday == place), total)} on {name}s"
        for place, name in enumerate(WEEKDAYS)
    ]
    return Words(
        f"Busiest: {when}" if total >= ENOUGH else None,
        f"n = {count(total, 'rating')} of all weeks together, by hour and weekday, UTC",
        f"{listed(days)} (UTC). The busiest hour: {when}, {count(most.ratings, 'rating')}.",
    )


def draw(table: Sequence[Activity]) -> dict:
    """A cell for each hour of the week, the darker the more ratings."""
    total = sum(row.ratings for row in table)
    by_day = [table[start : start + DAY_HOURS] for start in range(0, len(table), DAY_HOURS)]
    cells = {
        "type": "heatmap",
        "x": list(range(DAY_HOURS)),
        "y": list(range(len(WEEKDAYS))),
        "z": [[row.ratings for row in day] for day in by_day],
        "zmin": 0,
        "customdata": [
            [[WEEKDAYS[row.weekday], f"{row.hour:02}:00", percent(row.ratings, total)] for row in day]
            for day in by_day
        ],
        "hovertemplate": "%{customdata[0]}s from %{customdata[1]} UTC<br>Ratings: %{z:,} (%{customdata[2]})<extra></extra>",
        "xgap": 1,
        "ygap": 1,
        "showscale": False,
    }
    layout = figures.plain(height=ROW_HEIGHT * len(WEEKDAYS) + 44)
    layout["xaxis"] |= {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickvals": [*HOUR_TICKS],
        "ticktext": [f"{hour:02}:00" for hour in HOUR_TICKS],
        "range": [-0.5, DAY_HOURS - 0.5],
    }
    layout["yaxis"] |= {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickvals": list(range(len(WEEKDAYS))),
        "ticktext": [name[:3] for name in WEEKDAYS],
        "range": [len(WEEKDAYS) - 0.5, -0.5],
    }
    return {"figure": {"data": [cells], "layout": layout}}


ACTIVITY = Chart("activity", "At which hours of the week do people rate?", table, words, draw)
