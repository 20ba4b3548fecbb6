"""What charts are made of: ratings by day or hour, source, kind, length and score, all of them or those of a filter."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, String, TextClause, bindparam, text

from components.records import EVERYTHING, Filter
from components.store.database import answered
from components.store.statement import Statement
from components.store.tallies import EPOCH

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
DAY_HOURS = 24

# What a `Filter` leaves of the tallies by day; `every_` is 1 where it does not restrict.
CHOSEN = """
    (:every_source = 1 OR source IN :sources) AND (:every_kind = 1 OR kind IN :kinds)
"""
SCORES_BY = text(f"""
    SELECT source, kind, length_class, score, SUM(ratings) AS ratings FROM score_tallies
    WHERE day BETWEEN :first AND :last AND {CHOSEN}
    GROUP BY source, kind, length_class, score ORDER BY source, kind, length_class, score
""")
HOURS = text(f"""
    SELECT hour, kind, SUM(ratings) AS ratings FROM hour_tallies
    WHERE hour BETWEEN :first_hour AND :last_hour AND {CHOSEN}
    GROUP BY hour, kind ORDER BY hour, kind
""")
SPENT = text(f"""
    SELECT kind, from_s, SUM(ratings) AS ratings FROM spent_tallies
    WHERE day BETWEEN :first AND :last AND {CHOSEN}
    GROUP BY kind, from_s ORDER BY from_s, kind
""")
TOTALS = text("""
    SELECT SUM(ratings) AS ratings FROM contributor_tallies
    WHERE day BETWEEN :first AND :last AND (:every_source = 1 OR source IN :sources)
      AND contributor NOT IN (SELECT contributor_id FROM contributors WHERE excluded)
    GROUP BY contributor HAVING SUM(ratings) > 0
""")
# Typed, since PostgreSQL does not compare a text with an empty list of nobody knows what.
SOURCES, SOME_KINDS = (bindparam(name, expanding=True, type_=String) for name in ("sources", "kinds"))
SCORES_BY, HOURS, SPENT = (query.bindparams(SOURCES, SOME_KINDS) for query in (SCORES_BY, HOURS, SPENT))
TOTALS = TOTALS.bindparams(SOURCES)
RATED_SOURCES = text("""
    SELECT source, kind, MIN(day) AS first, MAX(day) AS last, SUM(ratings) AS ratings FROM score_tallies
    GROUP BY source, kind HAVING SUM(ratings) > 0 ORDER BY source, kind
""")

# Of prompts that were rated, a part of their ids at a time: joined with a table of many parts, PostgreSQL would
# rather read all prompts.
RATED_PROMPTS = Statement(
    """
    SELECT source, kind, metadata, n1, n2, n3, n4, n5 FROM prompt_tallies
    JOIN prompts ON prompts.prompt_id = prompt_tallies.prompt_id
    WHERE prompt_tallies.prompt_id >= :first AND prompt_tallies.prompt_id < :after
      AND n1 + n2 + n3 + n4 + n5 > 0
    """,
    returns=8,
)
TOUCHED = Statement(
    "SELECT DISTINCT prompt_id, action FROM events WHERE writer = :writer AND number > :after", returns=2
)


def scores(connection: Connection, chosen: Filter = EVERYTHING) -> list[dict]:
    """How often each score was given: source, kind, length_class, score, ratings."""
    return _counted(connection, SCORES_BY, chosen)


def hours(connection: Connection, chosen: Filter = EVERYTHING) -> list[dict]:
    """Ratings of each hour and kind that has any: hour (hours since the epoch, UTC), kind, ratings."""
    return _counted(connection, HOURS, chosen)


def spent(connection: Connection, chosen: Filter = EVERYTHING) -> list[dict]:
    """How long people looked before they rated: kind, from_s (a class of `SPENT_FROM_S`), ratings."""
    return _counted(connection, SPENT, chosen)


def totals(connection: Connection, chosen: Filter = EVERYTHING) -> list[int]:
    """How many ratings each contributor gave who gave any, in no order.

    They are not counted by kind; a filter's days are taken as the contributors' own.
    """
    return [int(total) for total in connection.execute(TOTALS, _parameters(chosen)).scalars()]


def rated_prompts(connection: Connection, beginning: str) -> list[Sequence]:
    """Prompts with ratings whose ids, in hex, begin so: source, kind, metadata (JSON), n1 to n5."""
    # "g" comes after all digits and letters of hex.
    return answered(connection, RATED_PROMPTS, first=beginning, after=f"{beginning}g")


def touched(connection: Connection, writer: str, after: int) -> list[Sequence]:
    """What happened to which prompts, by the events of a writer after one of its numbers: prompt_id or None, action; each once."""
    return answered(connection, TOUCHED, writer=writer, after=after)


def rated_sources(connection: Connection) -> list[RowMapping]:
    """Sources with ratings: source, kind, first and last (UTC days with a tally), ratings."""
    return connection.execute(RATED_SOURCES).mappings().all()


def _counted(connection: Connection, query: TextClause, chosen: Filter) -> list[dict]:
    # Ratings that were all taken back leave tallies of zero.
    found = connection.execute(query, _parameters(chosen))
    names = tuple(found.keys())
    rows = [dict(zip(names, row, strict=True)) for row in found.all()]
    return [row for row in rows if row["ratings"]]


def _parameters(chosen: Filter) -> dict[str, object]:
    first, last = chosen.first or FIRST_DAY, chosen.last or LAST_DAY
    return {
        "every_source": int(not chosen.sources),
        "every_kind": int(not chosen.kinds),
        "sources": chosen.sources,
        "kinds": chosen.kinds,
        "first": first,
        "last": last,
        "first_hour": (date.fromisoformat(first) - EPOCH).days * DAY_HOURS,
        "last_hour": (date.fromisoformat(last) - EPOCH).days * DAY_HOURS + DAY_HOURS - 1,
    }
