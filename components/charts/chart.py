"""What a chart is: a table out of tallies, what it says in words, and how it is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from components.charts.filters import as_query, unfollowed, words_of
from components.charts.labels import listed
from components.charts.numbers import Numbers
from components.records import EVERYTHING, Filter

NO_RATINGS = "No ratings yet: the first one is yours."
# Where nobody can give one now.
NO_RATINGS_IN = {"preparing": "No ratings yet.", "paused": "No ratings yet.", "closed": "No ratings came in."}
NO_PROMPTS = "No prompts yet: an organizer brings them in."
NOTHING_LEFT = "No rating fits this filter."

# What a filter can restrict.
SOURCE, KIND, TIME = "source", "kind", "time"


class Row(Protocol):
    """A row of a chart's table."""

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file, by the names of its columns."""


@dataclass(frozen=True)
class Words:
    """What stands around a chart. All of it is plain text, to be shown as text: names of sources are in it as they came in.

    Attributes:
        finding: What the numbers show, or None while there are too few.
        subtitle: What was counted, with its n.
        text: The chart for those who do not see it.
    """

    finding: str | None
    subtitle: str
    text: str


@dataclass(frozen=True)
class Chart:
    """One chart of the sprint.

    Attributes:
        name: Of its view, and so of `GET /api/views/{name}` and `GET /api/charts/{name}`.
        question: What it answers; the title as long as the numbers cannot.
        table: Its numbers, out of tallies; no rows where there is nothing to draw.
        words: What the table says.
        draw: What is seen of the table: a `figure` as plotly.js takes it, with `data` and `layout`, or a
            `table` with `columns` and `rows`.
        empty: What stands in its place while there is nothing to draw.
        follows: What of a filter its tallies can answer; the rest it leaves out, and says so.
    """

    name: str
    question: str
    table: Callable[[Numbers], list]
    words: Callable[[list], Words]
    draw: Callable[[list], dict]
    empty: str = NO_RATINGS
    follows: tuple[str, ...] = (SOURCE, KIND, TIME)

    def rows(self, numbers: Numbers, chosen: Filter = EVERYTHING) -> Sequence[Row]:
        """The table under a filter, as far as the chart follows it."""
        return self.table(numbers.under(self._followed(chosen)))

    def document(self, numbers: Numbers, chosen: Filter = EVERYTHING) -> dict:
        """The chart as JSON: title, subtitle, text, empty (or None), figure and table (at most one not None), filter."""
        table = self.rows(numbers, chosen)
        if not table:
            empty = self._nothing(numbers) if self._followed(chosen) == EVERYTHING else NOTHING_LEFT
            words, drawn = Words(None, "n = 0", empty), {}
        else:
            empty, words, drawn = None, self.words(table), self.draw(table)
        return {
            "title": words.finding or self.question,
            "subtitle": "; ".join([words.subtitle, *self._about(chosen)]),
            "text": words.text,
            "empty": empty,
            "figure": None,
            "table": None,
            "filter": as_query(chosen),
            **drawn,
        }

    def _nothing(self, numbers: Numbers) -> str:
        return NO_RATINGS_IN.get(numbers.state(), NO_RATINGS) if self.empty == NO_RATINGS else self.empty

    def _followed(self, chosen: Filter) -> Filter:
        left_out = {"source": {"sources": ()}, "kind": {"kinds": ()}, "time": {"first": None, "last": None}}
        for what in unfollowed(chosen, self.follows):
            chosen = replace(chosen, **left_out[what])
        return chosen

    def _about(self, chosen: Filter) -> list[str]:
        missing = unfollowed(chosen, self.follows)
        return [
            *words_of(self._followed(chosen)),
            *([f"not filtered by {listed(missing)}"] if missing else []),
        ]
