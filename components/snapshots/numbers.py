"""The numbers of a snapshot, counted from the very rows that are written."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from components.agreement.patterns import Patterns, patterns_of, together
from components.agreement.ratio import stretched
from components.records import SCORES
from components.snapshots.tables import Part

# A longer prompt makes a poor example.
LONGEST_EXAMPLE = 1000
HOURS_OF_DAY = 24


@dataclass
class Spread:
    """Mean and uncertainty of numbers that pass by some at a time."""

    count: int = 0
    mean: float = 0.0
    _squares: float = 0.0

    def add(self, numbers: np.ndarray) -> None:
        """Count more of them."""
        if not len(numbers):
            return
        # As two groups are put together, which does not cancel out.
        together, mean = self.count + len(numbers), float(numbers.mean())
        apart = mean - self.mean
        self._squares += (
            float(((numbers - mean) ** 2).sum()) + apart**2 * self.count * len(numbers) / together
        )
        self.mean += apart * len(numbers) / together
        self.count = together

    @property
    def margin(self) -> float | None:
        """Half the width of the 95 % interval around the mean; None for fewer than two numbers."""
        if self.count < 2:
            return None
        return 1.96 * math.sqrt(self._squares / (self.count - 1) / self.count)


@dataclass
class Agreement:
    """How far those agree who rated the same prompt, over all pairs of ratings of one prompt.

    Attributes:
        prompts: With two ratings or more.
        patterns: What alpha is computed of.
        pairs, same, near: Pairs; those of one score; those at most 1 apart, the same ones included.
    """

    prompts: int = 0
    pairs: int = 0
    same: int = 0
    near: int = 0
    patterns: Patterns = field(default_factory=lambda: patterns_of(np.zeros((0, len(SCORES)), np.int64)))
    _ratios: float = 0.0

    def add(self, counts: np.ndarray) -> None:
        """Count prompts, given how many ratings of each score they have."""
        counts = counts[counts.sum(axis=1) > 1].astype(np.int64)
        number = counts.sum(axis=1)
        same = (counts * (counts - 1)).sum() // 2
        self.prompts += len(counts)
        self.pairs += int((number * (number - 1)).sum()) // 2
        self.same += int(same)
        self.near += int(same + (counts[:, 1:] * counts[:, :-1]).sum())
        more = patterns_of(counts)
        both = zip((self.patterns.counts, self.patterns.prompts), (more.counts, more.prompts), strict=True)
        self.patterns = together(Patterns(*map(np.concatenate, both)))
        if len(counts):
            self._ratios += float(stretched(counts.max(axis=1), number).sum())

    @property
    def ratio(self) -> float | None:
        """The mean agreement ratio of these prompts."""
        return self._ratios / self.prompts if self.prompts else None

    @staticmethod
    def by_chance(scores: list[int]) -> tuple[float, float]:
        """The shares of pairs that would be the same, and near, if all these scores fell on prompts at random."""
        total = sum(scores) or 1
        shares = [number / total for number in scores]
        same = sum(share**2 for share in shares)
        return same, same + 2 * sum(a * b for a, b in zip(shares, shares[1:], strict=False))


@dataclass
class Numbers:
    """What a card tells about a snapshot; `rows` are those of the default configuration.

    Attributes:
        every_prompt: Prompts of the sprint that are published, rated or not.
        joined: People who ever signed in.
        erased: People who deleted their account.
        excluded: For each reason, how many people's ratings do not count.
        best: Rows that pass the filter.
        by_person: Of everybody, how many ratings count.
        source_ratings: Of each source, the counts of the scores 1 to 5.
        licences: Prompts of each source with each licence; empty where none is stated.
        averages: Of each kind, the spread of its prompts' average scores.
        days: Ratings of each day since the epoch.
        removed: Why prompts are left out, and how many for each reason.
        example: The row with the most ratings whose prompt is not too long to show.
    """

    every_prompt: int = 0
    joined: int = 0
    erased: int = 0
    rows: int = 0
    best: int = 0
    ratings: int = 0
    events: int = 0
    by_person: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    sources: Counter[str] = field(default_factory=Counter)
    source_ratings: dict[str, np.ndarray] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    licences: Counter[tuple[str, str]] = field(default_factory=Counter)
    ratings_per_prompt: Counter[int] = field(default_factory=Counter)
    scores: Counter[tuple[str, int]] = field(default_factory=Counter)
    averages: dict[str, Spread] = field(default_factory=dict)
    agreement: Agreement = field(default_factory=Agreement)
    days: Counter[int] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    excluded: Mapping[str, int] = field(default_factory=dict)
    example: Mapping | None = None

    @property
    def contributors(self) -> int:
        """How many people gave the ratings."""
        return int((self.by_person > 0).sum())

    def count(self, part: Part, chosen: np.ndarray) -> None:
        """Count the prompts of a shelf.

        Args:
            chosen: Which of them are in the default configuration.
        """
        number = part.counts.sum(axis=1)
        self.every_prompt += len(number)
        self.events += part.events.num_rows
        self.rows += int(chosen.sum())
        self.ratings += int(number.sum())
        self.by_person += np.bincount(part.raters, minlength=len(self.by_person))
        self.ratings_per_prompt.update(_counted(number[chosen]))
        self.days.update(_counted(part.hours // HOURS_OF_DAY))
        self.agreement.add(part.counts)
        self._count_kinds(part, chosen, number)
        self._count_sources(part, chosen)
        self._find_example(part, number)

    def _count_kinds(self, part: Part, chosen: np.ndarray, number: np.ndarray) -> None:
        kinds = np.array(part.kinds, object)
        means = part.counts @ np.array(SCORES)
        for kind in set(part.kinds):
            of_kind = (kinds == kind) & chosen
            self.kinds[kind] += int(of_kind.sum())
            totals = part.counts[of_kind].sum(axis=0).tolist()
            self.scores.update({(kind, score): total for score, total in zip(SCORES, totals, strict=True)})
            rated = of_kind & (number > 0)
            if rated.any():
                self.averages.setdefault(kind, Spread()).add(means[rated] / number[rated])

    def _count_sources(self, part: Part, chosen: np.ndarray) -> None:
        for source, metadata, counts, is_in in zip(
            part.sources, part.metadata, part.counts, chosen.tolist(), strict=True
        ):
            if not is_in:
                continue
            self.sources[source] += 1
            if source in self.source_ratings:
                self.source_ratings[source] += counts
            else:
                self.source_ratings[source] = counts.copy()
            licence, language = metadata.get("license"), metadata.get("language")
            self.licences[source, licence if isinstance(licence, str) else ""] += 1
            if isinstance(language, str):
                self.languages[language] += 1

    def _find_example(self, part: Part, number: np.ndarray) -> None:
        most = self.example["num_responses"] if self.example else 0
        for place in np.flatnonzero(number > most).tolist():
            if number[place] > most and len(part.default["prompt"][place].as_py()) <= LONGEST_EXAMPLE:
                [self.example] = part.default.slice(place, 1).to_pylist()
                most = int(number[place])


def _counted(numbers: np.ndarray) -> dict[int, int]:
    values, counts = np.unique(numbers, return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))
