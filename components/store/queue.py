"""The queue: which prompts still want ratings, and who holds which until when.

A prompt's `claims` are its ratings plus its live leases. Handing prompts out by claims, not by
ratings, is what keeps a hundred people who rate at once from all being given the same one.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

HELD = text("""
    SELECT prompt_id FROM leases WHERE contributor = :contributor AND expires_at > :now
    ORDER BY expires_at, prompt_id
""")
FEWEST_CLAIMS = text("SELECT MIN(claims) FROM queue WHERE claims >= :least")
# The two halves of a walk around the ring of prompts with equal claims, from a contributor's own place.
FROM_PLACE = text("""
    SELECT prompt_id FROM queue
    WHERE claims = :claims AND shuffle >= :place
      AND NOT EXISTS (SELECT 1 FROM ratings
                      WHERE ratings.contributor = :contributor AND ratings.prompt_id = queue.prompt_id)
      AND NOT EXISTS (SELECT 1 FROM leases
                      WHERE leases.contributor = :contributor AND leases.prompt_id = queue.prompt_id)
    ORDER BY shuffle LIMIT :wanted
""")
BEFORE_PLACE = text(FROM_PLACE.text.replace("shuffle >= :place", "shuffle < :place"))
LEASE = text("""
    INSERT INTO leases (contributor, prompt_id, expires_at) VALUES (:contributor, :prompt_id, :expires_at)
""")
RENEW = text("""
    UPDATE leases SET expires_at = :expires_at
    WHERE contributor = :contributor AND expires_at > :after AND expires_at < :before
""")
END_LEASE = text("DELETE FROM leases WHERE contributor = :contributor AND prompt_id = :prompt_id")
END_EXPIRED = text("DELETE FROM leases WHERE expires_at <= :now RETURNING prompt_id")
CLAIM = text("UPDATE queue SET claims = claims + :change WHERE prompt_id = :prompt_id")
HOLDERS = text("SELECT COUNT(DISTINCT contributor) FROM leases WHERE expires_at > :now")
OPEN_PLACES = text("""
    SELECT COALESCE(SUM(:goal - claims), 0)
    FROM (SELECT claims FROM queue WHERE claims < :goal ORDER BY claims LIMIT :most) AS open_prompts
""")
LEAST_CLAIMED = text("SELECT prompt_id FROM queue ORDER BY claims, shuffle LIMIT 1")


def held(connection: Connection, contributor: str, now: int) -> list[str]:
    """The prompts a contributor holds a live lease on, the one that ends first foremost."""
    return list(connection.execute(HELD, {"contributor": contributor, "now": now}).scalars())


def holders(connection: Connection, now: int) -> int:
    """How many contributors hold a live lease."""
    return connection.execute(HOLDERS, {"now": now}).scalar_one()


def least_claimed_for(
    connection: Connection, contributor: str, wanted: int, goal: int, place: int
) -> list[str]:
    """Prompts with the fewest claims, and fewer than the goal, that the contributor has no opinion of.

    Args:
        wanted: How many at most.
        goal: Prompts with this many claims are not offered.
        place: Where among equals to begin, in the range of `shuffle` (0 to 2**63 - 1).
    """
    found: list[str] = []
    claims = connection.execute(FEWEST_CLAIMS, {"least": 0}).scalar_one()
    while claims is not None and claims < goal and len(found) < wanted:
        for half in (FROM_PLACE, BEFORE_PLACE):
            if len(found) < wanted:
                where = {"claims": claims, "place": place, "contributor": contributor}
                found += connection.execute(half, where | {"wanted": wanted - len(found)}).scalars()
        claims = connection.execute(FEWEST_CLAIMS, {"least": claims + 1}).scalar_one()
    return found


def least_claimed(connection: Connection) -> str | None:
    """The prompt that most wants a rating, whoever gives it."""
    return connection.execute(LEAST_CLAIMED).scalar()


def lease(connection: Connection, contributor: str, prompt_ids: Sequence[str], expires_at: int) -> None:
    """Hand prompts to a contributor until a moment."""
    rows = [
        {"contributor": contributor, "prompt_id": prompt_id, "expires_at": expires_at, "change": 1}
        for prompt_id in sorted(prompt_ids)
    ]
    if rows:
        connection.execute(LEASE, rows)
        connection.execute(CLAIM, rows)


def renew(connection: Connection, contributor: str, after: int, before: int, expires_at: int) -> None:
    """Let a contributor keep the prompts whose leases end between two moments until a later one."""
    connection.execute(
        RENEW, {"contributor": contributor, "after": after, "before": before, "expires_at": expires_at}
    )


def open_places(connection: Connection, goal: int, most: int) -> int:
    """How many ratings are wanted and claimed by nobody, counted only until it is clear there are `most`."""
    return connection.execute(OPEN_PLACES, {"goal": goal, "most": most}).scalar_one()


def end_expired(connection: Connection, now: int) -> int:
    """Give back every prompt whose lease is over; returns how many."""
    ended = connection.execute(END_EXPIRED, {"now": now}).scalars().all()
    if ended:
        connection.execute(CLAIM, [{"prompt_id": prompt_id, "change": -1} for prompt_id in sorted(ended)])
    return len(ended)


def settle(connection: Connection, contributor: str, prompt_id: str, ratings: int) -> None:
    """End the contributor's lease on a prompt, if any, and claim it for the ratings that were added or taken."""
    ended = connection.execute(END_LEASE, {"contributor": contributor, "prompt_id": prompt_id}).rowcount
    if ratings != ended:
        connection.execute(CLAIM, {"prompt_id": prompt_id, "change": ratings - ended})
