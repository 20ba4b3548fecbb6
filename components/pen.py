"""A pen for the pictures that are shared: it draws in the coordinates of the finished picture, in the page's colours."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

# What most sites show beside a link is cut to this.
WIDTH, HEIGHT = 1200, 630
# Drawn so many times larger and made smaller, which smooths the edges.
FINER = 3
MARGIN = 80
# So many shades are all there are; the file is a quarter of one in full colour.
COLOURS = 64
EDGE = 16
PAPER, INK, SOFT, LINE = "#faf9f6", "#1c1b19", "#595650", "#e2dfd7"
ACCENT, PALE = "#0b6a5c", "#8fc0b8"
MOST_LINES = 2


class Pen:
    """Draws one picture: paper with an edge in the accent, and what is asked for."""

    width, height = WIDTH, HEIGHT

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._draw.rectangle((0, 0, EDGE * FINER, HEIGHT * FINER), ACCENT)

    def text(self, left: float, top: float, words: str, size: int, colour: str) -> None:
        """Write one line from a corner on; what is too long for the picture is cut."""
        shown = _cut(words, WIDTH - MARGIN - left, _font(size))
        self._draw.text((left * FINER, top * FINER), shown, colour, _font(size))

    def centred(self, x: float, y: float, words: str, size: int, colour: str) -> None:
        """Write one line around a point."""
        self._draw.text((x * FINER, y * FINER), words, colour, _font(size), anchor="mm")

    def heading(self, words: str, top: float, width: float, sizes: Sequence[int]) -> float:
        """Write words as large as they fit into two lines; returns where the next line goes.

        Args:
            sizes: Those to try, the largest first.
        """
        for size in sizes:
            lines = _broken(words, width, size)
            if len(lines) <= MOST_LINES:
                break
        else:
            lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + " …"]
        for line in lines:
            self.text(MARGIN, top, line, size, INK)
            top += size * 1.25
        return top + 40

    def ring(
        self, left: float, top: float, size: float, stroke: float, share: float, paler: float = 0
    ) -> None:
        """Draw a ring of which a share is done, and another one paler under it."""
        box = tuple(FINER * place for place in (left, top, left + size, top + size))
        self._draw.arc(box, 0, 360, LINE, round(stroke * FINER))
        for part, colour in ((paler, PALE), (share, ACCENT)):
            if part:
                self._draw.arc(box, -90, -90 + 360 * part, colour, round(stroke * FINER))

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Fill a circle around a point."""
        box = tuple(FINER * place for place in (x - radius, y - radius, x + radius, y + radius))
        self._draw.ellipse(box, colour)

    def writable(self, words: str, otherwise: str) -> str:
        """The words, or others if the font has no letters for them."""
        font = _font(20)
        nothing = bytes(font.getmask("\U0010ffff"))
        known = all(letter.isspace() or bytes(font.getmask(letter)) != nothing for letter in words)
        return words if known else otherwise

    def png(self) -> bytes:
        """The finished picture."""
        small = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        written = io.BytesIO()
        # Without dithering, which would roughen the edges again.
        small.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG")
        return written.getvalue()


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def _font(size: int) -> ImageFont.FreeTypeFont:
    # The one font that comes with the library: the picture is the same on every machine.
    return ImageFont.load_default(size * FINER)


def _broken(words: str, width: float, size: int) -> list[str]:
    font = _font(size)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width * FINER:
            lines.append(word)
        else:
            lines[-1] = longer
    return [_cut(line, width, font) for line in lines]


def _cut(line: str, width: float, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(line) <= width * FINER:
        return line
    while line and font.getlength(line + "…") > width * FINER:
        line = line[:-1]
    return line + "…"
