"""The public formula of points: what ratings are worth to the dataset, as pure functions over tallies."""

from collections.abc import Mapping

FOR_A_RATING = 1
# More: the rating that brought a prompt to the goal, and one for a prompt of a thin source.
FOR_COMPLETING = 2
FOR_A_THIN_SOURCE = 1
# The same in words, as the page has them.
FORMULA = (
    (FOR_A_RATING, "for each rating"),
    (FOR_COMPLETING, "more if it completes a prompt"),
    (FOR_A_THIN_SOURCE, "more if the source is thin"),
)

# A source is thin as long as it has less than this part of the share of its ratings that the sprint has.
THIN_BELOW = 0.5
# Before the sprint has this share of its own, chance alone decides which source has more.
TELLING_FROM = 0.05


def points(ratings: int, completed: int, thin: int) -> int:
    """What some ratings are worth together.

    Args:
        ratings: How many they are.
        completed: How many of them completed a prompt.
        thin: How many of them served a thin source.

    >>> points(10, 3, 1)
    17
    """
    return FOR_A_RATING * ratings + FOR_COMPLETING * completed + FOR_A_THIN_SOURCE * thin


def reckoning(ratings: int, completed: int, thin: int) -> str:
    """The same sum, in words.

    >>> reckoning(10, 3, 1)
    '10 for 10 ratings, 6 for 3 completed prompts, 1 for 1 rating of a thin source'
    """
    parts = (
        (FOR_A_RATING, ratings, "rating", "ratings"),
        (FOR_COMPLETING, completed, "completed prompt", "completed prompts"),
        (FOR_A_THIN_SOURCE, thin, "rating of a thin source", "ratings of a thin source"),
    )
    return ", ".join(
        f"{worth * number:,} for {number:,} {one if number == 1 else many}"
        for worth, number, one, many in parts
        if number
    )


def thin_sources(
    coverage: Mapping[tuple[str, str], Mapping[int, int]], ratings_per_prompt: int
) -> frozenset[str]:
    """Sources whose prompts have far fewer of the ratings they want than those of the whole sprint.

    Args:
        coverage: For each source and kind, how many prompts have each number of ratings.

    >>> sorted(thin_sources({("old", "human"): {2: 10}, ("new", "human"): {0: 9, 1: 1}}, 2))
    ['new']
    """
    has: dict[str, int] = {}
    wants: dict[str, int] = {}
    for (source, _), prompts_with in coverage.items():
        counted = [min(ratings, ratings_per_prompt) * prompts for ratings, prompts in prompts_with.items()]
        has[source] = has.get(source, 0) + sum(counted)
        wants[source] = wants.get(source, 0) + ratings_per_prompt * sum(prompts_with.values())
    share = sum(has.values()) / (sum(wants.values()) or 1)
    if share < TELLING_FROM:
        return frozenset()
    return frozenset(source for source, wanted in wants.items() if has[source] < THIN_BELOW * share * wanted)
