"""Prompts by how their scores fell: those with the same counts of every score are one pattern."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Patterns:
    """How often each pattern of scores occurs: all that agreement depends on, and short, however many prompts.

    Attributes:
        counts: Of each pattern, how many ratings of each score a prompt has; the rows of an array.
        prompts: How many prompts have the pattern.
    """

    counts: np.ndarray
    prompts: np.ndarray

    def comparable(self) -> "Patterns":
        """Those with two ratings or more: a prompt with one has nothing to agree with."""
        several = (self.counts.sum(axis=1) > 1) & (self.prompts > 0)
        return Patterns(self.counts[several], self.prompts[several])

    @property
    def pairs(self) -> int:
        """How many pairs of ratings of one prompt there are."""
        number = self.counts.sum(axis=1).astype(np.int64)
        return int((self.prompts * (number * (number - 1) // 2)).sum())


def patterns_of(counts: np.ndarray) -> Patterns:
    """Put the prompts with the same counts together.

    Args:
        counts: Of each prompt, how many ratings of each score it has; the rows of an array.

    Example:
        >>> patterns = patterns_of(np.array([[1, 1], [0, 2], [1, 1]]))
        >>> patterns.counts.tolist(), patterns.prompts.tolist()
        ([[0, 2], [1, 1]], [1, 2])
    """
    counts = np.asarray(counts, np.int64)
    values = counts.shape[1]
    base = int(counts.max(initial=0)) + 1
    if base**values >= 2**63:
        rows, prompts = np.unique(counts, axis=0, return_counts=True)
        return Patterns(rows, prompts)
    # One number for each row sorts twenty times as fast as the rows do.
    places = base ** np.arange(values - 1, -1, -1, dtype=np.int64)
    keys, prompts = np.unique(counts @ places, return_counts=True)
    return Patterns(keys[:, None] // places % base, prompts)


def together(patterns: Patterns) -> Patterns:
    """Put equal patterns together that are told apart, and leave out what no prompt has.

    Example:
        >>> both = together(Patterns(np.array([[1, 1], [0, 2], [1, 1]]), np.array([3, 0, 4])))
        >>> both.counts.tolist(), both.prompts.tolist()
        ([[1, 1]], [7])
    """
    some = patterns.prompts > 0
    counts, places = np.unique(patterns.counts[some], axis=0, return_inverse=True)
    places = places.reshape(-1)  # some versions of numpy give it a shape of its own
    prompts = np.bincount(places, patterns.prompts[some], len(counts))
    return Patterns(counts, np.rint(prompts).astype(np.int64))
