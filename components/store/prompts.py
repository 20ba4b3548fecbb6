"""Prompts at rest: what is there to be rated, each once."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, bindparam, text

from components.records import Action, Event, Prompt
from components.store import tallies
from components.store.sprints import TERMINAL
from components.store.writer import Transaction

KNOWN = text("SELECT prompt_id FROM prompts WHERE prompt_id IN :prompt_ids").bindparams(
    bindparam("prompt_ids", expanding=True)
)
ADD = text("""
    INSERT INTO prompts (prompt_id, text, context, source, kind, metadata, text_hash, length_class,
                         status, status_reason, added_at)
    VALUES (:prompt_id, :text, :context, :source, :kind, :metadata, :text_hash, :length_class,
            'active', NULL, :added_at)
""")
ENQUEUE = text("INSERT INTO queue (prompt_id, claims, shuffle) VALUES (:prompt_id, 0, :shuffle)")
COUNT = text("SELECT COUNT(*) FROM prompts")
FIND = text("SELECT prompt_id, source, kind, length_class FROM prompts WHERE prompt_id = :prompt_id")
TEXTS = text("SELECT prompt_id, text, context FROM prompts WHERE prompt_id IN :prompt_ids").bindparams(
    bindparam("prompt_ids", expanding=True)
)
EVERY = text("SELECT * FROM prompts ORDER BY prompt_id")

# A group small enough for any engine's limit on parameters.
ADD_AT_ONCE = 1000


def add(transaction: Transaction, prompts: Sequence[Prompt], origin: Mapping[str, object]) -> list[bool]:
    """Add the prompts that are not there yet; at most `ADD_AT_ONCE` of them.

    Args:
        origin: What the log says about where they came from.

    Returns:
        For each prompt whether it was added, in their order; a repetition within them is not.
    """
    connection = transaction.connection
    ids = [prompt.prompt_id for prompt in prompts]
    seen = set(connection.execute(KNOWN, {"prompt_ids": ids}).scalars()) if ids else set()
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
                "added_at": transaction.now,
                # Scattered over 63 bits, the same wherever the prompt is imported.
                "shuffle": int(prompt_id[:16], 16) >> 1,
            }
        )
    if rows:
        connection.execute(ADD, rows)
        connection.execute(ENQUEUE, rows)
        tallies.add_prompts(transaction, [row["prompt_id"] for row in rows])
        payload = json.dumps({**origin, "added": len(rows)}, ensure_ascii=False)
        transaction.append(
            Event(str(uuid.uuid4()), TERMINAL, Action.IMPORTED, transaction.now, payload=payload)
        )
    return added


def _with_own_id(prompt: Prompt) -> dict:
    own_id = {} if prompt.own_id is None else {"id": prompt.own_id}
    return own_id | dict(prompt.metadata)


def count(connection: Connection) -> int:
    """How many prompts there are."""
    return connection.execute(COUNT).scalar_one()


def find(connection: Connection, prompt_id: str) -> RowMapping | None:
    """What the tallies need to know of a prompt: prompt_id, source, kind, length_class."""
    return connection.execute(FIND, {"prompt_id": prompt_id}).mappings().first()


def texts(connection: Connection, prompt_ids: Sequence[str]) -> list[dict]:
    """What a rater may see of prompts before rating: prompt_id, text, context, in the order asked for."""
    if not prompt_ids:
        return []
    rows = connection.execute(TEXTS, {"prompt_ids": list(prompt_ids)}).mappings()
    found = {row["prompt_id"]: dict(row) for row in rows}
    return [found[prompt_id] for prompt_id in prompt_ids if prompt_id in found]


def every(connection: Connection) -> Iterator[RowMapping]:
    """Every prompt with all its columns, ordered by prompt_id, a few at a time."""
    yield from connection.execution_options(yield_per=1000).execute(EVERY).mappings()
