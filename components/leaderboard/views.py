"""The leaderboard, live."""

from sqlalchemy import Connection

from components.leaderboard.standings import ranked
from components.live.view import View
from components.store import tallies

# Enough for a whole community; each row costs every watcher a few bytes at every change.
MOST_ROWS = 500


def leaderboard(connection: Connection) -> dict:
    """Contributors by number of ratings, the most first, and the totals of all of them."""
    rows = ranked(tallies.standings(connection))
    return {
        "contributors": len(rows),
        "ratings": sum(row["ratings"] for row in rows),
        "rows": rows[:MOST_ROWS],
    }


VIEWS = (View("leaderboard", leaderboard),)
