"""Metadata as organizers write them."""

import json

from components.errors import BadRequest


def read_metadata(words: str) -> dict:
    """Metadata as somebody wrote them.

    Raises:
        BadRequest: They are no JSON, or no object.
    """
    try:
        read = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"That is no JSON ({error}).") from None
    if not isinstance(read, dict):
        raise BadRequest('Metadata are one JSON object, such as {"language": "en"}.')
    return read
