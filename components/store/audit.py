"""The audit: what is kept, compared with a recount of the event log, a prompt at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, Row, TextClause, text

from components.records import EARNING_MARKS, Cell, Opinion
from components.store import exclusions, ratings, sprints
from components.store.database import streamed
from components.store.recount import PLACE_COLUMNS, Recount, in_step
from components.store.sprints import TERMINAL
from components.store.store import Store
from components.store.tallies import CONTRIBUTOR_COLUMNS, STANDING_COLUMNS

PROMPT_TALLIES = text("SELECT * FROM prompt_tallies ORDER BY prompt_id")
PLACES = text("SELECT prompt_id, cell, claims, level, shuffle FROM queue ORDER BY prompt_id")
LEVELS = text("""
    SELECT level, cell, SUM(prompts) AS prompts, SUM(claims) AS claims FROM queue_levels GROUP BY level, cell
""")
CELLS = text("SELECT cell, source, kind, length_class, language FROM cells")
CONTRIBUTOR_TALLIES = text(
    f"SELECT contributor, day, source, {', '.join(CONTRIBUTOR_COLUMNS)} FROM contributor_tallies"
)
STANDING_TALLIES = text("""
    SELECT contributor, day, utc_day, ratings, completed, thin FROM standing_tallies
""")
SCORE_TALLIES = text("""
    SELECT day, source, kind, length_class, score, SUM(ratings) AS ratings FROM score_tallies
    GROUP BY day, source, kind, length_class, score
""")
HOUR_TALLIES = text("""
    SELECT hour, source, kind, late, SUM(ratings) AS ratings FROM hour_tallies
    GROUP BY hour, source, kind, late
""")
SPENT_TALLIES = text("""
    SELECT day, source, kind, from_s, SUM(ratings) AS ratings FROM spent_tallies
    GROUP BY day, source, kind, from_s
""")
COVERAGE_TALLIES = text("""
    SELECT cell, ratings, SUM(prompts) AS prompts FROM coverage_tallies GROUP BY cell, ratings
""")
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
    recount = Recount(sprints.current(connection), exclusions.counted_out(connection))
    yield from _of_prompts(recount, connection)
    yield from _of_tallies(recount, connection)
    if counted is not None:
        counted.events, counted.ratings, counted.prompts = recount.events, recount.ratings, recount.prompts
    yield from _of_numbers(connection)
    for row in connection.execute(STRANGERS, {"terminal": TERMINAL}):
        yield Difference(
            "events", f"contributor={row.contributor}", f"{row.events} events", "no such contributor"
        )


def _of_prompts(recount: Recount, connection: Connection) -> Iterator[Difference]:
    """Compare what is kept of each prompt: ratings, tally and place in the queue."""
    streams = (
        recount.of_prompts(connection),
        _kept_opinions(connection),
        _rows(connection, PROMPT_TALLIES),
        _rows(connection, PLACES),
    )
    for prompt_id, (due, kept, tally, place) in in_step(*streams):
        key = f"prompt_id={prompt_id}"
        if due is None or not due.known:
            rows = (due and due.opinions, kept, tally, place, due and due.leases)
            for where, row in zip(PER_PROMPT, rows, strict=True):
                if row:
                    yield Difference(where, key, "rows", "no such prompt")
            continue
        yield from _compared_opinions(prompt_id, kept or {}, due.opinions)
        # A damaged log may hold scores that no tally has a column for.
        kept_counts = tally and {name: getattr(tally, name, 0) for name in due.counts}
        if kept_counts != due.counts:
            yield Difference("prompt_tallies", key, _words(kept_counts), _words(due.counts))
        kept_place = place and {name: getattr(place, name) for name in PLACE_COLUMNS}
        if kept_place != due.place:
            yield Difference("queue", key, _words(kept_place), _words(due.place))


def _of_tallies(recount: Recount, connection: Connection) -> Iterator[Difference]:
    """Compare the tallies that need all prompts to have passed by."""
    for where, table, counted, recounted in (
        ("contributor_tallies", CONTRIBUTOR_TALLIES, CONTRIBUTOR_COLUMNS, recount.contributors),
        ("standing_tallies", STANDING_TALLIES, STANDING_COLUMNS, recount.standings),
    ):
        # The last columns are numbers, all before them their key.
        rows = connection.execute(table)
        names = tuple(rows.keys())[: -len(counted)]
        kept = {
            (*row[: len(names)], what): number
            for row in rows
            for what, number in zip(counted, row[len(names) :], strict=True)
        }
        yield from _compared(where, (*names, "counted"), kept, recounted)
    for where, table, recounted in (
        ("score_tallies", SCORE_TALLIES, recount.scores),
        ("hour_tallies", HOUR_TALLIES, recount.hours),
        ("spent_tallies", SPENT_TALLIES, recount.spent),
        ("coverage_tallies", COVERAGE_TALLIES, recount.coverage),
    ):
        # The last column is the number, all before it are its key.
        rows = connection.execute(table)
        names = tuple(rows.keys())[:-1]
        yield from _compared(where, names, {tuple(row[:-1]): int(row[-1]) for row in rows}, recounted)
    standing: Counter[tuple] = Counter()
    for row in connection.execute(LEVELS):
        standing[row.level, row.cell, "prompts"] = int(row.prompts)
        standing[row.level, row.cell, "claims"] = int(row.claims)
    yield from _compared("queue_levels", ("level", "cell", "counted"), standing, recount.levels)
    spelled = {row.cell: Cell(*row[1:]) for row in connection.execute(CELLS)}
    for cell, cell_id in recount.cells.items():
        if spelled.get(cell_id) != cell:
            yield Difference("cells", f"cell={cell_id}", _words(spelled.get(cell_id)), _words(cell))


def _rows(connection: Connection, table: TextClause) -> Iterator[tuple[str, Row]]:
    for row in streamed(connection, table):
        yield row.prompt_id, row


def _kept_opinions(connection: Connection) -> Iterator[tuple[str, dict[str, Opinion]]]:
    for prompt_id, rows in groupby(ratings.every(connection), itemgetter("prompt_id")):
        yield prompt_id, {row["contributor"]: Opinion(*OPINION(row)) for row in rows}


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
        score += "".join(f" {mark}" for mark in ("late", *EARNING_MARKS) if getattr(kept, mark))
        return f"{kept.action}{score} at {kept.decided_at} ({kept.day}) by event {kept.event_id}"
    return str(kept)
