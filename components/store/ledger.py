"""What one contributor did, to be read again: their current opinions, newest first, and every event of theirs."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, RowMapping, String, bindparam, text

from components.store.database import streamed

COUNT = text("""
    SELECT COUNT(*) FROM ratings
    WHERE contributor = :contributor AND (:action = '' OR action = :action)
""")
NEWEST = text("""
    SELECT prompt_id FROM ratings
    WHERE contributor = :contributor AND (:action = '' OR action = :action)
    ORDER BY decided_at DESC, event_id DESC LIMIT :most OFFSET :past
""")
WITH_TEXTS = text("""
    SELECT ratings.prompt_id, text FROM ratings JOIN prompts ON prompts.prompt_id = ratings.prompt_id
    WHERE contributor = :contributor AND (:action = '' OR action = :action)
    ORDER BY decided_at DESC, ratings.event_id DESC
""")
OPINIONS = text("""
    SELECT ratings.prompt_id, text, context, source, kind, action, score, reason, decided_at,
           event_id, completes, thin, n1, n2, n3, n4, n5
    FROM ratings
    JOIN prompts ON prompts.prompt_id = ratings.prompt_id
    JOIN prompt_tallies ON prompt_tallies.prompt_id = ratings.prompt_id
    WHERE contributor = :contributor AND ratings.prompt_id IN :prompt_ids
    ORDER BY decided_at DESC, event_id DESC
""").bindparams(bindparam("prompt_ids", expanding=True, type_=String))
EVENT_IDS = text("""
    SELECT event_id FROM events WHERE contributor = :contributor AND action <> 'repeated'
    ORDER BY received_at, writer, number
""")
EVENTS = text("""
    SELECT events.event_id, events.action, events.score, events.reason, target, shown_ms, happened_at,
           received_at, local_date, events.prompt_id, text, context, source, kind,
           ratings.action AS current_action
    FROM events
    LEFT JOIN prompts ON prompts.prompt_id = events.prompt_id
    LEFT JOIN ratings ON ratings.contributor = events.contributor AND ratings.prompt_id = events.prompt_id
    WHERE events.contributor = :contributor AND events.event_id IN :event_ids
""").bindparams(bindparam("event_ids", expanding=True, type_=String))

EVENTS_AT_ONCE = 500


def count(connection: Connection, contributor: str, action: str = "") -> int:
    """How many prompts a contributor has an opinion of.

    Args:
        action: Only opinions of this kind; empty for all.
    """
    return connection.execute(COUNT, {"contributor": contributor, "action": action}).scalar_one()


def newest(connection: Connection, contributor: str, action: str, most: int, past: int) -> list[str]:
    """The prompts of a contributor's latest opinions, the newest first, after so many that are passed over."""
    asked = {"contributor": contributor, "action": action, "most": most, "past": past}
    return list(connection.execute(NEWEST, asked).scalars())


def containing(connection: Connection, contributor: str, action: str, words: str) -> list[str]:
    """The prompts with these words in their text, in any case and any script, the newest opinion first.

    Compared here and not by the database: LIKE knows the case of English letters only, and each
    engine's in another way. 20,000 prompts take a twentieth of a second.
    """
    wanted = words.casefold()
    rows = streamed(connection, WITH_TEXTS, {"contributor": contributor, "action": action})
    return [prompt_id for prompt_id, prompt in rows if wanted in prompt.casefold()]


def opinions(connection: Connection, contributor: str, prompt_ids: Sequence[str]) -> list[RowMapping]:
    """A contributor's opinions of some prompts, the newest first.

    Returns:
        prompt_id, text, context, source, kind, action, score, reason, decided_at, event_id, completes, thin, and
        n1 to n5: how many gave each score, the contributor included.
    """
    if not prompt_ids:
        return []
    asked = {"contributor": contributor, "prompt_ids": list(prompt_ids)}
    return connection.execute(OPINIONS, asked).mappings().all()


def event_ids(connection: Connection, contributor: str) -> list[str]:
    """Every event of a contributor, in the order they came in."""
    return list(connection.execute(EVENT_IDS, {"contributor": contributor}).scalars())


def events(connection: Connection, contributor: str, event_ids: Sequence[str]) -> Iterator[RowMapping]:
    """Some events of a contributor with their prompts, in the order asked for; at most `EVENTS_AT_ONCE`."""
    asked = {"contributor": contributor, "event_ids": list(event_ids)}
    found = {row["event_id"]: row for row in connection.execute(EVENTS, asked).mappings()}
    yield from (found[event_id] for event_id in event_ids if event_id in found)
