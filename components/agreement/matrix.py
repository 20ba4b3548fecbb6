"""Ratings as numbers: who gave which prompt which score."""

from dataclasses import dataclass

import numpy as np

from components.records import SCORES

# Nobody is judged on fewer ratings of prompts that others rated, too.
FEWEST_SHARED = 30
# Nor on fewer prompts that organizers say a score of, or that were rated twice.
FEWEST_CHECKED = 10


@dataclass(frozen=True, slots=True)
class Matrix:
    """The ratings that count, one place in each array for each of them.

    Attributes:
        prompts, contributors: Which, as numbers from 0.
        scores: From 1.
        number_of_prompts, number_of_contributors: Also those without a rating.
        values: How many scores there are to choose from.
    """

    prompts: np.ndarray
    contributors: np.ndarray
    scores: np.ndarray
    number_of_prompts: int
    number_of_contributors: int
    values: int = len(SCORES)

    def __len__(self) -> int:
        return len(self.scores)

    def counts(self) -> np.ndarray:
        """Of each prompt, how many ratings of each score it has; the rows of an array."""
        places = self.prompts * self.values + self.scores.astype(np.int64) - 1
        flat = np.bincount(places, minlength=self.number_of_prompts * self.values)
        return flat.reshape(self.number_of_prompts, self.values)

    def of_prompts(self, weights: np.ndarray | None = None) -> np.ndarray:
        """Of each prompt, how many ratings it has, or what they weigh together."""
        return np.bincount(self.prompts, weights, self.number_of_prompts)

    def of_contributors(self, weights: np.ndarray | None = None) -> np.ndarray:
        """The same of each contributor."""
        return np.bincount(self.contributors, weights, self.number_of_contributors)

    def only(self, chosen: np.ndarray) -> "Matrix":
        """Some of the ratings; prompts and contributors keep their numbers."""
        return Matrix(
            self.prompts[chosen],
            self.contributors[chosen],
            self.scores[chosen],
            self.number_of_prompts,
            self.number_of_contributors,
            self.values,
        )
