"""Duplicates: which prompts say the same, or nearly, within a source and across sources.

Two texts are nearly the same if they share most of their shingles, the pieces of five characters that
occur in them: their Jaccard similarity is the shared ones over all (Broder, On the resemblance and
containment of documents, 1997). MinHash and locality-sensitive hashing find the pairs that are likely
to be alike without comparing each prompt with every other; these are then compared exactly.
"""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from components.errors import ImportCancelled
from components.records import WANTED
from components.store import duplicates
from components.store.store import Store

SHINGLE = 5
ALIKE = 0.8
# Hashing cannot tell pairs apart that are more alike than this; comparing them exactly does.
LIKELY = 0.95
# More permutations find pairs near the threshold more surely, and take longer.
PERMUTATIONS = 128
# What is left of pairs that are worse than these when there are too many to read.
MOST_PAIRS = 2000
TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """A prompt as the report shows it.

    Attributes:
        offered: Whether it is handed out to be rated.
    """

    prompt_id: str
    text: str
    context: str | None
    source: str
    kind: str
    status: str
    ratings: int

    @property
    def offered(self) -> bool:
        return self.status in WANTED


@dataclass(frozen=True, slots=True)
class Pair:
    """Two prompts that are alike: `first` came first, `similarity` is 1 if they say exactly the same.

    Attributes:
        decision: What organizers decided, if they did: "keep", "merge" or "retire".
    """

    first: Compared
    second: Compared
    similarity: float
    decision: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nobody need look at it: it was decided, or only one of the two is handed out."""
        return self.decision is not None or not (self.first.offered and self.second.offered)


@dataclass(frozen=True)
class Duplicates:
    """What was found.

    Attributes:
        at: When, in epoch milliseconds.
        prompts: How many were compared.
        exact: Each copy beside the first that says the same.
        near: The most alike foremost; `more` further ones are left out.
    """

    at: int
    prompts: int
    exact: tuple[Pair, ...]
    near: tuple[Pair, ...]
    more: int = 0

    def __str__(self) -> str:
        to_look_at = sum(not pair.settled for pair in (*self.exact, *self.near))
        return (
            f"Prompts compared: {self.prompts:,}. Exact copies: {len(self.exact):,}. "
            f"Pairs that are nearly the same: {len(self.near) + self.more:,}. Not decided: {to_look_at:,}."
        )


def find(
    store: Store,
    alike: float = ALIKE,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Duplicates:
    """Compare all prompts of the sprint, those that are retired left out.

    Args:
        alike: The least similarity of a pair, more than 0 and at most 1.
        on_progress: Told how many prompts were looked at, and of how many.

    Raises:
        ImportCancelled: It was given up.
    """
    with store.reading() as connection:
        total = duplicates.count(connection)
        decided = duplicates.decided(connection)
        found = Found(alike)
        for number, row in enumerate(duplicates.every(connection), 1):
            if number % TOLD_EVERY == 0:
                if cancelled():
                    raise ImportCancelled("The comparison was cancelled.")
                on_progress(number, total)
            found.look_at(row)
    near = sorted(found.near(decided), key=lambda pair: (-pair.similarity, pair.first.text))
    on_progress(total, total)
    exact = tuple(found.exact(decided))
    return Duplicates(store.clock(), total, exact, tuple(near[:MOST_PAIRS]), max(0, len(near) - MOST_PAIRS))


class Found:
    """Prompts as they pass by, and those before that are like them."""

    def __init__(self, alike: float) -> None:
        # Imported here: it takes half a second, which nobody else need wait for.
        from datasketch import MinHash, MinHashLSH

        self._alike = alike
        self._likely = MinHashLSH(threshold=min(alike, LIKELY), num_perm=PERMUTATIONS)
        self._empty = MinHash(num_perm=PERMUTATIONS, hashfunc=hash_of)
        self._prompts: dict[str, Compared] = {}
        self._by_words: dict[str, list[str]] = defaultdict(list)
        self._candidates: list[tuple[str, str]] = []

    def look_at(self, row: object) -> None:
        """Take a prompt into account."""
        prompt = Compared(
            row.prompt_id, row.text, row.context, row.source, row.kind, row.status, int(row.ratings)
        )
        words = said(prompt)
        same = self._by_words[words]
        same.append(prompt.prompt_id)
        self._prompts[prompt.prompt_id] = prompt
        if len(same) > 1:
            return
        sketch = self._empty.copy()
        sketch.update_batch([piece.encode("utf-8", "replace") for piece in shingles(words)])
        self._candidates += ((other, prompt.prompt_id) for other in self._likely.query(sketch))
        self._likely.insert(prompt.prompt_id, sketch, check_duplication=False)

    def exact(self, decided: Mapping[frozenset[str], str]) -> Iterator[Pair]:
        """Each copy beside the first that says the same."""
        for same in self._by_words.values():
            yield from (self._pair(same[0], other, 1.0, decided) for other in same[1:])

    def near(self, decided: Mapping[frozenset[str], str]) -> Iterator[Pair]:
        """Pairs that are alike enough."""
        for first, second in self._candidates:
            one, other = (shingles(said(self._prompts[prompt_id])) for prompt_id in (first, second))
            similarity = len(one & other) / len(one | other)
            if similarity >= self._alike:
                yield self._pair(first, second, similarity, decided)

    def _pair(
        self, first: str, second: str, similarity: float, decided: Mapping[frozenset[str], str]
    ) -> Pair:
        decision = decided.get(frozenset((first, second)))
        return Pair(self._prompts[first], self._prompts[second], similarity, decision)


def said(prompt: Compared) -> str:
    """What a prompt says, whatever its case and white space."""
    return " ".join(f"{prompt.text} {prompt.context or ''}".casefold().split())


def shingles(words: str) -> set[str]:
    """The pieces of a text; of a very short one, the text."""
    return {words[start : start + SHINGLE] for start in range(max(1, len(words) - SHINGLE + 1))}


def hash_of(piece: bytes) -> int:
    """A hash of 32 bits, the same in every process."""
    return zlib.crc32(piece)


def as_rows(pairs: Sequence[Pair]) -> Iterator[dict[str, object]]:
    """Pairs as rows of a file."""
    for pair in pairs:
        yield {
            "similarity": round(pair.similarity, 3),
            "decision": pair.decision,
            **{
                f"{name}_{column}": getattr(prompt, column)
                for name, prompt in (("first", pair.first), ("second", pair.second))
                for column in ("prompt_id", "source", "kind", "status", "ratings", "text", "context")
            },
        }
