"""Repeats: prompts shown again to whoever rated them. What is said then is an event, and nobody's opinion.

Such an event notes the score that stood before it. It is in no tally and changes none: not how many ratings a prompt
has, nor anybody's points.
"""

import json
from collections.abc import Iterator

from sqlalchemy import Connection, text

from components.records import DAY_MS, Cell, Sprint
from components.store.database import streamed
from components.store.schema import AGAIN
from components.store.statement import Statement
from components.store.writer import Transaction

# Whether nobody has taken an event back.
STANDS = """NOT EXISTS (
    SELECT 1 FROM events AS undo
    WHERE undo.prompt_id = events.prompt_id AND undo.contributor = events.contributor
      AND undo.action = 'undone' AND undo.target = events.event_id
)"""
# Ids are hashes, so those that follow any place are a sample.
FOLLOWING = Statement(
    f"""
    SELECT ratings.prompt_id, cells.source, cells.kind, cells.length_class, cells.language FROM ratings
    JOIN prompts ON prompts.prompt_id = ratings.prompt_id AND status IN ('active', 'kept')
    JOIN prompt_tallies ON prompt_tallies.prompt_id = ratings.prompt_id
    JOIN cells ON cells.cell = prompt_tallies.cell
    WHERE ratings.contributor = :contributor AND ratings.prompt_id >= :place AND ratings.prompt_id <= :until
      AND ratings.action = 'rated' AND (:with_gold = 1 OR prompts.gold IS NULL)
      AND decided_at <= :latest AND decided_at < (
          SELECT decided_at FROM ratings AS later
          WHERE later.contributor = :contributor AND later.action = 'rated'
          ORDER BY decided_at DESC LIMIT 1 OFFSET :after
      )
      AND (:also_said = 1 OR NOT EXISTS (
          SELECT 1 FROM events
          WHERE events.prompt_id = ratings.prompt_id AND events.contributor = :contributor
            AND events.action = 'rated_again'
            AND {STANDS}
      ))
    ORDER BY ratings.prompt_id LIMIT :most
    """,
    returns=5,
)
SAID = text(f"""
    SELECT contributor, prompt_id, score, payload FROM events
    WHERE {AGAIN} AND {STANDS}
    ORDER BY contributor, prompt_id, received_at, writer, number
""")


def following(
    transaction: Transaction,
    contributor: str,
    place: str,
    until: str,
    sprint: Sprint,
    most: int,
    also_said: bool = False,
) -> Iterator[tuple[str, Cell]]:
    """Prompts that somebody has rated long enough ago, and not again since, with their cells.

    None is gold where contributors are told what organizers would give: they were told it.

    Args:
        place, until: Only prompts whose ids are neither less than the one nor greater than the other.
        also_said: Whether those they have rated again are among them.
    """
    asked = {
        "contributor": contributor,
        "place": place,
        "until": until,
        "with_gold": int(not sprint.gold_feedback),
        "after": sprint.repeat_after - 1,
        "latest": transaction.now - sprint.repeat_after_days * DAY_MS,
        "most": most,
        "also_said": int(also_said),
    }
    for prompt_id, *cell in transaction.read(FOLLOWING, **asked):
        yield prompt_id, Cell(*cell)


def said(connection: Connection) -> Iterator[tuple[str, str, int, int]]:
    """What was said again and not undone: contributor, prompt_id, the score before, the score then; once of each pair."""
    last = None
    for row in streamed(connection, SAID):
        before = json.loads(row.payload or "{}").get("before")
        if before and (row.contributor, row.prompt_id) != last:
            last = row.contributor, row.prompt_id
            yield *last, before, row.score
