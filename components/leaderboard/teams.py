"""Teams: what those who are in one did together, whoever of them is hidden included."""

from components.account.visibility import alike
from components.leaderboard.standings import NOTHING, Counts, Standings

# As many as somebody looks at.
MOST_TEAMS = 50


def teams_of(standings: Standings) -> list[dict]:
    """Teams with a rating in the period: rank, name, people, and their totals; the first foremost.

    One team may be spelled in two ways if two stores were merged; the way most of its people spell it stands.
    """
    spelled: dict[str, list[str]] = {}
    for team in standings.teams:
        spelled.setdefault(alike(team), []).append(team)
    rows = []
    for names in spelled.values():
        names.sort(key=lambda name: (-standings.teams[name][1], name))
        counts, people = NOTHING, 0
        for name in names:
            counts, people = counts.with_(standings.teams[name][0]), people + standings.teams[name][1]
        value = counts.points if standings.by_points else counts.ratings
        rows.append((-value, names[0], people, counts))
    rows.sort()
    values = [row[0] for row in rows]
    return [
        {"rank": values.index(value) + 1, "name": name, "people": people}
        | totals(counts, standings.by_points)
        for value, name, people, counts in rows[:MOST_TEAMS]
    ]


def totals(counts: Counts, by_points: bool) -> dict[str, int | None]:
    """What stands in a row: ratings, completed, and points, which are None where a sprint has none."""
    return {
        "ratings": counts.ratings,
        "completed": counts.completed,
        "points": counts.points if by_points else None,
    }
