"""Importing a file of prompts: rows a second, and that a second import changes nothing."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.conftest import ROOT
from tests.serving import command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", default=ROOT.parent / "shared/data/prompts/prompts.jsonl.gz", type=Path
    )
    parser.add_argument("--runs", type=int, default=3)


def run(words: argparse.Namespace) -> None:
    for _ in range(words.runs):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("first", "again"):
                began = time.perf_counter()
                ended = command(Path(folder), "import", words.file)
                print(
                    f"{name}: {time.perf_counter() - began:.1f} s, {ended.stdout.splitlines()[0] if ended.stdout else ended.stderr}"
                )
