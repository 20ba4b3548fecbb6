"""Numbers and names as a chart writes them."""

import html
import textwrap
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, takewhile

# With fewer ratings than this a share or a peak says little, and the title stays a question.
ENOUGH = 100
# In average letters: about what fits beside "n = 12,345" above a bar on a narrow phone.
SHORT_NAME = 30
# Enough for any honest name, and a bound on what a hostile one adds to every watcher's document.
FULL_NAME = 200
HOVER_WIDTH = 38
# A character, in average letters.
WIDEST = 2

ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def count(number: int, noun: str) -> str:
    """A number with its noun: "no ratings", "1 rating", "12,345 ratings"."""
    return f"{f'{number:,}' if number else 'no'} {noun}{'' if number == 1 else 's'}"


def span(least: int, most: int) -> str:
    """How many ratings a prompt has: "no ratings", "1 rating", "4 to 8 ratings"."""
    return count(least, "rating") if least == most else f"{least} to {most} ratings"


def percent(part: int, whole: int) -> str:
    """A share as a whole number of percent; 0 % and 100 % only when it is exactly that."""
    rounded = (200 * part + whole) // (2 * whole)
    if part and not rounded:
        return "under 1 %"
    if part < whole and rounded == 100:
        return "over 99 %"
    return f"{rounded} %"


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence: "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def seconds(number: int) -> str:
    """A time as people say it: "5 s", "2 min"."""
    return f"{number // 60} min" if number >= 60 and number % 60 == 0 else f"{number} s"


def tight_percent(part: int, whole: int) -> str:
    """The same where there is little room: "<1 %", ">99 %"."""
    return percent(part, whole).replace("under ", "<").replace("over ", ">")


def capitalised(sentence: str) -> str:
    """The sentence with its first letter in upper case, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def short_name(name: str, room: int = SHORT_NAME) -> str:
    """A name on one line, shortened in the middle to so many average letters, for text among other words.

    Isolated, so that a name written from right to left turns no number beside it around.
    """
    return f"{ISOLATE}{_shortened(name, room)}{END_ISOLATE}"


def full_name(name: str) -> str:
    """A name in full, as plotly's markup: over several lines where it is long."""
    lines = textwrap.wrap(_shortened(name, FULL_NAME), HOVER_WIDTH, break_on_hyphens=False)
    return "<br>".join(markup(line) for line in lines)


def full_text(name: str) -> str:
    """A name in full on one line, bounded, as text."""
    return _shortened(name, FULL_NAME)


def markup(text: str) -> str:
    """Text that plotly shows as it is: it reads a few HTML tags and entities, and formulas between dollars."""
    return html.escape(text, quote=False).replace("$", "&#36;")


def _shortened(name: str, room: int) -> str:
    name = " ".join(name.split()) or "(no name)"
    # Most are so short that they need no measuring.
    if WIDEST * len(name) <= room or (len(name) <= room and sum(map(_width, name)) <= room):
        return name
    half = (room - 1) / 2
    return f"{_beginning(name, half)}…{_beginning(name[::-1], half)[::-1]}"


def _beginning(text: str, room: float) -> str:
    widths = accumulate(map(_width, text))
    return "".join(
        char for char, _ in takewhile(lambda pair: pair[1] <= room, zip(text, widths, strict=True))
    )


def _width(char: str) -> float:
    """About how wide a character is; 1 is an average lower-case letter."""
    if unicodedata.east_asian_width(char) in "WF":
        return WIDEST
    return 1.5 if char.isupper() or char in "mw%@" else 1
