"""Memory over many ratings: what the server holds, each time so many more are kept."""

import argparse
from pathlib import Path

from tqdm import tqdm

from tests.bench.outcome import Load
from tests.bench.rating import say_troubles
from tests.bench.serving import FASTEST, measure, sprint
from tests.bench.stock import FOLDER, stock
from tests.bench.table import Table, number, say_where


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ratings", type=int, default=200_000)
    parser.add_argument("--every", type=int, default=20_000)
    parser.add_argument("--raters", type=int, default=200)
    parser.add_argument("--prompts", type=int, default=10_331)
    parser.add_argument("--most-seconds", type=float, default=1200, help="give up after so long")
    parser.add_argument("--folder", type=Path, help=FOLDER)


def run(words: argparse.Namespace) -> None:
    with stock(words.folder) as stores:
        database = stores.copy(words.prompts)
        say_where(f"{words.prompts:,} prompts", f"{words.raters:,} raters in a closed loop")
        table = Table("ratings kept", "server RSS MB", "ratings/s since", "server CPU ms/rating since")
        with (
            sprint(database, RATINGS_PER_MINUTE=FASTEST) as server,
            tqdm(total=words.ratings, leave=False) as bar,
        ):
            before: list[float] = []

            def show(line: dict) -> None:
                now = line["at"]
                used = [b - a for a, b in zip(before, now, strict=True)] if before else None
                table.row(
                    number(line["ratings"], 0),
                    number(line["rss_mb"], 0),
                    number(words.every / used[0], 0) if used else None,
                    number(1000 * used[1] / words.every, 2) if used else None,
                )
                before[:] = now
                bar.n = line["ratings"]
                bar.refresh()

            load = Load(
                server.port,
                server.pid,
                words.raters,
                words.most_seconds,
                most_ratings=words.ratings,
                tell_every=words.every,
            )
            say_troubles(measure(load, show))
