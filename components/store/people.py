"""People as organizers see them: who is there, what each of them did, how fast, and who did something."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from operator import itemgetter
from statistics import median
from typing import Any

from sqlalchemy import Connection, String, bindparam, text

from components.folding import folded
from components.store.paging import paged
from components.store.sprints import TERMINAL

EVERYBODY = text("""
    SELECT contributor_id, username, name, organizer, excluded, excluded_reason, first_seen, last_seen, last_seen AS signed_in
    FROM contributors
""")
# By an index; over everybody's ratings it would take seconds.
LAST_DECIDED = text("SELECT MAX(decided_at) FROM ratings WHERE contributor = :contributor")
TOTALS = text("""
    SELECT contributor, SUM(ratings) AS ratings, SUM(skips) AS skips, SUM(discards) AS discards,
           SUM(flags) AS flags, COUNT(DISTINCT day) AS days,
           MAX(day) AS last_day
    FROM contributor_tallies GROUP BY contributor
""")
# Event ids are random, so the first of them are a sample of all, and found by an index.
SAMPLE = text("""
    SELECT shown_ms FROM events
    WHERE contributor = :contributor AND action = 'rated' AND shown_ms IS NOT NULL
    ORDER BY event_id LIMIT :most
""")
SAMPLED = 400
NAMES = text("SELECT contributor_id, username FROM contributors WHERE contributor_id IN :ids").bindparams(
    bindparam("ids", expanding=True, type_=String)
)
GIVEN = text("""
    SELECT SUM(ratings) FROM contributor_tallies
    WHERE contributor NOT IN (SELECT contributor_id FROM contributors WHERE excluded)
    GROUP BY contributor HAVING SUM(ratings) > 0
""")
COUNTING = text("SELECT contributor_id, username FROM contributors WHERE NOT excluded")
ALSO = text("SELECT also, username FROM contributors WHERE also <> '[]'")
NAMED = text("SELECT contributor_id, username, name FROM contributors")

COUNTED = ("ratings", "skips", "discards", "flags", "days")
NOBODY = "somebody who deleted their account"
# How the table can be ordered, by a column and whether the greatest comes first.
ORDERS = {
    "ratings": ("ratings", True),
    "name": ("sorted", False),
    "last_seen": ("last_seen", True),
    "first_seen": ("first_seen", True),
}
# Who is in it.
WHICH = {
    "everybody": lambda person: True,
    "organizers": itemgetter("organizer"),
    "excluded": itemgetter("excluded"),
}


def listed(connection: Connection, which: str, words: str, order: str, page: int, most: int) -> tuple:
    """One page of people; after the last page the last one again.

    Args:
        which: One of `WHICH`.
        words: In their username or name, in any case, with or without accents; empty for all.
        order: One of `ORDERS`.

    Returns:
        How many there are, the page, how many pages, and its rows: contributor_id, username, name, organizer,
        excluded, excluded_reason, first_seen, last_seen (when they last signed in or decided something), ratings, skips, discards, flags, days, and median_ms
        a rating took them (None if that is not known).
    """
    wanted = folded(words.strip())
    totals = {row["contributor"]: row for row in connection.execute(TOTALS).mappings()}
    found = []
    for person in connection.execute(EVERYBODY).mappings():
        named = folded(f"{person['username']}\n{person['name']}")
        if WHICH[which](person) and wanted in named:
            counted = totals.get(person["contributor_id"])
            numbers = {name: int(counted[name]) if counted else 0 for name in COUNTED}
            about = numbers | {"sorted": named}
            if counted:
                about["last_seen"] = max(person["last_seen"], _begin(counted["last_day"]))
            found.append(dict(person) | about)
    column, greatest_first = ORDERS[order]
    found.sort(key=itemgetter("sorted", "contributor_id"))
    found.sort(key=itemgetter(column), reverse=greatest_first)
    page, pages, here = paged(len(found), page, most)
    rows = found[here]
    for row in rows:
        row["last_seen"] = _last_seen(connection, row)
    if order == "last_seen":
        rows.sort(key=itemgetter("last_seen"), reverse=True)
    for row in rows:
        del row["sorted"], row["signed_in"]
        row["median_ms"] = speed(connection, row["contributor_id"])
        row["organizer"], row["excluded"] = bool(row["organizer"]), bool(row["excluded"])
    return len(found), page, pages, rows


def _begin(day: str) -> int:
    return round(datetime.combine(date.fromisoformat(day), time(), UTC).timestamp() * 1000)


def _last_seen(connection: Connection, person: Mapping[str, Any]) -> int:
    """When somebody last signed in or decided something; before, only the day is known."""
    decided = connection.execute(LAST_DECIDED, {"contributor": person["contributor_id"]}).scalar()
    return max(person["signed_in"], decided or 0)


def speed(connection: Connection, contributor: str) -> int | None:
    """How many milliseconds somebody looks at a prompt before they rate it, as a median; of many, a sample's."""
    shown = spent(connection, contributor)
    return round(median(shown)) if shown else None


def spent(connection: Connection, contributor: str) -> Sequence[int]:
    """How many milliseconds somebody looked at each prompt they rated; of many, at a sample of them."""
    return connection.execute(SAMPLE, {"contributor": contributor, "most": SAMPLED}).scalars().all()


def given(connection: Connection) -> list[int]:
    """How many ratings each gave who gave any and is not excluded."""
    return [int(number) for number in connection.execute(GIVEN).scalars()]


def counting(connection: Connection) -> dict[str, str]:
    """The usernames of everybody who is not excluded, by contributor_id."""
    return {row.contributor_id: row.username for row in connection.execute(COUNTING)}


def names(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """What people are called, by any id they ever had; also who is none of them."""
    found = {TERMINAL: "The command line"}
    asked = sorted(set(ids) - found.keys())
    rows = connection.execute(NAMES, {"ids": asked}) if asked else ()
    found |= {row.contributor_id: row.username for row in rows}
    missing = set(asked) - found.keys()
    if missing:
        also = connection.execute(ALSO).all()
        found |= {one: row.username for one in missing for row in also if one in row.also}
    return {one: found.get(one, NOBODY) for one in ids}


def named(connection: Connection, name: str) -> list[str]:
    """The ids of those whose username it is, in any letter case, or whose id."""
    wanted = name.strip().casefold()
    return [
        row.contributor_id
        for row in connection.execute(NAMED)
        if wanted in (row.username.casefold(), row.contributor_id)
    ]
