"""The goal of a sprint is coverage: prompts that have the ratings they want, not ratings in all."""

from collections.abc import Mapping


def reached(coverage: Mapping[int, int], ratings_per_prompt: int) -> int:
    """How many prompts have at least the ratings wanted for each.

    Args:
        coverage: For each number of ratings, how many prompts have exactly that many.
    """
    return sum(prompts for ratings, prompts in coverage.items() if ratings >= ratings_per_prompt)


def surplus(coverage: Mapping[int, int], ratings_per_prompt: int) -> int:
    """How many ratings were given beyond those wanted, over all prompts; `coverage` as above."""
    return sum(max(0, ratings - ratings_per_prompt) * prompts for ratings, prompts in coverage.items())
