"""Watching over HTTP: what is known already and what is not, beside a bare route; and how soon a thousand pages move.

The first table asks for one document in a closed loop, on a condition and without. The second has people
rate, at about a hundred ratings a second, first alone and then beside open pages that ask every two seconds
for the index and for what changed of what they show. Server and load share the machine.
"""

import argparse
import shutil
from dataclasses import asdict, replace
from pathlib import Path

from tqdm import tqdm

from tests.bench.outcome import Load, Outcome
from tests.bench.rating import THINK_S, say_troubles
from tests.bench.serving import Server, bare, sprint, told
from tests.bench.stock import FOLDER, Stock, stock
from tests.bench.table import Table, number, say, say_where
from tests.bench.watchers import Asked, Asking, Seen

PATHS = ("/api/views", "/api/views/progress", "/api/views/leaderboard-sprint")
ASKING_COLUMNS = (
    "document",
    "already known",
    "  bytes",
    "bare/s",
    "sprint/s",
    "of bare",
    "p99 ms",
    "server % of a core",
    "load % of a core",
    "others % of a core",
)
WATCHING_COLUMNS = (
    "watchers",
    "ratings/s",
    "rating p50 ms",
    "rating p95 ms",
    "fresh p50 s",
    "fresh p95 s",
    "fresh max s",
    "polls/s",
    "documents/s",
    "server % of a core",
    "load % of a core",
    "others % of a core",
    "server RSS MB",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--connections", type=int, default=50, help="that ask in the closed loop")
    parser.add_argument("--seconds", type=float, default=5, help="measured of each document")
    parser.add_argument("--watchers", type=int, nargs="+", default=[0, 1000])
    parser.add_argument("--raters", type=int, default=300, help="who rate meanwhile, with think time")
    parser.add_argument("--watching-seconds", type=float, default=30)
    parser.add_argument("--prompts", type=int, default=10_331)
    parser.add_argument("--folder", type=Path, help=FOLDER)


def run(words: argparse.Namespace) -> None:
    say_where(f"{words.prompts:,} prompts", "the load on the same cores")
    with stock(words.folder) as stores:
        if words.seconds:
            _ask(words, stores)
        if words.watching_seconds:
            _watch(words, stores)


def _ask(words: argparse.Namespace, stores: Stock) -> None:
    table = Table(*ASKING_COLUMNS)
    database = stores.copy(words.prompts)
    pairs = [(path, known) for path in PATHS for known in (True, False)]
    with sprint(database) as server:
        for path, known in tqdm(pairs, "documents", unit="", leave=False):
            asked = _asked(words, server, path, known)
            with bare(database.parent, asked.bytes) as beside:
                yardstick = _asked(words, beside, "/", known)
            shares = (asked.server_share, asked.client_share, asked.others_share)
            table.row(
                path,
                "yes" if known else "no",
                0 if known else f"{asked.bytes:,}",
                number(yardstick.per_s, 0),
                number(asked.per_s, 0),
                number(asked.per_s / yardstick.per_s, 2),
                number(asked.p99_ms),
                *(number(100 * share, 0) for share in shares),
            )
    shutil.rmtree(database.parent)


def _asked(words: argparse.Namespace, server: Server, path: str, known: bool) -> Asked:
    asking = Asking(server.port, server.pid, path, known, words.connections, words.seconds)
    return Asked(**told("tests.bench.watchers", asdict(asking), words.seconds, "asked"))


def _watch(words: argparse.Namespace, stores: Stock) -> None:
    table = Table(*WATCHING_COLUMNS)
    for watchers in tqdm(words.watchers, "watchers", unit="", leave=False):
        database = stores.copy(words.prompts)
        with sprint(database) as server:
            load = Load(server.port, server.pid, words.raters, words.watching_seconds, THINK_S, warm_up_s=5)
            seen = told(
                "tests.bench.watchers", {"load": asdict(load), "watchers": watchers}, load.seconds, "seen"
            )
        shutil.rmtree(database.parent)
        _row(table, watchers, replace(Seen(**seen), rating=Outcome(**seen["rating"])))


def _row(table: Table, watchers: int, seen: Seen) -> None:
    rating = seen.rating
    shares = (rating.server_share, rating.client_share, rating.others_share)
    table.row(
        watchers,
        number(rating.per_s, 0),
        number(rating.p50_ms),
        number(rating.p95_ms),
        *(number(one, 2) for one in (seen.fresh_p50_s, seen.fresh_p95_s, seen.fresh_max_s)),
        number(seen.polls / rating.seconds, 0),
        number(seen.documents / rating.seconds, 0),
        *(number(100 * share, 0) for share in shares),
        number(rating.rss_mb, 0),
    )
    say_troubles(rating)
    for what, times in seen.troubles.items():
        say(f"({times} times: {what})")
