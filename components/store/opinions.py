"""Opinions as numbers: how many prompts have which scores, and who gave which; for whoever computes agreement.

Prompts that were removed, and those that wait for an organizer because of their flags, are in none of it, nor
is anybody who is excluded: these are the ratings that a snapshot holds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, RowMapping, text

from components.records import Cell
from components.store import exports, tallies
from components.store.database import streamed
from components.store.exports import in_lines
from components.store.moderation import HELD_BACK
from components.store.statement import Statement
from components.store.tallies import SCORE_COLUMNS

RATED = " + ".join(SCORE_COLUMNS)

PATTERNS = text(f"""
    SELECT cell, n1, n2, n3, n4, n5, COUNT(*) AS prompts FROM prompt_tallies WHERE {RATED} > 0
    GROUP BY cell, n1, n2, n3, n4, n5
""")
CELLS = text("SELECT cell, source, kind, length_class, language FROM cells")
RETIRED = text("SELECT prompt_id FROM prompts WHERE status IN ('retired', 'undone')")
GIVEN = text("""
    SELECT contributor, SUM(ratings) AS ratings FROM contributor_tallies
    WHERE contributor NOT IN (SELECT contributor_id FROM contributors WHERE excluded)
    GROUP BY contributor HAVING SUM(ratings) > 0
""")
# Ratings are found by who gave them, and who may have by their events.
RATERS_OF = text("""
    SELECT ratings.contributor FROM (SELECT DISTINCT contributor FROM events WHERE prompt_id = :prompt_id) AS here
    JOIN ratings ON ratings.contributor = here.contributor AND ratings.prompt_id = :prompt_id
    WHERE score IS NOT NULL
""")
RATED_BY = text("""
    SELECT ratings.prompt_id, cell, n1, n2, n3, n4, n5, score FROM ratings
    JOIN prompt_tallies ON prompt_tallies.prompt_id = ratings.prompt_id
    WHERE contributor = :contributor AND action = 'rated'
""")
BOTH = text(f"""
    SELECT one.score AS first, other.score AS second, COUNT(*) AS prompts FROM ratings AS one
    JOIN ratings AS other ON other.prompt_id = one.prompt_id
    JOIN prompts ON prompts.prompt_id = one.prompt_id
    JOIN prompt_tallies ON prompt_tallies.prompt_id = one.prompt_id
    WHERE one.contributor = :first AND one.action = 'rated'
      AND other.contributor = :second AND other.action = 'rated'
      AND status NOT IN ('retired', 'undone') AND (status = 'kept' OR NOT ({HELD_BACK}))
    GROUP BY one.score, other.score
""")
# As in `exports`: millions of rows come as text, thousands at a time.
RATINGS = Statement(
    """
    SELECT {lines} FROM ratings
    WHERE contributor = :contributor AND action = 'rated' AND prompt_id >= :first AND prompt_id < :bound
    """,
    lines=("prompt_id", "score", "decided_at"),
)
PROMPTS = Statement(
    f"""
    SELECT {{lines}} FROM prompt_tallies
    WHERE {RATED} > 0 AND prompt_id >= :first AND prompt_id < :bound
    """,
    lines=("prompt_id", "cell"),
)
AT_ONCE = 500
# Bounds of ids of prompts, which are in hex: 256 parts of about the same size.
PARTS = (*(f"{number:02x}" for number in range(256)), "g")


@dataclass(frozen=True, slots=True)
class Removed:
    """The prompts that are left out.

    Attributes:
        rated: Of those with ratings, the tally: cell, n1 to n5.
        people: Of contributors, how many of their ratings that are.
    """

    prompts: frozenset[str]
    rated: Mapping[str, RowMapping]
    people: Mapping[str, int]

    @property
    def ratings(self) -> int:
        """How many ratings are left out with them."""
        return sum(row[name] for row in self.rated.values() for name in SCORE_COLUMNS)


def removed(connection: Connection) -> Removed:
    """The prompts that are left out, at this moment."""
    prompts = sorted({*connection.execute(RETIRED).scalars(), *exports.flagged(connection)})
    rated = {}
    for first in range(0, len(prompts), AT_ONCE):
        found = tallies.of_prompts(connection, prompts[first : first + AT_ONCE])
        rated |= {one: row for one, row in found.items() if any(row[name] for name in SCORE_COLUMNS)}
    people: Counter[str] = Counter()
    for prompt_id in rated:
        people.update(connection.execute(RATERS_OF, {"prompt_id": prompt_id}).scalars())
    return Removed(frozenset(prompts), rated, people)


def cells(connection: Connection) -> dict[int, Cell]:
    """What prompts of each cell have in common, by its number."""
    return {number: Cell(*told) for number, *told in connection.execute(CELLS)}


def patterns(connection: Connection, left_out: Removed) -> Counter[tuple[int, ...]]:
    """How many prompts of each cell have the same scores: (cell, n1, ..., n5) to prompts; all of them are rated."""
    found = Counter({tuple(row[:-1]): row.prompts for row in connection.execute(PATTERNS)})
    found.subtract((row["cell"], *(row[name] for name in SCORE_COLUMNS)) for row in left_out.rated.values())
    return +found


def rated_by(
    connection: Connection, contributor: str, left_out: Removed
) -> Counter[tuple[tuple[int, ...], int]]:
    """How many prompts of each pattern, a key of `patterns`, a contributor gave each score: ((cell, n1, ..., n5), score)."""
    rows = streamed(connection, RATED_BY, {"contributor": contributor})
    return Counter((tuple(row[1:7]), row.score) for row in rows if row.prompt_id not in left_out.prompts)


def given(connection: Connection, left_out: Removed) -> dict[str, int]:
    """How many ratings everybody gave who gave any, in the order of their ids."""
    found = {
        row.contributor: int(row.ratings) - left_out.people.get(row.contributor, 0)
        for row in connection.execute(GIVEN)
    }
    return {who: number for who, number in sorted(found.items()) if number > 0}


def ratings(
    connection: Connection, contributors: Iterable[str], parts: int
) -> Iterator[tuple[str, str | None]]:
    """What contributors gave, as each one's texts of lines: prompt_id,score,decided_at; removed prompts included.

    Args:
        parts: Of so many of the 256 parts of all prompts; which prompts are in a part is chance.
    """
    for contributor in contributors:
        yield contributor, in_lines(connection, RATINGS, {"contributor": contributor} | _bounds(0, parts))


def prompts(connection: Connection, parts: int) -> Iterator[str]:
    """The rated prompts of these parts, as texts of lines: prompt_id,cell; removed ones included."""
    for first, after in pairwise([*range(0, parts, 16), parts]):
        lines = in_lines(connection, PROMPTS, _bounds(first, after))
        if lines:
            yield lines


def both(connection: Connection, first: str, second: str) -> dict[tuple[int, int], int]:
    """How many prompts that both rated one gave this score and the other that one."""
    rows = connection.execute(BOTH, {"first": first, "second": second})
    return {(row.first, row.second): row.prompts for row in rows}


def _bounds(first: int, after: int) -> dict[str, str]:
    # Before the first part there is nothing: any id is larger than an empty one.
    return {"first": PARTS[first] if first else "", "bound": PARTS[after]}
