"""Numbers about agreement: seconds and memory for each, what raters feel of it, and how often intervals hold the truth.

Each number is computed by a process of its own on one core, which has imported all it needs when the clock starts.
Raters rate as `tests.bench rating` has them do, those who think before they rate; beside them the numbers of
their sprint are computed again and again without the minute's rest between.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from tqdm import tqdm

from components.agreement.process import Process
from tests.agreement.coverage import COVERED
from tests.bench.bulk import rated
from tests.bench.outcome import Load, Outcome
from tests.bench.rating import THINK_S, say_troubles
from tests.bench.serving import FASTEST, measure, sprint
from tests.bench.snapshot import most_mb
from tests.bench.stock import FOLDER, opened, stock
from tests.bench.table import Table, number, say, say_where
from tests.conftest import ROOT

# Name, prompts, ratings, people.
SIZES = (
    ("alpha", 1_000_000, 10_000_000, 0),
    ("bootstrap", 1_000_000, 10_000_000, 0),
    ("dawid-skene", 33_000, 100_000, 1_000),
    ("graded", 33_000, 100_000, 1_000),
    ("severity", 33_000, 100_000, 1_000),
    ("severity", 33_000, 100_000, 10_000),
    ("claim", 33_000, 100_000, 1_000),
    ("consistency", 33_000, 100_000, 1_000),
    ("alike", 33_000, 100_000, 1_000),
)
RUNS = 400
STORE = "100000:1000000:2000"
WAYS = ("nothing else", "the numbers", "nothing else", "the numbers")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="which numbers; else all of them")
    parser.add_argument(
        "--divided-by", type=int, default=1, help="of so many times fewer prompts and ratings"
    )
    parser.add_argument(
        "--store",
        default=STORE,
        metavar="PROMPTS:RATINGS:PEOPLE",
        help="of which everything is computed, and which is rated meanwhile; none to leave that out",
    )
    parser.add_argument("--raters", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20, help="they are measured")
    parser.add_argument("--folder", type=Path, help=FOLDER)
    parser.add_argument("--runs", type=int, default=RUNS, help="simulations for each interval; 0 for none")


def run(words: argparse.Namespace) -> None:
    say_where("one core")
    table = Table("number", "prompts", "ratings", "people", "seconds", "most MB", "MB before")
    for name, *size in SIZES:
        if words.names and name not in words.names:
            continue
        size = [part // words.divided_by for part in size]
        told = json.loads(
            subprocess.run(
                [sys.executable, "-m", "tests.bench.agreement", name, *map(str, size)],
                cwd=ROOT,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            ).stdout
        )
        parts = (number(told["seconds"], 2), number(told["most"], 0), number(told["before"], 0))
        table.row(name, *(number(part, 0) for part in size), *parts)
    if words.store != "none" and not words.names:
        prompts, ratings, people = map(int, words.store.split(":"))
        with stock(words.folder) as stores:
            of_store(rated(stores, prompts, ratings, people), words)
    if words.runs:
        say("")
        table = Table("interval of 95 %", "runs", "holds the truth")
        for name, simulate in COVERED.items():
            rng = np.random.default_rng(20260301)
            inside = [simulate(rng) for _ in tqdm(range(words.runs), desc=name, leave=False, disable=None)]
            table.row(name, words.runs, f"{100 * np.mean(np.concatenate(inside)):.1f} %")


def of_store(database: Path, words: argparse.Namespace) -> None:
    """Compute everything of a store, then have it rated with and without that beside."""
    with tempfile.TemporaryDirectory(dir=words.folder) as folder:
        copy = Path(folder) / "sprint.db"
        shutil.copyfile(database, copy)
        with closing(opened(copy)):
            pass  # it may have been made by an earlier version
        url = {"url": f"sqlite:///{copy}"}
        began = time.perf_counter()
        Process().run("components.agreement.work", url, lambda doing, done, total: None)
        took = time.perf_counter() - began
        say(
            f"\nEverything of a store of {words.store} (prompts:ratings:people), the process included: {took:.1f} s."
        )
        say("")
        table = Table("beside", "ratings/s", "p50 ms", "p95 ms", "p99 ms", "server % of a core")
        for way in WAYS:
            with beside(url if way == WAYS[1] else None):
                outcome = felt(copy, words)
            figures = (number(ms) for ms in (outcome.p50_ms, outcome.p95_ms, outcome.p99_ms))
            share = number(100 * outcome.server_share, 0)
            table.row(way, number(outcome.per_s, 1), *figures, share)
            say_troubles(outcome)


@contextmanager
def beside(url: dict | None) -> Iterator[None]:
    """Compute again and again until the end; nothing for no store."""
    over = threading.Event()

    def again() -> None:
        while not over.is_set():
            process.run("components.agreement.work", url, lambda doing, done, total: None)

    process, thread = Process(), threading.Thread(target=again)
    if url:
        thread.start()
    yield
    over.set()
    if url:
        thread.join()


def felt(copy: Path, words: argparse.Namespace) -> Outcome:
    """What raters feel."""
    with sprint(copy, RATINGS_PER_MINUTE=FASTEST) as server:
        return measure(Load(server.port, server.pid, words.raters, words.seconds, think_s=THINK_S))


def compute(name: str, prompts: int, ratings: int, people: int) -> None:
    """Compute one number and print what it took."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    work = made(name, prompts, ratings, people)
    before, began = most_mb(), time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - began, "before": before, "most": most_mb()}))


def made(name: str, prompts: int, ratings: int, people: int) -> Callable[[], object]:
    """What is to be computed, of made-up ratings."""
    from components.agreement.alpha import alpha, alpha_interval
    from components.agreement.claim import differences
    from components.agreement.dawid_skene import dawid_skene
    from components.agreement.effects import effects
    from components.agreement.graded import graded
    from components.agreement.matrix import Matrix
    from components.agreement.patterns import patterns_of
    from components.agreement.reliability import consistency
    from components.agreement.review import alike

    rng = np.random.default_rng(20260301)
    of = np.arange(ratings) % prompts
    worth = rng.normal(3.2, 0.7, prompts)
    by = rng.permutation(np.repeat(np.arange(max(people, 1)), -(-ratings // max(people, 1)))[:ratings])
    severity = rng.normal(0, 0.5, max(people, 1))
    scores = np.clip(np.rint(worth[of] + severity[by] + rng.normal(0, 0.7, ratings)), 1, 5).astype(np.int64)
    matrix = Matrix(of, by, scores, prompts, max(people, 1))
    if name in ("alpha", "bootstrap"):
        counts = matrix.counts()
        if name == "alpha":
            return lambda: alpha(patterns_of(counts))
        return lambda: alpha_interval(patterns_of(counts), rng)
    sources, times = rng.integers(16, size=prompts), rng.integers(10**9, size=ratings)
    return {
        "dawid-skene": lambda: dawid_skene(matrix),
        "graded": lambda: graded(matrix),
        "severity": lambda: effects(matrix, sources),
        "claim": lambda: differences(matrix, sources % 3, sources, ("human", "synthetic", "unknown")),
        "consistency": lambda: consistency(matrix),
        "alike": lambda: alike(matrix, times),
    }[name]


if __name__ == "__main__":
    compute(sys.argv[1], *map(int, sys.argv[2:]))
