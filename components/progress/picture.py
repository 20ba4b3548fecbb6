"""The picture that stands beside a shared link: title, ring, and the numbers of the moment."""

import io
from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageFont

# What most sites show beside a link is cut to this.
WIDTH, HEIGHT = 1200, 630
# Drawn so many times larger and made smaller, which smooths the edges.
FINER = 2
MARGIN = 80
RING = 300
# So many shades are all there are; the file is a quarter of one in full colour.
COLOURS = 64
STROKE = 40
PAPER, INK, SOFT, LINE, ACCENT = "#faf9f6", "#1c1b19", "#595650", "#e2dfd7", "#0b6a5c"
TITLE_SIZES = (76, 64, 54, 46)
TITLE_LINES = 2
# Stands in for a title that the font has no letters for.
PLAIN_TITLE = "Prompt Sprint"

STATE_WORDS = {"preparing": "opens soon", "open": "", "paused": "paused", "closed": "closed"}


def picture(progress: Mapping) -> bytes:
    """Draw it from the view `progress`; returns a PNG."""
    image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
    pen = _Pen(ImageDraw.Draw(image))
    share = progress["share_done"]
    left = WIDTH - MARGIN - RING
    top = (HEIGHT - RING) // 2
    pen.ring(left, top, share or 0.0)
    words = "" if share is None else f"{100 if share == 1 else min(99, int(share * 100))} %"
    pen.centred(left + RING / 2, HEIGHT / 2, words, 84, INK)
    bottom = pen.title(progress["title"], left - 2 * MARGIN)
    goal = progress["ratings_per_prompt"]
    lines = [
        f"of {progress['prompts']:,} prompts have {goal} {'rating' if goal == 1 else 'ratings'}",
        f"{_count(progress['ratings'], 'rating', 'ratings')} by "
        f"{_count(progress['contributors_rated'], 'person', 'people')}",
    ]
    lines[0] = f"{words} {lines[0]}" if share is not None else "No prompts yet"
    for line in lines:
        pen.text(MARGIN, bottom, line, 36, SOFT)
        bottom += 56
    state = STATE_WORDS[progress["state"]]
    if state:
        pen.text(MARGIN, bottom + 16, state, 36, ACCENT)
    pen.draw.rectangle((0, 0, 16 * FINER, HEIGHT * FINER), ACCENT)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.quantize(COLOURS).save(written, "PNG")
    return written.getvalue()


class _Pen:
    """Draws in the coordinates of the finished picture."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw = draw

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        # The one font that comes with the library: the picture is the same on every machine.
        return ImageFont.load_default(size * FINER)

    def text(self, left: float, top: float, words: str, size: int, colour: str) -> None:
        self.draw.text((left * FINER, top * FINER), words, colour, self.font(size))

    def centred(self, x: float, y: float, words: str, size: int, colour: str) -> None:
        self.draw.text((x * FINER, y * FINER), words, colour, self.font(size), anchor="mm")

    def ring(self, left: float, top: float, share: float) -> None:
        box = tuple(FINER * place for place in (left, top, left + RING, top + RING))
        self.draw.arc(box, 0, 360, LINE, STROKE * FINER)
        if share:
            self.draw.arc(box, -90, -90 + 360 * share, ACCENT, STROKE * FINER)

    def title(self, title: str, width: float) -> float:
        """Write the title as large as it fits; returns where the next line goes."""
        shown = title if self._has_letters_for(title) else PLAIN_TITLE
        for size in TITLE_SIZES:
            lines = self._broken(shown, width, size)
            if len(lines) <= TITLE_LINES:
                break
        else:
            lines = [*lines[: TITLE_LINES - 1], lines[TITLE_LINES - 1] + " …"]
        top = 150.0 if len(lines) == 1 else 110.0
        for line in lines:
            self.text(MARGIN, top, line, size, INK)
            top += size * 1.25
        return top + 40

    def _broken(self, words: str, width: float, size: int) -> list[str]:
        font = self.font(size)
        lines = [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and font.getlength(longer) > width * FINER:
                lines.append(word)
            else:
                lines[-1] = longer
        return [self._cut(line, width, font) for line in lines]

    def _cut(self, line: str, width: float, font: ImageFont.FreeTypeFont) -> str:
        if font.getlength(line) <= width * FINER:
            return line
        while line and font.getlength(line + "…") > width * FINER:
            line = line[:-1]
        return line + "…"

    def _has_letters_for(self, words: str) -> bool:
        font = self.font(20)
        nothing = bytes(font.getmask("\U0010ffff"))
        return all(letter.isspace() or bytes(font.getmask(letter)) != nothing for letter in words)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
