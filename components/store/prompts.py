"""Prompts at rest: what is there to be rated, each once."""

import json
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from operator import itemgetter

from sqlalchemy import Connection, String, bindparam, text

from components.records import WANTED, Action, Cell, Event, Prompt, Status
from components.store import events, queue, tallies
from components.store.sprints import TERMINAL
from components.store.statement import Statement
from components.store.writer import Transaction

KNOWN = text("SELECT prompt_id FROM prompts WHERE prompt_id IN :prompt_ids").bindparams(
    bindparam("prompt_ids", expanding=True, type_=String)
)
THERE = text("""
    SELECT prompt_id FROM prompts WHERE prompt_id IN :prompt_ids AND status <> 'undone'
""").bindparams(bindparam("prompt_ids", expanding=True, type_=String))
SAYING = text("""
    SELECT text_hash, prompt_id, context, status, status_reason FROM prompts
    WHERE text_hash IN :hashes AND status <> 'undone' ORDER BY added_at, prompt_id
""").bindparams(bindparam("hashes", expanding=True, type_=String))
COLUMNS = (
    "text",
    "context",
    "source",
    "kind",
    "metadata",
    "text_hash",
    "length_class",
    "status",
    "status_reason",
    "added_at",
    "writer",
    "number",
    "changed_at",
    "import_id",
    "gold",
)
# A prompt whose import was undone may come again, and the row that says so gives way.
ADD = text(f"""
    INSERT INTO prompts (prompt_id, {", ".join(COLUMNS)})
    VALUES (:prompt_id, {", ".join(f":{name}" for name in COLUMNS)})
    ON CONFLICT (prompt_id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "changed_at")},
        changed_at = CASE WHEN excluded.changed_at > 0 THEN excluded.changed_at ELSE excluded.added_at END
    WHERE prompts.status = 'undone'
""")
ADD_CELL = text("""
    INSERT INTO cells (cell, source, kind, length_class, language)
    VALUES (:cell, :source, :kind, :length_class, :language) ON CONFLICT (cell) DO NOTHING
""")
COUNT = text("SELECT COUNT(*) FROM prompts WHERE status <> 'undone'")
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
    SELECT text, source, kind FROM prompts WHERE prompt_id = :prompt_id AND status NOT IN ('retired', 'undone')
""")

GIVEN = bindparam("prompt_ids", expanding=True, type_=String)
SPOKEN_OF = text(f"""
    SELECT DISTINCT prompt_id FROM events WHERE prompt_id IN :prompt_ids AND action IN ({events.ACTIONS})
""").bindparams(GIVEN)
LEVELS = text("""
    SELECT level, cell, COUNT(*) AS prompts, SUM(claims) AS claims FROM queue
    WHERE prompt_id IN :prompt_ids GROUP BY level, cell ORDER BY level, cell
""").bindparams(GIVEN)
WANTED_OF_CELLS = text("""
    SELECT cell, COUNT(*) AS prompts FROM prompt_tallies
    JOIN prompts ON prompts.prompt_id = prompt_tallies.prompt_id AND status IN ('active', 'kept')
    WHERE prompt_tallies.prompt_id IN :prompt_ids GROUP BY cell ORDER BY cell
""").bindparams(GIVEN)
FORGET = tuple(
    text(f"DELETE FROM {table} WHERE prompt_id IN :prompt_ids").bindparams(GIVEN)
    for table in ("leases", "queue", "prompt_tallies")
)
UNDO = text("""
    UPDATE prompts SET status = 'undone', status_reason = NULL,
                       writer = :writer, number = :number, changed_at = :changed_at
    WHERE prompt_id IN :prompt_ids
""").bindparams(GIVEN)

# A group small enough for any engine's limit on parameters.
ADD_AT_ONCE = 1000


def add(transaction: Transaction, prompts: Sequence[Prompt], origin: Mapping[str, object]) -> list[bool]:
    """Add the prompts that are not there yet, and log where they came from; at most `ADD_AT_ONCE` of them.

    Args:
        origin: What the log says about that.

    Returns:
        For each prompt whether it was added, in their order; a repetition within them is not.
    """
    added = [outcome is not None for outcome in bring(transaction, prompts)]
    if any(added):
        payload = json.dumps({**origin, "added": sum(added)}, ensure_ascii=False)
        transaction.append(
            Event(str(uuid.uuid4()), TERMINAL, Action.IMPORTED, transaction.now, payload=payload)
        )
    return added


def bring(
    transaction: Transaction,
    prompts: Sequence[Prompt],
    import_id: str | None = None,
    each_copy: bool = False,
) -> list[str | None]:
    """Add the prompts that are not there yet, under the stamp of the event that is appended next.

    Args:
        prompts: At most `ADD_AT_ONCE` of them.
        import_id: Which import brings them.
        each_copy: Whether prompts that say what another does are to be rated, too.

    Returns:
        For each prompt the status it was added with, in their order; None for one that is there, and for a
        repetition within them.
    """
    ids = [prompt.prompt_id for prompt in prompts]
    there = set(transaction.connection.execute(THERE, {"prompt_ids": ids}).scalars()) if ids else set()
    said = [_said(prompt.text_hash, prompt.context) for prompt in prompts]
    first = {} if each_copy else _first_to_say(transaction.connection, {text_hash for text_hash, _ in said})
    rows: list[dict] = []
    statuses: list[str | None] = []
    for prompt_id, prompt, saying in zip(ids, prompts, said, strict=True):
        if prompt_id in there:
            statuses.append(None)
            continue
        there.add(prompt_id)
        original = prompt_id if each_copy else first.setdefault(saying, prompt_id)
        status = Status.ACTIVE if original == prompt_id else Status.DUPLICATE
        statuses.append(status)
        rows.append(
            {
                "prompt_id": prompt_id,
                "text": prompt.text,
                "context": prompt.context,
                "source": prompt.source,
                "kind": prompt.kind,
                "metadata": json.dumps(_with_own_id(prompt), ensure_ascii=False),
                "text_hash": saying[0],
                "length_class": prompt.length_class,
                "status": str(status),
                "status_reason": None if original == prompt_id else original,
                "added_at": transaction.now,
                "changed_at": 0,
                "import_id": import_id,
                "gold": None,
            }
        )
    if rows:
        enter(transaction, rows)
    return statuses


def _first_to_say(connection: Connection, hashes: Collection[str]) -> dict[tuple, str]:
    """By what they say, the prompts that are there and say what one of these does."""
    first: dict[tuple, str] = {}
    for row in connection.execute(SAYING, {"hashes": list(hashes)}) if hashes else ():
        original = row.status_reason if row.status == Status.DUPLICATE else row.prompt_id
        first.setdefault(_said(row.text_hash, row.context), original)
    return first


def _said(text_hash: str, context: str | None) -> tuple:
    """What a prompt says: its text and its passage, whatever their case and white space."""
    return text_hash, " ".join(context.casefold().split()) if context else ""


def known(connection: Connection, prompt_ids: Collection[str]) -> set[str]:
    """Those of these ids that are of prompts; at most `ADD_AT_ONCE` of them are asked about."""
    return set(connection.execute(KNOWN, {"prompt_ids": list(prompt_ids)}).scalars()) if prompt_ids else set()


def enter(transaction: Transaction, rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows of prompts that are not there yet, under the stamp of the event that is appended next."""
    transaction.connection.execute(ADD, [{**row, **transaction.stamp} for row in rows])
    rows = [row for row in rows if row["status"] != Status.UNDONE]
    cells = {row["prompt_id"]: cell_of(row) for row in rows}
    add_cells(transaction.connection, set(cells.values()))
    cell_ids = {cell: cell.cell_id for cell in set(cells.values())}
    cell_ids = {prompt_id: cell_ids[cell] for prompt_id, cell in cells.items()}
    unwanted = {row["prompt_id"] for row in rows if row["status"] not in WANTED}
    tallies.add_prompts(transaction, cell_ids, unwanted)
    queue.add(transaction, {one: cell for one, cell in cell_ids.items() if one not in unwanted})


def leave(transaction: Transaction, prompt_ids: Sequence[str], changed_at: int) -> None:
    """Let prompts nobody has said anything of be as if they had never come, under the stamp of the next event."""
    connection = transaction.connection
    moved = queue.Levels()
    uncovered: Counter[tuple[int, int]] = Counter()
    for start in range(0, len(prompt_ids), ADD_AT_ONCE):
        some = {"prompt_ids": prompt_ids[start : start + ADD_AT_ONCE]}
        for row in connection.execute(LEVELS, some):
            moved.leave_many(row.cell, row.level, int(row.prompts), int(row.claims))
        for row in connection.execute(WANTED_OF_CELLS, some):
            uncovered[row.cell, 0] -= int(row.prompts)
        for forget in FORGET:
            connection.execute(forget, some)
        connection.execute(UNDO, some | transaction.stamp | {"changed_at": changed_at})
    moved.write(transaction)
    tallies.cover(transaction, uncovered)


def spoken_of(connection: Connection, prompt_ids: Collection[str]) -> set[str]:
    """Those of these prompts that somebody has said something of."""
    asked, found = sorted(prompt_ids), set()
    for start in range(0, len(asked), ADD_AT_ONCE):
        some = {"prompt_ids": asked[start : start + ADD_AT_ONCE]}
        found.update(connection.execute(SPOKEN_OF, some).scalars())
    return found


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
