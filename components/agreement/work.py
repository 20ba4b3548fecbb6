"""The work that is done in a process of its own: read the store at one moment, compute, say what came of it.

`python -m components.agreement.work` takes the address of the store on stdin and answers in lines of JSON: how far
it is, and at last what it found. It writes nothing.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import closing

import numpy as np

from components.agreement.checks import read_checks
from components.agreement.contributors import contributors
from components.agreement.document import document
from components.agreement.evidence import evidence
from components.agreement.reading import MOST_RATINGS, OnProgress, read
from components.store import findings, imports
from components.store.database import Database

# Whoever rates comes first.
NICE = 10
SEED = 20260301
# Between two words of how far it is.
REST_S = 0.2


def found(
    database: Database, on_progress: OnProgress, most_ratings: int = MOST_RATINGS
) -> tuple[str, Mapping[str, object]]:
    """Compute everything: of which version of the store, and what, by name."""
    with database.scanning() as connection:
        version = findings.version(connection)
        reading = read(connection, on_progress, most_ratings)
        checks = read_checks(connection, reading.given)
        imported = imports.people(connection)
    told = document(reading, np.random.default_rng(SEED), on_progress)
    return version, {
        "agreement": told,
        "contributors": contributors(reading, checks),
        "review": evidence(reading, imported),
    }


class Teller:
    """Says how far it is, but not more often than anybody looks."""

    def __init__(self) -> None:
        self._told_at = 0.0

    def __call__(self, doing: str, done: int, total: int) -> None:
        """So much of so much is done."""
        now = time.monotonic()
        if now - self._told_at > REST_S:
            self._told_at = now
            say({"doing": doing, "done": done, "total": total})


def say(told: Mapping[str, object]) -> None:
    """One line for whoever asked."""
    print(json.dumps(told), flush=True)


def main() -> None:
    """Do it for the store whose address comes in."""
    asked = json.loads(sys.stdin.read())
    os.nice(NICE)
    with closing(Database(asked["url"])) as database:
        version, contents = found(database, Teller())
    say({"version": version, "contents": {name: json.dumps(told) for name, told in contents.items()}})


if __name__ == "__main__":
    main()
