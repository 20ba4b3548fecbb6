"""`python -m tests.bench NAME`: run one benchmark and print its table."""

import argparse

from tests.bench import (
    agreement,
    browser,
    importing,
    memory,
    picking,
    rating,
    refreshing,
    restoring,
    snapshot,
    watching,
)

BENCHMARKS = (
    ("rating", rating),
    ("memory", memory),
    ("picking", picking),
    ("browser", browser),
    ("importing", importing),
    ("refreshing", refreshing),
    ("restoring", restoring),
    ("snapshot", snapshot),
    ("agreement", agreement),
    ("watching", watching),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="NAME")
    for name, module in BENCHMARKS:
        one = commands.add_parser(name, help=module.__doc__.splitlines()[0], description=module.__doc__)
        module.add_arguments(one)
        one.set_defaults(run=module.run)
    words = parser.parse_args()
    words.run(words)


if __name__ == "__main__":
    main()
