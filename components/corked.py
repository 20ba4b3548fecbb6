"""Corked connections: an answer's head waits for its body, and both leave in one call of the system and one packet.

The server writes them one after the other: a call more for each rating, and whoever waits is woken twice.
"""

import asyncio
from collections.abc import Iterable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class CorkedTransport:
    """A transport that holds a first piece back until a second one comes, or the event loop's turn is over.

    It never holds more than these two, so whoever sends much is slowed down by the network as without it.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def write(self, piece: bytes) -> None:
        """Send a piece, with the one before it or soon."""
        if self._held is None:
            self._held = piece
            self._loop.call_soon(self._let_go)
        else:
            held, self._held = self._held, None
            self._transport.writelines((held, piece))

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Send pieces at once, after what is held."""
        self._let_go()
        self._transport.write(b"".join(pieces))

    def close(self) -> None:
        """Send what is held, and close."""
        self._let_go()
        self._transport.close()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._transport.write(held)

    def __getattr__(self, name: str) -> object:
        # Everything else is the transport's own.
        return getattr(self._transport, name)


class Corked(HttpToolsProtocol):
    """uvicorn's protocol, on corked connections."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A connection was opened."""
        super().connection_made(CorkedTransport(transport, self.loop))
