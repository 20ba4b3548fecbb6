"""JSON: one document with a list of rows, by itself or under a name such as `records`."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from components.errors import UnreadablePrompts
from components.prompt_sources.rows import Damaged, Rejection, Row

# It has to be read whole; whatever is larger belongs into lines.
LARGEST = 256 * 1024 * 1024
LISTS = ("records", "data", "rows", "prompts", "tasks", "items")
NO_OBJECT = "The item of the list is not an object with columns."


def json_document(file: BinaryIO, name: str) -> Iterator[Row | Rejection]:
    """Each item of the list, counted from 1; what stands beside the list as `settings` goes with each.

    Raises:
        UnreadablePrompts: The file is no JSON, is too large, or holds no list of rows.
        Damaged: The file cannot be read.
    """
    try:
        read = file.read(LARGEST + 1)
    except OSError as error:
        raise Damaged(error.strerror or str(error)) from None
    if len(read) > LARGEST:
        raise UnreadablePrompts(
            f"{name} is larger than {LARGEST // 1024**2} MB, which JSON has to be read in one piece for; "
            "save it as JSONL, an object on each line."
        )
    try:
        document = json.loads(read.decode().removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise UnreadablePrompts(f"{name} is not UTF-8; save it as UTF-8 and import that.") from None
    except (ValueError, RecursionError):
        raise UnreadablePrompts(
            f"{name} is not JSON; if it has an object on each line, call it .jsonl."
        ) from None
    beside = {}
    if isinstance(document, dict):
        listed = next((key for key in LISTS if isinstance(document.get(key), list)), None)
        if isinstance(document.get("settings"), dict):
            beside = {"settings": document["settings"]}
        document = document.get(listed)
    if not isinstance(document, list):
        raise UnreadablePrompts(
            f"{name} holds no list of rows; it has to be a list, or an object with one named {LISTS[0]}."
        )
    for number, item in enumerate(document, 1):
        place = f"item {number}"
        yield Row(place, {**beside, **item}) if isinstance(item, dict) else Rejection(place, NO_OBJECT)
