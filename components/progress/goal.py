"""The goal of a sprint is coverage: prompts that have the ratings they want, not ratings in all."""

from collections.abc import Mapping

# For each number of ratings, how many prompts have exactly that many.
Coverage = Mapping[int, int]


def reached(coverage: Coverage, ratings_per_prompt: int) -> int:
    """How many prompts have at least the ratings wanted for each."""
    return sum(prompts for ratings, prompts in coverage.items() if ratings >= ratings_per_prompt)


def surplus(coverage: Coverage, ratings_per_prompt: int) -> int:
    """How many ratings were given beyond those wanted, over all prompts."""
    return sum(max(0, ratings - ratings_per_prompt) * prompts for ratings, prompts in coverage.items())


def share_given(coverage: Coverage, ratings_per_prompt: int) -> float | None:
    """How much of the ratings that are wanted in all is there, from 0 to 1; None without prompts.

    At most the ratings wanted count for each prompt: what is beyond them fills no gap of another.
    """
    wanted = ratings_per_prompt * sum(coverage.values())
    return 1 - missing(coverage, ratings_per_prompt) / wanted if wanted else None


def percent(share: float | None) -> str:
    """A share in words; only what is done says 100 %, and nothing is said of what there is not."""
    return "" if share is None else f"{100 if share == 1 else min(99, int(share * 100 + 0.5))} %"


def missing(coverage: Coverage, ratings_per_prompt: int, prompts: int | None = None) -> int:
    """How many ratings are still wanted, over all prompts.

    Args:
        prompts: As if there were so many: further ones come without ratings, and of fewer the least rated
            are left out.
    """
    left = sum(coverage.values()) if prompts is None else prompts
    wanted = 0
    for ratings in sorted(coverage, reverse=True):
        counted = min(left, coverage[ratings])
        wanted += max(0, ratings_per_prompt - ratings) * counted
        left -= counted
    return wanted + left * ratings_per_prompt
