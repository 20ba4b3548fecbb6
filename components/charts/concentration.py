"""How evenly the ratings come from the contributors: the Lorenz curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from components.charts import figures
from components.charts.chart import SOURCE, TIME, Chart, Words
from components.charts.colours import ACCENT, NEUTRAL
from components.charts.labels import count, percent
from components.charts.numbers import Numbers

# More points than this no curve needs.
MOST_POINTS = 100
# With fewer people a share of them says little.
ENOUGH_PEOPLE = 20
BUSIEST = 10
QUARTERS = {0: "0 %", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1: "100 %"}


@dataclass(frozen=True, slots=True)
class Point:
    """So many contributors, those with the fewest ratings, gave so many ratings together.

    Attributes:
        people, all_people: Of these and of all contributors.
        ratings, all_ratings: Of these and of all ratings.
    """

    people: int
    all_people: int
    ratings: int
    all_ratings: int

    @property
    def share_of_people(self) -> float:
        """Between 0 and 1."""
        return self.people / self.all_people

    @property
    def share_of_ratings(self) -> float:
        """Between 0 and 1."""
        return self.ratings / self.all_ratings

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        return {
            "contributors": self.people,
            "share_of_contributors": round(self.share_of_people, 6),
            "ratings": self.ratings,
            "share_of_ratings": round(self.share_of_ratings, 6),
        }


def table(numbers: Numbers) -> list[Point]:
    """Points of the Lorenz curve from (0, 0) to (1, 1): one for each contributor, or 100 of them."""
    totals = numbers.totals()
    if not totals:
        return []
    so_far = [0, *accumulate(totals)]
    people = len(totals)
    steps = min(people, MOST_POINTS)
    # Without rounding, the busiest tenth of a thousand is exactly the hundred busiest.
    places = [people * step // steps for step in range(steps + 1)]
    return [Point(place, people, so_far[place], so_far[-1]) for place in places]


def words(table: Sequence[Point]) -> Words:
    """How much the busiest tenth gave, and the Gini coefficient."""
    last = table[-1]
    rest = max((row for row in table if BUSIEST * (last.people - row.people) >= last.people), key=_place)
    busiest, theirs = last.people - rest.people, percent(last.ratings - rest.ratings, last.ratings)
    finding = None
    if last.people >= ENOUGH_PEOPLE:
        finding = f"The busiest {percent(busiest, last.people)} of contributors gave {theirs} of the ratings"
    who = count(last.people, "contributor")
    return Words(
        finding,
        f"n = {count(last.ratings, 'rating')} of {who}; the straight line: everybody gave the same number",
        f"Of {who}, the {'one' if busiest == 1 else f'{busiest:,}'} with most ratings gave {theirs} of "
        f"{count(last.ratings, 'rating')}. Gini coefficient: {gini(table):.2f} (0: everybody gave the same number; "
        "1: one gave all).",
    )


def _place(row: Point) -> int:
    return row.people


def gini(table: Sequence[Point]) -> float:
    """Twice the area between the curve and the straight line: 1 - Σ (xᵢ - xᵢ₋₁)(yᵢ + yᵢ₋₁).

    Corrado Gini, Variabilità e mutabilità, 1912, by the trapezoids of the points of the curve.

    Example:
        >>> gini([Point(0, 2, 0, 4), Point(1, 2, 1, 4), Point(2, 2, 4, 4)])
        0.25
    """
    return 1 - sum(
        (after.share_of_people - before.share_of_people) * (after.share_of_ratings + before.share_of_ratings)
        for before, after in pairwise(table)
    )


def draw(table: Sequence[Point]) -> dict:
    """The curve, and the straight line it would be if all gave the same number."""
    last = table[-1]
    curve = {
        "type": "scatter",
        "mode": "lines+markers" if len(table) <= 12 else "lines",
        "x": [round(row.share_of_people, 5) for row in table],
        "y": [round(row.share_of_ratings, 5) for row in table],
        "line": {"color": ACCENT, "width": 2.5},
        "fill": "tozeroy",
        "fillcolor": "rgba(23,137,122,0.15)",
        "customdata": [
            [
                count(row.people, "contributor"),
                count(row.ratings, "rating"),
                percent(row.people, last.people),
                percent(row.ratings, last.ratings),
            ]
            for row in table
        ],
        "hovertemplate": "%{customdata[0]} with the fewest ratings (%{customdata[2]})<br>"
        "gave %{customdata[1]} (%{customdata[3]})<extra></extra>",
    }
    even = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": NEUTRAL, "width": 1.5, "dash": "dash"},
        "hoverinfo": "skip",
    }
    layout = figures.plain(height=340)
    # For the halves of "100 %" beyond both ends.
    layout["margin"] |= {"r": 24, "t": 16}
    axis = {"range": [0, 1], "fixedrange": True, "tickvals": [*QUARTERS], "ticktext": [*QUARTERS.values()]}
    axis["ticklabeloverflow"] = "allow"
    layout["xaxis"] |= axis | {"title": {"text": "contributors, the least busy first", "font": {"size": 13}}}
    layout["yaxis"] |= axis | {"title": {"text": "their share of the ratings", "font": {"size": 13}}}
    return {"figure": {"data": [even, curve], "layout": layout}}


CONCENTRATION = Chart(
    "concentration",
    "Do a few people give most of the ratings?",
    table,
    words,
    draw,
    # Nobody's ratings are counted by kind.
    follows=(SOURCE, TIME),
)
