"""Which prompts of an import are wanted: filters one after the other, then a sample of each source."""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterator, Mapping

from components.prompt_sources.incoming import Incoming
from components.prompt_sources.language import LanguageOf, language_guesser
from components.prompt_sources.plan import Plan
from components.records import Prompt


class Filters:
    """The filters of a plan, and how many prompts each left out."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._language_of: LanguageOf | None = language_guesser() if plan.languages else None
        self.left_out: Counter[str] = Counter()

    def takes(self, prompt: Prompt) -> bool:
        """Whether a prompt is wanted; if not, it is counted under the reason."""
        reason = self._reason(prompt)
        if reason:
            self.left_out[reason] += 1
        return reason is None

    def _reason(self, prompt: Prompt) -> str | None:
        length = len(prompt.text)
        if length < self._plan.shortest:
            return f"shorter than {self._plan.shortest:,} characters"
        if self._plan.longest is not None and length > self._plan.longest:
            return f"longer than {self._plan.longest:,} characters"
        if self._language_of is not None:
            language = self._language_of(prompt)
            if language is not None and language not in self._plan.languages:
                return f"not in {' or '.join(self._plan.languages)}"
        return None


class Sample:
    """A sample of a number of prompts, of each source its share; the same whenever the same rows are read."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._seen: Counter[str] = Counter()
        # Of each source the prompts with the least keys, the greatest of these first.
        self._least: dict[str, list[tuple[int, int, Incoming]]] = {}

    def offer(self, incoming: Incoming) -> None:
        """Take a prompt into account."""
        source = incoming.prompt.source
        place = self._seen.total()
        self._seen[source] += 1
        heap = self._least.setdefault(source, [])
        heapq.heappush(heap, (-_key(incoming.prompt), -place, incoming))
        if len(heap) > self._number:
            heapq.heappop(heap)

    def chosen(self) -> Iterator[Incoming]:
        """The sample, source by source, each in the order of its rows."""
        for source, share in shares(self._seen, self._number).items():
            least = heapq.nlargest(share, self._least[source])
            yield from (incoming for _, _, incoming in sorted(least, key=lambda one: -one[1]))

    @property
    def left_out(self) -> int:
        """How many prompts are not in it."""
        return max(0, self._seen.total() - self._number)


def shares(counts: Mapping[str, int], number: int) -> dict[str, int]:
    """How many of a number belong to each source: in proportion, the largest remainders rounded up.

    Every source has at least one, as long as there are enough.
    """
    total = sum(counts.values())
    if number >= total:
        return dict(counts)
    exact = {source: number * count / total for source, count in counts.items()}
    by_remainder = sorted(exact, key=lambda source: (exact[source] >= 1, int(exact[source]) - exact[source]))
    found = {source: int(share) for source, share in exact.items()}
    for source in by_remainder[: number - sum(found.values())]:
        found[source] += 1
    for source in [source for source, share in found.items() if not share]:
        largest = max(found, key=found.__getitem__)
        if found[largest] > 1:
            found[largest] -= 1
            found[source] = 1
    return found


def _key(prompt: Prompt) -> int:
    return int(hashlib.sha256(f"sample {prompt.prompt_id}".encode()).hexdigest()[:16], 16)
