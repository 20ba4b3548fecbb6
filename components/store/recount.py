"""The recount: everything that is derived, counted again from the event log alone.

Prompts and events pass by one prompt at a time, so a store larger than memory can be recounted; only
the tallies by day, hour and source are held. The audit compares it with what is kept, `rebuild` writes it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter

from sqlalchemy import Connection, Row, TextClause, text

from components.records import COUNTED_AS, DAY_MS, HOUR_MS, WANTED, Action, Cell, Event, Opinion, Sprint
from components.store import events, exclusions, prompts, queue, ratings, tallies
from components.store.database import streamed
from components.store.ratings import OPINION_VALUES
from components.store.schema import (
    CELLS,
    CONTRIBUTOR_TALLIES,
    COUNTED_OUT,
    COVERAGE_TALLIES,
    HOUR_TALLIES,
    LEASES,
    PROMPT_TALLIES,
    QUEUE,
    QUEUE_LEVELS,
    RATINGS,
    SCORE_TALLIES,
    SPENT_TALLIES,
    STANDING_TALLIES,
)
from components.store.statement import Statement
from components.store.tallies import (
    CONTRIBUTOR_COLUMNS,
    PROMPT_COLUMNS,
    STANDING_COLUMNS,
    column_of,
    spent_class,
    utc_day,
)
from components.store.writer import Transaction

PROMPTS = text("""
    SELECT prompt_id, source, kind, metadata, length_class, status FROM prompts
    WHERE status <> 'undone' ORDER BY prompt_id
""")
COUNT = text("SELECT COUNT(*) FROM prompts WHERE status <> 'undone'")
LEASED = text("SELECT prompt_id, COUNT(*) AS leases FROM leases GROUP BY prompt_id ORDER BY prompt_id")

TALLY = (*PROMPT_COLUMNS, "cell")
NEW_TALLY = Statement(
    f"INSERT INTO prompt_tallies (prompt_id, {', '.join(TALLY)}) SELECT prompt_id, {', '.join(TALLY)} FROM {{given}}",
    "prompt_id",
    *(f"{name} int" for name in TALLY),
)
PLACE_COLUMNS = ("cell", "claims", "level", "shuffle")
DERIVED = (
    RATINGS,
    PROMPT_TALLIES,
    CONTRIBUTOR_TALLIES,
    STANDING_TALLIES,
    SCORE_TALLIES,
    HOUR_TALLIES,
    SPENT_TALLIES,
    COVERAGE_TALLIES,
    QUEUE,
    QUEUE_LEVELS,
    CELLS,
    LEASES,
    COUNTED_OUT,
)
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

    def __init__(self, sprint: Sprint, out: Mapping[str, str]) -> None:
        """Begin with nothing counted.

        Args:
            out: Whose opinions do not count, up to which prompt.
        """
        self.events = 0
        self.ratings = 0
        self.prompts = 0
        self.contributors: Counter[tuple] = Counter()
        self.standings: Counter[tuple] = Counter()
        self.scores: Counter[tuple] = Counter()
        self.hours: Counter[tuple] = Counter()
        self.spent: Counter[tuple] = Counter()
        self.coverage: Counter[tuple] = Counter()
        self.levels: Counter[tuple] = Counter()
        self.cells: dict[Cell, int] = {}
        self._sprint = sprint
        self._out = out

    def of_prompts(self, connection: Connection) -> Iterator[tuple[str, Recounted]]:
        """Recount every prompt, those of the log that do not exist included, in the order of their ids."""
        streams = (_rows(connection, PROMPTS), self._histories(connection), _rows(connection, LEASED))
        for prompt_id, (prompt, histories, lease) in in_step(*streams):
            histories = histories or {}
            recounted = Recounted(_outcomes(histories), lease.leases if lease else 0)
            if prompt is not None:
                recounted.known = True
                cell = prompts.cell_of(prompt._mapping)
                if cell not in self.cells:
                    self.cells[cell] = cell.cell_id
                counting = {who for who in histories if self._counts(who, prompt_id)}
                self._count_spent(cell, (histories[who] for who in counting))
                for who, opinion in recounted.opinions.items():
                    self._count_person(who, cell, opinion)
                counted = [opinion for who, opinion in recounted.opinions.items() if who in counting]
                counts = self._count(cell, counted, prompt.status in WANTED)
                recounted.place = self._place(prompt, cell, counts, recounted.leases)
                recounted.counts = counts | {"cell": self.cells[cell]}
            yield prompt_id, recounted

    def _histories(self, connection: Connection) -> Iterator[tuple[str, dict[str, list[Event]]]]:
        """What everybody did to each prompt that has events."""
        for prompt_id, happened in groupby(events.about_prompts(connection), attrgetter("prompt_id")):
            by_contributor: dict[str, list[Event]] = defaultdict(list)
            for event in happened:
                self.events += 1
                by_contributor[event.contributor].append(event)
            yield prompt_id or "", by_contributor

    def _counts(self, contributor: str, prompt_id: str) -> bool:
        through = self._out.get(contributor)
        return through is None or prompt_id > through

    def _count_spent(self, cell: Cell, histories: Iterable[list[Event]]) -> None:
        for history in histories:
            for event in history:
                if event.action == Action.RATED and event.shown_ms is not None:
                    day, spent = utc_day(event.decided_at), spent_class(event.shown_ms)
                    self.spent[day, cell.source, cell.kind, spent] += 1

    def _count_person(self, contributor: str, cell: Cell, opinion: Opinion) -> None:
        """Count an opinion into what is about whose it is alone."""
        if opinion.action not in COUNTED_AS:
            return
        self.contributors[contributor, opinion.day, cell.source, COUNTED_AS[opinion.action]] += 1
        if opinion.action == Action.RATED:
            standing = contributor, opinion.day, opinion.decided_at // DAY_MS
            for what, earned in zip(STANDING_COLUMNS, (1, opinion.completes, opinion.thin), strict=True):
                self.standings[*standing, what] += earned

    def _count(self, cell: Cell, opinions: Iterable[Opinion], wanting: bool) -> dict[str, int]:
        """Count the opinions of one prompt into every other tally; returns the prompt's own.

        Args:
            wanting: Whether it is among the prompts that are to have ratings.
        """
        counts = dict.fromkeys(PROMPT_COLUMNS, 0)
        number = 0
        for opinion in opinions:
            column = column_of(opinion)
            if column is None:
                continue
            counts[column] = counts.get(column, 0) + 1
            if opinion.action == Action.RATED:
                number += 1
                day = utc_day(opinion.decided_at)
                self.scores[day, cell.source, cell.kind, cell.length_class, opinion.score] += 1
                self.hours[opinion.decided_at // HOUR_MS, cell.source, cell.kind, opinion.late] += 1
        if wanting:
            self.coverage[self.cells[cell], number] += 1
        self.prompts += 1
        self.ratings += number
        return counts

    def _place(self, prompt: Row, cell: Cell, counts: dict[str, int], leases: int) -> dict[str, int] | None:
        """Where a prompt has to stand in the queue, and counted there; None if it must not be handed out."""
        cell_id = self.cells[cell]
        counted = ratings.Counted(prompt.prompt_id, cell, cell_id, None, None, counts)
        if prompt.status not in WANTED or (prompt.status != "kept" and counted.held_back):
            return None
        claims = sum(counted.scores) + leases
        level = claims - counted.extra(self._sprint)
        self.levels[level, cell_id, "prompts"] += 1
        self.levels[level, cell_id, "claims"] += claims
        place = (cell_id, claims, level, queue.place_of(prompt.prompt_id))
        return dict(zip(PLACE_COLUMNS, place, strict=True))


def rebuild(
    transaction: Transaction, sprint: Sprint, on_progress: Callable[[int, int], None] | None = None
) -> None:
    """Make every derived table anew from the log; nobody holds a lease afterwards.

    Args:
        on_progress: Told how many prompts are done, and of how many.
    """
    connection = transaction.connection
    for table in DERIVED:
        connection.execute(table.delete())
    exclusions.all_at_once(connection)
    recount = Recount(sprint, exclusions.counted_out(connection))
    total = connection.execute(COUNT).scalar_one()
    known = ((prompt_id, one) for prompt_id, one in recount.of_prompts(connection) if one.known)
    while some := list(islice(known, PROMPTS_AT_ONCE)):
        opinions = (
            (who, prompt_id, *OPINION_VALUES(opinion))
            for prompt_id, one in some
            for who, opinion in one.opinions.items()
        )
        transaction.change(ratings.KEEP, sorted(opinions))
        transaction.change(NEW_TALLY, [(prompt_id, *map(one.counts.get, TALLY)) for prompt_id, one in some])
        places = [(prompt_id, *one.place.values()) for prompt_id, one in some if one.place]
        transaction.change(queue.ADD, places)
        if on_progress is not None:
            on_progress(recount.prompts, total)
    _write_tallies(transaction, recount)


def _write_tallies(transaction: Transaction, recount: Recount) -> None:
    prompts.add_cells(transaction.connection, recount.cells)
    slot = transaction.slot
    for statement, counted, columns in (
        (tallies.ADD_TO_CONTRIBUTOR, recount.contributors, CONTRIBUTOR_COLUMNS),
        (tallies.ADD_TO_STANDING, recount.standings, STANDING_COLUMNS),
    ):
        days = sorted({key[:-1] for key in counted})
        transaction.change(statement, [(*day, *(counted[*day, what] for what in columns)) for day in days])
    levels = sorted({key[:-1] for key in recount.levels})
    standing = [(recount.levels[*key, "prompts"], recount.levels[*key, "claims"]) for key in levels]
    transaction.change(
        queue.ADD_TO_LEVELS, [(*key, slot, *numbers) for key, numbers in zip(levels, standing, strict=True)]
    )
    for statement, counted in (
        (tallies.ADD_TO_SCORES, recount.scores),
        (tallies.ADD_TO_HOUR, recount.hours),
        (tallies.ADD_TO_SPENT, recount.spent),
        (tallies.ADD_TO_COVERAGE, recount.coverage),
    ):
        transaction.change(statement, [(*key, slot, number) for key, number in sorted(counted.items())])


def _outcomes(histories: dict[str, list[Event]]) -> dict[str, Opinion]:
    """What everybody thinks of a prompt after what they did to it: the greatest precedence wins."""
    opinions = {who: ratings.outcome(history) for who, history in histories.items()}
    return {who: opinion for who, opinion in opinions.items() if opinion is not None}


def _rows(connection: Connection, table: TextClause) -> Iterator[tuple[str, Row]]:
    for row in streamed(connection, table):
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
