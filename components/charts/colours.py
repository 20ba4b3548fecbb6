"""The colours charts give a meaning to; text and grid lines are the page's own, light or dark."""

SCORE_COLOURS = {1: "#B2182B", 2: "#EF8A62", 3: "#BDBDBD", 4: "#67A9CF", 5: "#2166AC"}
KIND_COLOURS = {"human": "#0072B2", "synthetic": "#D55E00", "unknown": "#8A8A8A"}
# For those who see no colours: shapes of plotly's bars.
KIND_PATTERNS = {"human": "", "synthetic": "/", "unknown": "."}
# Between the page's two accents, so that one figure serves light and dark.
ACCENT = "#17897A"
NEUTRAL = "#8A8A8A"

BLACK, WHITE = "#000000", "#FFFFFF"


def text_on(background: str) -> str:
    """Black or white, whichever is easier to read on a colour."""
    return max((BLACK, WHITE), key=lambda text: contrast(text, background))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 (the same) to 21 (black and white); colours as #RRGGBB."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
