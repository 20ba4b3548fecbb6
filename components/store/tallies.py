"""Tallies: integers kept up to date in the transaction that changes an opinion, equal to a recount.

A change of opinion takes the old one out of every table and puts the new one in.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Connection, RowMapping, bindparam, text

from components.records import (
    COUNTED_AS,
    DAY_MS,
    FLAG_REASONS,
    HOUR_MS,
    SCORES,
    SPENT_FROM_S,
    Action,
    Cell,
    Event,
    Opinion,
)
from components.store.database import answered
from components.store.statement import Statement
from components.store.writer import Transaction

EPOCH = date(1970, 1, 1)

SCORE_COLUMNS = tuple(f"n{score}" for score in SCORES)
OTHER_COLUMNS = ("skips", "discards", *FLAG_REASONS)
PROMPT_COLUMNS = (*SCORE_COLUMNS, *OTHER_COLUMNS)
CONTRIBUTOR_COLUMNS = tuple(COUNTED_AS.values())
STANDING_COLUMNS = ("ratings", "completed", "thin")

NEW_PROMPT = Statement(
    """
    INSERT INTO prompt_tallies (prompt_id, n1, n2, n3, n4, n5, skips, discards, spam, personal_data,
                                wrong_language, harmful, duplicate, broken, cell)
    SELECT prompt_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, cell FROM {given}
    """,
    "prompt_id",
    "cell int",
)


def _add_to_prompt(columns: Sequence[str]) -> Statement:
    changes = ", ".join(f"{column} = {column} + given.by_{column}" for column in columns)
    return Statement(
        f"UPDATE prompt_tallies SET {changes} FROM {{given}} WHERE prompt_tallies.prompt_id = given.prompt_id",
        "prompt_id",
        *(f"by_{column} int" for column in columns),
    )


# Scores apart: nearly always there is nothing else.
ADD_TO_PROMPT = tuple((columns, _add_to_prompt(columns)) for columns in (SCORE_COLUMNS, OTHER_COLUMNS))
ADD_TO_CONTRIBUTOR = Statement(
    """
    INSERT INTO contributor_tallies (contributor, day, source, ratings, skips, discards, flags)
    SELECT contributor, day, source, ratings, skips, discards, flags FROM {given} WHERE true
    ON CONFLICT (contributor, day, source) DO UPDATE
    SET ratings = contributor_tallies.ratings + excluded.ratings,
        skips = contributor_tallies.skips + excluded.skips,
        discards = contributor_tallies.discards + excluded.discards,
        flags = contributor_tallies.flags + excluded.flags
    """,
    "contributor",
    "day",
    "source",
    "ratings int",
    "skips int",
    "discards int",
    "flags int",
)
ADD_TO_STANDING = Statement(
    """
    INSERT INTO standing_tallies (contributor, day, utc_day, ratings, completed, thin)
    SELECT contributor, day, utc_day, ratings, completed, thin FROM {given} WHERE true
    ON CONFLICT (contributor, day, utc_day) DO UPDATE
    SET ratings = standing_tallies.ratings + excluded.ratings,
        completed = standing_tallies.completed + excluded.completed,
        thin = standing_tallies.thin + excluded.thin
    """,
    "contributor",
    "day",
    "utc_day int",
    "ratings int",
    "completed int",
    "thin int",
)
ADD_TO_SCORES = Statement(
    """
    INSERT INTO score_tallies (day, source, kind, length_class, score, slot, ratings)
    SELECT day, source, kind, length_class, score, slot, change FROM {given} WHERE true
    ON CONFLICT (day, source, kind, length_class, score, slot) DO UPDATE
    SET ratings = score_tallies.ratings + excluded.ratings
    """,
    "day",
    "source",
    "kind",
    "length_class",
    "score int",
    "slot int",
    "change int",
)
ADD_TO_HOUR = Statement(
    """
    INSERT INTO hour_tallies (hour, source, kind, late, slot, ratings)
    SELECT hour, source, kind, late, slot, change FROM {given} WHERE true
    ON CONFLICT (hour, source, kind, late, slot) DO UPDATE SET ratings = hour_tallies.ratings + excluded.ratings
    """,
    "hour int",
    "source",
    "kind",
    "late int",
    "slot int",
    "change int",
)
ADD_TO_SPENT = Statement(
    """
    INSERT INTO spent_tallies (day, source, kind, from_s, slot, ratings)
    SELECT day, source, kind, from_s, slot, change FROM {given} WHERE true
    ON CONFLICT (day, source, kind, from_s, slot) DO UPDATE
    SET ratings = spent_tallies.ratings + excluded.ratings
    """,
    "day",
    "source",
    "kind",
    "from_s int",
    "slot int",
    "change int",
)
ADD_TO_COVERAGE = Statement(
    """
    INSERT INTO coverage_tallies (cell, ratings, slot, prompts)
    SELECT cell, ratings, slot, change FROM {given} WHERE true
    ON CONFLICT (cell, ratings, slot) DO UPDATE SET prompts = coverage_tallies.prompts + excluded.prompts
    """,
    "cell int",
    "ratings int",
    "slot int",
    "change int",
)
DAYS_OF = Statement(
    """
    SELECT given.contributor, day, SUM(ratings) FROM {given}
    JOIN standing_tallies ON standing_tallies.contributor = given.contributor
    GROUP BY given.contributor, day HAVING SUM(ratings) > 0
    """,
    "contributor",
    returns=3,
)

COVERAGE = text(
    "SELECT ratings, SUM(prompts) AS prompts FROM coverage_tallies GROUP BY ratings ORDER BY ratings"
)
COVERAGE_OF_CELLS = text("""
    SELECT source, kind, ratings, SUM(prompts) AS prompts
    FROM coverage_tallies JOIN cells ON cells.cell = coverage_tallies.cell
    GROUP BY source, kind, ratings HAVING SUM(prompts) > 0 ORDER BY source, kind, ratings
""")
HOURS = text("SELECT hour, SUM(ratings) AS ratings FROM hour_tallies GROUP BY hour ORDER BY hour")
LATE = text("SELECT COALESCE(SUM(ratings), 0) FROM hour_tallies WHERE late = 1")
OF_PROMPTS = text("""
    SELECT * FROM prompt_tallies WHERE prompt_id IN :prompt_ids
""").bindparams(bindparam("prompt_ids", expanding=True))
DAYS = text("""
    SELECT day, SUM(ratings) AS ratings FROM standing_tallies
    WHERE contributor = :contributor GROUP BY day HAVING SUM(ratings) > 0
""")
EARNED = text("""
    SELECT COALESCE(SUM(ratings), 0), COALESCE(SUM(completed), 0), COALESCE(SUM(thin), 0)
    FROM standing_tallies WHERE contributor = :contributor
""")
WRITERS = text("SELECT writer, number FROM writers")
LAST_WRITERS = text("SELECT writer FROM writers ORDER BY started_at DESC, writer LIMIT :most")
ACTORS = Statement(
    "SELECT DISTINCT contributor, action FROM events WHERE writer = :writer AND number > :after", returns=2
)


def utc_day(moment: int) -> str:
    """The ISO date of a moment in UTC."""
    return _date(moment // DAY_MS)


def plausible_day(local_date: str | None, moment: int) -> str:
    """A contributor's own date where it can be true (within a day of UTC's), else UTC's."""
    # What is no date by its length alone is not worth remembering.
    return _plausible(local_date if local_date and len(local_date) == 10 else "", moment // DAY_MS)


# Asked several times for each rating, and always about today.
@lru_cache(1000)
def _date(days: int) -> str:
    return (EPOCH + timedelta(days)).isoformat()


@lru_cache(1000)
def _plausible(local_date: str, days: int) -> str:
    utc = EPOCH + timedelta(days)
    try:
        local = date.fromisoformat(local_date)
    except ValueError:
        return utc.isoformat()
    return local.isoformat() if abs((local - utc).days) <= 1 else utc.isoformat()


def spent_class(shown_ms: int) -> int:
    """The class of `SPENT_FROM_S` that a time belongs to: how many seconds it is at least."""
    return SPENT_FROM_S[bisect_right(SPENT_FROM_S, shown_ms // 1000) - 1]


def column_of(opinion: Opinion) -> str | None:
    """Where a prompt's tally counts an opinion, if anywhere."""
    if opinion.action == Action.RATED:
        return f"n{opinion.score}"
    if opinion.action == Action.FLAGGED:
        return opinion.reason
    return {Action.SKIPPED: "skips", Action.DISCARDED: "discards"}.get(opinion.action)


def add_prompts(
    transaction: Transaction, cells: Mapping[str, int], unwanted: Collection[str] = frozenset()
) -> None:
    """Begin to count for prompts that were just added.

    Args:
        cells: The id of each prompt's cell.
        unwanted: Those that want no ratings.
    """
    transaction.change(NEW_PROMPT, sorted(cells.items()))
    wanting = Counter(cell for prompt_id, cell in cells.items() if prompt_id not in unwanted)
    cover(transaction, {(cell, 0): number for cell, number in wanting.items()})


def cover(transaction: Transaction, changes: Mapping[tuple[int, int], int]) -> None:
    """Change how many prompts, of those that are wanted, have so many ratings: by cell and number of ratings."""
    slot = transaction.slot
    rows = [(*key, slot, change) for key, change in sorted(changes.items()) if change]
    transaction.change(ADD_TO_COVERAGE, rows)


class Changes:
    """What a group of opinions changes in the tallies, added up and written at once."""

    def __init__(self) -> None:
        self._prompts: dict[str, Counter[str]] = defaultdict(Counter)
        self._contributors: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        self._standings: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
        self._scores: Counter[tuple] = Counter()
        self._hours: Counter[tuple] = Counter()
        self._spent: Counter[tuple] = Counter()
        self._coverage: Counter[tuple[int, int]] = Counter()

    def count(self, prompt_id: str, cell: Cell, opinion: Opinion, change: int) -> None:
        """Count an opinion in all that is about prompts (change 1), or count it there no longer (-1)."""
        self._prompts[prompt_id][column_of(opinion)] += change
        if opinion.action == Action.RATED:
            day = utc_day(opinion.decided_at)
            self._scores[day, cell.source, cell.kind, cell.length_class, opinion.score] += change
            self._hours[opinion.decided_at // HOUR_MS, cell.source, cell.kind, opinion.late] += change

    def count_person(self, contributor: str, cell: Cell, opinion: Opinion, change: int) -> None:
        """Count an opinion in all that is about whose it is (change 1), or count it there no longer (-1)."""
        counted_as = COUNTED_AS.get(opinion.action)
        if counted_as is None:
            return
        self._contributors[contributor, opinion.day, cell.source][counted_as] += change
        if opinion.action == Action.RATED:
            standing = self._standings[contributor, opinion.day, opinion.decided_at // DAY_MS]
            standing[0] += change
            standing[1] += change * opinion.completes
            standing[2] += change * opinion.thin

    def spend(self, cell: Cell, event: Event, change: int) -> None:
        """Count how long somebody looked at a prompt before they rated it (change 1), or no longer (-1)."""
        if event.action == Action.RATED and event.shown_ms is not None:
            day = utc_day(event.decided_at)
            self._spent[day, cell.source, cell.kind, spent_class(event.shown_ms)] += change

    def move(self, cell: int, before: int, after: int) -> None:
        """Count a prompt of a cell that had so many ratings among those that have so many now."""
        self._coverage[cell, before] -= 1
        self._coverage[cell, after] += 1

    def write(self, transaction: Transaction) -> None:
        """Add all of it to the tallies, each table in the order of its keys."""
        slot = transaction.slot
        prompts = sorted(self._prompts.items())
        for columns, statement in ADD_TO_PROMPT:
            rows = [(prompt_id, *map(changes.__getitem__, columns)) for prompt_id, changes in prompts]
            transaction.change(statement, [row for row in rows if any(row[1:])])
        transaction.change(
            ADD_TO_CONTRIBUTOR,
            [
                (*key, *(changes[column] for column in CONTRIBUTOR_COLUMNS))
                for key, changes in sorted(self._contributors.items())
                if any(changes.values())
            ],
        )
        standings = sorted(self._standings.items())
        transaction.change(ADD_TO_STANDING, [(*key, *changes) for key, changes in standings if any(changes)])
        for statement, counted in (
            (ADD_TO_SCORES, self._scores),
            (ADD_TO_HOUR, self._hours),
            (ADD_TO_SPENT, self._spent),
            (ADD_TO_COVERAGE, self._coverage),
        ):
            transaction.change(
                statement, [(*key, slot, change) for key, change in sorted(counted.items()) if change]
            )


def coverage(connection: Connection) -> dict[int, int]:
    """How many prompts have each number of ratings."""
    return {row.ratings: int(row.prompts) for row in connection.execute(COVERAGE) if row.prompts}


def coverage_by_source(connection: Connection) -> dict[tuple[str, str], dict[int, int]]:
    """The same for the prompts of each source and kind."""
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row in connection.execute(COVERAGE_OF_CELLS):
        found[row.source, row.kind][row.ratings] = int(row.prompts)
    return dict(found)


def of_prompts(connection: Connection, prompt_ids: Collection[str]) -> dict[str, RowMapping]:
    """The tally of each of these prompts: `PROMPT_COLUMNS`."""
    rows = connection.execute(OF_PROMPTS, {"prompt_ids": list(prompt_ids)}).mappings()
    return {row["prompt_id"]: row for row in rows}


def hours(connection: Connection) -> list[RowMapping]:
    """Ratings of each hour that has any: hour (hours since the epoch, UTC), ratings."""
    return [row for row in connection.execute(HOURS).mappings() if row["ratings"]]


def late(connection: Connection) -> int:
    """How many ratings came in after the sprint had closed."""
    return int(connection.execute(LATE).scalar_one())


def days(connection: Connection, contributor: str) -> dict[str, int]:
    """A contributor's ratings on each of their days that has any."""
    return {row.day: int(row.ratings) for row in connection.execute(DAYS, {"contributor": contributor})}


def earned(connection: Connection, contributor: str) -> tuple[int, int, int]:
    """What a contributor has points for: ratings; how many completed a prompt; how many served a thin source."""
    ratings, completed, thin = connection.execute(EARNED, {"contributor": contributor}).one()
    return int(ratings), int(completed), int(thin)


def days_of(transaction: Transaction, contributors: Collection[str]) -> dict[str, dict[str, int]]:
    """The same for many at once; somebody without a rating is left out."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for contributor, day, ratings in transaction.read(DAYS_OF, [[one] for one in contributors]):
        found[contributor][day] = int(ratings)
    return found


def vector(connection: Connection) -> dict[str, int]:
    """How far each writer has come."""
    return {row.writer: row.number for row in connection.execute(WRITERS)}


def last_writers(connection: Connection, most: int) -> list[str]:
    """The writers that began last."""
    return list(connection.execute(LAST_WRITERS, {"most": most}).scalars())


def actors(connection: Connection, writer: str, after: int) -> list[Sequence]:
    """Who did what, by the events of a writer after one of its numbers: contributor, action; each once."""
    return answered(connection, ACTORS, writer=writer, after=after)
