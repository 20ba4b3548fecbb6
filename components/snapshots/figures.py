"""The figures of a card, drawn as SVG from the numbers beside them: without a browser, and the same each time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from components.records import DAY_MS, KINDS, SCORE_WORDS, SCORES
from components.snapshots.numbers import Numbers
from components.store.tallies import utc_day

WIDTH = 720
LEFT, RIGHT, TOP, ROW, BAR, FOOT = 210, 70, 52, 26, 18, 14
PLOT = WIDTH - LEFT - RIGHT
INK, PALE, PAPER, ACCENT = "#1c1b19", "#6b6760", "#ffffff", "#0b6a5c"
# From very bad to very good; far enough apart for eyes that do not tell red from green.
SCORE_COLOURS = ("#b2182b", "#ef8a62", "#d9d6cf", "#67a9cf", "#2166ac")
ON_COLOUR = ("#ffffff", INK, INK, INK, "#ffffff")
MOST_ROWS = 20
LONGEST_LABEL = 30
# A share narrower than this has no room for its number.
NARROW = 0.06
COLUMNS_HIGH = 160


@dataclass(frozen=True)
class Figure:
    """One figure: its file, what it shows in words, and how it is drawn; nothing is drawn of nothing."""

    name: str
    title: str
    about: str
    draw: Callable[[Numbers], list[str]]

    @property
    def path(self) -> str:
        """Where it is inside a snapshot."""
        return f"figures/{self.name}.svg"

    def svg(self, numbers: Numbers) -> str | None:
        """The drawing; None if there is nothing to draw."""
        parts = self.draw(numbers)
        if not parts:
            return None
        height, *shapes = parts
        words = escape(f"{self.title}: {self.about}")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
            f' height="{height}" role="img" aria-label="{words}" font-family="system-ui,sans-serif" font-size="13">\n'
            f'<title>{words}</title>\n<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>\n'
            f"{_text(20, 26, self.title, size=16, weight='600')}\n" + "\n".join(shapes) + "\n</svg>\n"
        )


def _sources(numbers: Numbers) -> list[str]:
    ordered = sorted(numbers.sources.items(), key=lambda pair: (-pair[1], pair[0]))
    shown, rest = ordered[:MOST_ROWS], ordered[MOST_ROWS:]
    if rest:
        shown.append((f"{len(rest)} more", sum(number for _, number in rest)))
    return _bars(shown)


def _ratings_per_prompt(numbers: Numbers) -> list[str]:
    counted = sorted(numbers.ratings_per_prompt.items())
    shown, rest = counted[:MOST_ROWS], counted[MOST_ROWS:]
    rows = [(f"{number} rating{'' if number == 1 else 's'}", prompts) for number, prompts in shown]
    if rest:
        rows.append((f"{rest[0][0]} and more", sum(prompts for _, prompts in rest)))
    return _bars(rows)


def _scores(numbers: Numbers) -> list[str]:
    kinds = [kind for kind in KINDS if any(numbers.scores[kind, score] for score in SCORES)]
    if not kinds:
        return []
    shapes = [*_legend()]
    for place, kind in enumerate(kinds):
        counts = [numbers.scores[kind, score] for score in SCORES]
        shapes += _stacked(TOP + 28 + place * ROW * 1.4, f"{kind} ({sum(counts):,})", counts)
    return [str(round(TOP + 28 + len(kinds) * ROW * 1.4 + FOOT)), *shapes]


def _days(numbers: Numbers) -> list[str]:
    if not numbers.days:
        return []
    first, last = min(numbers.days), max(numbers.days)
    most = max(numbers.days.values())
    left, right, bottom = 60, WIDTH - 20, TOP + COLUMNS_HIGH
    step = (right - left) / (last - first + 1)
    width = max(0.5, min(40, step * 0.8))
    shapes = [
        f'<path d="M{left} {bottom}H{right}" stroke="{PALE}"/>',
        _text(left - 6, TOP + 4, f"{most:,}", anchor="end", fill=PALE),
        _text(left - 6, bottom, "0", anchor="end", fill=PALE),
    ]
    for day, number in sorted(numbers.days.items()):
        middle, high = left + (day - first + 0.5) * step, number / most * COLUMNS_HIGH
        shapes.append(_rect(middle - width / 2, bottom - high, width, high, ACCENT))
    shapes.append(_text(left, bottom + 20, utc_day(first * DAY_MS), fill=PALE))
    if last != first:
        shapes.append(_text(right, bottom + 20, utc_day(last * DAY_MS), anchor="end", fill=PALE))
    return [str(bottom + 20 + FOOT), *shapes]


FIGURES = (
    Figure(
        "sources", "Prompts by source", "how many prompts of each source are in the default table", _sources
    ),
    Figure(
        "scores-by-kind", "Scores by kind of prompt", "how the ratings of each kind fall on 1 to 5", _scores
    ),
    Figure(
        "ratings-per-prompt",
        "Ratings per prompt",
        "how many prompts have so many ratings",
        _ratings_per_prompt,
    ),
    Figure("ratings-per-day", "Ratings per day", "ratings that count, by day (UTC)", _days),
)


def _bars(rows: Sequence[tuple[str, int]]) -> list[str]:
    """A bar for each row, the longest as wide as there is room."""
    most = max((number for _, number in rows), default=0)
    if not most:
        return []
    shapes = []
    for place, (label, number) in enumerate(rows):
        top, width = TOP + place * ROW, number / most * PLOT
        shapes += [
            _text(LEFT - 8, top + 13, _short(label), anchor="end"),
            _rect(LEFT, top, width, BAR, ACCENT),
            _text(LEFT + width + 6, top + 13, f"{number:,}", fill=PALE),
        ]
    return [str(TOP + len(rows) * ROW + FOOT), *shapes]


def _stacked(top: float, label: str, counts: Sequence[int]) -> Iterator[str]:
    """One bar of full width, shared out by score."""
    yield _text(LEFT - 8, top + 15, _short(label), anchor="end")
    left, total, plot = float(LEFT), sum(counts), WIDTH - LEFT - 20
    for place, number in enumerate(counts):
        width = number / total * plot
        if number:
            yield _rect(left, top, width, BAR + 4, SCORE_COLOURS[place])
        if number / total >= NARROW:
            share = f"{100 * number / total:.0f} %"
            yield _text(left + width / 2, top + 15, share, anchor="middle", fill=ON_COLOUR[place], size=12)
        left += width


def _legend() -> Iterator[str]:
    for place, score in enumerate(SCORES):
        left = LEFT + place * (WIDTH - LEFT - 20) / len(SCORES)
        yield _rect(left, TOP - 10, 12, 12, SCORE_COLOURS[place])
        yield _text(left + 18, TOP, f"{score} {SCORE_WORDS[score]}", size=12)


def _rect(left: float, top: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def _text(
    left: float,
    base: float,
    words: str,
    anchor: str = "start",
    fill: str = INK,
    size: int = 13,
    weight: str = "400",
) -> str:
    return (
        f'<text x="{left:.1f}" y="{base:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}"'
        f' font-weight="{weight}">{escape(words)}</text>'
    )


def _short(label: str) -> str:
    # A character that XML has no place for would spoil the whole drawing.
    shown = "".join(one for one in " ".join(label.split()) if one.isprintable())
    return shown if len(shown) <= LONGEST_LABEL else f"{shown[: LONGEST_LABEL - 1]}…"
