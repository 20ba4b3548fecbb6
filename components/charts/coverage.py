"""How many prompts have how many ratings: the way to the goal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from components.charts import figures
from components.charts.chart import KIND, NO_PROMPTS, SOURCE, Chart, Words
from components.charts.colours import ACCENT, NEUTRAL
from components.charts.labels import capitalised, count, percent, span
from components.charts.numbers import Numbers

# Below the goal there are at most about this many bars.
BARS = 10


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many prompts have how many ratings.

    Attributes:
        least: The fewest ratings prompts of this row have.
        most: The most ratings they have.
        prompts: How many there are.
        ratings: How many ratings they have together.
        reached: Whether this is the goal or more.
    """

    least: int
    most: int
    prompts: int
    ratings: int
    reached: bool

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        return {
            "ratings_from": self.least,
            "ratings_to": self.most,
            "prompts": self.prompts,
            "ratings": self.ratings,
            "goal_reached": self.reached,
        }


def table(numbers: Numbers) -> list[Coverage]:
    """One row for each number of ratings up to the goal, and one for all above if there are any.

    Where the goal is high, numbers below it share rows.
    """
    counted: Counter[int] = Counter()
    for theirs in numbers.coverage_by_source().values():
        counted.update(theirs)
    if not counted:
        return []
    goal = numbers.goal()
    spans = [*_spans_below(goal), (goal, goal)]
    if max(counted) > goal:
        spans.append((goal + 1, max(counted)))
    return [_coverage_row(counted, least, most, goal) for least, most in spans]


def _spans_below(goal: int) -> list[tuple[int, int]]:
    width = -(-goal // BARS)
    # No rating at all is a row of its own: those are the prompts nobody has seen.
    return [(0, 0), *((least, min(least + width, goal) - 1) for least in range(1, goal, width))]


def _coverage_row(counted: dict[int, int], least: int, most: int, goal: int) -> Coverage:
    within = {ratings: prompts for ratings, prompts in counted.items() if least <= ratings <= most}
    ratings_in_all = sum(ratings * prompts for ratings, prompts in within.items())
    return Coverage(least, most, sum(within.values()), ratings_in_all, reached=least >= goal)


def words(table: Sequence[Coverage]) -> Words:
    """How far the prompts are on the way to the goal, and how many ratings went beyond it."""
    prompts, ratings = sum(row.prompts for row in table), sum(row.ratings for row in table)
    goal = next(row.least for row in table if row.reached)
    done = sum(row.prompts for row in table if row.reached)
    surplus = sum(row.ratings - goal * row.prompts for row in table if row.reached)
    wanted = "rating" if goal == 1 else f"{goal} ratings"
    if done == 0:
        finding = f"No prompt has its {wanted} yet"
    elif done == prompts:
        finding = f"Every prompt has its {wanted}"
    else:
        finding = capitalised(f"{percent(done, prompts)} of prompts have their {wanted}")
    beyond = f"; {count(surplus, 'rating')} beyond the goal" if surplus else ""
    bars = "; ".join(f"{span(row.least, row.most)}: {row.prompts:,}" for row in table)
    return Words(
        finding,
        f"n = {count(prompts, 'prompt')}, {count(ratings, 'rating')}; goal: {count(goal, 'rating')} for each{beyond}",
        f"{done:,} of {count(prompts, 'prompt')} have at least {count(goal, 'rating')}{beyond}. "
        f"Prompts by ratings: {bars}.",
    )


def draw(table: Sequence[Coverage]) -> dict:
    """One bar for each number of ratings: how many prompts have it, in the accent from the goal on."""
    prompts = [row.prompts for row in table]
    whole = sum(prompts)
    goal = next(row.least for row in table if row.reached)
    names = [
        capitalised(span(row.least, row.most)) + (" (the goal)" if row.least == goal else "") for row in table
    ]
    shares = [percent(part, whole) for part in prompts]
    bars = {
        "type": "bar",
        "x": prompts,
        "y": list(range(len(table))),
        "customdata": [[name, share] for name, share in zip(names, shares, strict=True)],
        "hovertemplate": f"%{{customdata[0]}}<br>%{{x:,}} of {count(whole, 'prompt')}: %{{customdata[1]}}<extra></extra>",
        "orientation": "h",
        "width": figures.BAR_HEIGHT,
        "marker": {"color": [ACCENT if row.reached else NEUTRAL for row in table]},
    }
    labels = [
        f"{name}: <b>{count(part, 'prompt')}</b> ({share})"
        for name, part, share in zip(names, prompts, shares, strict=True)
    ]
    layout = figures.rows(labels, indent=figures.LABEL_INDENT)
    layout["xaxis"] |= {"range": [0, max(prompts)], "zeroline": True, "zerolinelayer": "above traces"}
    return {"figure": {"data": [bars], "layout": layout}}


COVERAGE = Chart(
    "coverage",
    "How many prompts have their ratings?",
    table,
    words,
    draw,
    empty=NO_PROMPTS,
    follows=(SOURCE, KIND),
)
