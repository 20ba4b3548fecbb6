"""The tables behind the charts, made of tallies; a table without rows means there is nothing to draw."""

import pandas as pd
from sqlalchemy import Connection

from components.records import KINDS, SCORES
from components.store import sprints, tallies

# Below the goal, charts of coverage have at most about this many bars.
COVERAGE_BARS = 10
MOST_SOURCES = 12
DAY_HOURS = 24
# As long as all ratings lie within this many hours, each hour has its bar; then each day.
HOURLY = 3 * DAY_HOURS


def coverage(connection: Connection) -> pd.DataFrame:
    """How many prompts have how many ratings.

    Returns:
        One row for each number of ratings up to the goal, and one for all above if there are any.
        Where the goal is high, numbers below it share rows. Columns: `least` and `most` (the numbers of
        ratings of this row, both included), `prompts`, `ratings` (all those these prompts have),
        `reached` (whether this is the goal or more).
    """
    counted = tallies.coverage(connection)
    if not counted:
        return pd.DataFrame(columns=["least", "most", "prompts", "ratings", "reached"])
    goal = sprints.current(connection).ratings_per_prompt
    spans = [*_spans_below(goal), (goal, goal)]
    if max(counted) > goal:
        spans.append((goal + 1, max(counted)))
    return pd.DataFrame([_coverage_row(counted, least, most, goal) for least, most in spans])


def _spans_below(goal: int) -> list[tuple[int, int]]:
    width = -(-goal // COVERAGE_BARS)
    # No rating at all is a row of its own: those are the prompts nobody has seen.
    return [(0, 0), *((least, min(least + width, goal) - 1) for least in range(1, goal, width))]


def _coverage_row(counted: dict[int, int], least: int, most: int, goal: int) -> dict:
    within = {ratings: prompts for ratings, prompts in counted.items() if least <= ratings <= most}
    return {
        "least": least,
        "most": most,
        "prompts": sum(within.values()),
        "ratings": sum(ratings * prompts for ratings, prompts in within.items()),
        "reached": least >= goal,
    }


def ratings_over_time(connection: Connection) -> pd.DataFrame:
    """How many ratings were given when, without gaps from the first to the last.

    Returns:
        Columns: `start` (of the hour or day, UTC), `hours` (1 or 24: how long each row lasts), `ratings`.
    """
    rows = [(int(row["hour"]), int(row["ratings"])) for row in tallies.hours(connection)]
    if not rows:
        return pd.DataFrame(columns=["start", "hours", "ratings"])
    hours, ratings = zip(*rows, strict=True)
    each = 1 if max(hours) - min(hours) < HOURLY else DAY_HOURS
    counted = pd.Series(ratings, index=pd.Index(hours) // each).groupby(level=0).sum()
    counted = counted.reindex(range(counted.index[0], counted.index[-1] + 1), fill_value=0)
    start = pd.to_datetime(counted.index * each, unit="h", utc=True)
    return pd.DataFrame({"start": start, "hours": each, "ratings": counted.to_numpy()})


def scores_by_kind(connection: Connection) -> pd.DataFrame:
    """How often each score was given to prompts of each kind, in the order of `KINDS`.

    Returns:
        Columns: `name` (the kind), `n` (its ratings), `folded` (always 0), and 1 to 5 (how many of each score).
    """
    table = _scores(connection, "kind")
    return table.sort_values("name", key=lambda kinds: kinds.map(KINDS.index), ignore_index=True)


def scores_by_source(connection: Connection) -> pd.DataFrame:
    """How often each score was given to prompts of each source, most ratings first.

    Returns:
        The sources with most ratings, and one row for all the others together. Columns: `name` (the
        source), `n` (its ratings), `folded` (0, or of how many sources this row is the sum), and 1 to 5
        (how many of each score).
    """
    table = _scores(connection, "source").sort_values(
        ["n", "name"], ascending=[False, True], ignore_index=True
    )
    rest = table[MOST_SOURCES:]
    if rest.empty:
        return table
    sources = len(rest)
    other = {"name": f"other ({sources} source{'s' if sources > 1 else ''})", "folded": sources}
    sums = rest[["n", *SCORES]].sum().to_dict()
    return pd.concat([table[:MOST_SOURCES], pd.DataFrame([other | sums])], ignore_index=True)


def _scores(connection: Connection, group: str) -> pd.DataFrame:
    rows = [{**row, "ratings": int(row["ratings"])} for row in tallies.scores(connection)]
    long = pd.DataFrame(rows, columns=["source", "kind", "score", "ratings"])
    wide = long.pivot_table(index=group, columns="score", values="ratings", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(SCORES), fill_value=0)
    table = wide.rename_axis(index="name", columns=None).reset_index()
    table.insert(1, "n", table[list(SCORES)].sum(axis="columns"))
    table.insert(2, "folded", 0)
    # Ratings that were all taken back leave tallies of zero.
    return table[table["n"] > 0]
