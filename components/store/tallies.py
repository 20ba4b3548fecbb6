"""Tallies: integers kept up to date in the transaction that changes an opinion, equal to a recount.

A change of opinion takes the old one out of every table and puts the new one in.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, RowMapping, bindparam, text

from components.records import HOUR_MS, SCORES, Action, Opinion
from components.store.writer import Transaction

NEW_PROMPT = text(
    "INSERT INTO prompt_tallies (prompt_id, n1, n2, n3, n4, n5, skips) VALUES (:prompt_id, 0, 0, 0, 0, 0, 0)"
)
ADD_TO_PROMPT = text("""
    UPDATE prompt_tallies
    SET n1 = n1 + :n1, n2 = n2 + :n2, n3 = n3 + :n3, n4 = n4 + :n4, n5 = n5 + :n5, skips = skips + :skips
    WHERE prompt_id = :prompt_id
    RETURNING n1 + n2 + n3 + n4 + n5
""")
ADD_TO_CONTRIBUTOR = text("""
    INSERT INTO contributor_tallies (contributor, day, source, ratings, skips)
    VALUES (:contributor, :day, :source, :ratings, :skips)
    ON CONFLICT (contributor, day, source) DO UPDATE
    SET ratings = contributor_tallies.ratings + excluded.ratings, skips = contributor_tallies.skips + excluded.skips
""")
ADD_TO_SCORES = text("""
    INSERT INTO score_tallies (day, source, kind, length_class, score, slot, ratings)
    VALUES (:day, :source, :kind, :length_class, :score, :slot, :ratings)
    ON CONFLICT (day, source, kind, length_class, score, slot) DO UPDATE
    SET ratings = score_tallies.ratings + excluded.ratings
""")
ADD_TO_HOUR = text("""
    INSERT INTO hour_tallies (hour, slot, ratings) VALUES (:hour, :slot, :ratings)
    ON CONFLICT (hour, slot) DO UPDATE SET ratings = hour_tallies.ratings + excluded.ratings
""")
ADD_TO_COVERAGE = text("""
    INSERT INTO coverage_tallies (ratings, slot, prompts) VALUES (:ratings, :slot, :prompts)
    ON CONFLICT (ratings, slot) DO UPDATE SET prompts = coverage_tallies.prompts + excluded.prompts
""")

COVERAGE = text(
    "SELECT ratings, SUM(prompts) AS prompts FROM coverage_tallies GROUP BY ratings ORDER BY ratings"
)
SCORES_BY = text("""
    SELECT source, kind, score, SUM(ratings) AS ratings FROM score_tallies
    GROUP BY source, kind, score ORDER BY source, kind, score
""")
HOURS = text("SELECT hour, SUM(ratings) AS ratings FROM hour_tallies GROUP BY hour ORDER BY hour")
STANDINGS = text("""
    SELECT username, name, profile, SUM(ratings) AS ratings
    FROM contributor_tallies JOIN contributors ON contributor_id = contributor
    GROUP BY contributor_id, username, name, profile
    HAVING SUM(ratings) > 0
    ORDER BY ratings DESC, username
""")
OWN_PROGRESS = text("""
    SELECT COALESCE(SUM(ratings), 0) AS ratings,
           COALESCE(SUM(CASE WHEN day = :today THEN ratings ELSE 0 END), 0) AS today
    FROM contributor_tallies WHERE contributor = :contributor
""")
RATERS = text(
    "SELECT COUNT(*) FROM (SELECT contributor FROM contributor_tallies GROUP BY contributor HAVING SUM(ratings) > 0) AS raters"
)


NO_COUNTS = {f"n{score}": 0 for score in SCORES} | {"skips": 0}


def utc_day(moment: int) -> str:
    """The ISO date of a moment in UTC."""
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def plausible_day(local_date: str | None, moment: int) -> str:
    """A contributor's own date where it can be true (within a day of UTC's), else UTC's."""
    utc = datetime.fromtimestamp(moment / 1000, UTC).date()
    try:
        local = date.fromisoformat(local_date or "")
    except ValueError:
        return utc.isoformat()
    return local.isoformat() if abs((local - utc).days) <= 1 else utc.isoformat()


def add_prompts(transaction: Transaction, prompt_ids: Sequence[str]) -> None:
    """Begin to count for prompts that were just added."""
    transaction.connection.execute(NEW_PROMPT, [{"prompt_id": prompt_id} for prompt_id in sorted(prompt_ids)])
    transaction.connection.execute(
        ADD_TO_COVERAGE, {"ratings": 0, "slot": transaction.slot, "prompts": len(prompt_ids)}
    )


def change_opinion(
    transaction: Transaction, prompt: Mapping, contributor: str, old: Opinion | None, new: Opinion
) -> None:
    """Count a new opinion of a prompt, and no longer the old one.

    Args:
        prompt: Its prompt_id, source, kind and length_class.
    """
    if old is not None:
        _count(transaction, prompt, contributor, old, -1)
    _count(transaction, prompt, contributor, new, 1)


def _count(
    transaction: Transaction, prompt: Mapping, contributor: str, opinion: Opinion, change: int
) -> None:
    connection, slot = transaction.connection, transaction.slot
    rated = opinion.action == Action.RATED
    counts = NO_COUNTS | {f"n{opinion.score}" if rated else "skips": change}
    total = connection.execute(ADD_TO_PROMPT, counts | {"prompt_id": prompt["prompt_id"]}).scalar_one()
    own = {"ratings": change if rated else 0, "skips": 0 if rated else change}
    connection.execute(
        ADD_TO_CONTRIBUTOR,
        {"contributor": contributor, "day": opinion.day, "source": prompt["source"]} | own,
    )
    if not rated:
        return
    scored = {
        "day": utc_day(opinion.decided_at),
        "source": prompt["source"],
        "kind": prompt["kind"],
        "length_class": prompt["length_class"],
        "score": opinion.score,
    }
    connection.execute(ADD_TO_SCORES, scored | {"slot": slot, "ratings": change})
    connection.execute(ADD_TO_HOUR, {"hour": opinion.decided_at // HOUR_MS, "slot": slot, "ratings": change})
    moved = ((total - change, -1), (total, 1))
    connection.execute(
        ADD_TO_COVERAGE,
        [{"ratings": ratings, "slot": slot, "prompts": prompts} for ratings, prompts in sorted(moved)],
    )


def coverage(connection: Connection) -> dict[int, int]:
    """How many prompts have each number of ratings."""
    return {row.ratings: row.prompts for row in connection.execute(COVERAGE) if row.prompts}


def scores(connection: Connection) -> list[RowMapping]:
    """How often each score was given: source, kind, score, ratings."""
    return connection.execute(SCORES_BY).mappings().all()


def hours(connection: Connection) -> list[RowMapping]:
    """Ratings of each hour that has any: hour (hours since the epoch, UTC), ratings."""
    return [row for row in connection.execute(HOURS).mappings() if row["ratings"]]


def standings(connection: Connection) -> list[RowMapping]:
    """Everybody who rated, most ratings first: username, name, profile, ratings."""
    return connection.execute(STANDINGS).mappings().all()


def own_progress(connection: Connection, contributor: str, today: str) -> dict[str, int]:
    """A contributor's ratings in all and today: ratings, today."""
    row = connection.execute(OWN_PROGRESS, {"contributor": contributor, "today": today}).one()
    return {"ratings": row.ratings, "today": row.today}


def raters(connection: Connection) -> int:
    """How many contributors have a rating that counts."""
    return connection.execute(RATERS).scalar_one()


WRITERS = text("SELECT writer, number FROM writers")
ACTORS = text("SELECT DISTINCT contributor, action FROM events WHERE writer = :writer AND number > :after")
STANDING = text("""
    SELECT contributor_id, username, name, profile, ratings
    FROM (SELECT contributor, SUM(ratings) AS ratings FROM contributor_tallies GROUP BY contributor) AS totals
    JOIN contributors ON contributor_id = contributor
    WHERE ratings > 0
""")
STANDING_OF = text(
    STANDING.text.replace("GROUP BY", "WHERE contributor IN :contributors GROUP BY")
).bindparams(bindparam("contributors", expanding=True))


def vector(connection: Connection) -> dict[str, int]:
    """How far each writer has come."""
    return {row.writer: row.number for row in connection.execute(WRITERS)}


def actors(connection: Connection, writer: str, after: int) -> list[tuple[str, str]]:
    """Who did what, by the events of a writer after one of its numbers: contributor, action; each once."""
    return [
        (row.contributor, row.action)
        for row in connection.execute(ACTORS, {"writer": writer, "after": after})
    ]


def standing(connection: Connection) -> list[RowMapping]:
    """Everybody who rated, in no order: contributor_id, username, name, profile, ratings."""
    return connection.execute(STANDING).mappings().all()


def standing_of(connection: Connection, contributors: Collection[str]) -> list[RowMapping]:
    """Those of these contributors who rated, in no order; columns as of `standing`."""
    return connection.execute(STANDING_OF, {"contributors": sorted(contributors)}).mappings().all()
