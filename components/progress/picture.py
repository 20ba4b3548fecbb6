"""The picture that stands beside a shared link: title, ring, and the numbers of the moment."""

from collections.abc import Mapping

from components.pen import ACCENT, INK, MARGIN, SOFT, Pen, counted
from components.progress.goal import percent

RING = 300
STROKE = 40
TITLE_SIZES = (76, 64, 54, 46)
TITLE_TOP = 130
# Stands in for a title that the font has no letters for.
PLAIN_TITLE = "Prompt Sprint"

STATE_WORDS = {"preparing": "opens soon", "open": "", "paused": "paused", "closed": "closed"}


def picture(progress: Mapping) -> bytes:
    """Draw it from the view `progress`; returns a PNG."""
    pen = Pen()
    share = progress["share_done"]
    left = pen.width - MARGIN - RING
    pen.ring(left, (pen.height - RING) // 2, RING, STROKE, share or 0.0, progress["share_given"] or 0.0)
    words = percent(share)
    pen.centred(left + RING / 2, pen.height / 2, words, 84, INK)
    title = pen.writable(progress["title"], PLAIN_TITLE)
    bottom = pen.heading(title, TITLE_TOP, left - 2 * MARGIN, TITLE_SIZES)
    goal = progress["ratings_per_prompt"]
    lines = [
        f"of {progress['prompts']:,} prompts have {goal} {'rating' if goal == 1 else 'ratings'}",
        f"{counted(progress['ratings'], 'rating', 'ratings')} by "
        f"{counted(progress['contributors_rated'], 'person', 'people')}",
    ]
    lines[0] = f"{words} {lines[0]}" if share is not None else "No prompts yet"
    if share is not None and share < 1:
        lines.append(f"{percent(progress['share_given'])} of the ratings wanted")
    for line in lines:
        pen.text(MARGIN, bottom, line, 36, SOFT)
        bottom += 56
    state = STATE_WORDS[progress["state"]]
    if state:
        pen.text(MARGIN, bottom + 16, state, 36, ACCENT)
    return pen.png()
