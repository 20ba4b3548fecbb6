"""Prompts at rest: what is there to be rated, each once."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from operator import itemgetter

from sqlalchemy import Connection, String, bindparam, text

from components.records import Action, Cell, Event, Prompt
from components.store import queue, tallies
from components.store.sprints import TERMINAL
from components.store.statement import Statement
from components.store.writer import Transaction

KNOWN = text("SELECT prompt_id FROM prompts WHERE prompt_id IN :prompt_ids").bindparams(
    bindparam("prompt_ids", expanding=True, type_=String)
)
ADD = text("""
    INSERT INTO prompts (prompt_id, text, context, source, kind, metadata, text_hash, length_class,
                         status, status_reason, added_at, writer, number, changed_at)
    VALUES (:prompt_id, :text, :context, :source, :kind, :metadata, :text_hash, :length_class,
            :status, :status_reason, :added_at, :writer, :number, :changed_at)
""")
ADD_CELL = text("""
    INSERT INTO cells (cell, source, kind, length_class, language)
    VALUES (:cell, :source, :kind, :length_class, :language) ON CONFLICT (cell) DO NOTHING
""")
COUNT = text("SELECT COUNT(*) FROM prompts")
SHOWN = """
    SELECT prompts.prompt_id, text, context, NULLIF(language, '') AS language FROM {given}
    JOIN prompts ON prompts.prompt_id = given.prompt_id
    JOIN prompt_tallies ON prompt_tallies.prompt_id = given.prompt_id
    JOIN cells ON cells.cell = prompt_tallies.cell
"""
SHOWN_NAMES = ("prompt_id", "text", "context", "language")
SHOWN_TO = Statement(SHOWN, "prompt_id", returns=len(SHOWN_NAMES))
ONE_SHOWN = text(SHOWN.replace("{given}", "(SELECT :prompt_id AS prompt_id) AS given"))
OPEN = text("""
    SELECT text, source, kind FROM prompts WHERE prompt_id = :prompt_id AND status <> 'retired'
""")

# A group small enough for any engine's limit on parameters.
ADD_AT_ONCE = 1000


def add(transaction: Transaction, prompts: Sequence[Prompt], origin: Mapping[str, object]) -> list[bool]:
    """Add the prompts that are not there yet; at most `ADD_AT_ONCE` of them.

    Args:
        origin: What the log says about where they came from.

    Returns:
        For each prompt whether it was added, in their order; a repetition within them is not.
    """
    ids = [prompt.prompt_id for prompt in prompts]
    seen = known(transaction.connection, ids)
    rows, added = [], []
    for prompt_id, prompt in zip(ids, prompts, strict=True):
        added.append(prompt_id not in seen)
        if prompt_id in seen:
            continue
        seen.add(prompt_id)
        rows.append(
            {
                "prompt_id": prompt_id,
                "text": prompt.text,
                "context": prompt.context,
                "source": prompt.source,
                "kind": prompt.kind,
                "metadata": json.dumps(_with_own_id(prompt), ensure_ascii=False),
                "text_hash": prompt.text_hash,
                "length_class": prompt.length_class,
                "status": "active",
                "status_reason": None,
                "added_at": transaction.now,
                "changed_at": 0,
            }
        )
    if rows:
        enter(transaction, rows)
        payload = json.dumps({**origin, "added": len(rows)}, ensure_ascii=False)
        transaction.append(
            Event(str(uuid.uuid4()), TERMINAL, Action.IMPORTED, transaction.now, payload=payload)
        )
    return added


def known(connection: Connection, prompt_ids: Collection[str]) -> set[str]:
    """Those of these ids that are of prompts; at most `ADD_AT_ONCE` of them are asked about."""
    return set(connection.execute(KNOWN, {"prompt_ids": list(prompt_ids)}).scalars()) if prompt_ids else set()


def enter(transaction: Transaction, rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows of prompts that are not there yet, under the stamp of the event that is appended next."""
    cells = {row["prompt_id"]: cell_of(row) for row in rows}
    transaction.connection.execute(ADD, [{**row, **transaction.stamp} for row in rows])
    add_cells(transaction.connection, set(cells.values()))
    cell_ids = {prompt_id: cell.cell_id for prompt_id, cell in cells.items()}
    retired = {row["prompt_id"] for row in rows if row["status"] == "retired"}
    tallies.add_prompts(transaction, cell_ids, retired)
    queue.add(transaction, {one: cell for one, cell in cell_ids.items() if one not in retired})


def cell_of(row: Mapping[str, object]) -> Cell:
    """The cell of a prompt, from its row."""
    language = Prompt("", "", "", metadata=json.loads(row["metadata"])).language
    return Cell(row["source"], row["kind"], row["length_class"], language)


def add_cells(connection: Connection, cells: Collection[Cell]) -> None:
    """Spell out cells, those that are not known yet."""
    rows = [asdict(cell) | {"cell": cell.cell_id} for cell in cells]
    if rows:
        connection.execute(ADD_CELL, sorted(rows, key=itemgetter("cell")))


def _with_own_id(prompt: Prompt) -> dict:
    own_id = {} if prompt.own_id is None else {"id": prompt.own_id}
    return own_id | dict(prompt.metadata)


def count(connection: Connection) -> int:
    """How many prompts there are."""
    return connection.execute(COUNT).scalar_one()


def shown(connection: Connection, prompt_id: str) -> dict | None:
    """What a rater may see of a prompt before rating: prompt_id, text, context, language."""
    row = connection.execute(ONE_SHOWN, {"prompt_id": prompt_id}).mappings().first()
    return dict(row) if row else None


def shown_to(transaction: Transaction, prompt_ids: Collection[str]) -> dict[str, dict]:
    """The same for many, by prompt_id."""
    rows = transaction.read(SHOWN_TO, [[prompt_id] for prompt_id in prompt_ids])
    return {row[0]: dict(zip(SHOWN_NAMES, row, strict=True)) for row in rows}


def to_everybody(connection: Connection, prompt_id: str) -> dict | None:
    """A prompt with all that is hidden from those who have still to rate it: text, source, kind; None if it is retired."""
    row = connection.execute(OPEN, {"prompt_id": prompt_id}).mappings().first()
    return dict(row) if row else None
