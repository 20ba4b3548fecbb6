"""The rows of a snapshot: from what the store holds to what leaves, without anything that names a person."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

from components.agreement.ratio import agreement_ratio
from components.records import HOUR_MS, Event


def with_ratings(
    prompts: Iterable[Mapping], ratings: Iterable[Mapping]
) -> Iterator[tuple[Mapping, list[Mapping]]]:
    """Put each prompt and its ratings side by side; both come ordered by prompt_id."""
    groups = groupby(ratings, itemgetter("prompt_id"))
    waiting = next(groups, None)
    for prompt in prompts:
        while waiting is not None and waiting[0] < prompt["prompt_id"]:
            waiting = next(groups, None)
        if waiting is None or waiting[0] != prompt["prompt_id"]:
            yield prompt, []
        else:
            yield prompt, list(waiting[1])


def rated_prompt(prompt: Mapping, ratings: Sequence[Mapping]) -> dict[str, object]:
    """Make the row of a prompt and its ratings in the schema of `10k_prompts_ranked`."""
    # By pseudonym, so that the order does not tell who rated before whom within an hour.
    ordered = sorted(ratings, key=itemgetter("pseudonym"))
    scores = [rating["score"] for rating in ordered]
    metadata = metadata_of(prompt)
    return {
        "prompt": prompt["text"],
        "quality": [
            {"user_id": rating["pseudonym"], "value": str(rating["score"] - 1), "status": "submitted"}
            for rating in ordered
        ],
        "metadata": as_json(metadata),
        "avg_rating": sum(scores) / len(scores) if scores else None,
        "num_responses": len(scores),
        "agreement_ratio": agreement_ratio(scores) if scores else None,
        "raw_responses": scores,
        "kind": prompt["kind"],
        "cluster_description": _text(metadata, "cluster_description"),
        "topic": _text(metadata, "topic"),
    }


def prompt_row(prompt: Mapping) -> dict[str, object]:
    """Make the row of a prompt as it came in."""
    return {
        "prompt_id": prompt["prompt_id"],
        "prompt": prompt["text"],
        "context": prompt["context"],
        "source": prompt["source"],
        "kind": prompt["kind"],
        "metadata": as_json(metadata_of(prompt)),
    }


def event_row(event: Mapping) -> dict[str, object]:
    """Make the row of one thing a contributor did, its time cut to the hour.

    Public pages count ratings by the second; exact times here would tell whose pseudonym is whose.
    """
    told = Event(
        event_id=event["event_id"],
        contributor=event["pseudonym"],
        action=event["action"],
        received_at=event["received_at"],
        happened_at=event["happened_at"],
        payload=event["payload"],
    )
    return {
        "prompt_id": event["prompt_id"],
        "user_id": event["pseudonym"],
        "action": event["action"],
        "score": event["score"],
        "shown_ms": event["shown_ms"],
        "at": datetime.fromtimestamp(told.decided_at // HOUR_MS * HOUR_MS / 1000, UTC),
        "is_current": event["event_id"] == event["current_event_id"],
        "is_late": bool(told.noted.get("late")),
    }


def metadata_of(prompt: Mapping) -> dict[str, object]:
    """All that is known of a prompt besides its text, in the order of the published dataset."""
    known = json.loads(prompt["metadata"])
    metadata = {
        "evolved_from": known.get("evolved_from"),
        "kind": prompt["kind"],
        "source": prompt["source"],
    }
    metadata |= {name: value for name, value in known.items() if name not in metadata}
    if prompt["context"] is not None:
        metadata["context"] = prompt["context"]
    return metadata


def as_json(metadata: Mapping[str, object]) -> str:
    """The text of a `metadata` column."""
    return json.dumps(metadata, ensure_ascii=False)


def _text(metadata: Mapping[str, object], name: str) -> str | None:
    value = metadata.get(name)
    return value if isinstance(value, str) else None
