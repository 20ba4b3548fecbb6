"""Gold prompts: those that organizers say a score of, so that what contributors give can be compared with it."""

import json
import uuid
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, String, bindparam, text

from components.errors import InvalidScore
from components.records import SCORES, Action, Event, Prompt
from components.store import moderation
from components.store.statement import Statement
from components.store.writer import Transaction

ALL = text("""
    SELECT prompt_id, gold FROM prompts WHERE gold IS NOT NULL AND status NOT IN ('retired', 'undone')
    ORDER BY prompt_id
""")
OF = Statement(
    """
    SELECT given.prompt_id, gold FROM {given}
    JOIN prompts ON prompts.prompt_id = given.prompt_id AND gold IS NOT NULL
    """,
    "prompt_id",
    returns=2,
)
GIVEN = text("""
    SELECT DISTINCT events.prompt_id, events.contributor, ratings.score FROM events
    JOIN ratings ON ratings.contributor = events.contributor AND ratings.prompt_id = events.prompt_id
    WHERE events.prompt_id IN :prompt_ids AND events.action = 'rated' AND ratings.action = 'rated'
    ORDER BY events.contributor, events.prompt_id
""").bindparams(bindparam("prompt_ids", expanding=True, type_=String))
SAYING = text("""
    SELECT prompt_id, text_hash FROM prompts
    WHERE text_hash IN :hashes AND status NOT IN ('retired', 'undone') ORDER BY prompt_id
""").bindparams(bindparam("hashes", expanding=True, type_=String))
AT_ONCE = 500


def mark(transaction: Transaction, organizer: str, prompt_id: str, score: int | None) -> bool:
    """Say what a prompt should be given, or with None no longer; returns whether that is new.

    Raises:
        UnknownPrompt: There is none of that id.
        InvalidScore: It is none of the five.
    """
    if score is not None and score not in SCORES:
        raise InvalidScore(f"A gold score is one of {', '.join(map(str, SCORES))}.")
    before = moderation.find(transaction, prompt_id)
    if before["gold"] == score:
        return False
    moderation.change(transaction, [(before, dict(before) | {"gold": score, "changed_at": transaction.now})])
    payload = json.dumps({"from": before["gold"], "to": score})
    transaction.append(
        Event(str(uuid.uuid4()), organizer, Action.GOLD, transaction.now, prompt_id, payload=payload)
    )
    return True


def scores(connection: Connection) -> dict[str, int]:
    """What every gold prompt that is not retired should be given."""
    return {row.prompt_id: row.gold for row in connection.execute(ALL)}


def scores_of(transaction: Transaction, prompt_ids: Collection[str]) -> dict[str, int]:
    """The same of those of these prompts that are gold."""
    return dict(transaction.read(OF, [(prompt_id,) for prompt_id in sorted(prompt_ids)]))


def saying(connection: Connection, texts: Sequence[str]) -> dict[str, list[str]]:
    """The prompts that say each of these texts, whatever the case and white space."""
    hashes = {words: Prompt(words, "", "unknown").text_hash for words in texts}
    found: dict[str, list[str]] = {}
    if hashes:
        for row in connection.execute(SAYING, {"hashes": sorted(set(hashes.values()))}):
            found.setdefault(row.text_hash, []).append(row.prompt_id)
    return {words: found.get(one, []) for words, one in hashes.items()}


def given(connection: Connection) -> Iterator[tuple[str, int, int]]:
    """What gold prompts were given: contributor, their score, and what it should be."""
    should = scores(connection)
    prompt_ids = list(should)
    for first in range(0, len(prompt_ids), AT_ONCE):
        for row in connection.execute(GIVEN, {"prompt_ids": prompt_ids[first : first + AT_ONCE]}):
            yield row.contributor, row.score, should[row.prompt_id]
