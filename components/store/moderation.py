"""Moderation: what organizers decide of prompts, and the prompts that wait for a decision.

A prompt that is retired is handed out no more and wanted no more: it counts in no coverage. What was rated of
it stays. One that is kept is handed out whatever its flags.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, String, bindparam, text

from components.errors import BadRequest, ChangedMeanwhile, UnknownPrompt
from components.records import FLAG_REASONS, FLAGS_TO_RETIRE, WANTED, Action, Event, Status
from components.store import prompts, queue, ratings, sprints, tallies
from components.store.database import streamed
from components.store.identities import STAMP
from components.store.paging import paged
from components.store.statement import Statement
from components.store.writer import Transaction

FIND = text("SELECT * FROM prompts WHERE prompt_id = :prompt_id AND status <> 'undone'")
SOME = text("SELECT * FROM prompts WHERE prompt_id IN :prompt_ids").bindparams(
    bindparam("prompt_ids", expanding=True, type_=String)
)
CHANGE = text("""
    UPDATE prompts SET status = :status, status_reason = :status_reason, metadata = :metadata, gold = :gold,
                       writer = :writer, number = :number, changed_at = :changed_at
    WHERE prompt_id = :prompt_id
""")
MOVE = Statement(
    "UPDATE prompt_tallies SET cell = given.cell FROM {given} WHERE prompt_tallies.prompt_id = given.prompt_id",
    "prompt_id",
    "cell int",
)
END_LEASES = Statement("DELETE FROM leases WHERE prompt_id IN (SELECT prompt_id FROM {given})", "prompt_id")

DECIDED = ("status", "status_reason", "metadata", "gold")
CHANGED = ("prompt_id", *DECIDED, "changed_at")

FLAGS = " + ".join(FLAG_REASONS)
HELD_BACK = " OR ".join(f"{reason} >= {FLAGS_TO_RETIRE}" for reason in FLAG_REASONS)
# What is listed under each name, and what of it foremost.
MOST_FLAGS, LAST_DECIDED = f"{FLAGS} DESC", "changed_at DESC"
LISTS = {
    "flagged": (f"status = 'active' AND {FLAGS} > 0", MOST_FLAGS),
    "held": (f"status = 'active' AND ({HELD_BACK})", MOST_FLAGS),
    "kept": ("status = 'kept'", LAST_DECIDED),
    "retired": ("status = 'retired'", LAST_DECIDED),
    "gold": ("gold IS NOT NULL", LAST_DECIDED),
    "every": ("1 = 1", "added_at DESC"),
}
COUNTS = text(f"""
    SELECT {", ".join(f"SUM(CASE WHEN {which} THEN 1 ELSE 0 END) AS {name}" for name, (which, _) in LISTS.items())}
    FROM prompts JOIN prompt_tallies ON prompt_tallies.prompt_id = prompts.prompt_id
""")
LISTED = {
    name: text(f"""
        SELECT prompts.prompt_id, text FROM prompts
        JOIN prompt_tallies ON prompt_tallies.prompt_id = prompts.prompt_id
        WHERE {which} ORDER BY {foremost}, prompts.prompt_id
    """)
    for name, (which, foremost) in LISTS.items()
}
SHOWN = text(f"""
    SELECT prompts.prompt_id, text, context, source, kind, metadata, status, status_reason, gold,
           n1 + n2 + n3 + n4 + n5 AS ratings, skips, discards, {", ".join(FLAG_REASONS)}
    FROM prompts JOIN prompt_tallies ON prompt_tallies.prompt_id = prompts.prompt_id
    WHERE prompts.prompt_id IN :prompt_ids
""").bindparams(bindparam("prompt_ids", expanding=True, type_=String))


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of prompts.

    Attributes:
        rows: prompt_id, text, context, source, kind, metadata (JSON), status, status_reason, gold, ratings,
            skips, discards, and how many flagged it for each of `FLAG_REASONS`.
    """

    total: int
    page: int
    pages: int
    rows: list[RowMapping]


def counts(connection: Connection) -> dict[str, int]:
    """How many prompts stand in each of `LISTS`."""
    return {name: int(number or 0) for name, number in connection.execute(COUNTS).mappings().one().items()}


def listed(connection: Connection, which: str, words: str, page: int, most: int) -> Listed:
    """Prompts of one of `LISTS`, with most flags, or decided last, foremost; after the last page the last again.

    Args:
        words: In their text, in any case and any script, or a prompt's id; empty for all.
    """
    wanted = words.strip().casefold()
    # Compared here and not by the database, as in one's own ledger.
    found = [
        prompt_id
        for prompt_id, prompt in streamed(connection, LISTED[which])
        if not wanted or wanted in prompt.casefold() or wanted == prompt_id
    ]
    page, pages, here = paged(len(found), page, most)
    shown = found[here]
    rows = {row["prompt_id"]: row for row in _shown(connection, shown)}
    return Listed(len(found), page, pages, [rows[prompt_id] for prompt_id in shown])


def one(connection: Connection, prompt_id: str) -> RowMapping:
    """One prompt with the columns of `Listed.rows`.

    Raises:
        UnknownPrompt: There is none of that id.
    """
    for row in _shown(connection, [prompt_id]):
        return row
    raise UnknownPrompt("There is no such prompt in this sprint.")


def _shown(connection: Connection, prompt_ids: Sequence[str]) -> Sequence[RowMapping]:
    return connection.execute(SHOWN, {"prompt_ids": prompt_ids}).mappings().all() if prompt_ids else []


def judge(
    transaction: Transaction, organizer: str, prompt_id: str, status: str, reason: str | None = None
) -> None:
    """Retire a prompt, or let it be handed out again; one that stands so already stays as it is.

    Args:
        status: "active", "kept" or "retired".
        reason: Why it is retired.

    Raises:
        UnknownPrompt: There is none of that id.
    """
    before = find(transaction, prompt_id)
    reason = reason if status == "retired" else None
    if (before["status"], before["status_reason"]) == (status, reason):
        return
    after = dict(before) | {"status": status, "status_reason": reason, "changed_at": transaction.now}
    change(transaction, [(before, after)])
    action = Action.RETIRED if status == "retired" else Action.RESTORED
    told = {"from": before["status"], "to": status}
    _append(transaction, organizer, action, prompt_id, told, reason)


def edit(
    transaction: Transaction,
    organizer: str,
    prompt_id: str,
    metadata: Mapping[str, object],
    was: object = None,
) -> None:
    """Give a prompt other metadata. Its text, source, kind and own id stay.

    Args:
        was: What stood there when the organizer looked; None overwrites whatever does.

    Raises:
        UnknownPrompt: There is none of that id.
        BadRequest: The row's own id would change.
        ChangedMeanwhile: Somebody else has edited it.
    """
    before = find(transaction, prompt_id)
    stands = json.loads(before["metadata"])
    if metadata == stands:
        return
    if was is not None and was != stands:
        raise ChangedMeanwhile("Somebody else edited this prompt meanwhile; look at what stands there now.")
    if metadata.get("id") != stands.get("id"):
        raise BadRequest("`id` is the row's own id in its source, and stays as it is.")
    as_json = json.dumps(metadata, ensure_ascii=False)
    change(transaction, [(before, dict(before) | {"metadata": as_json, "changed_at": transaction.now})])
    _append(transaction, organizer, Action.EDITED, prompt_id, {"from": stands, "to": metadata})


def adopt(transaction: Transaction, rows: Sequence[Mapping[str, object]]) -> bool:
    """Take over what was decided later in another store of prompts that are here, too; returns whether anything was."""
    own = (
        transaction.connection.execute(SOME, {"prompt_ids": [row["prompt_id"] for row in rows]})
        if rows
        else ()
    )
    standing = {row["prompt_id"]: row for row in (own.mappings() if rows else ())}
    pairs = [(standing[row["prompt_id"]], row) for row in rows]
    newer = [(before, row) for before, row in pairs if row["changed_at"] and STAMP(row) > STAMP(before)]
    told = [pair for pair in newer if any(pair[0][name] != pair[1][name] for name in DECIDED)]
    here = [pair for pair in told if Status.UNDONE not in (pair[0]["status"], pair[1]["status"])]
    change(transaction, here)
    back = [row for before, row in told if before["status"] == Status.UNDONE]
    if back:
        prompts.enter(transaction, back)
    gone = {row["prompt_id"]: row["changed_at"] for _, row in told if row["status"] == Status.UNDONE}
    # What was said of them here meanwhile is not lost because their import was undone elsewhere.
    unsaid = gone.keys() - prompts.spoken_of(transaction.connection, gone)
    for changed_at in {gone[prompt_id] for prompt_id in unsaid}:
        some = [prompt_id for prompt_id in sorted(unsaid) if gone[prompt_id] == changed_at]
        prompts.leave(transaction, some, changed_at)
    return bool(here or back or unsaid)


def find(transaction: Transaction, prompt_id: str) -> RowMapping:
    """The row of a prompt.

    Raises:
        UnknownPrompt: There is none of that id.
    """
    found = transaction.connection.execute(FIND, {"prompt_id": prompt_id}).mappings().first()
    if found is None:
        raise UnknownPrompt("There is no such prompt in this sprint.")
    return found


def _append(
    transaction: Transaction,
    organizer: str,
    action: Action,
    prompt_id: str,
    told: Mapping[str, object],
    reason: str | None = None,
) -> None:
    payload = json.dumps(told, ensure_ascii=False)
    made = Event(
        str(uuid.uuid4()), organizer, action, transaction.now, prompt_id, reason=reason, payload=payload
    )
    transaction.append(made)


def change(transaction: Transaction, changes: Sequence[tuple[Mapping, Mapping]]) -> None:
    """Write rows of prompts, each with what stood there before, and what follows from them.

    They are stamped with the event that is appended next.
    """
    if not changes:
        return
    sprint = sprints.standing(transaction)
    found = ratings.counted(transaction, [after["prompt_id"] for _, after in changes])
    cells = {after["prompt_id"]: prompts.cell_of(after) for _, after in changes}
    prompts.add_cells(transaction.connection, set(cells.values()))
    covered: dict[tuple[int, int], int] = {}
    moved, levels = [], queue.Levels()
    removed, added, unwanted = [], [], []
    for before, after in changes:
        prompt_id = after["prompt_id"]
        counted, cell_id = found[prompt_id], cells[prompt_id].cell_id
        transaction.connection.execute(CHANGE, {name: after[name] for name in CHANGED} | transaction.stamp)
        number = sum(counted.scores)
        for row, cell, change in ((before, counted.cell_id, -1), (after, cell_id, 1)):
            if row["status"] in WANTED:
                covered[cell, number] = covered.get((cell, number), 0) + change
        moved.append((prompt_id, cell_id))
        if counted.claims is not None:
            levels.leave(counted.cell_id, counted.level, counted.claims)
            removed.append((prompt_id,))
        if after["status"] not in WANTED:
            unwanted.append((prompt_id,))
        elif after["status"] == "kept" or not counted.held_back:
            claims = number + queue.leases_on(transaction, prompt_id)
            level = claims - counted.extra(sprint)
            levels.enter(cell_id, level, claims)
            added.append((prompt_id, cell_id, claims, level, queue.place_of(prompt_id)))
    transaction.change(MOVE, sorted(moved))
    tallies.cover(transaction, covered)
    transaction.change(queue.REMOVE, sorted(removed))
    transaction.change(queue.ADD, sorted(added))
    transaction.change(END_LEASES, sorted(unwanted))
    levels.write(transaction)
