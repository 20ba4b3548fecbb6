"""Prompts on their way in: read and chosen, and not yet in the store."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from operator import attrgetter
from types import TracebackType

from components.prompt_sources.rows import Rating
from components.records import Prompt

# More than so much waits on the disk instead of in memory.
IN_MEMORY = 64 * 1024 * 1024
# A group ends when it holds this many characters, however few prompts they are.
CHARACTERS_AT_ONCE = 4_000_000
VALUES = attrgetter(*Prompt.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A prompt with the scores that came with it."""

    prompt: Prompt
    ratings: tuple[Rating, ...] = ()


class Waiting:
    """All prompts of an import until the last is read, so that all of them or none come in.

    Attributes:
        number: How many there are.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self._rated: Counter[str] = Counter()
        self.number = 0

    def add(self, incoming: Incoming, rated: bool = False) -> None:
        """Let one more wait.

        Args:
            rated: Whether it is of a dataset of ratings, where rows that are the same were each rated.
        """
        prompt = incoming.prompt
        if rated:
            self._rated[prompt.prompt_id] += 1
            prompt = replace(prompt, copy=self._rated[prompt.prompt_id] - 1)
        row = [VALUES(prompt), [astuple(rating) for rating in incoming.ratings]]
        self._file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        self.number += 1

    def __iter__(self) -> Iterator[Incoming]:
        """All of them, in their order, as often as somebody asks."""
        self._file.seek(0)
        for line in self._file:
            prompt, ratings = json.loads(line)
            yield Incoming(Prompt(*prompt), tuple(Rating(*rating) for rating in ratings))

    def groups(self, prompts: int) -> Iterator[list[Incoming]]:
        """All of them, so many at a time, or fewer if they are long."""
        group, characters = [], 0
        for incoming in self:
            prompt = incoming.prompt
            group.append(incoming)
            characters += len(prompt.text) + len(prompt.context or "") + len(str(prompt.metadata))
            if len(group) == prompts or characters >= CHARACTERS_AT_ONCE:
                yield group
                group, characters = [], 0
        if group:
            yield group

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
