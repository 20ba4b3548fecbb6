"""`python -m tests.chaos [NAMES]`: break a sprint while people rate, and compare what was confirmed with what is there."""

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tqdm import tqdm

from tests.bench.table import Table, number, say, say_where
from tests.chaos.catalog import SCENARIOS
from tests.chaos.scenario import Outcome, Scenario, Skipped


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones: " + ", ".join(_named()))
    parser.add_argument("--short", action="store_true", help="as few rounds as the tests run")
    words = parser.parse_args()
    unknown = set(words.names) - _named().keys()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(_named())}")
    chosen = [_named()[name] for name in words.names] or SCENARIOS
    say_where(f"{len(chosen)} scenarios")
    table = Table(
        "scenario".ljust(16), "seconds", "confirmed", "found", "twice", "audit".ljust(10), "MB before", "MB after", "failed"
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="chaos-") as scratch:
        failed = [one for one in chosen if not _passes(one, words.short, table, Path(scratch) / one.name)]
    return 1 if failed else 0


def _named() -> dict[str, Scenario]:
    return {one.name: one for one in SCENARIOS}


def _passes(one: Scenario, short: bool, table: Table, folder: Path) -> bool:
    began = time.monotonic()
    folder.mkdir()
    try:
        with tqdm(
            range(one.short if short else one.long), desc=f"{one.name}: {one.does}", leave=False
        ) as rounds:
            outcome = one.run(folder, rounds)
    except Skipped as reason:
        say(f"{one.name} is left out: {reason}")
        return True
    except Exception as error:
        traceback.print_exc()
        outcome = Outcome(0, 0, 0, "not done", failures=[repr(error)])
    table.row(
        one.name.ljust(16), number(time.monotonic() - began, 0), number(outcome.confirmed, 0),
        number(outcome.found, 0), outcome.twice, outcome.audit.partition("\n")[0][:10].ljust(10),
        number(outcome.before_mb, 0), number(outcome.after_mb, 0), len(outcome.failures),
    )  # fmt: skip
    for sentence in outcome.failures:
        say(f"{one.name}: {sentence}")
    return not outcome.failures


if __name__ == "__main__":
    sys.exit(main())
