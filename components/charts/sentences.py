"""What a chart says in words: a finding that follows from its table, what was counted, the numbers as text.

All of it is plain text, to be shown as text: names of sources stand in it as they came in.
"""

from dataclasses import dataclass

import pandas as pd

from components.charts.labels import capitalised, count, percent, short_name, span

# With fewer ratings than this a share or a peak says little, and the title stays a question.
ENOUGH = 100
LIKED = (4, 5)


@dataclass(frozen=True)
class Sentences:
    """The words around a chart.

    Attributes:
        finding: What the numbers show, or None while there are too few.
        subtitle: What was counted, with its n.
        text: The chart for those who do not see it.
    """

    finding: str | None
    subtitle: str
    text: str


def coverage(table: pd.DataFrame) -> Sentences:
    """How far the prompts are on the way to the goal."""
    prompts, ratings = int(table["prompts"].sum()), int(table["ratings"].sum())
    goal = int(table.loc[table["reached"], "least"].iloc[0])
    done = int(table.loc[table["reached"], "prompts"].sum())
    wanted = "rating" if goal == 1 else f"{goal} ratings"
    if done == 0:
        finding = f"No prompt has its {wanted} yet"
    elif done == prompts:
        finding = f"Every prompt has its {wanted}"
    else:
        finding = capitalised(f"{percent(done, prompts)} of prompts have their {wanted}")
    bars = "; ".join(f"{span(row.least, row.most)}: {row.prompts:,}" for row in table.itertuples())
    return Sentences(
        finding,
        f"n = {count(prompts, 'prompt')}, {count(ratings, 'rating')}; goal: {count(goal, 'rating')} for each",
        f"{done:,} of {count(prompts, 'prompt')} have at least {count(goal, 'rating')}. Prompts by ratings: {bars}.",
    )


def ratings_over_time(table: pd.DataFrame) -> Sentences:
    """When people rated, and when most."""
    total, unit = int(table["ratings"].sum()), "hour" if table["hours"].iloc[0] == 1 else "day"
    most = int(table["ratings"].max())
    busiest = table.loc[table["ratings"] == most, "start"]
    finding = None
    if total >= ENOUGH and len(table) > 1 and len(busiest) == 1:
        finding = f"Busiest {unit} so far: {moment(busiest.iloc[0], unit)}, with {count(most, 'rating')}"
    first, last = (moment(table["start"].iloc[at], unit) for at in (0, -1))
    when = f"in the {unit} of {first}" if first == last else f"from {first} to {last}"
    return Sentences(
        finding,
        f"n = {count(total, 'rating')}, per {unit}, UTC",
        f"{capitalised(count(total, 'rating'))} {when} (UTC). Most in one {unit}: {most:,}.",
    )


def moment(start: pd.Timestamp, unit: str) -> str:
    """An hour or a day as people write it."""
    day = f"{start.day} {start:%B %Y}"
    return f"{day}, {start:%H:%M}" if unit == "hour" else day


def scores_by_kind(table: pd.DataFrame) -> Sentences:
    """How large a share of the ratings of each kind of prompt is good or very good."""
    known = table[table["n"] >= ENOUGH]
    shares = [f"{_liked(row)} for {row['name']}" for _, row in known.iterrows()]
    finding = f"Share of 4s and 5s: {_listed(shares)} prompts" if shares else None
    return Sentences(
        finding, f"n = {count(int(table['n'].sum()), 'rating')}; share of each score", _text(table)
    )


def scores_by_source(table: pd.DataFrame) -> Sentences:
    """Between which shares of good or very good ratings the sources lie."""
    known = table[(table["n"] >= ENOUGH) & (table["folded"] == 0)]
    finding = None
    if len(known) > 1:
        shares = known[list(LIKED)].sum(axis="columns") / known["n"]
        least, most = known.loc[shares.idxmin()], known.loc[shares.idxmax()]
        if _liked(least) != _liked(most):
            finding = (
                f"Share of 4s and 5s: from {_liked(least)} ({short_name(least['name'])}) "
                f"to {_liked(most)} ({short_name(most['name'])})"
            )
    sources = int((table["folded"] == 0).sum() + table["folded"].sum())
    subtitle = f"n = {count(int(table['n'].sum()), 'rating')} of prompts from {count(sources, 'source')}; share of each score"
    if finding:
        subtitle += f"; the title compares sources with {ENOUGH} ratings or more"
    return Sentences(finding, subtitle, _text(table))


def _liked(row: pd.Series) -> str:
    return percent(int(row[list(LIKED)].sum()), int(row["n"]))


def _text(table: pd.DataFrame) -> str:
    rows = (f"{short_name(row['name'])} {_liked(row)} of {row['n']:,}" for _, row in table.iterrows())
    return f"Share of ratings that are 4 (Good) or 5 (Very good): {'; '.join(rows)}."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
