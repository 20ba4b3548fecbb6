"""The table of sources, as the dataset's card has it, with what their prompts were given."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from components.charts.chart import NO_PROMPTS, Chart, Words
from components.charts.interval import mean_interval
from components.charts.labels import count, full_text, listed, percent, short_name
from components.charts.numbers import Numbers
from components.charts.scores import LIKED
from components.records import KINDS, SCORES

# More rows than this nobody reads on a page; the file has all of them.
MOST_ROWS = 100
COLUMNS = ("Source", "Kind", "Prompts", "Complete", "Ratings", "Mean", "95 % interval", "4 or 5")


@dataclass(frozen=True, slots=True)
class Source:
    """A source of prompts.

    Attributes:
        prompts: How many there are of it.
        complete: How many of these have all the ratings they are to have.
        given: How often 1, 2, 3, 4 and 5 were given to them.
    """

    name: str
    kinds: tuple[str, ...]
    prompts: int
    complete: int
    given: tuple[int, ...]

    @property
    def ratings(self) -> int:
        """Ratings in all."""
        return sum(self.given)

    @property
    def mean(self) -> float | None:
        """The average score, if there is any."""
        if not self.ratings:
            return None
        return sum(score * number for score, number in zip(SCORES, self.given, strict=True)) / self.ratings

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the mean lies with 95 % confidence, taking ratings as independent."""
        return mean_interval(self.given)

    @property
    def liked(self) -> int:
        """Ratings that are good or very good."""
        return sum(self.given[SCORES.index(score)] for score in LIKED)

    def cells(self) -> dict[str, object]:
        """The row as it stands in a file."""
        low, high = self.interval or (None, None)
        return {
            "source": self.name,
            "kinds": " ".join(self.kinds),
            "prompts": self.prompts,
            "complete": self.complete,
            "ratings": self.ratings,
            **{f"score_{score}": number for score, number in zip(SCORES, self.given, strict=True)},
            "mean": self.mean and round(self.mean, 4),
            "low_95": low and round(low, 4),
            "high_95": high and round(high, 4),
        }


def table(numbers: Numbers) -> list[Source]:
    """One row for each source with prompts or ratings, those with most prompts first."""
    prompts: Counter[str] = Counter()
    complete: Counter[str] = Counter()
    goal = numbers.goal()
    kinds: dict[str, set[str]] = {}
    given: dict[str, Counter] = defaultdict(Counter)
    for (source, kind), counted in numbers.coverage_by_source().items():
        prompts[source] += sum(counted.values())
        complete[source] += sum(number for ratings, number in counted.items() if ratings >= goal)
        kinds.setdefault(source, set()).add(kind)
    for row in numbers.scores():
        given[row["source"]][row["score"]] += int(row["ratings"])
        kinds.setdefault(row["source"], set()).add(row["kind"])
    sources = [
        Source(
            name,
            tuple(kind for kind in KINDS if kind in theirs),
            prompts[name],
            complete[name],
            tuple(given[name][score] for score in SCORES),
        )
        for name, theirs in kinds.items()
    ]
    return sorted(sources, key=lambda row: (-row.prompts, -row.ratings, row.name))


def words(table: Sequence[Source]) -> Words:
    """How many sources there are, and how much the largest has of all prompts."""
    prompts, ratings = sum(row.prompts for row in table), sum(row.ratings for row in table)
    finding = None
    if len(table) > 1 and prompts:
        finding = f"{count(len(table), 'source')}; {percent(table[0].prompts, prompts)} of prompts from {short_name(table[0].name)}"
    shown = f"; the first {MOST_ROWS} rows, the file has all" if len(table) > MOST_ROWS else ""
    return Words(
        finding,
        f"n = {count(prompts, 'prompt')}, {count(ratings, 'rating')}; intervals take ratings as independent{shown}",
        f"{count(len(table), 'source')} with {count(prompts, 'prompt')} and {count(ratings, 'rating')}.",
    )


def draw(table: Sequence[Source]) -> dict:
    """The table as it stands on the page: text for every cell."""
    return {
        "table": {
            "columns": [*COLUMNS],
            "rows": [
                [
                    full_text(row.name),
                    listed(row.kinds),
                    f"{row.prompts:,}",
                    percent(row.complete, row.prompts) if row.prompts else "",
                    f"{row.ratings:,}",
                    "" if row.mean is None else f"{row.mean:.2f}",
                    f"{row.interval[0]:.2f} to {row.interval[1]:.2f}" if row.interval else "",
                    percent(row.liked, row.ratings) if row.ratings else "",
                ]
                for row in table[:MOST_ROWS]
            ],
        }
    }


SOURCES = Chart("sources", "Where do the prompts come from?", table, words, draw, empty=NO_PROMPTS)
