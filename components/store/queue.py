"""The queue: which prompts still want ratings, and who holds which until when.

A prompt's `claims` are its ratings plus its live leases. Handing prompts out by claims, not by
ratings, is what keeps a hundred people who rate at once from all being given the same one. Its
`level` is its claims, less one if it wants one rating more than others. The lowest level is handed
out first, and each level is a ring that everybody enters at a place of their own.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from components.records import Cell
from components.store.statement import Statement
from components.store.writer import Transaction

# Leases last minutes: one that ends later was made while the clock was ahead, and would hold its prompt
# back for as long as the clock was wrong.
LONGEST_LEASE_MS = 3_600_000

HELD = Statement(
    """
    SELECT given.contributor, prompt_id, expires_at FROM {given}
    JOIN leases ON leases.contributor = given.contributor
    ORDER BY expires_at, prompt_id
    """,
    "contributor",
    returns=3,
)
HOW_MANY_HELD = Statement(
    """
    SELECT given.contributor, COUNT(*), MIN(expires_at) FROM {given}
    JOIN leases ON leases.contributor = given.contributor GROUP BY given.contributor
    """,
    "contributor",
    returns=3,
)
HOLDERS = Statement("SELECT COUNT(DISTINCT contributor) FROM leases", returns=1)
OPEN_LEVELS = Statement(
    """
    SELECT level, SUM(prompts) FROM queue_levels WHERE level < :goal
    GROUP BY level HAVING SUM(prompts) > 0 ORDER BY level
    """,
    returns=2,
)
LEVELS = Statement(
    """
    SELECT level, queue_levels.cell, source, kind, length_class, language, SUM(prompts), SUM(claims)
    FROM queue_levels JOIN cells ON cells.cell = queue_levels.cell
    GROUP BY level, queue_levels.cell, source, kind, length_class, language
    HAVING SUM(prompts) > 0 ORDER BY level, queue_levels.cell
    """,
    returns=8,
)
OPEN_CELLS = text("""
    SELECT source, kind, length_class, language, SUM(prompts) AS prompts
    FROM queue_levels JOIN cells ON cells.cell = queue_levels.cell WHERE level < :goal
    GROUP BY source, kind, length_class, language HAVING SUM(prompts) > 0
""")
CELLS_OF_LEVEL = Statement(
    "SELECT cell, SUM(prompts) FROM queue_levels WHERE level = :level GROUP BY cell HAVING SUM(prompts) > 0",
    returns=2,
)
# The walk around a ring: from a place on, then from the beginning up to that place. Only so many prompts
# are looked at, however many of them the contributor knows already.
RING = """
    SELECT * FROM (
        SELECT prompt_id, cell, level, claims FROM queue
        WHERE level = :level AND {onward} ORDER BY {order} LIMIT :window
    ) AS onward
    UNION ALL SELECT * FROM (
        SELECT prompt_id, cell, level, claims FROM queue
        WHERE level = :level AND {earlier} ORDER BY {order} LIMIT :window
    ) AS earlier
    LIMIT :window
"""
RING_OF_LEVEL = RING.format(
    onward="(cell, shuffle) >= (:cell, :place)",
    earlier="(cell, shuffle) < (:cell, :place)",
    order="cell, shuffle",
)
RING_OF_CELL = RING.format(
    onward="cell = :cell AND shuffle >= :place", earlier="cell = :cell AND shuffle < :place", order="shuffle"
)
UNKNOWN_TO = """
    SELECT prompt_id, cell, level, claims FROM ({ring}) AS ring
    WHERE NOT EXISTS (SELECT 1 FROM ratings
                      WHERE ratings.contributor = :contributor AND ratings.prompt_id = ring.prompt_id)
      AND NOT EXISTS (SELECT 1 FROM leases
                      WHERE leases.contributor = :contributor AND leases.prompt_id = ring.prompt_id)
    LIMIT :wanted
"""
UNKNOWN_OF_LEVEL = Statement(UNKNOWN_TO.format(ring=RING_OF_LEVEL), returns=4)
UNKNOWN_OF_CELL = Statement(UNKNOWN_TO.format(ring=RING_OF_CELL), returns=4)
STRETCH = Statement(RING_OF_LEVEL, returns=4)
KNOWN = Statement(
    """
    SELECT given.contributor, given.prompt_id FROM {given}
    WHERE EXISTS (SELECT 1 FROM ratings
                  WHERE ratings.contributor = given.contributor AND ratings.prompt_id = given.prompt_id)
       OR EXISTS (SELECT 1 FROM leases
                  WHERE leases.contributor = given.contributor AND leases.prompt_id = given.prompt_id)
    """,
    "contributor",
    "prompt_id",
    returns=2,
)
# A row for each skip, with nothing in it for a prompt that is not to be handed out.
SKIPPED_BY = Statement(
    """
    SELECT queue.prompt_id, cell, level, claims FROM (
        SELECT prompt_id, decided_at FROM ratings WHERE contributor = :contributor AND action = 'skipped'
        ORDER BY decided_at, prompt_id LIMIT :window OFFSET :start
    ) AS skipped
    LEFT JOIN queue ON queue.prompt_id = skipped.prompt_id AND level < :goal
      AND NOT EXISTS (SELECT 1 FROM leases
                      WHERE leases.contributor = :contributor AND leases.prompt_id = skipped.prompt_id)
    ORDER BY decided_at, skipped.prompt_id
    """,
    returns=4,
)
CELLS_HELD = Statement(
    """
    SELECT leases.prompt_id, source, kind, length_class, language, ratings.action FROM leases
    JOIN prompt_tallies ON prompt_tallies.prompt_id = leases.prompt_id
    JOIN cells ON cells.cell = prompt_tallies.cell
    LEFT JOIN ratings ON ratings.contributor = leases.contributor AND ratings.prompt_id = leases.prompt_id
    WHERE leases.contributor = :contributor
    """,
    returns=6,
)
ADD = Statement(
    """
    INSERT INTO queue (prompt_id, cell, claims, level, shuffle)
    SELECT prompt_id, cell, claims, level, shuffle FROM {given}
    """,
    "prompt_id",
    "cell int",
    "claims int",
    "level int",
    "shuffle int",
)
REMOVE = Statement("DELETE FROM queue WHERE prompt_id IN (SELECT prompt_id FROM {given})", "prompt_id")
CLAIM = Statement(
    """
    UPDATE queue SET claims = queue.claims + given.claims, level = queue.level + given.levels FROM {given}
    WHERE queue.prompt_id = given.prompt_id
    """,
    "prompt_id",
    "claims int",
    "levels int",
)
ADD_TO_LEVELS = Statement(
    """
    INSERT INTO queue_levels (level, cell, slot, prompts, claims)
    SELECT level, cell, slot, prompts, claims FROM {given} WHERE true
    ON CONFLICT (level, cell, slot) DO UPDATE
    SET prompts = queue_levels.prompts + excluded.prompts, claims = queue_levels.claims + excluded.claims
    """,
    "level int",
    "cell int",
    "slot int",
    "prompts int",
    "claims int",
)
LEASE = Statement(
    """
    INSERT INTO leases (contributor, prompt_id, expires_at)
    SELECT contributor, prompt_id, expires_at FROM {given} WHERE true
    ON CONFLICT (contributor, prompt_id) DO UPDATE SET expires_at = excluded.expires_at
    """,
    "contributor",
    "prompt_id",
    "expires_at int",
)
END_LEASE = Statement(
    "DELETE FROM leases WHERE (contributor, prompt_id) IN (SELECT contributor, prompt_id FROM {given})",
    "contributor",
    "prompt_id",
)
EXPIRED = Statement(
    "SELECT contributor, prompt_id FROM leases WHERE expires_at <= :now OR expires_at > :latest", returns=2
)
STANDING = Statement(
    """
    SELECT queue.prompt_id, cell, claims, level FROM {given} JOIN queue ON queue.prompt_id = given.prompt_id
    """,
    "prompt_id",
    returns=4,
)
CONTESTED = text("""
    UPDATE queue SET level = claims - :extra WHERE prompt_id IN (
        SELECT prompt_id FROM prompt_tallies WHERE (n1 > 0 AND n4 + n5 > 0) OR (n2 > 0 AND n5 > 0)
    )
""")
FORGET_LEVELS = text("DELETE FROM queue_levels")
COUNT_LEVELS = text("""
    INSERT INTO queue_levels (level, cell, slot, prompts, claims)
    SELECT level, cell, :slot, COUNT(*), SUM(claims) FROM queue GROUP BY level, cell
""")
LEASES_ON = Statement("SELECT COUNT(*) FROM leases WHERE prompt_id = :prompt_id", returns=1)
LEAST_CLAIMED = text("SELECT prompt_id FROM queue ORDER BY level, cell, shuffle LIMIT 1")


# More than there are of anything, as a limit.
ALL = 2**62


class Waiting(NamedTuple):
    """A prompt in the queue."""

    prompt_id: str
    cell: int
    level: int
    claims: int


class Place(NamedTuple):
    """A place in a ring: there the prompts of a cell stand together, scattered among themselves."""

    cell: int
    place: int


def place_of(prompt_id: str) -> int:
    """A prompt's place among those of its cell: scattered over 63 bits, the same wherever it is imported."""
    return int(prompt_id[:16], 16) >> 1


class Levels:
    """How many prompts move from level to level, added up and written at once."""

    def __init__(self) -> None:
        self._prompts: Counter[tuple[int, int]] = Counter()
        self._claims: Counter[tuple[int, int]] = Counter()

    def enter(self, cell: int, level: int, claims: int) -> None:
        """A prompt with so many claims stands at a level now."""
        self._prompts[level, cell] += 1
        self._claims[level, cell] += claims

    def leave(self, cell: int, level: int, claims: int) -> None:
        """It does no longer."""
        self._prompts[level, cell] -= 1
        self._claims[level, cell] -= claims

    def leave_many(self, cell: int, level: int, prompts: int, claims: int) -> None:
        """So many prompts, with so many claims together, no longer stand at a level."""
        self._prompts[level, cell] -= prompts
        self._claims[level, cell] -= claims

    def write(self, transaction: Transaction) -> None:
        """Add all of it to what is kept."""
        transaction.change(
            ADD_TO_LEVELS,
            [
                (level, cell, transaction.slot, prompts, self._claims[level, cell])
                for (level, cell), prompts in sorted(self._prompts.items())
                if prompts or self._claims[level, cell]
            ],
        )
        self._prompts.clear()
        self._claims.clear()


def add(transaction: Transaction, cells: Mapping[str, int]) -> None:
    """Let prompts wait for their first rating.

    Args:
        cells: The id of each prompt's cell.
    """
    levels = Levels()
    rows = []
    for prompt_id, cell in sorted(cells.items()):
        levels.enter(cell, 0, 0)
        rows.append((prompt_id, cell, 0, 0, place_of(prompt_id)))
    transaction.change(ADD, rows)
    levels.write(transaction)


def held(transaction: Transaction, contributors: Collection[str]) -> dict[str, dict[str, int]]:
    """What each contributor holds: prompts and when their leases end, the one that ends first foremost."""
    found: dict[str, dict[str, int]] = {contributor: {} for contributor in contributors}
    for contributor, prompt_id, expires_at in transaction.read(HELD, [[one] for one in contributors]):
        found[contributor][prompt_id] = expires_at
    return found


def how_many_held(transaction: Transaction, contributors: Collection[str]) -> dict[str, tuple[int, int]]:
    """How many prompts each contributor holds, and when the first of these leases ends; who holds none is left out."""
    rows = transaction.read(HOW_MANY_HELD, [[one] for one in contributors])
    return {contributor: (number, first) for contributor, number, first in rows}


def cells_held(transaction: Transaction, contributor: str) -> list[tuple[str, Cell, str | None]]:
    """What a contributor holds: prompt_id, its cell, and what they said of it before, if anything."""
    rows = transaction.read(CELLS_HELD, contributor=contributor)
    return [(prompt_id, Cell(*cell), action) for prompt_id, *cell, action in rows]


def holders(transaction: Transaction) -> int:
    """How many contributors hold a lease."""
    return transaction.read(HOLDERS)[0][0]


def open_levels(transaction: Transaction, goal: int) -> dict[int, int]:
    """How many prompts stand at each level below the goal, lowest level first."""
    return {level: int(number) for level, number in transaction.read(OPEN_LEVELS, goal=goal)}


def levels(transaction: Transaction) -> list[tuple[int, int, Cell, int, int]]:
    """Each level of each cell: level, cell_id, cell, how many prompts, and their claims together."""
    return [
        (level, cell_id, Cell(*cell), int(number), int(claims))
        for level, cell_id, *cell, number, claims in transaction.read(LEVELS)
    ]


def open_cells(connection: Connection, goal: int) -> list[tuple[Cell, int]]:
    """How many prompts of each cell want ratings."""
    rows = connection.execute(OPEN_CELLS, {"goal": goal})
    return [(Cell(*cell), int(prompts)) for *cell, prompts in rows]


def some_place(transaction: Transaction, level: int) -> Place:
    """A place in a level's ring, each prompt as likely to be the next from there as any other."""
    cells = transaction.read(CELLS_OF_LEVEL, level=level)
    # Chosen here: a window function takes SQLite twice as long.
    [cell] = random.choices(*zip(*cells, strict=True)) if cells else [0]
    return Place(cell, random.getrandbits(63))


def unknown_to(
    transaction: Transaction,
    contributor: str,
    level: int,
    place: Place,
    window: int,
    wanted: int,
    *,
    only_its_cell: bool = False,
) -> list[Waiting]:
    """Prompts of one level that a contributor has no opinion of and does not hold.

    Args:
        place: Where in the ring to begin.
        window: At how many prompts to look at most.
        wanted: How many to find at most.
        only_its_cell: Walk only where the prompts of the place's cell stand.
    """
    named = {"level": level, **place._asdict(), "window": window, "contributor": contributor}
    statement = UNKNOWN_OF_CELL if only_its_cell else UNKNOWN_OF_LEVEL
    return [Waiting(*row) for row in transaction.read(statement, **named, wanted=wanted)]


def stretch(transaction: Transaction, level: int, place: Place, wanted: int) -> list[Waiting]:
    """Prompts that stand next to each other in a level's ring from a place on, whoever knows them."""
    named = {"level": level, **place._asdict(), "window": wanted}
    return [Waiting(*row) for row in transaction.read(STRETCH, **named)]


def known(transaction: Transaction, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those pairs of contributor and prompt_id where the contributor has an opinion of the prompt or holds it."""
    return set(map(tuple, transaction.read(KNOWN, pairs)))


def skipped_by(
    transaction: Transaction, contributor: str, goal: int, few: int, thorough: bool
) -> Iterator[Waiting]:
    """Open prompts a contributor skipped and does not hold, oldest skip first.

    Args:
        few: At so many skips is looked first.
        thorough: Whether to go on to all others.
    """
    for start, window in ((0, few), (few, ALL)) if thorough else ((0, few),):
        named = {"contributor": contributor, "goal": goal, "start": start, "window": window}
        skips = transaction.read(SKIPPED_BY, **named)
        yield from (Waiting(*skip) for skip in skips if skip[0] is not None)
        if len(skips) < window:
            return


def least_claimed(connection: Connection) -> str | None:
    """The prompt that most wants a rating, whoever gives it."""
    return connection.execute(LEAST_CLAIMED).scalar()


class Leases:
    """Prompts that are being handed out, written together.

    As long as they are not written, the store offers them to the next who asks: `has` tells which.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._new: dict[str, tuple[str, Waiting, int]] = {}
        self._moved = Levels()

    def has(self, prompt_id: str) -> bool:
        """Whether a prompt is being handed out and the store does not know it yet."""
        return prompt_id in self._new

    def add(self, contributor: str, prompt: Waiting, expires_at: int) -> None:
        """Hand a prompt to a contributor until a moment."""
        self._new[prompt.prompt_id] = contributor, prompt, expires_at
        self._moved.leave(prompt.cell, prompt.level, prompt.claims)
        self._moved.enter(prompt.cell, prompt.level + 1, prompt.claims + 1)

    def write(self) -> None:
        """Write what was handed out, in the order of its keys."""
        leases, claims = [], []
        for prompt_id, (contributor, _, expires_at) in sorted(self._new.items()):
            leases.append((contributor, prompt_id, expires_at))
            claims.append((prompt_id, 1, 1))
        self._transaction.change(LEASE, leases)
        self._transaction.change(CLAIM, claims)
        self._moved.write(self._transaction)
        self._new.clear()


def renew(transaction: Transaction, contributor: str, prompt_ids: Collection[str], expires_at: int) -> None:
    """Let a contributor keep prompts until a later moment."""
    transaction.change(LEASE, [(contributor, prompt_id, expires_at) for prompt_id in sorted(prompt_ids)])


def end(transaction: Transaction, leases: Sequence[tuple[str, str]]) -> None:
    """Give prompts back to the others: contributor and prompt_id of each lease."""
    transaction.change(END_LEASE, sorted(leases))
    claim(transaction, {p: -n for p, n in Counter(prompt_id for _, prompt_id in leases).items()})


def end_expired(transaction: Transaction) -> int:
    """Give back every prompt whose lease is over; returns how many leases were."""
    now = transaction.now
    expired = transaction.read(EXPIRED, now=now, latest=now + LONGEST_LEASE_MS)
    if expired:
        end(transaction, expired)
    return len(expired)


def claim(transaction: Transaction, changes: Mapping[str, int]) -> None:
    """Change the claims of prompts that stand in the queue; those that do not are left alone."""
    if not changes:
        return
    moved = Levels()
    rows = []
    for prompt_id, cell, claims, level in transaction.read(STANDING, [[prompt_id] for prompt_id in changes]):
        change = changes[prompt_id]
        moved.leave(cell, level, claims)
        moved.enter(cell, level + change, claims + change)
        rows.append((prompt_id, change, change))
    transaction.change(CLAIM, sorted(rows))
    moved.write(transaction)


def leases_on(transaction: Transaction, prompt_id: str) -> int:
    """How many hold a prompt."""
    return transaction.read(LEASES_ON, prompt_id=prompt_id)[0][0]


def want_extra(transaction: Transaction, extra: bool) -> None:
    """From now on prompts whose scores are far apart want one rating more than others, or no longer."""
    connection = transaction.connection
    connection.execute(CONTESTED, {"extra": int(extra)})
    connection.execute(FORGET_LEVELS)
    connection.execute(COUNT_LEVELS, {"slot": transaction.slot})
