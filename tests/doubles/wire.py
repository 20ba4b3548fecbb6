"""A wire to a PostgreSQL server that can be cut in the middle of a commit."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, make_url

COMMIT = b"COMMIT\x00"
COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"


class Wire:
    """Passes on what a client and the server say to each other, over TCP on this machine."""

    def __init__(self, url: str) -> None:
        """Prepare a wire to a database on a socket of this machine."""
        address = make_url(url)
        self._server = str(Path(address.query["host"]) / ".s.PGSQL.5432")
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.url = URL.create(
            "postgresql", address.username, host="127.0.0.1", port=port, database=address.database
        ).render_as_string()
        self._cuts: Callable[[bytes, bool], bool] = lambda said, by_client: False
        self.cut = threading.Event()

    def cut_before_commit(self) -> None:
        """Cut the next connection that commits; the server does not hear of it."""
        self._cut_once(lambda said, by_client: by_client and COMMIT in said)

    def cut_after_commit(self) -> None:
        """Cut the next connection whose commit was done; the client does not hear of it."""
        self._cut_once(lambda said, by_client: not by_client and COMMITTED in said)

    def _cut_once(self, here: Callable[[bytes, bool], bool]) -> None:
        self.cut.clear()
        self._cuts = lambda said, by_client: not self.cut.is_set() and here(said, by_client)

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self._server)
            except OSError:  # it is being started anew
                client.close()
                continue
            for ends in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, speaker: socket.socket, listener: socket.socket, by_client: bool) -> None:
        with suppress(OSError):
            while said := speaker.recv(65536):
                if self._cuts(said, by_client):
                    self.cut.set()
                    break
                listener.sendall(said)
        for end in (speaker, listener):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
