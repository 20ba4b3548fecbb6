"""What a contributor may say of a prompt: from what came over the wire to an event, or to a sentence why not."""

import re
import uuid
from collections.abc import Mapping
from datetime import date

from components.errors import BadEvent, InvalidAction, InvalidScore, UnknownPrompt
from components.records import ABOUT_PROMPTS, FLAG_REASONS, MINUTE_MS, SCORES, Action, Event

# The year 2100: later than any honest clock, and small enough for every engine's integers.
LATEST_MS = 4_102_444_800_000
LONGEST_SHOWN_MS = 30 * 86_400_000
SCORED = (Action.RATED, Action.RATED_AGAIN)
PROMPT_ID = re.compile(r"[0-9a-f]{32}")
# As pages send it; what else is a UUID takes longer to tell.
USUAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read_event(item: Mapping[str, object], contributor: str, received_at: int, behind_ms: int = 0) -> Event:
    """Make an event of one item of a request.

    Args:
        item: event_id, prompt_id, action; score of a rating, reason of a flag, undoes of an undo; and
            optionally shown_ms, happened_at, local_date.
        behind_ms: How far the clock of the device that tells happened_at is behind ours.

    Raises:
        InvalidScore: A rating whose score is none of the five whole numbers, or anything else with a score.
        InvalidAction: The action is none of those a contributor can take here, or undoes nothing.
        UnknownPrompt: The prompt_id is no id at all.
        BadEvent: Another field has a value it cannot have.
    """
    action = item.get("action")
    if not isinstance(action, str) or action not in ABOUT_PROMPTS:
        raise InvalidAction(f"The action must be one of {', '.join(ABOUT_PROMPTS)}.")
    prompt_id = item.get("prompt_id")
    if not isinstance(prompt_id, str) or not PROMPT_ID.fullmatch(prompt_id):
        raise UnknownPrompt("The prompt_id must be the id of a prompt of this sprint.")
    return Event(
        event_id=_event_id(item.get("event_id")),
        contributor=contributor,
        action=action,
        received_at=received_at,
        prompt_id=prompt_id,
        score=_score(action, item.get("score")),
        reason=_reason(action, item.get("reason")),
        target=_target(action, item.get("undoes")),
        shown_ms=_whole(item, "shown_ms", LONGEST_SHOWN_MS),
        happened_at=_set_right(_whole(item, "happened_at", LATEST_MS), behind_ms, received_at),
        local_date=_date(item.get("local_date")),
    )


def _event_id(value: object) -> str:
    try:
        return value if USUAL_UUID.fullmatch(value) else str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise BadEvent("The event_id must be a UUID.") from None


def _score(action: str, value: object) -> int | None:
    if action not in SCORED:
        if value is not None:
            raise InvalidScore("Only a rating has a score; leave it out.")
        return None
    # A bool is an int to Python, and "5" or 5.0 are not what a button sends.
    if type(value) is not int or value not in SCORES:
        raise InvalidScore("The score must be a whole number from 1 to 5.")
    return value


def _reason(action: str, value: object) -> str | None:
    if action != Action.FLAGGED:
        if value is not None:
            raise BadEvent("Only a flag has a reason; leave it out.")
        return None
    if not isinstance(value, str) or value not in FLAG_REASONS:
        raise BadEvent(f"The reason of a flag must be one of {', '.join(FLAG_REASONS)}.")
    return value


def _target(action: str, value: object) -> str | None:
    if action != Action.UNDONE:
        if value is not None:
            raise InvalidAction("Only an undo undoes something; leave `undoes` out.")
        return None
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise InvalidAction("An undo must name in `undoes` the event_id of what it undoes.") from None


def _whole(item: Mapping[str, object], name: str, most: int) -> int | None:
    value = item.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= most:
        raise BadEvent(f"{name} must be a whole number of milliseconds from 0 to {most}.")
    return value


def _set_right(happened_at: int | None, behind_ms: int, received_at: int) -> int | None:
    """When it happened by our clock: else what a device a day behind says now would be older than all of today.

    In whole minutes: the seconds may be the way here, and must not turn the order of two requests around.
    """
    minutes = round(behind_ms / MINUTE_MS)
    if happened_at is None or not minutes:
        return happened_at
    return min(max(0, happened_at + minutes * MINUTE_MS), received_at)


def _date(value: object) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (ValueError, TypeError):
        raise BadEvent("local_date must be a date such as 2026-03-01.") from None
