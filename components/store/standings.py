"""What standings are made of: who rated, how they may be seen, and their ratings of each day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, text

from components.store.database import answered
from components.store.statement import Statement

PEOPLE = """
    SELECT contributor_id, username, name, picture, profile, visibility, nickname, team FROM contributors
    WHERE NOT excluded
"""
DAYS = """
    SELECT contributor, day, utc_day, ratings, completed, thin FROM standing_tallies WHERE ratings > 0
"""
BY_UTC_DAY = itemgetter(1)
EVERYBODY = text(PEOPLE)
EVERY_DAY = text(DAYS)
THESE = Statement(
    f"{PEOPLE} AND contributor_id IN (SELECT contributor FROM {{given}})", "contributor", returns=8
)
DAYS_OF_THESE = Statement(
    f"{DAYS} AND contributor IN (SELECT contributor FROM {{given}})", "contributor", returns=6
)
TEAMS = text("SELECT DISTINCT team FROM contributors WHERE team <> '' AND NOT excluded")
NICKNAMES = text("""
    SELECT username, name, nickname FROM contributors WHERE contributor_id <> :contributor
""")


class Day(NamedTuple):
    """Ratings of somebody that fall on one day of theirs and one day in UTC.

    Attributes:
        day: Their own date.
        utc_day: Since the epoch.
        completed: How many of the ratings completed a prompt.
        thin: How many of them served a thin source.
    """

    day: str
    utc_day: int
    ratings: int
    completed: int
    thin: int


class Rater(NamedTuple):
    """Somebody who has a rating that counts; what they are called is for `visibility` to say.

    Attributes:
        days: The earliest in UTC first.
        ratings, completed, thin: Of all days together.
    """

    contributor_id: str
    username: str
    name: str
    picture: str
    profile: str
    visibility: str
    nickname: str
    team: str
    days: tuple[Day, ...]
    ratings: int
    completed: int
    thin: int


def everybody(connection: Connection) -> dict[str, Rater]:
    """Everybody who rated and is not excluded, by contributor_id."""
    return _raters(connection.execute(EVERYBODY), connection.execute(EVERY_DAY))


def these(connection: Connection, contributors: Collection[str]) -> dict[str, Rater]:
    """Those of these contributors who rated and are not excluded."""
    asked = [[one] for one in sorted(contributors)]
    return _raters(answered(connection, THESE, asked), answered(connection, DAYS_OF_THESE, asked))


def teams(connection: Connection) -> list[str]:
    """The teams there are, as they are spelled."""
    return list(connection.execute(TEAMS).scalars())


def names_of_others(connection: Connection, contributor: str) -> set[str]:
    """What everybody else is called: usernames, names and nicknames."""
    rows = connection.execute(NICKNAMES, {"contributor": contributor})
    return {name for row in rows for name in row if name}


def _raters(people: Iterable[Sequence], days: Iterable[Sequence]) -> dict[str, Rater]:
    by_contributor: dict[str, list[Day]] = defaultdict(list)
    for contributor, *day in days:
        by_contributor[contributor].append(Day._make(day))
    found = {}
    for person in people:
        own = by_contributor.get(person[0])
        if own:
            own.sort(key=BY_UTC_DAY)
            _, _, *counts = zip(*own, strict=True)
            found[person[0]] = Rater(*person, tuple(own), *map(sum, counts))
    return found
