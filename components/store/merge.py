"""Merging: rows of any stores become one store, the same whatever order they come in and however often.

Each kind of row has a rule that does not ask what came first:

- An event is known by writer and number. If one event of a contributor stands under two such keys, because
  a browser sent it to two servers, the one with the least (received_at, writer, number) counts. The other
  becomes a `repeated` row, which says nothing: the numbers of its writer keep no gap, and another copy of it
  finds its place taken.
- Of the rows of a prompt, a person or the sprint the one changed last wins, by (changed_at, writer, number);
  of those nobody ever changed, the oldest.
- People are known by issuer and subject. Of several ids of a person the one first seen stays, all their
  events go with it, and the other ids are noted in `also`, for events that come later.
- An erasure wins over everything: of somebody erased only tombstones stay, whatever comes before or after it.

What is derived is counted at the end, from the log.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter

from sqlalchemy import Connection, text

from components.records import Action, Event, Sprint
from components.store import events, identities, sprints
from components.store.erasures import BURY, FORGET_REASONS
from components.store.identities import Hashed
from components.store.recount import rebuild
from components.store.schema import CONTRIBUTORS, ERASURES, PROMPTS, SPRINT
from components.store.statement import Statement
from components.store.transfers import ROWS_AT_ONCE, complete, every
from components.store.writer import EVENT_FIELDS, Transaction

EVENT_COLUMNS = ("writer", "number", *Event.__dataclass_fields__)
EVENT_ROW = itemgetter(*EVENT_COLUMNS)
PROMPT_COLUMNS = PROMPTS.c.keys()
ADD_EVENT = Statement(
    f"""
    INSERT INTO events ({", ".join(EVENT_COLUMNS)}) SELECT {", ".join(EVENT_COLUMNS)} FROM {{given}} WHERE true
    ON CONFLICT DO NOTHING
    """,
    "writer",
    "number int",
    *EVENT_FIELDS,
)
STANDING = Statement(
    """
    SELECT events.writer, events.number, action FROM {given}
    JOIN events ON events.writer = given.writer AND events.number = given.number
    """,
    "writer",
    "number int",
    returns=3,
)
TWIN = text("""
    SELECT received_at, writer, number FROM events WHERE contributor = :contributor AND event_id = :event_id
""")
TWINS = text("""
    SELECT theirs.received_at, theirs.writer, theirs.number,
           own.received_at AS own_received_at, own.writer AS own_writer, own.number AS own_number
    FROM events AS theirs
    JOIN events AS own ON own.contributor = :contributor AND own.event_id = theirs.event_id
    WHERE theirs.contributor = :other
""")
REPEAT = text("""
    UPDATE events SET event_id = :place, prompt_id = NULL, score = NULL, reason = NULL, shown_ms = NULL,
                      happened_at = NULL, local_date = NULL, payload = NULL,
                      target = CASE WHEN action = 'erased' THEN NULL ELSE event_id END,
                      action = CASE WHEN action = 'erased' THEN action ELSE 'repeated' END
    WHERE writer = :writer AND number = :number
""")
BURY_ONE = text(f"{BURY[: BURY.index('WHERE')]} WHERE writer = :writer AND number = :number")
BURY_ALL = text(f"{BURY} action <> 'erased'")
# Of those that only an erased person can have said twice, under two ids of theirs, the first stands foremost.
SAID_TWICE = text("""
    SELECT event_id, writer, number FROM events
    WHERE contributor IN (SELECT contributor FROM erasures) AND event_id IN (
        SELECT event_id FROM events WHERE contributor IN (SELECT contributor FROM erasures)
        GROUP BY event_id HAVING COUNT(*) > 1
    )
    ORDER BY event_id, received_at, writer, number
""")
REASSIGN = text("UPDATE events SET contributor = :contributor WHERE contributor = :other")
ADD_PROMPT = text(f"""
    INSERT INTO prompts ({", ".join(PROMPT_COLUMNS)})
    VALUES ({", ".join(f":{name}" for name in PROMPT_COLUMNS)})
    ON CONFLICT (prompt_id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in PROMPT_COLUMNS[1:])}
    WHERE (excluded.changed_at, -excluded.added_at, excluded.writer, excluded.number)
        > (prompts.changed_at, -prompts.added_at, prompts.writer, prompts.number)
""")
REVIVE = text(f"""
    UPDATE prompts SET status = 'active' WHERE status = 'undone' AND EXISTS (
        SELECT 1 FROM events WHERE events.prompt_id = prompts.prompt_id AND action IN ({events.ACTIONS})
    )
""")
COUNT_NUMBERS = text("""
    INSERT INTO writers (writer, number, slot, started_at)
    SELECT writer, MAX(number), :slot, MIN(received_at) FROM events WHERE true GROUP BY writer
    ON CONFLICT (writer) DO UPDATE SET number = excluded.number
""")

# The slot of the first writer; readings sum over all of them.
SLOT = 0
# Of two versions of an event the one that says less wins.
SAYS_LESS = {Action.REPEATED: 1, Action.ERASED: 2}
# What a sprint wants as long as no row says it.
NO_SPRINT = Sprint("", "", "", 0, 0)
KEY = itemgetter("received_at", "writer", "number")
SPRINT_STAMP = itemgetter("changed_at", "writer", "number")

Row = Mapping[str, object]


class Merge:
    """Rows on their way into a store that nobody uses meanwhile; what it holds already takes part."""

    def __init__(self, connection: Connection, hashed: Hashed | None = None) -> None:
        """Begin to merge.

        Args:
            connection: A writing transaction on a store with its tables made.
            hashed: The keyed hash of who somebody is, so that an erasure also reaches ids the person had
                in another store.
        """
        self._connection = connection
        self._transaction = Transaction(connection, "", SLOT, 0, 0)
        self._hashed = hashed
        self._people: dict[str, dict] = {}
        self._erasures: dict[tuple, dict] = {}
        self._sprints: list[dict] = []
        for name in ("contributors", "erasures", "sprint"):
            self.take(every(connection, name))

    def take(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Take rows in, each with the name of its table.

        Raises:
            StoreUnavailable: Rows that this version does not know.
        """
        take = {
            "prompts": self._take_prompts,
            "contributors": self._take_people,
            "erasures": self._take_erasures,
            "sprint": self._sprints.extend,
            "events": self._take_events,
        }
        for name, group in groupby(rows, itemgetter(0)):
            group = (complete(name, row) for _, row in group)
            while some := list(islice(group, ROWS_AT_ONCE)):
                take[name](some)

    def finish(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Settle what depends on all rows, and derive the rest from the log. The store has a new epoch then.

        Args:
            on_progress: Told how many prompts are counted, and of how many.
        """
        settled = identities.settle(self._people.values(), self._erasures.values(), self._hashed)
        for table, rows in ((CONTRIBUTORS, settled.people), (ERASURES, settled.erasures)):
            self._connection.execute(table.delete())
            if rows:
                self._connection.execute(table.insert(), rows)
        for other, contributor in sorted(settled.known_as.items()):
            self._reassign(other, contributor)
        for contributor in sorted({one["contributor"] for one in settled.erasures}):
            self._connection.execute(BURY_ALL, {"contributor": contributor})
            self._connection.execute(FORGET_REASONS, {"contributor": contributor})
        # Another merge may have known two ids as one person before it heard of the erasure.
        for _, same in groupby(self._connection.execute(SAID_TWICE).all(), itemgetter(0)):
            for _, writer, number in islice(same, 1, None):
                self._repeat(writer, number)
        # Whoever rated a prompt before they heard that its import was undone shall not have done so in vain.
        self._connection.execute(REVIVE)
        self._connection.execute(COUNT_NUMBERS, {"slot": SLOT})
        rebuild(self._transaction, self._settled_sprint(), on_progress)

    def _take_prompts(self, rows: Sequence[dict]) -> None:
        self._connection.execute(ADD_PROMPT, rows)

    def _take_people(self, rows: Sequence[dict]) -> None:
        for row in rows:
            known = self._people.get(row["contributor_id"])
            self._people[row["contributor_id"]] = identities.joined(known, row) if known else row

    def _take_erasures(self, rows: Sequence[dict]) -> None:
        for row in rows:
            self._erasures[tuple(sorted(row.items()))] = row

    def _take_events(self, rows: Sequence[dict]) -> None:
        self._add_events(rows)
        keys = [(row["writer"], row["number"]) for row in rows]
        standing = {
            (writer, number): action for writer, number, action in self._transaction.read(STANDING, keys)
        }
        for row in rows:
            action = standing.get((row["writer"], row["number"]))
            if action is None:
                self._add_twin(row)
            elif SAYS_LESS.get(row["action"], 0) > SAYS_LESS.get(action, 0):
                self._say_less(row)

    def _add_events(self, rows: Sequence[Row]) -> None:
        self._transaction.change(ADD_EVENT, list(map(EVENT_ROW, rows)))

    def _add_twin(self, row: dict) -> None:
        """Add an event that stands under another key already."""
        twin = self._connection.execute(TWIN, row).first()
        if twin is None:  # the same key again, a few rows later
            return
        if KEY(row) < tuple(twin):
            self._repeat(twin.writer, twin.number)
            self._add_events([row])
        else:
            self._add_events([_second(row)])

    def _say_less(self, row: dict) -> None:
        if row["action"] == Action.ERASED:
            self._connection.execute(BURY_ONE, row)
        else:
            self._repeat(row["writer"], row["number"])

    def _repeat(self, writer: str, number: int) -> None:
        place = {"place": _place(writer, number)}
        self._connection.execute(REPEAT, place | {"writer": writer, "number": number})

    def _reassign(self, other: str, contributor: str) -> None:
        """Give the events of a person's other id to the one that stays."""
        ids = {"other": other, "contributor": contributor}
        for *theirs, received_at, writer, number in self._connection.execute(TWINS, ids).all():
            _, *key = max(tuple(theirs), (received_at, writer, number))
            self._repeat(*key)
        self._connection.execute(REASSIGN, ids)

    def _settled_sprint(self) -> Sprint:
        if not self._sprints:
            return NO_SPRINT
        # Of sprints nobody changed the oldest is the one meant.
        newest = max(
            self._sprints, key=lambda row: (row["changed_at"], -row["created_at"], *SPRINT_STAMP(row)[1:])
        )
        self._connection.execute(SPRINT.delete())
        self._connection.execute(SPRINT.insert(), newest | {"epoch": str(uuid.uuid4())})
        return sprints.current(self._connection)


def _place(writer: str, number: int) -> str:
    """The event_id of a row that is the second copy of another: its own, and the same in every merge."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{writer} {number}"))


def _second(row: Row) -> dict:
    """An event as the second copy of one that stands already."""
    kept = {
        name: row[name] for name in ("writer", "number", "contributor", "received_at", "action", "target")
    }
    if row["action"] not in SAYS_LESS:
        kept |= {"action": Action.REPEATED, "target": row["event_id"]}
    return dict.fromkeys(row) | kept | {"event_id": _place(row["writer"], row["number"])}
