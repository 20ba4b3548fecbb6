"""The badge: how far the sprint is, as a small SVG for a README or a dataset's card."""

from html import escape

from components.progress.goal import percent

LABEL = "prompts rated"
HEIGHT = 20
PADDING = 7
# Widths of DejaVu Sans at 11 px, which browsers use for Verdana where that is missing; the drawing
# stretches the text to them, so that it fits in any font.
NARROW, WIDE = "iljtf.,:;'|! ", "mwMW%@"
WIDTHS = {"narrow": 4.2, "usual": 7.0, "wide": 10.6}
# The sprint itself has no such state: nothing is known of it yet.
STARTING = "starting"
GREY, ACCENT, DONE, CLOSED = "#555555", "#0b6a5c", "#1b5e9b", "#6b6760"


def badge(share_done: float | None, state: str) -> str:
    """Draw it.

    Args:
        share_done: From 0 to 1; None while there are no prompts.
        state: The sprint's, or `STARTING`.
    """
    value = _value(share_done, state)
    colour = {STARTING: GREY, "closed": CLOSED, "preparing": GREY, "paused": GREY}.get(state, ACCENT)
    if share_done == 1:
        colour = DONE
    left, right = (_width(words) + 2 * PADDING for words in (LABEL, value))
    title = escape(f"{LABEL}: {value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:g}" height="{HEIGHT}" role="img"'
        f' aria-label="{title}"><title>{title}</title>'
        f'<clipPath id="r"><rect width="{left + right:g}" height="{HEIGHT}" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><path fill="{GREY}" d="M0 0h{left:g}v{HEIGHT}H0z"/>'
        f'<path fill="{colour}" d="M{left:g} 0h{right:g}v{HEIGHT}H{left:g}z"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(LABEL, PADDING)}{_text(value, left + PADDING)}</g></svg>"
    )


def _value(share_done: float | None, state: str) -> str:
    if state == STARTING:
        return "starting"
    if share_done is None:
        return "not yet" if state == "preparing" else "no prompts"
    share = percent(share_done)
    return share if state == "open" else f"{share}, {state}"


def _text(words: str, start: float) -> str:
    return f'<text x="{start:g}" y="14" textLength="{_width(words):g}">{escape(words)}</text>'


def _width(words: str) -> float:
    kinds = ("narrow" if one in NARROW else "wide" if one in WIDE else "usual" for one in words)
    return round(sum(WIDTHS[kind] for kind in kinds), 1)
