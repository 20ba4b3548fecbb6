"""The recount: everything that is derived, counted again from the event log alone.

Prompts and events pass by one prompt at a time, so a store larger than memory can be recounted; only
the tallies by day, hour and source are held. The audit compares it with what is kept, `rebuild` writes it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from operator import attrgetter

from sqlalchemy import Connection, Row, Table, TextClause, text

from components.records import COUNTED_AS, HOUR_MS, Action, Cell, Event, Opinion, Prompt, Sprint
from components.store import events, queue, ratings
from components.store.ratings import OPINION_COLUMNS, OPINION_VALUES
from components.store.schema import (
    CELLS,
    CONTRIBUTOR_TALLIES,
    COVERAGE_TALLIES,
    HOUR_TALLIES,
    LEASES,
    PROMPT_TALLIES,
    QUEUE,
    QUEUE_LEVELS,
    RATINGS,
    SCORE_TALLIES,
    SPENT_TALLIES,
)
from components.store.tallies import CONTRIBUTOR_COLUMNS, PROMPT_COLUMNS, column_of, spent_class, utc_day

PROMPTS = text("""
    SELECT prompt_id, source, kind, metadata, length_class, status FROM prompts ORDER BY prompt_id
""")
COUNT = text("SELECT COUNT(*) FROM prompts")
LEASED = text("SELECT prompt_id, COUNT(*) AS leases FROM leases GROUP BY prompt_id ORDER BY prompt_id")

PLACE_COLUMNS = ("cell", "claims", "level", "shuffle")
DERIVED = (
    RATINGS,
    PROMPT_TALLIES,
    CONTRIBUTOR_TALLIES,
    SCORE_TALLIES,
    HOUR_TALLIES,
    SPENT_TALLIES,
    COVERAGE_TALLIES,
    QUEUE,
    QUEUE_LEVELS,
    CELLS,
    LEASES,
)
# The slot of the first writer; readings sum over all of them.
SLOT = 0
PROMPTS_AT_ONCE = 500


@dataclass(slots=True)
class Recounted:
    """What follows from the log for one prompt.

    Attributes:
        opinions: What each contributor thinks of it.
        leases: How many hold it.
        known: Whether there is such a prompt; if not, nothing else can follow.
        counts: Its tally, with its `cell`.
        place: Where it has to stand in the queue; None if it must not be handed out.
    """

    opinions: dict[str, Opinion]
    leases: int
    known: bool = False
    counts: dict[str, int] | None = None
    place: dict[str, int] | None = None


class Recount:
    """Everything derived; the tallies that are not one row for each prompt fill while the prompts pass by."""

    def __init__(self, sprint: Sprint) -> None:
        self.events = 0
        self.ratings = 0
        self.prompts = 0
        self.contributors: Counter[tuple] = Counter()
        self.scores: Counter[tuple] = Counter()
        self.hours: Counter[tuple] = Counter()
        self.spent: Counter[tuple] = Counter()
        self.coverage: Counter[tuple] = Counter()
        self.levels: Counter[tuple] = Counter()
        self.cells: dict[int, Cell] = {}
        self._sprint = sprint

    def of_prompts(self, connection: Connection) -> Iterator[tuple[str, Recounted]]:
        """Recount every prompt, those of the log that do not exist included, in the order of their ids."""
        streams = (_rows(connection, PROMPTS), self._histories(connection), _rows(connection, LEASED))
        for prompt_id, (prompt, histories, lease) in in_step(*streams):
            histories = histories or {}
            recounted = Recounted(_outcomes(histories), lease.leases if lease else 0)
            if prompt is not None:
                recounted.known = True
                cell = _cell(prompt)
                if cell.cell_id not in self.cells:
                    self.cells[cell.cell_id] = cell
                self._count_spent(cell, histories)
                counts = self._count(cell, recounted.opinions)
                recounted.place = self._place(prompt, cell, counts, recounted.leases)
                recounted.counts = counts | {"cell": cell.cell_id}
            yield prompt_id, recounted

    def _histories(self, connection: Connection) -> Iterator[tuple[str, dict[str, list[Event]]]]:
        """What everybody did to each prompt that has events."""
        for prompt_id, happened in groupby(events.about_prompts(connection), attrgetter("prompt_id")):
            by_contributor: dict[str, list[Event]] = defaultdict(list)
            for event in happened:
                self.events += 1
                by_contributor[event.contributor].append(event)
            yield prompt_id or "", by_contributor

    def _count_spent(self, cell: Cell, histories: dict[str, list[Event]]) -> None:
        for history in histories.values():
            for event in history:
                if event.action == Action.RATED and event.shown_ms is not None:
                    day, spent = utc_day(event.decided_at), spent_class(event.shown_ms)
                    self.spent[day, cell.source, cell.kind, spent] += 1

    def _count(self, cell: Cell, opinions: dict[str, Opinion]) -> dict[str, int]:
        """Count the opinions of one prompt into every tally; returns the prompt's own."""
        counts = dict.fromkeys(PROMPT_COLUMNS, 0)
        number = 0
        for contributor, opinion in opinions.items():
            column = column_of(opinion)
            if column is None:
                continue
            self.contributors[contributor, opinion.day, cell.source, COUNTED_AS[opinion.action]] += 1
            counts[column] = counts.get(column, 0) + 1
            if opinion.action == Action.RATED:
                number += 1
                day = utc_day(opinion.decided_at)
                self.scores[day, cell.source, cell.kind, cell.length_class, opinion.score] += 1
                self.hours[opinion.decided_at // HOUR_MS, cell.source, cell.kind, opinion.late] += 1
        self.coverage[cell.cell_id, number] += 1
        self.prompts += 1
        self.ratings += number
        return counts

    def _place(self, prompt: Row, cell: Cell, counts: dict[str, int], leases: int) -> dict[str, int] | None:
        """Where a prompt has to stand in the queue, and counted there; None if it must not be handed out."""
        counted = ratings.Counted(prompt.prompt_id, cell, cell.cell_id, None, None, counts)
        if prompt.status == "retired" or (prompt.status != "kept" and counted.held_back):
            return None
        claims = sum(counted.scores) + leases
        level = claims - counted.extra(self._sprint)
        self.levels[level, cell.cell_id, "prompts"] += 1
        self.levels[level, cell.cell_id, "claims"] += claims
        place = (cell.cell_id, claims, level, queue.place_of(prompt.prompt_id))
        return dict(zip(PLACE_COLUMNS, place, strict=True))


def rebuild(
    connection: Connection, sprint: Sprint, on_progress: Callable[[int, int], None] | None = None
) -> Recount:
    """Make every derived table anew from the log; nobody holds a lease afterwards.

    Args:
        on_progress: Told how many prompts are done, and of how many.
    """
    for table in DERIVED:
        connection.execute(table.delete())
    recount = Recount(sprint)
    total = connection.execute(COUNT).scalar_one()
    known = ((prompt_id, one) for prompt_id, one in recount.of_prompts(connection) if one.known)
    for some in iter(lambda: list(islice(known, PROMPTS_AT_ONCE)), []):
        opinions, tallies, places = [], [], []
        for prompt_id, one in some:
            key = {"prompt_id": prompt_id}
            opinions += [
                key | {"contributor": who} | dict(zip(OPINION_COLUMNS, OPINION_VALUES(opinion), strict=True))
                for who, opinion in one.opinions.items()
            ]
            tallies.append(key | one.counts)
            if one.place is not None:
                places.append(key | one.place)
        _insert(connection, RATINGS, opinions)
        _insert(connection, PROMPT_TALLIES, tallies)
        _insert(connection, QUEUE, places)
        if on_progress is not None:
            on_progress(recount.prompts, total)
    _write_tallies(connection, recount)
    return recount


def _write_tallies(connection: Connection, recount: Recount) -> None:
    days: dict[tuple, dict[str, int]] = defaultdict(lambda: dict.fromkeys(CONTRIBUTOR_COLUMNS, 0))
    for (*key, what), number in recount.contributors.items():
        days[tuple(key)][what] = number
    levels: dict[tuple, dict[str, int]] = defaultdict(dict)
    for (*key, what), number in recount.levels.items():
        levels[tuple(key)][what] = number
    _insert(connection, CONTRIBUTOR_TALLIES, _named(("contributor", "day", "source"), days))
    _insert(connection, QUEUE_LEVELS, _named(("level", "cell"), levels, slot=SLOT))
    for table, names, counted, what in (
        (SCORE_TALLIES, ("day", "source", "kind", "length_class", "score"), recount.scores, "ratings"),
        (HOUR_TALLIES, ("hour", "source", "kind", "late"), recount.hours, "ratings"),
        (SPENT_TALLIES, ("day", "source", "kind", "from_s"), recount.spent, "ratings"),
        (COVERAGE_TALLIES, ("cell", "ratings"), recount.coverage, "prompts"),
    ):
        rows = {key: {what: number} for key, number in counted.items()}
        _insert(connection, table, _named(names, rows, slot=SLOT))
    _insert(connection, CELLS, [asdict(cell) | {"cell": cell_id} for cell_id, cell in recount.cells.items()])


def _named(names: tuple[str, ...], rows: dict[tuple, dict], **more: object) -> list[dict]:
    return [dict(zip(names, key, strict=True)) | row | more for key, row in sorted(rows.items())]


def _insert(connection: Connection, table: Table, rows: list[dict]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _outcomes(histories: dict[str, list[Event]]) -> dict[str, Opinion]:
    """What everybody thinks of a prompt after what they did to it: the greatest precedence wins."""
    opinions = {who: ratings.outcome(history) for who, history in histories.items()}
    return {who: opinion for who, opinion in opinions.items() if opinion is not None}


def _cell(prompt: Row) -> Cell:
    language = Prompt("", "", "", metadata=json.loads(prompt.metadata)).language
    return Cell(prompt.source, prompt.kind, prompt.length_class, language)


def _rows(connection: Connection, table: TextClause) -> Iterator[tuple[str, Row]]:
    for row in connection.execution_options(yield_per=1000).execute(table):
        yield row.prompt_id, row


def in_step(*streams: Iterator[tuple[str, object]]) -> Iterator[tuple[str, list]]:
    """Walk through streams that are ordered by a key, each key once, and put equal keys side by side."""
    heads = [next(stream, None) for stream in streams]
    while any(heads):
        key = min(head[0] for head in heads if head)
        side_by_side = []
        for place, head in enumerate(heads):
            present = head is not None and head[0] == key
            side_by_side.append(head[1] if present else None)
            if present:
                heads[place] = next(streams[place], None)
        yield key, side_by_side
