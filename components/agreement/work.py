"""The numbers of a sprint, computed in a process of its own: it reads the store at one moment and writes nothing."""

import json
from collections.abc import Mapping
from contextlib import closing

from components.agreement.checks import read_checks
from components.agreement.contributors import contributors
from components.agreement.document import document
from components.agreement.evidence import evidence
from components.agreement.process import OnProgress
from components.agreement.reading import MOST_RATINGS, read
from components.store import findings, imports
from components.store.database import Database

SEED = 20260301


def found(
    database: Database, on_progress: OnProgress, most_ratings: int = MOST_RATINGS
) -> tuple[str, Mapping[str, object]]:
    """Compute everything: of which version of the store, and what, by name."""
    with database.scanning() as connection:
        version = findings.version(connection)
        reading = read(connection, on_progress, most_ratings)
        checks = read_checks(connection, reading.given)
        imported = imports.people(connection)
    told = document(reading, SEED, on_progress)
    return version, {
        "without_busiest": told.pop("without_busiest"),
        "agreement": told,
        "contributors": contributors(reading, checks),
        "review": evidence(reading, imported),
    }


def work(asked: Mapping, on_progress: OnProgress) -> Mapping:
    """The same for the store whose address is asked for, as texts to be kept."""
    with closing(Database(asked["url"])) as database:
        version, contents = found(database, on_progress)
    return {"version": version, "contents": {name: json.dumps(told) for name, told in contents.items()}}
