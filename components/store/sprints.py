"""The sprint's own row: the environment seeds it once, then the store wins."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Connection, text

from components.records import Action, Event, Quota, Sprint
from components.store import queue
from components.store.schema import SELDOM, SPRINT
from components.store.statement import Statement
from components.store.writer import Transaction

STANDING = Statement(
    """
    SELECT epoch, title, state, ratings_per_prompt, created_at, extra_rating, quotas, starts_at, ends_at,
           points, teams, ranking, description, ratings_per_minute, sessions_valid_from,
           repeat_every, repeat_after, repeat_after_days, gold_feedback, ratings_per_contributor
    FROM sprint WHERE sprint_id = 1
    """,
    returns=20,
)
CURRENT = text(STANDING.sql)
BEGIN = text("""
    INSERT INTO sprint (sprint_id, epoch, title, state, ratings_per_prompt, created_at, extra_rating, quotas,
                        points, teams, ranking, publishing, description, ratings_per_minute, sessions_valid_from,
                        repeat_every, repeat_after, repeat_after_days, gold_feedback, ratings_per_contributor,
                        writer, number, changed_at)
    VALUES (1, :epoch, :title, :state, :ratings_per_prompt, :created_at, :extra_rating, '[]',
            :points, :teams, :ranking, '', '', :ratings_per_minute, 0,
            :repeat_every, :repeat_after, :repeat_after_days, :gold_feedback, :ratings_per_contributor, :writer, :number, 0)
""")
CHANGE = text("""
    UPDATE sprint SET title = :title, state = :state, starts_at = :starts_at, ends_at = :ends_at,
                      ratings_per_prompt = :ratings_per_prompt, extra_rating = :extra_rating,
                      quotas = :quotas, points = :points, teams = :teams, ranking = :ranking,
                      description = :description, guidelines = :guidelines, publishing = :publishing,
                      ratings_per_minute = :ratings_per_minute, sessions_valid_from = :sessions_valid_from,
                      repeat_every = :repeat_every, repeat_after = :repeat_after,
                      repeat_after_days = :repeat_after_days, gold_feedback = :gold_feedback,
                      ratings_per_contributor = :ratings_per_contributor,
                      writer = :writer, number = :number, changed_at = :changed_at
    WHERE sprint_id = 1
""")

PUBLISHING = text("SELECT publishing FROM sprint WHERE sprint_id = 1")
GUIDELINES = text("SELECT guidelines FROM sprint WHERE sprint_id = 1")
LAST_CHANGE = text(f"""
    SELECT contributor, received_at, payload FROM events WHERE {SELDOM} AND action = 'setting'
    ORDER BY received_at DESC, writer DESC, number DESC
""")

# What organizers can switch off on the leaderboard, and on again.
SWITCHES = ("points", "teams", "ranking")
# How reliable ratings are to be found out, and how many one person is to give.
RELIABILITY = (
    "repeat_every",
    "repeat_after",
    "repeat_after_days",
    "gold_feedback",
    "ratings_per_contributor",
)
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
    "description",
    "guidelines",
    "publishing",
    "ratings_per_minute",
    "sessions_valid_from",
    *RELIABILITY,
)

# Who acts when somebody uses the command line or starts the server.
TERMINAL = "terminal"


def current(connection: Connection) -> Sprint:
    """The sprint as it stands."""
    return _sprint(*connection.execute(CURRENT).one())


def standing(transaction: Transaction) -> Sprint:
    """The same, inside a transaction."""
    return _sprint(*transaction.read(STANDING)[0])


def publishing(connection: Connection) -> str:
    """Where snapshots go by themselves, and when, as JSON; empty if nobody has said."""
    return connection.execute(PUBLISHING).scalar_one()


def guidelines(connection: Connection) -> str | None:
    """The sprint's own guidelines, in Markdown; None if it has none."""
    return connection.execute(GUIDELINES).scalar_one()


def last_change(connection: Connection, name: str) -> tuple[str, int] | None:
    """Who changed a setting last, and when."""
    for row in connection.execute(LAST_CHANGE):
        told = json.loads(row.payload)
        if name in told.get("to", told):
            return row.contributor, row.received_at
    return None


def begin(transaction: Transaction, title: str, ratings_per_prompt: int, ratings_per_minute: int) -> None:
    """Make the sprint if the store holds none, and log how it began."""
    before = transaction.connection.execute(CURRENT).first()
    if before is not None:
        if before.ratings_per_minute is None:  # it is older than this setting
            change(transaction, TERMINAL, {"ratings_per_minute": ratings_per_minute})
        return
    settings = {
        "title": title,
        "state": "open",
        "ratings_per_prompt": ratings_per_prompt,
        "ratings_per_minute": ratings_per_minute,
    }
    transaction.connection.execute(
        BEGIN,
        settings
        | {"epoch": str(uuid.uuid4()), "created_at": transaction.now, "extra_rating": False}
        | dict.fromkeys(SWITCHES, True)
        | {name: SPRINT.c[name].default.arg for name in RELIABILITY}
        | transaction.stamp,
    )
    transaction.append(
        Event(
            str(uuid.uuid4()), TERMINAL, Action.SETTING, transaction.now, payload=json.dumps({"to": settings})
        )
    )


def values(transaction: Transaction) -> dict[str, object]:
    """All of `CHANGEABLE` as they stand."""
    now = standing(transaction)
    connection = transaction.connection
    # Read where they are wanted, and not with each rating.
    long = {"guidelines": guidelines(connection), "publishing": publishing(connection)}
    return {name: long[name] if name in long else getattr(now, name) for name in CHANGEABLE}


def change(
    transaction: Transaction,
    contributor: str,
    changes: Mapping[str, object],
    action: Action = Action.SETTING,
) -> Sprint:
    """Change settings of the sprint while it runs, and log who did; returns it as it stands now.

    Args:
        contributor: Who does it, or `TERMINAL`.
        changes: Some of `CHANGEABLE`.
        action: What the log calls it.
    """
    before = values(transaction)
    kept = before | changes
    told = {"quotas": json.dumps(_plain(kept["quotas"]), ensure_ascii=False), "changed_at": transaction.now}
    transaction.connection.execute(CHANGE, kept | told | transaction.stamp)
    if kept["extra_rating"] != before["extra_rating"]:
        queue.want_extra(transaction, kept["extra_rating"])
    said = {
        side: {name: _plain(values[name]) for name in changes}
        for side, values in (("from", before), ("to", kept))
    }
    payload = json.dumps(said, ensure_ascii=False)
    transaction.append(Event(str(uuid.uuid4()), contributor, action, transaction.now, payload=payload))
    return standing(transaction)


def _plain(value: object) -> object:
    """A value as JSON has it."""
    return [asdict(quota) for quota in value] if isinstance(value, (list, tuple)) else value


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
    points: int,
    teams: int,
    ranking: int,
    description: str,
    ratings_per_minute: int | None,
    sessions_valid_from: int,
    repeat_every: int,
    repeat_after: int,
    repeat_after_days: int,
    gold_feedback: int,
    ratings_per_contributor: int,
) -> Sprint:
    made = tuple(Quota(**quota) for quota in json.loads(quotas)) if quotas != "[]" else ()
    return Sprint(
        epoch,
        title,
        state,
        goal,
        created_at,
        bool(extra_rating),
        made,
        starts_at,
        ends_at,
        bool(points),
        bool(teams),
        bool(ranking),
        description,
        ratings_per_minute or 0,
        sessions_valid_from,
        repeat_every,
        repeat_after,
        repeat_after_days,
        bool(gold_feedback),
        ratings_per_contributor,
    )
