"""Taking a snapshot: ratings a second, and the most memory it needs, from a store that was filled in bulk.

Each is taken by a process of its own on one core, which has imported all it needs when the clock starts.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.bench.bulk import rated
from tests.bench.stock import FOLDER, opened, stock
from tests.bench.table import Table, number, say_where
from tests.conftest import ROOT

# As 10k_prompts_ranked was, and a hundred times as much.
SIZES = ("10331:15261:314", "1000000:10000000:20000")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sizes", nargs="*", default=SIZES, metavar="PROMPTS:RATINGS:PEOPLE")
    parser.add_argument("--folder", type=Path, help=FOLDER)


def run(words: argparse.Namespace) -> None:
    with stock(words.folder) as stores:
        say_where("one core for the snapshot")
        table = Table(
            "prompts", "ratings", "seconds", "CPU s", "ratings/CPU s", "most MB", "MB before", "files MB"
        )
        for size in words.sizes:
            prompts, ratings, people = map(int, size.split(":"))
            database = rated(stores, prompts, ratings, people)
            with tempfile.TemporaryDirectory(dir=words.folder) as folder:
                told = json.loads(
                    subprocess.run(
                        [sys.executable, "-m", "tests.bench.snapshot", str(database), f"{folder}/out"],
                        cwd=ROOT,
                        check=True,
                        stdout=subprocess.PIPE,
                        text=True,
                    ).stdout
                )
                files = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
            table.row(
                number(prompts, 0),
                number(ratings, 0),
                number(told["seconds"], 2),
                number(told["cpu"], 2),
                number(ratings / told["cpu"], 0),
                number(told["most"], 0),
                number(told["before"], 0),
                number(files / 1e6, 1),
            )


def take(database: Path, folder: Path) -> None:
    """Take one snapshot and print what it took."""
    from components.snapshots.snapshot import write_snapshot

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with closing(opened(database)) as store:
        before, began, cpu = most_mb(), time.perf_counter(), time.process_time()
        write_snapshot(store, folder)
        told = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
        print(json.dumps(told | {"before": before, "most": most_mb()}))


def most_mb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    take(*map(Path, sys.argv[1:]))
