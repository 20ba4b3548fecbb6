"""What to rate next: prompts with the fewest ratings first, each leased to one contributor at a time.

A lease counts as a rating to come, so that the wanted number is met and not overshot when many
rate at once; one that is not used in time goes back to the others.
"""

import random

from components.store import prompts, queue, sprints
from components.store.writer import Transaction

# Long enough to read five long prompts and be called to the door.
LEASE_MS = 15 * 60_000
# As many as a card prefetches.
MOST_HELD = 5
# So many open places are plenty: nobody needs to be given fewer prompts because of the others.
PLENTY = 200


def hand_out(transaction: Transaction, contributor: str, wanted: int) -> list[str]:
    """Lease prompts to a contributor until they hold as many as wanted; returns all they hold.

    Args:
        wanted: How many, at most `MOST_HELD`. Fewer are handed out when few places are open, so
            that the others have something to rate too.
    """
    held = queue.held(transaction.connection, contributor, transaction.now)
    return held + top_up(transaction, contributor, wanted)


def top_up(transaction: Transaction, contributor: str, wanted: int) -> list[str]:
    """Lease prompts to a contributor until they hold as many as wanted; returns only the new ones."""
    connection, now = transaction.connection, transaction.now
    queue.end_expired(connection, now)
    # Only a lease in its second half is renewed: most ratings find nothing to write here.
    queue.renew(connection, contributor, now, now + LEASE_MS // 2, now + LEASE_MS)
    missing = min(wanted, MOST_HELD) - len(queue.held(connection, contributor, now))
    if missing <= 0:
        return []
    goal = sprints.current(connection).ratings_per_prompt
    places = queue.open_places(connection, goal, PLENTY)
    if places < PLENTY:
        missing = min(missing, max(1, places // (queue.holders(connection, now) + 1)))
    found = queue.least_claimed_for(connection, contributor, missing, goal, random.getrandbits(63))
    queue.lease(connection, contributor, found, now + LEASE_MS)
    return found


def why_nothing(transaction: Transaction) -> str:
    """One sentence on why a contributor is given no prompt, and what would bring more."""
    connection = transaction.connection
    if not prompts.count(connection):
        return "There are no prompts yet; an organizer brings them in with `python app.py import FILE`."
    goal = sprints.current(connection).ratings_per_prompt
    if queue.open_places(connection, goal, 1):
        return (
            "You have rated or skipped every prompt that still wants ratings; new prompts would bring more."
        )
    if queue.holders(connection, transaction.now):
        return (
            "The last open prompts are with other contributors; "
            "any they leave come back within a quarter of an hour."
        )
    ratings = "rating" if goal == 1 else f"{goal} ratings"
    return f"Every prompt has its {ratings}: the goal is reached."
