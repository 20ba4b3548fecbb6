"""Prompts one has rated, now and then among those to rate next: nothing on the card tells which they are."""

import random

from components.records import DAY_MS, Choice, Sprint
from components.store import repeats
from components.store.writer import Transaction

# So many prompts are looked at for one that fits what somebody chose to rate.
WINDOW = 20
FIRST = ""


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
    latest = transaction.now - sprint.repeat_after_days * DAY_MS
    place = f"{random.getrandbits(128):032x}"
    for start in (place, FIRST):
        found = repeats.following(transaction, contributor, start, sprint.repeat_after, latest, WINDOW)
        for prompt_id, cell in found:
            if choice.takes(cell):
                return prompt_id
    return None
