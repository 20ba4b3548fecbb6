"""The sprint's own row: the environment seeds it once, then the store wins."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Connection, text

from components.records import Action, Event, Quota, Sprint
from components.store import queue
from components.store.statement import Statement
from components.store.writer import Transaction

STANDING = Statement(
    """
    SELECT epoch, title, state, ratings_per_prompt, created_at, extra_rating, quotas, starts_at, ends_at,
           points, teams, ranking
    FROM sprint WHERE sprint_id = 1
    """,
    returns=12,
)
CURRENT = text(STANDING.sql)
BEGIN = text("""
    INSERT INTO sprint (sprint_id, epoch, title, state, ratings_per_prompt, created_at, extra_rating, quotas,
                        points, teams, ranking, writer, number, changed_at)
    VALUES (1, :epoch, :title, :state, :ratings_per_prompt, :created_at, :extra_rating, '[]',
            :points, :teams, :ranking, :writer, :number, 0)
""")
CHANGE = text("""
    UPDATE sprint SET title = :title, state = :state, starts_at = :starts_at, ends_at = :ends_at,
                      ratings_per_prompt = :ratings_per_prompt, extra_rating = :extra_rating,
                      quotas = :quotas, points = :points, teams = :teams, ranking = :ranking,
                      writer = :writer, number = :number, changed_at = :changed_at
    WHERE sprint_id = 1
""")

# What organizers can switch off on the leaderboard, and on again.
SWITCHES = ("points", "teams", "ranking")
# What organizers can change.
CHANGEABLE = (
    "title",
    "state",
    "starts_at",
    "ends_at",
    "ratings_per_prompt",
    "extra_rating",
    "quotas",
    *SWITCHES,
)

# Who acts when somebody uses the command line or starts the server.
TERMINAL = "terminal"


def current(connection: Connection) -> Sprint:
    """The sprint as it stands."""
    return _sprint(*connection.execute(CURRENT).one())


def standing(transaction: Transaction) -> Sprint:
    """The same, inside a transaction."""
    return _sprint(*transaction.read(STANDING)[0])


def begin(transaction: Transaction, title: str, ratings_per_prompt: int) -> None:
    """Make the sprint if the store holds none, and log how it began."""
    if transaction.connection.execute(CURRENT).first():
        return
    settings = {"title": title, "state": "open", "ratings_per_prompt": ratings_per_prompt}
    transaction.connection.execute(
        BEGIN,
        settings
        | {"epoch": str(uuid.uuid4()), "created_at": transaction.now, "extra_rating": False}
        | dict.fromkeys(SWITCHES, True)
        | transaction.stamp,
    )
    transaction.append(
        Event(str(uuid.uuid4()), TERMINAL, Action.SETTING, transaction.now, payload=json.dumps(settings))
    )


def change(transaction: Transaction, contributor: str, changes: Mapping[str, object]) -> Sprint:
    """Change settings of the sprint while it runs, and log who did; returns it as it stands now.

    Args:
        contributor: Who does it, or `TERMINAL`.
        changes: Some of `CHANGEABLE`.
    """
    now = standing(transaction)
    kept = {name: getattr(now, name) for name in CHANGEABLE}
    kept |= changes
    quotas = [asdict(quota) for quota in kept["quotas"]]
    told = {"quotas": json.dumps(quotas, ensure_ascii=False), "changed_at": transaction.now}
    transaction.connection.execute(CHANGE, kept | told | transaction.stamp)
    if kept["extra_rating"] != now.extra_rating:
        queue.want_extra(transaction, kept["extra_rating"])
    told = dict(changes) | ({"quotas": quotas} if "quotas" in changes else {})
    payload = json.dumps(told, ensure_ascii=False)
    transaction.append(
        Event(str(uuid.uuid4()), contributor, Action.SETTING, transaction.now, payload=payload)
    )
    return standing(transaction)


def adopt(transaction: Transaction, row: Mapping[str, object]) -> None:
    """Take over settings that were changed in another store, as that row of the sprint has them."""
    now = standing(transaction)
    transaction.connection.execute(CHANGE, {**row, **transaction.stamp})
    if bool(row["extra_rating"]) != now.extra_rating:
        queue.want_extra(transaction, bool(row["extra_rating"]))


def _sprint(
    epoch: str,
    title: str,
    state: str,
    goal: int,
    created_at: int,
    extra_rating: int,
    quotas: str,
    starts_at: int | None,
    ends_at: int | None,
    *switches: int,
) -> Sprint:
    made = tuple(Quota(**quota) for quota in json.loads(quotas)) if quotas != "[]" else ()
    on = map(bool, switches)
    return Sprint(epoch, title, state, goal, created_at, bool(extra_rating), made, starts_at, ends_at, *on)
