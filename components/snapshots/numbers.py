"""The numbers of a snapshot, counted from the very rows that are written."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

# A longer prompt makes a poor example.
LONGEST_EXAMPLE = 1000


@dataclass
class Spread:
    """Mean and uncertainty of numbers that pass by one at a time."""

    count: int = 0
    mean: float = 0.0
    _squares: float = 0.0

    def add(self, number: float) -> None:
        """Count one more."""
        self.count += 1
        apart = number - self.mean
        self.mean += apart / self.count
        self._squares += apart * (number - self.mean)  # Welford's way, which does not cancel out

    @property
    def margin(self) -> float | None:
        """Half the width of the 95 % interval around the mean; None for fewer than two numbers."""
        if self.count < 2:
            return None
        return 1.96 * math.sqrt(self._squares / (self.count - 1) / self.count)


@dataclass
class Numbers:
    """What a card tells about a snapshot; `rows` are those of the default configuration.

    Attributes:
        every_prompt: Prompts of the sprint, rated or not.
        joined: People who ever signed in.
        contributors: Pseudonyms of those with a rating in it.
        averages: Of each kind, the spread of its prompts' average scores.
        example: The row with the most ratings whose prompt is not too long to show.
    """

    every_prompt: int = 0
    joined: int = 0
    rows: int = 0
    ratings: int = 0
    events: int = 0
    contributors: set[str] = field(default_factory=set)
    sources: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    ratings_per_prompt: Counter[int] = field(default_factory=Counter)
    scores: Counter[tuple[str, int]] = field(default_factory=Counter)
    averages: dict[str, Spread] = field(default_factory=dict)
    example: Mapping | None = None

    def count(self, row: Mapping, metadata: Mapping) -> None:
        """Count one row of the default configuration."""
        number, kind = row["num_responses"], row["kind"]
        self.rows += 1
        self.ratings += number
        self.sources[metadata["source"]] += 1
        self.kinds[kind] += 1
        self.ratings_per_prompt[number] += 1
        self.contributors.update(rating["user_id"] for rating in row["quality"])
        self.scores.update((kind, score) for score in row["raw_responses"])
        if number:
            self.averages.setdefault(kind, Spread()).add(row["avg_rating"])
        for name, counts in (("language", self.languages), ("license", self.licences)):
            if isinstance(metadata.get(name), str):
                counts[metadata[name]] += 1
        most = self.example["num_responses"] if self.example else 0
        if number > most and len(row["prompt"]) <= LONGEST_EXAMPLE:
            self.example = row
