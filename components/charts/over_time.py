"""When people rated, by kind of prompt: in each hour or day, and all up to then."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from components.charts import figures
from components.charts.chart import Chart, Words
from components.charts.colours import KIND_COLOURS
from components.charts.labels import ENOUGH, capitalised, count, listed
from components.charts.numbers import Numbers
from components.records import HOUR_MS, KINDS

DAY_HOURS = 24
# As long as all ratings lie within this many hours, each hour has its bar; then each day.
HOURLY = 3 * DAY_HOURS
MINUTE_MS = 60_000
# A single hour does not fill the whole width: at least this many are shown, the earlier ones empty.
FEWEST_HOURS = 12
# With more bars than this the gaps between them, and patterns on them, would be finer than a pixel of a phone.
MOST_GAPS = 100
HOUR_HOVER, DAY_HOVER = "Hour from %H:%M UTC, %a %-d %b %Y", "%a %-d %b %Y (UTC)"
DASHES = {"human": "solid", "synthetic": "dash", "unknown": "dot"}


@dataclass(frozen=True, slots=True)
class Period:
    """How many ratings were given when.

    Attributes:
        start: Of the hour or day, in UTC.
        end: Likewise; of the one that goes on, the minute that is now.
        hours: 1 or 24: how long it lasts, the same in every row.
        given: How many were given in it, for each of `KINDS`.
        so_far: How many were given up to its end, for each of `KINDS`.
    """

    start: datetime
    end: datetime
    hours: int
    given: tuple[int, ...]
    so_far: tuple[int, ...]

    @property
    def ratings(self) -> int:
        """All given in it."""
        return sum(self.given)

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        cells: dict[str, object] = {"from_utc": f"{self.start:%Y-%m-%dT%H:%M}Z", "hours": self.hours}
        cells |= dict(zip(KINDS, self.given, strict=True)) | {"ratings": self.ratings}
        return cells | {f"{kind}_so_far": total for kind, total in zip(KINDS, self.so_far, strict=True)}


def table(numbers: Numbers) -> list[Period]:
    """One row for each hour or each day, without gaps from the first rating to the last."""
    by_hour = {(int(row["hour"]), row["kind"]): int(row["ratings"]) for row in numbers.hours()}
    if not by_hour:
        return []
    moments = [hour for hour, _ in by_hour]
    hours = 1 if max(moments) - min(moments) < HOURLY else DAY_HOURS
    now = datetime.fromtimestamp(numbers.now // MINUTE_MS * MINUTE_MS // 1000, UTC)
    counted: Counter[tuple[int, str]] = Counter()
    for (hour, kind), ratings in by_hour.items():
        counted[hour // hours, kind] += ratings
    rows, so_far = [], (0,) * len(KINDS)
    for number in range(min(moments) // hours, max(moments) // hours + 1):
        given = tuple(counted[number, kind] for kind in KINDS)
        so_far = tuple(map(sum, zip(so_far, given, strict=True)))
        start = datetime.fromtimestamp(number * hours * HOUR_MS // 1000, UTC)
        end = max(start, min(start + timedelta(hours=hours), now))
        rows.append(Period(start, end, hours, given, so_far))
    return rows


def words(table: Sequence[Period]) -> Words:
    """When people rated, and when most."""
    total, unit = sum(row.ratings for row in table), _unit(table)
    most = max(row.ratings for row in table)
    busiest = [row.start for row in table if row.ratings == most]
    finding = None
    if total >= ENOUGH and len(table) > 1 and len(busiest) == 1:
        finding = f"Busiest {unit} so far: {_moment(busiest[0], unit)}, with {count(most, 'rating')}"
    return Words(
        finding,
        f"n = {count(total, 'rating')}, per {unit}, UTC",
        f"{capitalised(count(total, 'rating'))} {_when(table)} (UTC): {_by_kind(table)}. "
        f"Most in one {unit}: {most:,}.",
    )


def words_so_far(table: Sequence[Period]) -> Words:
    """How the ratings have grown, and how fast of late."""
    total, unit = sum(table[-1].so_far), _unit(table)
    finding = None
    if total >= ENOUGH and len(table) > 1:
        half = next(row for row in table if 2 * sum(row.so_far) >= total)
        finding = f"{capitalised(count(total, 'rating'))}, half of them since {_moment(half.start, unit)}"
    return Words(
        finding,
        f"n = {count(total, 'rating')}, summed up at the end of each {unit} and now, UTC",
        f"{capitalised(count(total, 'rating'))} {_when(table)} (UTC): {_by_kind(table)}. "
        f"In the last {unit}: {table[-1].ratings:,}.",
    )


def draw(table: Sequence[Period]) -> dict:
    """A bar for each hour or day, divided by kind."""
    hours, step = table[0].hours, timedelta(hours=table[0].hours)
    step_ms = hours * HOUR_MS
    first, last = table[0].start, table[-1].start
    few = len(table) <= MOST_GAPS
    bars = [
        {
            "type": "bar",
            "name": KINDS[place],
            # Start and step instead of every moment: months stay a small document.
            "x0": figures.plotly_time(first),
            "dx": step_ms,
            "y": [row.given[place] for row in table],
            "width": step_ms * (0.92 if few else 1),
            "hovertemplate": "%{y:,}",
            "marker": figures.kind_marker(KINDS[place], patterned=few),
        }
        for place in figures.kinds_with([row.given for row in table])
    ]
    if hours == 1:
        first = min(first, last - (FEWEST_HOURS - 1) * step)
    layout = figures.timeline(first - step / 2, last + step / 2)
    layout["yaxis"] |= figures.counting(max(row.ratings for row in table))
    layout |= {"barmode": "stack", "hovermode": "x unified"}
    layout["xaxis"]["hoverformat"] = _hover(hours)
    figures.legend_of_kinds(layout)
    return {"figure": {"data": bars, "layout": layout}}


def draw_so_far(table: Sequence[Period]) -> dict:
    """A line for each kind, rising to what it has now."""
    # From nothing at the beginning of the first period to the end of the last, or to now: nobody rates tomorrow.
    moments = [figures.plotly_time(moment) for moment in (table[0].start, *(row.end for row in table))]
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": KINDS[place],
            "x": moments,
            "y": [0, *(row.so_far[place] for row in table)],
            "line": {"color": KIND_COLOURS[KINDS[place]], "width": 2.5, "dash": DASHES[KINDS[place]]},
            "hovertemplate": "%{y:,}",
        }
        for place in figures.kinds_with([table[-1].so_far])
    ]
    layout = figures.timeline(table[0].start, table[-1].start + timedelta(hours=table[0].hours))
    layout["yaxis"] |= figures.counting(max(table[-1].so_far))
    layout["hovermode"] = "x unified"
    layout["xaxis"]["hoverformat"] = "Until %H:%M UTC, %a %-d %b %Y"
    figures.legend_of_kinds(layout)
    return {"figure": {"data": lines, "layout": layout}}


def _hover(hours: int) -> str:
    return HOUR_HOVER if hours == 1 else DAY_HOVER


def _unit(table: Sequence[Period]) -> str:
    return "hour" if table[0].hours == 1 else "day"


def _when(table: Sequence[Period]) -> str:
    unit = _unit(table)
    first, last = (_moment(row.start, unit) for row in (table[0], table[-1]))
    return f"in the {unit} of {first}" if first == last else f"from {first} to {last}"


def _by_kind(table: Sequence[Period]) -> str:
    totals = zip(KINDS, table[-1].so_far, strict=True)
    return listed([f"{total:,} of {kind} prompts" for kind, total in totals if total])


def _moment(start: datetime, unit: str) -> str:
    """An hour or a day as people write it."""
    day = f"{start.day} {start:%B %Y}"
    return f"{day}, {start:%H:%M}" if unit == "hour" else day


RATINGS_OVER_TIME = Chart("ratings_over_time", "When do people rate?", table, words, draw)
CUMULATIVE = Chart("ratings_so_far", "How do the ratings grow?", table, words_so_far, draw_so_far)
