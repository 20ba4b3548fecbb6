"""What a contributor may say of a prompt: from what came over the wire to an event, or to a sentence why not."""

import re
import uuid
from collections.abc import Mapping
from datetime import date

from components.errors import BadEvent, InvalidAction, InvalidScore, UnknownPrompt
from components.records import OPINIONS, SCORES, Action, Event

# The year 2100: later than any honest clock, and small enough for every engine's integers.
LATEST_MS = 4_102_444_800_000
LONGEST_SHOWN_MS = 30 * 86_400_000
LONGEST_REASON = 500
PROMPT_ID = re.compile(r"[0-9a-f]{32}")


def read_event(item: Mapping[str, object], contributor: str, received_at: int) -> Event:
    """Make an event of one item of a request.

    Args:
        item: event_id, prompt_id, action, score, and optionally shown_ms, happened_at, local_date,
            reason.

    Raises:
        InvalidScore: A rating whose score is none of the five whole numbers, or a skip with a score.
        InvalidAction: The action is none of those a contributor can take here.
        UnknownPrompt: The prompt_id is no id at all.
        BadEvent: Another field has a value it cannot have.
    """
    if item.get("undoes") is not None:
        raise InvalidAction("Nothing can be undone here yet; rate the prompt again instead.")
    action = item.get("action")
    if not isinstance(action, str) or action not in OPINIONS:
        raise InvalidAction(f"The action must be one of {', '.join(OPINIONS)}.")
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
        reason=_reason(item.get("reason")),
        shown_ms=_whole(item, "shown_ms", LONGEST_SHOWN_MS),
        happened_at=_whole(item, "happened_at", LATEST_MS),
        local_date=_date(item.get("local_date")),
    )


def _event_id(value: object) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise BadEvent("The event_id must be a UUID.") from None


def _score(action: str, value: object) -> int | None:
    if action != Action.RATED:
        if value is not None:
            raise InvalidScore("Only a rating has a score; leave it out.")
        return None
    # A bool is an int to Python, and "5" or 5.0 are not what a button sends.
    if type(value) is not int or value not in SCORES:
        raise InvalidScore("The score must be a whole number from 1 to 5.")
    return value


def _reason(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST_REASON or not _can_be_kept(value):
        raise BadEvent(f"The reason must be a text of at most {LONGEST_REASON} characters.")
    return value


def _can_be_kept(text: str) -> bool:
    """Whether every engine takes it: no lone surrogates, no NUL."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _whole(item: Mapping[str, object], name: str, most: int) -> int | None:
    value = item.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= most:
        raise BadEvent(f"{name} must be a whole number of milliseconds from 0 to {most}.")
    return value


def _date(value: object) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (ValueError, TypeError):
        raise BadEvent("local_date must be a date such as 2026-03-01.") from None
