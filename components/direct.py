"""Direct answers: requests that come by the thousand are answered in one piece, past tasks and the messages of ASGI."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from components.corked import Corked

Headers = Iterable[tuple[bytes, bytes]]
# Takes the status, the headers and the body of an answer.
Respond = Callable[[int, Headers, bytes], None]


class DirectApp(Protocol):
    """An ASGI application that can also answer a request in one piece; what stands in front of one is one itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def answer_directly(self, scope: Scope, body: bytes | bytearray, respond: Respond) -> bool:
        """Answer a request with its whole body, now or later, or say no: then it comes as a message, and is refused there."""
        ...


class Direct(Corked):
    """uvicorn's protocol, which has requests to one path answered past the application, if that can be."""

    def __init__(
        self,
        *arguments: object,
        path: str,
        answer: Callable[[Scope, bytearray, Respond], bool],
        headers: Headers = (),
        **named: object,
    ) -> None:
        """Make uvicorn's protocol.

        Args:
            answer: `DirectApp.answer_directly` of the application, for requests of that path.
            headers: Those that each of these answers has besides its own.
        """
        super().__init__(*arguments, **named)
        self._path = path
        self._answer = answer
        self._headers = tuple(headers)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:
        if cycle.scope["path"] == self._path:
            # By the next turn of the loop the body is there as well, if all of it came at once.
            self.loop.call_soon(self._begin, cycle, app)
        else:
            super()._start_asgi_task(cycle, app)

    def _begin(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:
        # Whoever sends slowly, or does not read, is waited for by the application.
        waits = cycle.more_body or self.flow.write_paused
        try:
            taken = not waits and self._answer(cycle.scope, cycle.body, partial(self._respond, cycle))
        except BaseException:
            self.transport.close()  # else they would wait for ever
            raise
        if taken:
            # An open connection needs it no longer.
            cycle.body = bytearray()
        else:
            super()._start_asgi_task(cycle, app)

    def _respond(self, cycle: RequestResponseCycle, status: int, headers: Headers, body: bytes) -> None:
        if cycle.disconnected or self.transport.is_closing():
            return
        cycle.response_started = cycle.response_complete = True
        pieces = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers, *self._headers):
            pieces += (name, b": ", value, b"\r\n")
        if not cycle.keep_alive:
            pieces.append(b"connection: close\r\n")
        pieces += (b"\r\n", body)
        self.transport.writelines(pieces)
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        # As uvicorn does: connections that are closed shall not wait for the garbage to be collected.
        cycle.on_response = lambda: None
