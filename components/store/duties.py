"""Duties: what only one of several replicas does at a time, for as long as its lease lasts.

A lease that ran out is anybody's: whoever died with a duty keeps it from the others for no longer. The
clocks of the replicas are compared here, so leases are long beside what clocks may differ by. One that ends
later than anybody would give was given by a clock that was wrong, and holds nobody up.
"""

from sqlalchemy import Connection, text

TAKE = text("""
    INSERT INTO duties (name, holder, until) VALUES (:name, :holder, :until)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE duties.until <= :now OR duties.until > :latest OR duties.holder = excluded.holder
""")
# Whoever writes to a server that others write to, too, holds this row as long as their transaction lasts.
MAKE_TURN = text(
    "INSERT INTO duties (name, holder, until) VALUES ('turn', '', 0) ON CONFLICT (name) DO NOTHING"
)
LET_GO = text("DELETE FROM duties WHERE name = :name AND holder = :holder")


def take(connection: Connection, name: str, holder: str, now: int, for_ms: int) -> bool:
    """Take a duty, or keep it for longer; returns whether it is the holder's from now on.

    Args:
        holder: Who asks, such as a writer's name.
        for_ms: After so many milliseconds it is anybody's again.
    """
    asked = {"name": name, "holder": holder, "until": now + for_ms, "now": now, "latest": now + 2 * for_ms}
    return connection.execute(TAKE, asked).rowcount == 1


def let_go(connection: Connection, name: str, holder: str) -> None:
    """Leave a duty to the others; if it is theirs already, nothing changes."""
    connection.execute(LET_GO, {"name": name, "holder": holder})
