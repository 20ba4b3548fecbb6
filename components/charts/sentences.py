"""What a chart says in words: a finding that follows from its table, what was counted, the numbers as text.

All of it is plain text, to be shown as text: names of sources stand in it as they came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from components.charts.labels import capitalised, count, percent, short_name, span
from components.charts.tables import Coverage, Period, Scores

# With fewer ratings than this a share or a peak says little, and the title stays a question.
ENOUGH = 100


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


def coverage(table: Sequence[Coverage]) -> Sentences:
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
    return Sentences(
        finding,
        f"n = {count(prompts, 'prompt')}, {count(ratings, 'rating')}; goal: {count(goal, 'rating')} for each{beyond}",
        f"{done:,} of {count(prompts, 'prompt')} have at least {count(goal, 'rating')}{beyond}. "
        f"Prompts by ratings: {bars}.",
    )


def ratings_over_time(table: Sequence[Period]) -> Sentences:
    """When people rated, and when most."""
    total, unit = sum(row.ratings for row in table), "hour" if table[0].hours == 1 else "day"
    most = max(row.ratings for row in table)
    busiest = [row.start for row in table if row.ratings == most]
    finding = None
    if total >= ENOUGH and len(table) > 1 and len(busiest) == 1:
        finding = f"Busiest {unit} so far: {moment(busiest[0], unit)}, with {count(most, 'rating')}"
    first, last = (moment(row.start, unit) for row in (table[0], table[-1]))
    when = f"in the {unit} of {first}" if first == last else f"from {first} to {last}"
    return Sentences(
        finding,
        f"n = {count(total, 'rating')}, per {unit}, UTC",
        f"{capitalised(count(total, 'rating'))} {when} (UTC). Most in one {unit}: {most:,}.",
    )


def moment(start: datetime, unit: str) -> str:
    """An hour or a day as people write it."""
    day = f"{start.day} {start:%B %Y}"
    return f"{day}, {start:%H:%M}" if unit == "hour" else day


def scores_by_kind(table: Sequence[Scores]) -> Sentences:
    """How large a share of the ratings of each kind of prompt is good or very good."""
    shares = [f"{_liked(row)} for {row.name}" for row in table if row.n >= ENOUGH]
    finding = f"Share of 4s and 5s: {_listed(shares)} prompts" if shares else None
    return Sentences(finding, f"n = {_ratings(table)}; share of each score", _text(table))


def scores_by_source(table: Sequence[Scores]) -> Sentences:
    """Between which shares of good or very good ratings the sources lie."""
    known = [row for row in table if row.n >= ENOUGH and not row.folded]
    finding = None
    if len(known) > 1:
        least, most = min(known, key=_liked_share), max(known, key=_liked_share)
        if _liked(least) != _liked(most):
            finding = (
                f"Share of 4s and 5s: from {_liked(least)} ({short_name(least.name)}) "
                f"to {_liked(most)} ({short_name(most.name)})"
            )
    sources = sum(row.folded or 1 for row in table)
    subtitle = f"n = {_ratings(table)} of prompts from {count(sources, 'source')}; share of each score"
    if finding:
        subtitle += f"; the title compares sources with {ENOUGH} ratings or more"
    return Sentences(finding, subtitle, _text(table))


def _ratings(table: Sequence[Scores]) -> str:
    return count(sum(row.n for row in table), "rating")


def _liked_share(row: Scores) -> float:
    return row.liked / row.n


def _liked(row: Scores) -> str:
    return percent(row.liked, row.n)


def _text(table: Sequence[Scores]) -> str:
    rows = (f"{short_name(row.name)} {_liked(row)} of {row.n:,}" for row in table)
    return f"Share of ratings that are 4 (Good) or 5 (Very good): {'; '.join(rows)}."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
