"""Stores full of ratings, written straight into the tables: ten million in minutes, and counted as if people had given them.

The prompts come in on the usual way (`stock`), and so do those who rate them. Their ratings are written
contributor by contributor, in the order of the keys of the two large tables; the tallies are counted on
the way. `audit` finds nothing to say about such a store.
"""

import contextlib
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from components.records import DAY_MS, HOUR_MS, SCORES, Identity
from components.store import contributors
from components.store.tallies import spent_class, utc_day
from tests.bench.stock import Stock, opened

WRITER = "bulk"
MARCH_1 = 1_772_323_200_000  # 2026-03-01T00:00:00Z
DAYS = 14
WEIGHTS = (8, 14, 26, 32, 20)
# Most people give few ratings, a few give very many.
PARETO = 1.2
EVENT = """
    INSERT INTO events (writer, number, event_id, contributor, prompt_id, action, score, shown_ms, happened_at,
                        received_at)
    VALUES (?, ?, ?, ?, ?, 'rated', ?, ?, ?, ?)
"""
RATING = """
    INSERT INTO ratings (contributor, prompt_id, action, score, decided_at, day, event_id, late, completes, thin)
    VALUES (?, ?, 'rated', ?, ?, ?, ?, 0, 0, 0)
"""
DAY = """
    INSERT INTO contributor_tallies (contributor, day, source, ratings, skips, discards, flags)
    VALUES (?, ?, ?, ?, 0, 0, 0)
"""
STANDING = """
    INSERT INTO standing_tallies (contributor, day, utc_day, ratings, completed, thin) VALUES (?, ?, ?, ?, 0, 0)
"""
SCORES_OF_DAY = """
    INSERT INTO score_tallies (day, source, kind, length_class, score, slot, ratings)
    VALUES (?, ?, ?, ?, ?, 0, ?)
"""
HOUR = "INSERT INTO hour_tallies (hour, source, kind, late, slot, ratings) VALUES (?, ?, ?, 0, 0, ?)"
SPENT = "INSERT INTO spent_tallies (day, source, kind, from_s, slot, ratings) VALUES (?, ?, ?, ?, 0, ?)"
FAST = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "locking_mode = EXCLUSIVE")
PROMPTS = """
    SELECT prompt_tallies.prompt_id, source, kind, length_class FROM prompt_tallies
    JOIN cells ON cells.cell = prompt_tallies.cell ORDER BY prompt_tallies.prompt_id
"""
BY_PROMPT = "CREATE INDEX events_by_prompt ON events (prompt_id, contributor)"
DERIVE = """
    UPDATE queue SET claims = n1 + n2 + n3 + n4 + n5, level = n1 + n2 + n3 + n4 + n5 FROM prompt_tallies
    WHERE prompt_tallies.prompt_id = queue.prompt_id;
    DELETE FROM queue_levels;
    INSERT INTO queue_levels (level, cell, slot, prompts, claims)
    SELECT level, cell, 0, COUNT(*), SUM(claims) FROM queue GROUP BY level, cell;
    DELETE FROM coverage_tallies;
    INSERT INTO coverage_tallies (cell, ratings, slot, prompts)
    SELECT cell, n1 + n2 + n3 + n4 + n5, 0, COUNT(*) FROM prompt_tallies GROUP BY 1, 2;
"""


def rated(stores: Stock, prompts: int, ratings: int, people: int) -> Path:
    """A store of so many prompts and so many ratings of them by so many people, kept for the next time.

    Every prompt has as many as the others, or one more.
    """
    full = stores.kept / f"rated-{prompts}-{ratings}-{people}.db"
    if not full.exists():
        draft = stores.copy(prompts)
        join(draft, people)
        fill(draft, ratings)
        draft.rename(full)
    return full


def join(database: Path, people: int) -> None:
    """Let so many people sign in."""
    with contextlib.closing(opened(database, ratings_per_prompt=3)) as store:
        for start in range(0, people, 500):
            some = range(start, min(start + 500, people))
            identities = [Identity("bulk", str(n), f"person-{n}", f"Person {n}") for n in some]
            store.write(lambda tx, these=identities: [contributors.sign_in(tx, one, ()) for one in these])


def fill(database: Path, ratings: int) -> None:
    """Let everybody rate, so that there are so many ratings in a store that has none."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for pragma in FAST:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("DROP INDEX events_by_prompt")
        connection.execute("BEGIN")
        _Filling(connection, ratings).run()
        connection.executescript(DERIVE)
        connection.execute(BY_PROMPT)
        connection.execute("PRAGMA locking_mode = NORMAL")
        connection.execute("PRAGMA journal_mode = WAL")


class _Filling:
    """Ratings on their way into a store, counted for its tallies."""

    def __init__(self, connection: sqlite3.Connection, ratings: int) -> None:
        self._connection = connection
        self._ratings = ratings
        self._dice = random.Random(20260301)
        self._prompts = connection.execute(PROMPTS).fetchall()
        self._scores = [[0] * len(SCORES) for _ in self._prompts]
        self._days: Counter[tuple] = Counter()
        self._hours: Counter[tuple] = Counter()
        self._spent: Counter[tuple] = Counter()
        self._number = 0

    def run(self) -> None:
        names = [
            row[0] for row in self._connection.execute("SELECT contributor_id FROM contributors ORDER BY 1")
        ]
        # Around and around the prompts in one random order: nobody comes to the same one twice.
        order = list(range(len(self._prompts)))
        self._dice.shuffle(order)
        place = 0
        with tqdm(total=self._ratings, desc="ratings", unit="", leave=False, disable=None) as bar:
            for name, number in zip(names, self._shares(len(names)), strict=True):
                theirs = [order[(place + step) % len(order)] for step in range(number)]
                place += number
                self._rate(name, sorted(theirs))
                bar.update(number)
        self._write_tallies()

    def _shares(self, people: int) -> Iterator[int]:
        """How many ratings each gives: together all of them, and nobody more than there are prompts."""
        most = len(self._prompts)
        assert self._ratings <= people * most, "so few people cannot give so many ratings"
        weights = [self._dice.paretovariate(PARETO) for _ in range(people)]
        left, rest = self._ratings, sum(weights)
        for still, weight in zip(range(people - 1, -1, -1), weights, strict=True):
            # What somebody cannot give, and what nobody after them could, is moved to the others.
            share = min(most, left, max(round(left * weight / rest), left - still * most))
            left, rest = left - share, rest - weight
            yield share

    def _rate(self, contributor: str, places: Sequence[int]) -> None:
        """Let one contributor rate the prompts at these places."""
        scores = self._dice.choices(SCORES, WEIGHTS, k=len(places))
        moments = self._dice.choices(range(MARCH_1, MARCH_1 + DAYS * DAY_MS), k=len(places))
        shown = [round(1000 * self._dice.lognormvariate(2.3, 0.8)) for _ in places]
        events, opinions, own, standing = [], [], Counter(), Counter()
        for prompt, score, moment, shown_ms in zip(places, scores, moments, shown, strict=True):
            prompt_id, source, kind, length_class = self._prompts[prompt]
            self._number += 1
            event_id = f"00000000-0000-4000-8000-{self._number:012x}"
            day = utc_day(moment)
            events.append(
                (
                    WRITER,
                    self._number,
                    event_id,
                    contributor,
                    prompt_id,
                    score,
                    shown_ms,
                    moment,
                    moment + 200,
                )
            )
            opinions.append((contributor, prompt_id, score, moment, day, event_id))
            own[day, source] += 1
            standing[day, moment // DAY_MS] += 1
            self._scores[prompt][score - 1] += 1
            self._days[day, source, kind, length_class, score] += 1
            self._hours[moment // HOUR_MS, source, kind] += 1
            self._spent[day, source, kind, spent_class(shown_ms)] += 1
        self._connection.executemany(EVENT, events)
        self._connection.executemany(RATING, opinions)
        for statement, counted in ((DAY, own), (STANDING, standing)):
            rows = [(contributor, *key, number) for key, number in sorted(counted.items())]
            self._connection.executemany(statement, rows)

    def _write_tallies(self) -> None:
        write = self._connection.executemany
        write(
            "UPDATE prompt_tallies SET n1 = ?, n2 = ?, n3 = ?, n4 = ?, n5 = ? WHERE prompt_id = ?",
            ((*scores, prompt[0]) for scores, prompt in zip(self._scores, self._prompts, strict=True)),
        )
        for statement, counted in ((SCORES_OF_DAY, self._days), (HOUR, self._hours), (SPENT, self._spent)):
            write(statement, [(*key, number) for key, number in sorted(counted.items())])
        self._connection.execute(
            "INSERT INTO writers (writer, number, slot, started_at) VALUES (?, ?, 0, ?)",
            (WRITER, self._number, MARCH_1),
        )
