"""Prompts one has rated, now and then among those to rate next: nothing on the card tells which they are.

Which of somebody's prompts can come again is settled by who they are: those whose ids lie in a segment that begins at a
place of their own. Ids are hashes, so these are a sample; nobody chooses it, and no list of what was offered is kept.
"""

import hashlib
import random

from components.records import Choice, Sprint
from components.store import repeats
from components.store.writer import Transaction

# So many prompts are looked at for one that fits what somebody chose to rate.
WINDOW = 20
# As many again as are wanted, so that there is nearly always one.
WIDTH = 2
IDS = 1 << 128


def repeat_for(
    transaction: Transaction, contributor: str, sprint: Sprint, choice: Choice, ratings: int
) -> str | None:
    """A prompt to be rated again after so many ratings more, for about one in `Sprint.repeat_every` of them; or none.

    Nobody is handed the same one twice once they have rated it again, and it is not leased: whoever leaves it
    keeps it from nobody.
    """
    if not sprint.repeat_every or not ratings or choice.skipped:
        return None
    if sprint.state_at(transaction.now) != "open" or random.random() * sprint.repeat_every >= ratings:
        return None
    ranges = segment(contributor, sprint.repeat_every)
    low, high = random.choices(ranges, [1 + high - low for low, high in ranges])[0]
    place = random.randint(low, high)
    # From anywhere in the segment on; then the rest of it.
    for first, last in ((place, high), *(one for one in ranges if one != (low, high)), (low, place)):
        found = repeats.following(transaction, contributor, _id(first), _id(last), sprint, WINDOW)
        for prompt_id, cell in found:
            if choice.takes(cell):
                return prompt_id
    return None


def may_come_again(transaction: Transaction, contributor: str, sprint: Sprint, prompt_id: str) -> bool:
    """Whether a prompt is one that `repeat_for` hands out to somebody, now or since a while, until they say it again."""
    if not sprint.repeat_every:
        return False
    place = int(prompt_id, 16)
    if not any(low <= place <= high for low, high in segment(contributor, sprint.repeat_every)):
        return False
    return any(repeats.following(transaction, contributor, prompt_id, prompt_id, sprint, 1, also_said=True))


def segment(contributor: str, repeat_every: int) -> list[tuple[int, int]]:
    """The first and last ids of what can come again to somebody; two pairs where it goes over the end.

    Example:
        >>> segment("ada", 1) == segment("bob", 2) == [(0, IDS - 1)]
        True
        >>> sum(1 + high - low for low, high in segment("ada", 10)) == IDS // 5
        True
    """
    width = IDS * WIDTH // repeat_every
    if width >= IDS:
        return [(0, IDS - 1)]
    first = int.from_bytes(hashlib.sha256(contributor.encode()).digest()[:16])
    last = first + width - 1
    return [(first, last)] if last < IDS else [(first, IDS - 1), (0, last - IDS)]


def _id(place: int) -> str:
    return f"{place:032x}"
