"""Rating over HTTP: submit and get the next prompt, beside a bare insert with the same group commit.

Each rater has a session and a connection of their own and waits for each answer: in the closed loop
they rate again at once, with think time after about three seconds. Server and load share the machine.
What is measured begins when everybody has rated once: a cookie that is read for the first time adds half to
what a rating costs, and of a contributor's ratings few are the first.
"""

import argparse
import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tqdm import tqdm

from tests.bench.outcome import Load, Outcome
from tests.bench.serving import FASTEST, Server, measure, sprint, yardstick
from tests.bench.stock import FOLDER, Stock, stock
from tests.bench.table import Table, number, say, say_where

LOOPS = ("closed", "think")
ROUTES = ("yardstick", "rating", "postgresql")
THINK_S = 3.0
WARM_UP_S = 1.0
COLUMNS = (
    "raters",
    "  loop",
    "    route",
    "ratings/s",
    "of yardstick",
    "p50 ms",
    "p95 ms",
    "  p99 ms",
    "server CPU ms/rating",
    "server % of a core",
    "load % of a core",
    "others % of a core",
    "server RSS MB",
    "ratings",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--raters", type=int, nargs="+", default=[1, 10, 50, 200, 1000])
    parser.add_argument("--loops", type=names(LOOPS), default=LOOPS, help="closed,think")
    parser.add_argument("--only", choices=ROUTES, help="leave the other one out")
    parser.add_argument("--prompts", type=int, default=10_331)
    parser.add_argument("--seconds", type=float, default=5, help="measured in a closed loop")
    parser.add_argument("--think-seconds", type=float, default=15, help="measured with think time")
    parser.add_argument("--repeat", type=int, default=1, help="times; what others disturbed least counts")
    parser.add_argument("--folder", type=Path, help=FOLDER)
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="of a PostgreSQL server where databases may be made, to measure it too",
    )
    parser.add_argument("--quick", action="store_true", help="a first impression: 10 raters, a second")


def names(known: tuple[str, ...]):  # noqa: ANN201
    """A reader of some of the names, separated by commas."""

    def read(text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(","))
        if not set(chosen) <= set(known):
            raise argparse.ArgumentTypeError(f"choose from {','.join(known)}")
        return chosen

    return read


def run(words: argparse.Namespace) -> None:
    if words.quick:
        words.raters, words.seconds, words.think_seconds = [10], 1, 3
    pairs = [(raters, loop) for raters in words.raters for loop in words.loops]
    with stock(words.folder, words.database_url) as stores:
        bench = Bench(words, stores)
        for pair in tqdm(pairs, "raters and loops", unit="", leave=False):
            bench.rows(*pair)


class Bench:
    """Measures one row after the other, each on a store and a process of its own."""

    def __init__(self, words: argparse.Namespace, stores: Stock) -> None:
        self._words = words
        self._stores = stores
        say_where(f"{words.prompts:,} prompts", "the load on the same cores")
        self._table = Table(*COLUMNS)

    def rows(self, raters: int, loop: str) -> None:
        """Measure the routes in turn, and print a row for each."""
        routes = [
            route
            for route in ROUTES
            if self._words.only in (None, route) and (self._words.database_url or route != "postgresql")
        ]
        rounds = [
            [self._measured(raters, loop, route) for route in routes] for _ in range(self._words.repeat)
        ]
        best = [min(outcomes, key=lambda one: one.others_share) for outcomes in zip(*rounds, strict=True)]
        for route, outcome in zip(routes, best, strict=True):
            # Who thinks rates no faster anywhere; what that costs tells the two apart.
            beside = loop == "closed" and routes[0] == "yardstick" != route
            self._row(raters, loop, route, outcome, outcome.per_s / best[0].per_s if beside else None)

    def _row(self, raters: int, loop: str, route: str, outcome: Outcome, ratio: float | None) -> None:
        shares = (
            number(100 * share, 0)
            for share in (outcome.server_share, outcome.client_share, outcome.others_share)
        )
        self._table.row(
            raters,
            loop,
            route,
            number(outcome.per_s, 0 if outcome.per_s >= 100 else 1),
            number(ratio, 2),
            *(number(ms) for ms in (outcome.p50_ms, outcome.p95_ms, outcome.p99_ms)),
            number(outcome.cpu_ms_per_rating, 2),
            *shares,
            number(outcome.rss_mb, 0),
            number(outcome.ratings, 0),
        )
        say_troubles(outcome)

    def _measured(self, raters: int, loop: str, route: str) -> Outcome:
        closed = loop == "closed"
        database = self._stores.copy(self._words.prompts if route == "rating" else 0)
        settings = {"RATINGS_PER_MINUTE": FASTEST} if closed else {}
        moved = self._stores.moved(self._words.prompts) if route == "postgresql" else nullcontext()
        with moved as url, _serving(route, database, settings, url) as server:
            load = Load(
                server.port,
                server.pid,
                raters,
                self._words.seconds if closed else self._words.think_seconds,
                think_s=0 if closed else THINK_S,
                # Who thinks gives their first rating within that time.
                warm_up_s=WARM_UP_S if closed else THINK_S + WARM_UP_S,
                signs_in=route != "yardstick",
            )
            outcome = measure(load)
        shutil.rmtree(database.parent)
        return outcome


def _serving(
    route: str, database: Path, settings: dict[str, object], url: str | None
) -> AbstractContextManager[Server]:
    if route == "yardstick":
        return yardstick(database)
    return sprint(database, **settings, **{"DATABASE_URL": url} if url else {})


def say_troubles(outcome: Outcome) -> None:
    """Say what else than confirmations came back."""
    for what, times in outcome.troubles.items():
        say(f"({times} times: {what})")
    if outcome.ran_out:
        say(f"({outcome.ran_out} raters had rated every prompt before the end)")
