"""Imports at rest: what each brought, the ratings that came with it, and undoing it as a whole."""

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, String, bindparam, text

from components.errors import BadRequest
from components.records import OLDEST_EVENT_MS, Action, Event, Identity, Status
from components.store import contributors, events, prompts, queue, ratings, tallies
from components.store.writer import Transaction

# Words of the index `events_of_imports`, which finds these few among all ratings.
OF_IMPORTS = "action IN ('imported', 'undone_import', 'compared')"
LOGGED = text(f"""
    SELECT action, events.contributor, username, received_at, payload FROM events
    LEFT JOIN contributors ON contributor_id = events.contributor
    WHERE {OF_IMPORTS} AND action <> 'compared' ORDER BY received_at, events.writer, events.number
""")
SAID = text(f"""
    SELECT COUNT(DISTINCT prompts.prompt_id) FROM prompts
    JOIN events ON events.prompt_id = prompts.prompt_id AND action IN ({events.ACTIONS})
    WHERE import_id = :import_id AND status <> 'undone'
""")
OF_IMPORT = "(SELECT prompt_id FROM prompts WHERE import_id = :import_id AND status <> 'undone')"
COUNT = text(f"SELECT COUNT(*) FROM {OF_IMPORT} AS brought")
LEVELS = text(f"""
    SELECT level, cell, COUNT(*) AS prompts, SUM(claims) AS claims FROM queue
    WHERE prompt_id IN {OF_IMPORT} GROUP BY level, cell ORDER BY level, cell
""")
CELLS = text(f"""
    SELECT cell, COUNT(*) AS prompts FROM prompt_tallies WHERE prompt_id IN {OF_IMPORT} GROUP BY cell ORDER BY cell
""")
FORGET = tuple(
    text(f"DELETE FROM {table} WHERE prompt_id IN {OF_IMPORT}")
    for table in ("leases", "queue", "prompt_tallies")
)
ORPHANS = text(f"""
    SELECT prompt_id, status_reason FROM prompts
    WHERE status = 'duplicate' AND status_reason IN {OF_IMPORT}
      AND (import_id IS NULL OR import_id <> :import_id) ORDER BY added_at, prompt_id
""")
UNDO = text("""
    UPDATE prompts SET status = 'undone', status_reason = NULL,
                       writer = :writer, number = :number, changed_at = :now
    WHERE import_id = :import_id AND status <> 'undone'
""")
SET_STATUS = text("""
    UPDATE prompts SET status = :status, status_reason = :reason,
                       writer = :writer, number = :number, changed_at = :now
    WHERE prompt_id = :prompt_id
""")
GONE = text("SELECT * FROM prompts WHERE prompt_id IN :prompt_ids AND status = 'undone'").bindparams(
    bindparam("prompt_ids", expanding=True, type_=String)
)

# Who rated elsewhere is known by this issuer, which nobody can sign in with.
ELSEWHERE = "elsewhere"
GIVEN = uuid.UUID("b1b0c7e4-1f0b-4c39-9a55-0f7f6f1f3b52")
RATINGS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Import:
    """One import, as the log tells it.

    Attributes:
        by: The username of who brought it; None for the command line, the start, and an account that is gone.
        details: What else is noted: file, added, sources, ratings and more.
    """

    import_id: str
    at: int
    by: str | None
    details: dict
    undone_at: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A score that came with a prompt.

    Attributes:
        subject: Who gave it, to the place it comes from.
        pseudonym: Under which that person leaves in an export.
        place: Its place among those of its prompt.
        at: When, in epoch milliseconds, if that is known.
    """

    prompt_id: str
    subject: str
    pseudonym: str
    score: int
    place: int
    at: int | None = None


def log(transaction: Transaction, contributor: str, import_id: str, details: dict) -> None:
    """Note what an import brought."""
    payload = json.dumps({"import": import_id} | details, ensure_ascii=False)
    transaction.append(
        Event(str(uuid.uuid4()), contributor, Action.IMPORTED, transaction.now, payload=payload)
    )


def every(connection: Connection) -> list[Import]:
    """Every import there was, the last one foremost."""
    found: dict[str, Import] = {}
    for row in connection.execute(LOGGED):
        details = json.loads(row.payload or "{}")
        import_id = details.pop("import", None)
        if import_id is None:
            continue
        before = found.get(import_id)
        if row.action == Action.UNDONE_IMPORT:
            if before is not None:
                found[import_id] = Import(import_id, before.at, before.by, before.details, row.received_at)
        elif before is None:
            found[import_id] = Import(import_id, row.received_at, row.username, details)
        else:  # earlier versions noted one import in parts
            before.details["added"] = before.details.get("added", 0) + details.get("added", 0)
    return list(reversed(found.values()))


def give(transaction: Transaction, import_id: str, given: Sequence[Given]) -> int:
    """Keep scores that came with prompts, as events of the people who gave them; returns how many are new."""
    people = {one.subject: one.pseudonym for one in given}
    identities = [_somebody(subject, pseudonym) for subject, pseudonym in people.items()]
    ids = dict(zip(people, contributors.bring(transaction, identities, list(people.values())), strict=True))
    # Scores without a date were given before: today's pace, streaks and ranks are not theirs.
    earlier = transaction.now - OLDEST_EVENT_MS
    payload = json.dumps({"import": import_id})
    new = 0
    for start in range(0, len(given), RATINGS_AT_ONCE):
        told = [
            Event(
                _event_id(one),
                ids[one.subject],
                Action.RATED,
                transaction.now,
                one.prompt_id,
                one.score,
                happened_at=earlier if one.at is None else one.at,
                payload=payload,
            )
            for one in given[start : start + RATINGS_AT_ONCE]
        ]
        known = events.known(transaction, [(event.contributor, event.event_id) for event in told])
        told = [event for event in told if (event.contributor, event.event_id) not in known]
        group = ratings.Group(transaction, told)
        new += sum(group.keep(event) for event in told)
        group.write()
    return new


def undo(transaction: Transaction, contributor: str, import_id: str) -> int:
    """Take an import back as a whole; returns how many prompts that were.

    Raises:
        BadRequest: There is nothing of it, or somebody has said something of it already.
    """
    connection, one = transaction.connection, {"import_id": import_id}
    number = connection.execute(COUNT, one).scalar_one()
    if not number:
        raise BadRequest("No prompt that is here came with that import.")
    said = connection.execute(SAID, one).scalar_one()
    if said:
        raise BadRequest(
            f"{said:,} of its {number:,} prompts were rated, skipped or flagged already, "
            "so the import cannot be undone; retire its prompts instead."
        )
    orphans = connection.execute(ORPHANS, one).all()
    moved = queue.Levels()
    for row in connection.execute(LEVELS, one):
        moved.leave_many(row.cell, row.level, int(row.prompts), int(row.claims))
    uncovered = [(row.cell, 0, transaction.slot, -int(row.prompts)) for row in connection.execute(CELLS, one)]
    for table in FORGET:
        connection.execute(table, one)
    moved.write(transaction)
    transaction.change(tallies.ADD_TO_COVERAGE, uncovered)
    stamp = transaction.stamp | {"now": transaction.now}
    connection.execute(UNDO, one | stamp)
    _adopt(transaction, orphans)
    payload = json.dumps({"import": import_id, "prompts": number})
    transaction.append(
        Event(str(uuid.uuid4()), contributor, Action.UNDONE_IMPORT, transaction.now, payload=payload)
    )
    return number


def revive(transaction: Transaction, prompt_ids: Collection[str]) -> None:
    """Let prompts be there again whose import was undone here while people elsewhere rated them."""
    if not prompt_ids:
        return
    gone = transaction.connection.execute(GONE, {"prompt_ids": sorted(prompt_ids)}).mappings().all()
    if gone:
        prompts.enter(
            transaction, [{**row, "status": "active", "changed_at": transaction.now} for row in gone]
        )


def _adopt(transaction: Transaction, orphans: Sequence) -> None:
    """Let the first copy of a prompt that is gone be rated in its place, and the others follow that one."""
    heirs: dict[str, str] = {}
    rows = []
    for prompt_id, original in orphans:
        heir = heirs.setdefault(original, prompt_id)
        status, reason = (Status.ACTIVE, None) if heir == prompt_id else (Status.DUPLICATE, heir)
        rows.append({"prompt_id": prompt_id, "status": str(status), "reason": reason})
    if rows:
        stamp = transaction.stamp | {"now": transaction.now}
        transaction.connection.execute(SET_STATUS, [row | stamp for row in rows])
        ratings.place(transaction, heirs.values())


def _somebody(subject: str, pseudonym: str) -> Identity:
    name = f"Contributor {pseudonym[:8]}"
    return Identity(ELSEWHERE, subject, name, name)


def _event_id(one: Given) -> str:
    """The same each time, and in the order of the scores of a prompt."""
    made = uuid.uuid5(GIVEN, f"{one.subject} {one.prompt_id}")
    return f"{one.place:08x}{str(made)[8:]}"
