"""Teams: what those who are in one did together, whoever of them is hidden included."""

from collections import Counter

from components.account.visibility import alike
from components.leaderboard.standings import NOTHING, Counts, Standings

# As many as somebody looks at.
MOST_TEAMS = 50


def teams_of(standings: Standings) -> list[dict]:
    """Teams with a rating in the period: rank, name, people, and their totals; the first foremost.

    One team may be spelled in two ways if two stores were merged; the way most of its people spell it stands.
    """
    counts: dict[str, Counts] = {}
    people: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    known: dict[str, str] = {}
    for entry in standings.everybody.values():
        team = entry.rater.team
        if not team:
            continue
        if team not in known:
            known[team] = alike(team)
        key = known[team]
        counts[key] = counts.get(key, NOTHING) + entry.counts
        people[key] += 1
        spelled.setdefault(key, Counter())[team] += 1
    values = {key: one.points if standings.by_points else one.ratings for key, one in counts.items()}
    ordered = sorted(values, key=lambda key: (-values[key], key))[:MOST_TEAMS]
    rows = []
    for key in ordered:
        names = spelled[key]
        told = {"name": min(names, key=lambda name: (-names[name], name)), "people": people[key]}
        rank = 1 + sum(value > values[key] for value in values.values())
        rows.append({"rank": rank} | told | totals(counts[key], standings.by_points))
    return rows


def totals(counts: Counts, by_points: bool) -> dict[str, int]:
    """What stands in a row: ratings and completed, and points where there are any."""
    told = {"ratings": counts.ratings, "completed": counts.completed}
    return told | {"points": counts.points} if by_points else told
