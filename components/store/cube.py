"""What charts are made of: ratings by day or hour, source, kind, length and score, all of them or those of a filter."""

from datetime import date

from sqlalchemy import Connection, RowMapping, String, TextClause, bindparam, text

from components.records import EVERYTHING, Filter
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

# Of prompts that were rated, a part of their ids at a time.
RATED_PROMPTS = text("""
    SELECT source, kind, metadata, n1, n2, n3, n4, n5 FROM prompt_tallies
    JOIN prompts ON prompts.prompt_id = prompt_tallies.prompt_id
    WHERE prompt_tallies.prompt_id >= :first AND prompt_tallies.prompt_id < :after
      AND n1 + n2 + n3 + n4 + n5 > 0
""")
TOUCHED = text("SELECT DISTINCT prompt_id, action FROM events WHERE writer = :writer AND number > :after")


def scores(connection: Connection, chosen: Filter = EVERYTHING) -> list[RowMapping]:
    """How often each score was given: source, kind, length_class, score, ratings."""
    return _counted(connection, SCORES_BY, chosen)


def hours(connection: Connection, chosen: Filter = EVERYTHING) -> list[RowMapping]:
    """Ratings of each hour and kind that has any: hour (hours since the epoch, UTC), kind, ratings."""
    return _counted(connection, HOURS, chosen)


def spent(connection: Connection, chosen: Filter = EVERYTHING) -> list[RowMapping]:
    """How long people looked before they rated: kind, from_s (a class of `SPENT_FROM_S`), ratings."""
    return _counted(connection, SPENT, chosen)


def totals(connection: Connection, chosen: Filter = EVERYTHING) -> list[int]:
    """How many ratings each contributor gave who gave any, in no order.

    They are not counted by kind; a filter's days are taken as the contributors' own.
    """
    return [int(total) for total in connection.execute(TOTALS, _parameters(chosen)).scalars()]


def rated_prompts(connection: Connection, beginning: str) -> list[RowMapping]:
    """Prompts with ratings whose ids, in hex, begin so: source, kind, metadata (JSON), n1 to n5."""
    # After all digits and letters of hex.
    asked = {"first": beginning, "after": f"{beginning}g"}
    return connection.execute(RATED_PROMPTS, asked).mappings().all()


def touched(connection: Connection, writer: str, after: int) -> list[tuple[str | None, str]]:
    """What happened to which prompts, by the events of a writer after one of its numbers; each once."""
    return [tuple(row) for row in connection.execute(TOUCHED, {"writer": writer, "after": after})]


def rated_sources(connection: Connection) -> list[RowMapping]:
    """Sources with ratings: source, kind, first and last (UTC days with a tally), ratings."""
    return connection.execute(RATED_SOURCES).mappings().all()


def _counted(connection: Connection, query: TextClause, chosen: Filter) -> list[RowMapping]:
    # Ratings that were all taken back leave tallies of zero.
    return [row for row in connection.execute(query, _parameters(chosen)).mappings() if row["ratings"]]


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
