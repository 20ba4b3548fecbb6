"""Coalesced requests: bytes that arrive apart and are worked on together are read together, one after the other.

Whatever runs after a moment of idling costs twice what it costs when it just ran. That counts for the
hundreds of people a second who think before they rate, each of whom comes while nobody else does.
"""

from collections.abc import Callable

from components.direct import Direct


class Coalesced(Direct):
    """uvicorn's protocol, on connections whose bytes may come in a little later.

    They stay in their order, and none is dropped: to all that reads them it is as if the network had taken longer.
    """

    def __init__(
        self, *arguments: object, hold: Callable[[Callable[[], None]], bool], **named: object
    ) -> None:
        """Make uvicorn's protocol.

        Args:
            hold: Is handed what lets a request to the direct path in, and calls it later; if it says no,
                the request comes in at once.
        """
        super().__init__(*arguments, **named)
        self._starts = f"POST {self._path} ".encode()
        self._hold = hold
        self._held = b""

    def data_received(self, data: bytes) -> None:
        """Bytes have come; those that come while others are held let these in."""
        if self._held:
            self._let_in()
        elif data.startswith(self._starts):
            self._held = data
            if self._hold(self._let_in):
                return
            self._held = b""
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever sent something and went away at once has sent it."""
        if self._held:
            # Nobody is there any more for whom another protocol could take over.
            self.ws_protocol_class = None
            self._let_in()
            # In the next turn it is taken, or a task begins, which reads it in the one after that; of who is
            # known to be gone, nothing is taken.
            self.loop.call_soon(self.loop.call_soon, super().connection_lost, exc)
        else:
            super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server ends when all that has come is answered."""
        self._let_in()
        super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Nobody has asked anything for a while, unless it is held."""
        if not self._held:
            super().timeout_keep_alive_handler()

    def _let_in(self) -> None:
        held, self._held = self._held, b""
        if held:
            super().data_received(held)
