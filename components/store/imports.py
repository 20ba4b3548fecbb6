"""Imports at rest: what each brought, the ratings that came with it, and undoing it as a whole."""

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, String, bindparam, text

from components.errors import BadRequest
from components.records import OLDEST_EVENT_MS, Action, Event, Identity, Status
from components.store import contributors, events, moderation, prompts, ratings
from components.store.schema import SELDOM
from components.store.writer import Transaction

LOGGED = text(f"""
    SELECT action, events.contributor, username, events.received_at, payload FROM events
    LEFT JOIN contributors ON contributor_id = events.contributor
    WHERE {SELDOM} AND action IN ('imported', 'undone_import')
    ORDER BY events.received_at, events.writer, events.number
""")
BROUGHT = text("""
    SELECT prompt_id FROM prompts WHERE import_id = :import_id AND status <> 'undone' ORDER BY prompt_id
""")
ORPHANS = text("""
    SELECT copies.prompt_id, copies.status_reason FROM prompts AS copies
    JOIN prompts AS originals ON originals.prompt_id = copies.status_reason AND originals.status = 'undone'
    WHERE copies.status = 'duplicate' ORDER BY copies.added_at, copies.prompt_id
""")
GONE = text("SELECT * FROM prompts WHERE prompt_id IN :prompt_ids AND status = 'undone'").bindparams(
    bindparam("prompt_ids", expanding=True, type_=String)
)

# Who rated elsewhere is known by this issuer, which nobody can sign in with.
ELSEWHERE = "elsewhere"
FROM_ELSEWHERE = text("SELECT contributor_id FROM contributors WHERE issuer = :issuer")
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


def people(connection: Connection) -> set[str]:
    """Those whose ratings came with an import: nobody knows when they gave them."""
    return set(connection.execute(FROM_ELSEWHERE, {"issuer": ELSEWHERE}).scalars())


def undo(transaction: Transaction, contributor: str, import_id: str) -> int:
    """Take an import back as a whole; returns how many prompts that were.

    Raises:
        BadRequest: There is nothing of it, or somebody has said something of it already.
    """
    brought = list(transaction.connection.execute(BROUGHT, {"import_id": import_id}).scalars())
    if not brought:
        raise BadRequest("No prompt that is here came with that import.")
    said = len(prompts.spoken_of(transaction.connection, brought))
    if said:
        raise BadRequest(
            f"{said:,} of its {len(brought):,} prompts were rated, skipped or flagged already, "
            "so the import cannot be undone; retire its prompts instead."
        )
    prompts.leave(transaction, brought, transaction.now)
    _adopt_orphans(transaction)
    payload = json.dumps({"import": import_id, "prompts": len(brought)})
    transaction.append(
        Event(str(uuid.uuid4()), contributor, Action.UNDONE_IMPORT, transaction.now, payload=payload)
    )
    return len(brought)


def revive(transaction: Transaction, prompt_ids: Collection[str]) -> None:
    """Let prompts be there again whose import was undone here while people elsewhere rated them."""
    if not prompt_ids:
        return
    gone = transaction.connection.execute(GONE, {"prompt_ids": sorted(prompt_ids)}).mappings().all()
    if gone:
        prompts.enter(
            transaction, [{**row, "status": "active", "changed_at": transaction.now} for row in gone]
        )


def _adopt_orphans(transaction: Transaction) -> None:
    """Let the first copy of a prompt that is gone be rated in its place, and the others follow that one."""
    heirs: dict[str, str] = {}
    changes = []
    for prompt_id, original in transaction.connection.execute(ORPHANS).all():
        heir = heirs.setdefault(original, prompt_id)
        before = moderation.find(transaction, prompt_id)
        status, reason = (Status.ACTIVE, None) if heir == prompt_id else (Status.DUPLICATE, heir)
        told = {"status": str(status), "status_reason": reason, "changed_at": transaction.now}
        changes.append((before, dict(before) | told))
    moderation.change(transaction, changes)


def _somebody(subject: str, pseudonym: str) -> Identity:
    name = f"Contributor {pseudonym[:8]}"
    return Identity(ELSEWHERE, subject, name, name)


def _event_id(one: Given) -> str:
    """The same each time, and in the order of the scores of a prompt."""
    made = uuid.uuid5(GIVEN, f"{one.subject} {one.prompt_id}")
    return f"{one.place:08x}{str(made)[8:]}"
