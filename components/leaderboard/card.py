"""The card somebody shares: what they did for the sprint, as a picture."""

import threading
import time
from collections import OrderedDict
from urllib.parse import urlsplit

from components.account.progress import milestone
from components.leaderboard.boards import Board
from components.leaderboard.standings import Entry
from components.pen import ACCENT, INK, MARGIN, SOFT, Pen, counted

# Kept for those who open a shared link at the same time.
KEPT_S = 60.0
MOST_KEPT = 100
# Stands in for a name that the font has no letters for.
SOMEBODY = "A contributor"
NAME_SIZES = (76, 64, 54, 46)
BADGE = 280


def card(board: Board, entry: Entry, address: str) -> bytes:
    """Draw the card of somebody who is listed; returns a PNG.

    Args:
        address: The one visitors use, or empty if it is not known.
    """
    pen = Pen()
    row = board.row(entry)
    pen.text(MARGIN, 70, pen.writable(board.sprint.title, "Prompt Sprint"), 36, ACCENT)
    reached = milestone(entry.counts.ratings)
    width = pen.width - 2 * MARGIN - (BADGE if reached else 0)
    bottom = pen.heading(pen.writable(row["name"], SOMEBODY), 140, width, NAME_SIZES)
    days = counted(row["days"], "day", "days")
    lines = [f"{counted(entry.counts.ratings, 'prompt', 'prompts')} rated on {days}"]
    if row["streak"] > 1:
        lines[0] += f", {row['streak']} in a row"
    if entry.counts.completed:
        lines.append(f"{counted(entry.counts.completed, 'prompt', 'prompts')} completed")
    place = f"Rank {row['rank']:,} of {len(board.listed):,}"
    lines.append(
        f"{counted(row['points'], 'point', 'points')}, {place.lower()}"
        if row["points"] is not None
        else place
    )
    if row.get("team"):
        lines.append(f"Team {pen.writable(row['team'], '')}".strip())
    for line in lines:
        pen.text(MARGIN, bottom, line, 36, SOFT)
        bottom += 56
    if reached:
        middle = pen.width - MARGIN - BADGE / 2
        pen.disc(middle, 320, BADGE / 2, ACCENT)
        pen.centred(middle, 246, "milestone", 28, "#ffffff")
        pen.centred(middle, 316, f"{reached:,}", 72 if reached < 10_000 else 54, "#ffffff")
        pen.centred(middle, 380, "ratings", 32, "#ffffff")
    where = urlsplit(address).netloc
    pen.text(MARGIN, 540, f"Rate prompts together{f': {where}' if where else ''}", 28, INK)
    return pen.png()


class Cards:
    """Draws cards when they are asked for, one at a time, and keeps the last ones for a minute."""

    def __init__(self, address: str) -> None:
        """Prepare.

        Args:
            address: The one visitors use, or empty if it is not known.
        """
        self._address = address
        # Held while drawing, so that a hundred who ask at once have it drawn once.
        self._drawing = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def of(self, board: Board, entry: Entry) -> bytes:
        """The card of somebody who is listed, at most a minute old."""
        with self._drawing:
            good_until, content = self._kept.get(entry.face.key, (0.0, b""))
            if time.monotonic() >= good_until:
                content = card(board, entry, self._address)
                self._kept[entry.face.key] = (time.monotonic() + KEPT_S, content)
                self._kept.move_to_end(entry.face.key)
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return content
