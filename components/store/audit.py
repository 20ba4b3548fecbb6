"""The audit: everything that is derived, counted again from the event log alone and compared with what is kept.

Prompts, events and ratings pass by one prompt at a time, so a store larger than memory can be
audited; only the tallies by day, hour and source are held.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter

from sqlalchemy import Connection, Row, TextClause, text

from components.records import COUNTED_AS, HOUR_MS, Action, Cell, Event, Opinion, Prompt, Sprint
from components.store import events, queue, ratings, sprints
from components.store.sprints import TERMINAL
from components.store.store import Store
from components.store.tallies import CONTRIBUTOR_COLUMNS, PROMPT_COLUMNS, column_of, spent_class, utc_day

PROMPTS = text("""
    SELECT prompt_id, source, kind, metadata, length_class, status FROM prompts ORDER BY prompt_id
""")
PROMPT_TALLIES = text("SELECT * FROM prompt_tallies ORDER BY prompt_id")
PLACES = text("SELECT prompt_id, cell, claims, level, shuffle FROM queue ORDER BY prompt_id")
LEVELS = text("""
    SELECT level, cell, SUM(prompts) AS prompts, SUM(claims) AS claims FROM queue_levels GROUP BY level, cell
""")
CELLS = text("SELECT cell, source, kind, length_class, language FROM cells")
LEASED = text("SELECT prompt_id, COUNT(*) AS leases FROM leases GROUP BY prompt_id ORDER BY prompt_id")
CONTRIBUTOR_TALLIES = text(
    f"SELECT contributor, day, source, {', '.join(CONTRIBUTOR_COLUMNS)} FROM contributor_tallies"
)
SCORE_TALLIES = text("""
    SELECT day, source, kind, length_class, score, SUM(ratings) AS ratings FROM score_tallies
    GROUP BY day, source, kind, length_class, score
""")
HOUR_TALLIES = text("""
    SELECT hour, source, kind, SUM(ratings) AS ratings FROM hour_tallies GROUP BY hour, source, kind
""")
SPENT_TALLIES = text("""
    SELECT day, source, kind, from_s, SUM(ratings) AS ratings FROM spent_tallies
    GROUP BY day, source, kind, from_s
""")
COVERAGE_TALLIES = text("SELECT ratings, SUM(prompts) AS prompts FROM coverage_tallies GROUP BY ratings")
WRITERS = text("SELECT writer, number FROM writers")
NUMBERED = text(
    "SELECT writer, COUNT(*) AS events, MIN(number) AS first, MAX(number) AS last FROM events GROUP BY writer"
)
STRANGERS = text("""
    SELECT contributor, COUNT(*) AS events FROM events
    WHERE contributor <> :terminal
      AND NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.contributor = events.contributor)
      AND NOT EXISTS (SELECT 1 FROM contributors WHERE contributor_id = events.contributor)
    GROUP BY contributor ORDER BY contributor
""")

PLACE_COLUMNS = ("cell", "claims", "level", "shuffle")
PER_PROMPT = ("events", "ratings", "prompt_tallies", "queue", "leases")
OPINION = itemgetter(*Opinion.__dataclass_fields__)


@dataclass(frozen=True)
class Difference:
    """One number or row that is kept but not so in a recount, or the other way round.

    Attributes:
        where: The table.
        key: Which row of it.
    """

    where: str
    key: str
    kept: str
    recounted: str

    def __str__(self) -> str:
        return f"{self.where} {self.key}: kept {self.kept}, recounted {self.recounted}"


@dataclass
class Audit:
    """What an audit has looked at, and what it found."""

    events: int = 0
    ratings: int = 0
    prompts: int = 0
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        counted = (
            f"Counted again: events {self.events:,}, ratings {self.ratings:,}, prompts {self.prompts:,}."
        )
        if not self.differences:
            return f"Everything agrees. {counted}"
        return "\n".join([*map(str, self.differences), f"Differences: {len(self.differences):,}. {counted}"])


def audit(store: Store) -> Audit:
    """Recount everything at one moment of the store."""
    outcome = Audit()
    with store.reading() as connection:
        outcome.differences.extend(differences(connection, outcome))
    return outcome


def differences(connection: Connection, counted: Audit | None = None) -> Iterator[Difference]:
    """Yield all that differs from a recount of the event log, a tally of zero and a missing one being equal.

    Args:
        counted: Where to note how much was looked at.
    """
    recount = _Recount(counted or Audit())
    yield from recount.of_prompts(connection)
    yield from recount.of_tallies(connection)
    yield from _of_numbers(connection)
    for row in connection.execute(STRANGERS, {"terminal": TERMINAL}):
        yield Difference(
            "events", f"contributor={row.contributor}", f"{row.events} events", "no such contributor"
        )


class _Recount:
    """The tallies that are not one row for each prompt, filled while the prompts pass by."""

    def __init__(self, counted: Audit) -> None:
        self.counted = counted
        self.contributors: Counter[tuple] = Counter()
        self.scores: Counter[tuple] = Counter()
        self.hours: Counter[tuple] = Counter()
        self.spent: Counter[tuple] = Counter()
        self.coverage: Counter[tuple] = Counter()
        self.levels: Counter[tuple] = Counter()
        self.cells: dict[int, Cell] = {}

    def of_prompts(self, connection: Connection) -> Iterator[Difference]:
        """Compare what is kept of each prompt: ratings, tally and place in the queue."""
        streams = (
            _rows(connection, PROMPTS),
            self._histories(connection),
            _kept_opinions(connection),
            _rows(connection, PROMPT_TALLIES),
            _rows(connection, PLACES),
            _rows(connection, LEASED),
        )
        sprint = sprints.current(connection)
        for prompt_id, (prompt, histories, kept, tally, place, lease) in _in_step(*streams):
            key = f"prompt_id={prompt_id}"
            opinions = _outcomes(histories or {})
            if prompt is None:
                for where, row in zip(PER_PROMPT, (opinions, kept, tally, place, lease), strict=True):
                    if row:
                        yield Difference(where, key, "rows", "no such prompt")
                continue
            cell = _cell(prompt)
            self.cells[cell.cell_id] = cell
            self._count_spent(cell, histories or {})
            counts = self._count(prompt, cell, opinions) | {"cell": cell.cell_id}
            yield from _compared_opinions(prompt_id, kept or {}, opinions)
            # A damaged log may hold scores that no tally has a column for.
            kept_counts = tally and {name: getattr(tally, name, 0) for name in counts}
            if kept_counts != counts:
                yield Difference("prompt_tallies", key, _words(kept_counts), _words(counts))
            due = self._place(prompt, cell, counts, lease.leases if lease else 0, sprint)
            kept_place = place and {name: getattr(place, name) for name in PLACE_COLUMNS}
            if kept_place != due:
                yield Difference("queue", key, _words(kept_place), _words(due))

    def of_tallies(self, connection: Connection) -> Iterator[Difference]:
        """Compare the tallies that need all prompts to have passed by."""
        kept: Counter[tuple] = Counter()
        for row in connection.execute(CONTRIBUTOR_TALLIES):
            for what in CONTRIBUTOR_COLUMNS:
                kept[row.contributor, row.day, row.source, what] = getattr(row, what)
        names = ("contributor", "day", "source", "counted")
        yield from _compared("contributor_tallies", names, kept, self.contributors)
        for where, table, recounted in (
            ("score_tallies", SCORE_TALLIES, self.scores),
            ("hour_tallies", HOUR_TALLIES, self.hours),
            ("spent_tallies", SPENT_TALLIES, self.spent),
            ("coverage_tallies", COVERAGE_TALLIES, self.coverage),
        ):
            # The last column is the number, all before it are its key.
            rows = connection.execute(table)
            names = tuple(rows.keys())[:-1]
            yield from _compared(where, names, {tuple(row[:-1]): int(row[-1]) for row in rows}, recounted)
        standing: Counter[tuple] = Counter()
        for row in connection.execute(LEVELS):
            standing[row.level, row.cell, "prompts"] = int(row.prompts)
            standing[row.level, row.cell, "claims"] = int(row.claims)
        yield from _compared("queue_levels", ("level", "cell", "counted"), standing, self.levels)
        spelled = {row.cell: Cell(*row[1:]) for row in connection.execute(CELLS)}
        for cell_id, cell in self.cells.items():
            if spelled.get(cell_id) != cell:
                yield Difference("cells", f"cell={cell_id}", _words(spelled.get(cell_id)), _words(cell))

    def _histories(self, connection: Connection) -> Iterator[tuple[str, dict[str, list[Event]]]]:
        """What everybody did to each prompt that has events."""
        for prompt_id, happened in groupby(events.about_prompts(connection), attrgetter("prompt_id")):
            by_contributor: dict[str, list[Event]] = defaultdict(list)
            for event in happened:
                self.counted.events += 1
                by_contributor[event.contributor].append(event)
            yield prompt_id or "", by_contributor

    def _count_spent(self, cell: Cell, histories: dict[str, list[Event]]) -> None:
        for history in histories.values():
            for event in history:
                if event.action == Action.RATED and event.shown_ms is not None:
                    day, spent = utc_day(event.decided_at), spent_class(event.shown_ms)
                    self.spent[day, cell.source, cell.kind, spent] += 1

    def _count(self, prompt: Row, cell: Cell, opinions: dict[str, Opinion]) -> dict[str, int]:
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
                self.hours[opinion.decided_at // HOUR_MS, cell.source, cell.kind] += 1
        self.coverage[(number,)] += 1
        self.counted.prompts += 1
        self.counted.ratings += number
        return counts

    def _place(
        self, prompt: Row, cell: Cell, counts: dict[str, int], leases: int, sprint: Sprint
    ) -> dict[str, int] | None:
        """Where a prompt has to stand in the queue, and counted there; None if it must not be handed out."""
        counted = ratings.Counted(prompt.prompt_id, cell, cell.cell_id, None, None, counts)
        if prompt.status == "retired" or (prompt.status != "kept" and counted.held_back):
            return None
        claims = sum(counted.scores) + leases
        level = claims - counted.extra(sprint)
        self.levels[level, cell.cell_id, "prompts"] += 1
        self.levels[level, cell.cell_id, "claims"] += claims
        place = (cell.cell_id, claims, level, queue.place_of(prompt.prompt_id))
        return dict(zip(PLACE_COLUMNS, place, strict=True))


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


def _kept_opinions(connection: Connection) -> Iterator[tuple[str, dict[str, Opinion]]]:
    for prompt_id, rows in groupby(ratings.every(connection), itemgetter("prompt_id")):
        yield prompt_id, {row["contributor"]: Opinion(*OPINION(row)) for row in rows}


def _in_step(*streams: Iterator[tuple[str, object]]) -> Iterator[tuple[str, list]]:
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


def _compared_opinions(
    prompt_id: str, kept: dict[str, Opinion], recounted: dict[str, Opinion]
) -> Iterator[Difference]:
    for contributor in sorted(kept.keys() | recounted.keys()):
        theirs, ours = kept.get(contributor), recounted.get(contributor)
        if theirs != ours:
            key = f"prompt_id={prompt_id} contributor={contributor}"
            yield Difference("ratings", key, _words(theirs), _words(ours))


def _compared(
    where: str, names: tuple[str, ...], kept: dict[tuple, int], recounted: Counter[tuple]
) -> Iterator[Difference]:
    for key in sorted(kept.keys() | recounted.keys()):
        if kept.get(key, 0) != recounted[key]:
            words = " ".join(f"{name}={part}" for name, part in zip(names, key, strict=True))
            yield Difference(where, words, str(kept.get(key, 0)), str(recounted[key]))


def _of_numbers(connection: Connection) -> Iterator[Difference]:
    """Compare each writer's number with its events, which are 1, 2, 3 without gaps."""
    kept = {row.writer: row.number for row in connection.execute(WRITERS)}
    numbered = {row.writer: row for row in connection.execute(NUMBERED)}
    for writer in sorted(kept.keys() | numbered.keys()):
        row = numbered.get(writer)
        last = row.last if row else 0
        if kept.get(writer) != last:
            yield Difference("writers", f"writer={writer} number", _words(kept.get(writer)), str(last))
        if row and (row.first, row.last) != (1, row.events):
            numbers = f"{row.events} events numbered {row.first} to {row.last}"
            yield Difference("events", f"writer={writer}", numbers, "no gaps")


def _words(kept: object) -> str:
    if kept is None:
        return "nothing"
    if isinstance(kept, dict):
        return " ".join(f"{name}={number}" for name, number in kept.items())
    if isinstance(kept, Opinion):
        score = "" if kept.score is None else f" {kept.score}"
        score += f" {kept.reason}" if kept.reason else ""
        return f"{kept.action}{score} at {kept.decided_at} ({kept.day}) by event {kept.event_id}"
    return str(kept)
