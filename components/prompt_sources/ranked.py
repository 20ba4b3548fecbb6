"""10k_prompts_ranked, and what this sprint publishes in its schema: prompts with their ratings."""

import json
from collections.abc import Mapping

from components.prompt_sources.rows import Record, Unusable
from components.prompt_sources.scores import rating, responses
from components.prompt_sources.shape import Shape

# They follow from the ratings, and are counted anew.
DERIVED = (
    "avg_rating",
    "num_responses",
    "agreement_ratio",
    "raw_responses",
    "median_rating",
    "adjusted_mean",
    "adjusted_mean_error",
    "dawid_skene_score",
    "dawid_skene_error",
    "graded_score",
    "graded_low",
    "graded_high",
)
# A topic map added them later; null as long as there is none.
LATER = ("cluster_description", "topic")
# Scores are counted from zero there.
LOWEST = 0


def _ranked(values: Mapping[str, object]) -> Record:
    metadata = dict(_metadata(values.get("metadata")))
    source, kind = metadata.pop("source", None), metadata.pop("kind", None)
    told = {"prompt": values.get("prompt"), "source": source, "kind": values.get("kind") or kind}
    for column in ("context", "id"):
        if isinstance(metadata.get(column), str):
            told[column] = metadata.pop(column)
    used = {"prompt", "quality", "metadata", "kind", *DERIVED}
    others = {
        name: value
        for name, value in values.items()
        if name not in used and not (name in LATER and value is None)
    }
    given = [
        rating(one.get("user_id"), one.get("value"), LOWEST)
        for one in responses(values.get("quality"))
        if one.get("status", "submitted") == "submitted"
    ]
    return Record(metadata | others | told, tuple(filter(None, given)), rated=True)


def _metadata(value: object) -> Mapping[str, object]:
    """What stands in the column `metadata`: JSON as it is published, or a record as the card shows it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise Unusable("The metadata is not JSON.") from None
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Unusable("The metadata is not JSON.")
    return value


RANKED = Shape(
    "10k_prompts_ranked",
    "prompts with their ratings, as the first sprint and this one publish them",
    frozenset(("prompt", "quality", "metadata")),
    _ranked,
)
