"""The leaderboard, live: one view for each period, and the sources that earn more."""

from functools import partial

from components.leaderboard.boards import Boards
from components.leaderboard.periods import PERIODS, Period
from components.live.moment import Moment
from components.live.needs import Needs
from components.live.view import View


def views(boards: Boards, needs: Needs) -> tuple[View, ...]:
    """The views of this room.

    Args:
        needs: Renewed with them.
    """

    def leaderboard(period: Period, moment: Moment) -> dict:
        """The first contributors, teams, and the totals of everybody."""
        board = boards.board(moment, period)
        # Also while points are off: what a rating earns is marked when it comes in.
        thin = sorted(needs.renew(moment))
        return board.document() | {"thin": thin if board.sprint.points else []}

    return tuple(View(f"leaderboard-{period.name}", partial(leaderboard, period)) for period in PERIODS)
