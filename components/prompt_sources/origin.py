"""Where rows come from: a file here or on the Hub, a dataset on the Hub, or what somebody pasted."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from components.errors import UnreadablePrompts
from components.prompt_sources.catalog import reader_for
from components.prompt_sources.hub_dataset import HubDataset, open_dataset
from components.prompt_sources.opening import BUFFER, opened
from components.prompt_sources.rows import Rejection, Row

HEADER = re.compile(r"(?:^|[,;\t\"])(?:prompt|instruction|question|text)(?:$|[,;\t\"])", re.IGNORECASE)
BLANK_LINE = re.compile(r"\n[ \t]*\n")
LARGEST_PASTE = 200_000


@dataclass(frozen=True, slots=True)
class File:
    """A file on this machine, or `hf://datasets/ORG/NAME/path` on the Hub.

    Attributes:
        name: What it is called where it comes from, if that is not the end of its path.
    """

    path: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paste:
    """Text somebody pasted: JSONL, JSON, CSV or TSV with a header, or prompts as they are."""

    text: str


@dataclass(frozen=True)
class Rows:
    """The rows of an origin, open.

    Attributes:
        name: What people call the origin.
        rows: One after the other.
        done: How much was read, in `unit_of`, and of how much, None if unknown.
        commit: Of the repository on the Hub, if it is a dataset there.
    """

    name: str
    rows: Iterator[Row | Rejection]
    done: Callable[[], tuple[int, int | None]]
    commit: str | None = None


def origin_named(path: str) -> File | HubDataset:
    """The origin somebody names on a command line or in a setting."""
    return HubDataset.read(path) or File(path)


def unit_of(origin: File | Paste | HubDataset) -> str:
    """What is counted while an origin is read."""
    return " rows" if isinstance(origin, HubDataset) else "B"


@contextmanager
def rows_of(origin: File | Paste | HubDataset, token: str = "") -> Iterator[Rows]:
    """Open an origin for as long as the block lasts.

    Raises:
        UnreadablePrompts: It cannot be opened, or is in no format the sprint reads.
    """
    if isinstance(origin, HubDataset):
        dataset = open_dataset(origin, token)
        read = [0]
        yield Rows(
            origin.name,
            _counted(dataset.rows, read),
            lambda: (read[0], dataset.total),
            dataset.commit,
        )
    elif isinstance(origin, Paste):
        name, content = _as_file(origin.text)
        file = io.BufferedReader(io.BytesIO(content), BUFFER)
        yield Rows(
            "what was pasted",
            reader_for(name).rows(file, "what was pasted"),
            lambda: (len(content),) * 2,
        )
    else:
        with opened(origin.path, token, origin.name) as source:
            yield Rows(
                source.name,
                reader_for(source.name).rows(source.file, source.name),
                lambda: (source.bytes_read, source.size),
            )


def _counted(rows: Iterator[Row], read: list[int]) -> Iterator[Row]:
    for row in rows:
        read[0] += 1
        yield row


def _as_file(text: str) -> tuple[str, bytes]:
    """What was pasted as a file that a reader takes: its name and its content."""
    if not text.strip():
        raise UnreadablePrompts("Nothing was pasted.")
    if len(text) > LARGEST_PASTE:
        raise UnreadablePrompts(
            f"More than {LARGEST_PASTE:,} characters were pasted; save them to a file and bring that in."
        )
    first = text.lstrip()
    line = first.partition("\n")[0].strip()
    if first[0] == "[":
        return "paste.json", text.encode("utf-8", "replace")
    if first[0] == "{":
        return "paste.jsonl", text.encode("utf-8", "replace")
    if HEADER.search(line):
        return "paste.csv", first.encode("utf-8", "replace")
    # Prompts of several lines stand apart by blank lines; without any, each line is one.
    apart = BLANK_LINE.split(text.replace("\r\n", "\n").strip())
    prompts = apart if len(apart) > 1 else text.splitlines()
    lines = (
        json.dumps({"prompt": prompt.strip("\n")}, ensure_ascii=True) for prompt in prompts if prompt.strip()
    )
    return "paste.jsonl", "\n".join(lines).encode()
