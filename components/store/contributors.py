"""Contributors at rest: one row for each person who ever signed in, keyed on issuer and subject."""

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import Connection, Row, String, TextClause, bindparam, text

from components.records import FIRST_DAILY_GOAL, Action, Contributor, Event, Identity
from components.store import sprints
from components.store.statement import Statement
from components.store.writer import Transaction

# From it follow the ids of people whose ratings come from elsewhere.
BROUGHT = uuid.UUID("2f6c4b0e-93a8-4f57-8d2c-5a1f0b7e6c91")

# Of both moments the later one: somebody is signed out alone, or everybody together.
VALID_FROM = """CASE WHEN contributors.sessions_valid_from > sprint.sessions_valid_from
                     THEN contributors.sessions_valid_from ELSE sprint.sessions_valid_from END"""
FIND = text(f"""
    SELECT contributor_id, issuer, subject, username, name, picture, profile, pseudonym, organizer, excluded,
           excluded_reason, visibility, nickname, team, {VALID_FROM} AS sessions_valid_from
    FROM contributors JOIN sprint ON sprint_id = 1
    WHERE issuer = :issuer AND subject = :subject
""")
KNOWN = text("""
    SELECT subject, contributor_id FROM contributors WHERE issuer = :issuer AND subject IN :subjects
""").bindparams(bindparam("subjects", expanding=True, type_=String))
APPOINTED = text("SELECT 1 FROM contributors WHERE appointed_as = :name")
JOIN = text("""
    INSERT INTO contributors (contributor_id, issuer, subject, username, name, picture, profile, pseudonym,
                              organizer, appointed_as, first_seen, last_seen, sessions_valid_from,
                              events_valid_from, daily_goal, visibility, nickname, team, excluded,
                              judged_at, role_at, also, writer, number, changed_at)
    VALUES (:contributor_id, :issuer, :subject, :username, :name, :picture, :profile, :pseudonym,
            :organizer, NULL, :now, :now, :valid_from, :valid_from, :daily_goal, '', '', '', :excluded,
            0, 0, '[]',
            :writer, :number, :now)
""")
SEEN = text("UPDATE contributors SET last_seen = :now WHERE contributor_id = :contributor_id")
STAMP = "writer = :writer, number = :number, changed_at = :now"
RENEW = text(f"""
    UPDATE contributors SET username = :username, name = :name, picture = :picture, profile = :profile,
                            last_seen = :now, {STAMP}
    WHERE issuer = :issuer AND subject = :subject
""")
APPOINT = text(f"""
    UPDATE contributors SET organizer = :organizer, appointed_as = :name, role_at = :now, {STAMP}
    WHERE contributor_id = :contributor_id
""")
STANDING = Statement(
    f"""
    SELECT contributor_id, {VALID_FROM}, events_valid_from, daily_goal, excluded FROM {{given}}
    JOIN contributors ON contributor_id = given.contributor JOIN sprint ON sprint_id = 1
    """,
    "contributor",
    returns=5,
)
SIGN_OUT = text(f"""
    UPDATE contributors SET sessions_valid_from = :valid_from, {STAMP} WHERE contributor_id = :contributor
""")
DAILY_GOAL = text("SELECT daily_goal FROM contributors WHERE contributor_id = :contributor")
SET_DAILY_GOAL = text(f"""
    UPDATE contributors SET daily_goal = :daily_goal, {STAMP} WHERE contributor_id = :contributor
""")
SHOW_AS = text(f"""
    UPDATE contributors SET visibility = :visibility, nickname = :nickname, {STAMP}
    WHERE contributor_id = :contributor
""")
SET_TEAM = text(f"UPDATE contributors SET team = :team, {STAMP} WHERE contributor_id = :contributor")
COUNT = text("SELECT COUNT(*) FROM contributors WHERE NOT excluded")


def find(connection: Connection, issuer: str, subject: str) -> Contributor | None:
    """The contributor somebody is, if they ever signed in."""
    row = connection.execute(FIND, {"issuer": issuer, "subject": subject}).first()
    return _contributor(row) if row else None


class Standing(NamedTuple):
    """What the way of a rating needs to know of a contributor."""

    sessions_valid_from: int
    events_valid_from: int
    daily_goal: int
    excluded: bool


def standing(transaction: Transaction, contributors: Collection[str]) -> dict[str, Standing]:
    """How contributors stand now; one the store does not know is left out."""
    rows = transaction.read(STANDING, [[one] for one in contributors])
    return {row[0]: Standing(*row[1:]) for row in rows}


def daily_goal(connection: Connection, contributor: str) -> int:
    """How many ratings a day a contributor wants to give."""
    return connection.execute(DAILY_GOAL, {"contributor": contributor}).scalar_one()


def set_daily_goal(transaction: Transaction, contributor: str, ratings: int) -> None:
    """Note how many ratings a day a contributor wants to give."""
    change(transaction, contributor, SET_DAILY_GOAL, Action.PROFILE, {"daily_goal": ratings})


def show_as(transaction: Transaction, contributor: str, visibility: str, nickname: str) -> None:
    """Note how others may see a contributor.

    Args:
        visibility: One of `VISIBILITIES`.
        nickname: Empty for the one they are given.
    """
    told = {"visibility": visibility, "nickname": nickname}
    change(transaction, contributor, SHOW_AS, Action.VISIBILITY, told)


def set_team(transaction: Transaction, contributor: str, team: str) -> None:
    """Note which team a contributor is in; empty for none."""
    change(transaction, contributor, SET_TEAM, Action.TEAM, {"team": team})


def change(
    transaction: Transaction, contributor: str, statement: TextClause, action: str, told: dict[str, object]
) -> None:
    """Change what somebody said of themselves, and log it, unless they have just deleted their account."""
    stamp = transaction.stamp | {"now": transaction.now}
    changed = transaction.connection.execute(statement, {"contributor": contributor} | told | stamp)
    if changed.rowcount:
        transaction.append(_event(contributor, action, transaction.now, told))


def bring(transaction: Transaction, people: Sequence[Identity], pseudonyms: Sequence[str]) -> list[str]:
    """Let people be there whose ratings come from elsewhere, and log who joined; returns their ids.

    Args:
        people: All of one issuer, which nobody signs in with.
        pseudonyms: Under which each of them leaves in an export.
    """
    asked = {"issuer": people[0].issuer if people else "", "subjects": [one.subject for one in people]}
    known = dict(transaction.connection.execute(KNOWN, asked).all()) if people else {}
    rows, ids, joined = [], [], []
    for identity, pseudonym in zip(people, pseudonyms, strict=True):
        # The same in every store that takes the same ratings in.
        ids.append(known.get(identity.subject) or str(uuid.uuid5(BROUGHT, identity.subject)))
        if identity.subject not in known:
            told = asdict(identity) | {"contributor_id": ids[-1], "pseudonym": pseudonym}
            told |= {"organizer": False, "excluded": False}
            first = {"now": transaction.now, "valid_from": 0, "daily_goal": FIRST_DAILY_GOAL}
            rows.append(told | first | transaction.stamp)
            joined.append(_event(ids[-1], Action.JOINED, transaction.now))
    if rows:
        transaction.connection.execute(JOIN, rows)
        transaction.append(*joined)
    return ids


def count(connection: Connection) -> int:
    """How many people have joined, without those who are excluded."""
    return connection.execute(COUNT).scalar_one()


def sign_in(
    transaction: Transaction, identity: Identity, organizers: Collection[str], valid_from: int = 0
) -> Contributor:
    """Record that somebody signed in: the first time they join, later their name and picture are renewed.

    Args:
        organizers: Usernames appointed by the settings. The first person to sign in under one of
            them keeps it: usernames change hands, and a role must not change hands with them.
        valid_from: If they join, the moment since when sessions and events of theirs are good.
    """
    connection = transaction.connection
    details = {
        "issuer": identity.issuer,
        "subject": identity.subject,
        "username": identity.username,
        "name": identity.name,
        "picture": identity.picture,
        "profile": identity.profile,
        "now": transaction.now,
    }
    contributor = find(connection, identity.issuer, identity.subject)
    if contributor is None:
        ids = {"contributor_id": str(uuid.uuid4()), "pseudonym": str(uuid.uuid4())}
        ids |= {"organizer": False, "excluded": False}
        first = {"daily_goal": FIRST_DAILY_GOAL, "valid_from": valid_from}
        connection.execute(JOIN, details | ids | first | transaction.stamp)
        transaction.append(_event(ids["contributor_id"], Action.JOINED, transaction.now))
        contributor = find(connection, identity.issuer, identity.subject)
    elif contributor.identity == identity:
        connection.execute(SEEN, {"now": transaction.now, "contributor_id": contributor.contributor_id})
    else:
        connection.execute(RENEW, details | transaction.stamp)
        transaction.append(_event(contributor.contributor_id, Action.PROFILE, transaction.now))
    # Nobody signs in twice under names that differ only in case, so nobody is named by case alone.
    name = identity.username.casefold()
    appointed = name in {organizer.casefold() for organizer in organizers}
    if appointed and not contributor.organizer and not is_used_up(connection, name):
        appointing = {"contributor_id": contributor.contributor_id, "name": name, "organizer": True}
        connection.execute(APPOINT, appointing | transaction.stamp | {"now": transaction.now})
        transaction.append(
            _event(contributor.contributor_id, Action.ROLE, transaction.now, {"organizer": True})
        )
    return find(connection, identity.issuer, identity.subject)


def sign_out(transaction: Transaction, organizer: str, contributor: str | None) -> None:
    """End all sessions that somebody began before now; None: everybody's, one's own too."""
    valid_from, now = transaction.now + 1, transaction.now
    if contributor is None:
        sprints.change(transaction, organizer, {"sessions_valid_from": valid_from}, Action.SIGNED_OUT)
        return
    told = {"valid_from": valid_from, "contributor": contributor, "now": now}
    if transaction.connection.execute(SIGN_OUT, told | transaction.stamp).rowcount:
        event_id = str(uuid.uuid4())
        transaction.append(Event(event_id, organizer, Action.SIGNED_OUT, now, target=contributor))


def is_used_up(connection: Connection, name: str) -> bool:
    """Whether somebody signed in under a name in ORGANIZERS already, in lower case: it makes nobody one again."""
    return connection.execute(APPOINTED, {"name": name}).first() is not None


def _event(contributor_id: str, action: str, now: int, payload: dict | None = None) -> Event:
    return Event(
        str(uuid.uuid4()), contributor_id, action, now, payload=json.dumps(payload) if payload else None
    )


def _contributor(row: Row) -> Contributor:
    return Contributor(
        contributor_id=row.contributor_id,
        identity=Identity(row.issuer, row.subject, row.username, row.name, row.picture, row.profile),
        pseudonym=row.pseudonym,
        organizer=bool(row.organizer),
        sessions_valid_from=row.sessions_valid_from,
        visibility=row.visibility,
        nickname=row.nickname,
        team=row.team,
        excluded_because=row.excluded_reason if row.excluded else None,
    )
