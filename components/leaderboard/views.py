"""The leaderboard, live."""

from components.leaderboard.standings import ranked
from components.live.moment import Moment
from components.live.raters import Raters
from components.live.view import View

# Enough for a whole community; each row costs every watcher a few bytes at every change.
MOST_ROWS = 500


def views(raters: Raters) -> tuple[View, ...]:
    """The views of this room."""

    def leaderboard(moment: Moment) -> dict:
        """Contributors by number of ratings, the most first, and the totals of all of them."""
        everybody = moment.read(raters.read)
        return {
            "contributors": len(everybody),
            "ratings": sum(row["ratings"] for row in everybody),
            "rows": ranked(everybody[:MOST_ROWS]),
        }

    return (View("leaderboard", leaderboard),)
