"""The charts there are: a new one is an entry in `CHARTS`, made of a table, its sentences and its drawing."""

from collections.abc import Callable
from dataclasses import dataclass

from components.charts import drawing, sentences, tables
from components.charts.sentences import Sentences
from components.live.moment import Moment

NO_RATINGS = "No ratings yet: the first one is yours."
NO_PROMPTS = "No prompts yet: an organizer brings them in."


@dataclass(frozen=True)
class Chart:
    """One chart of the sprint.

    Attributes:
        name: Of its view, and so of `GET /api/views/{name}`.
        question: What it answers; the title as long as the numbers cannot.
        empty: What stands in its place while there is nothing to draw.
        table: Its numbers, out of tallies; no rows where there is nothing to draw.
        sentences: What the table says in words.
        draw: The figure of the table, as plotly.js takes it: `data` and `layout`.
    """

    name: str
    question: str
    empty: str
    table: Callable[[Moment], list]
    sentences: Callable[[list], Sentences]
    draw: Callable[[list], dict]

    def document(self, moment: Moment) -> dict:
        """The chart as JSON: title, subtitle, text, empty (or None) and figure (None where empty)."""
        table = self.table(moment)
        if not table:
            return {
                "title": self.question,
                "subtitle": "n = 0",
                "text": self.empty,
                "empty": self.empty,
                "figure": None,
            }
        words = self.sentences(table)
        return {
            "title": words.finding or self.question,
            "subtitle": words.subtitle,
            "text": words.text,
            "empty": None,
            "figure": self.draw(table),
        }


CHARTS = (
    Chart(
        "coverage",
        "How many prompts have their ratings?",
        NO_PROMPTS,
        tables.coverage,
        sentences.coverage,
        drawing.coverage,
    ),
    Chart(
        "ratings_over_time",
        "When do people rate?",
        NO_RATINGS,
        tables.ratings_over_time,
        sentences.ratings_over_time,
        drawing.ratings_over_time,
    ),
    Chart(
        "scores_by_kind",
        "Do scores differ between kinds of prompts?",
        NO_RATINGS,
        tables.scores_by_kind,
        sentences.scores_by_kind,
        drawing.scores_by_kind,
    ),
    Chart(
        "scores_by_source",
        "Do scores differ between sources of prompts?",
        NO_RATINGS,
        tables.scores_by_source,
        sentences.scores_by_source,
        drawing.scores_by_source,
    ),
)
