"""The watchers' lane: thousands of pages ask for the views every two seconds, past the framework."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from components.errors import UnknownView
from components.live.answers import answer
from components.live.publisher import Published, Publisher

INDEX = "/api/views"


class Watching:
    """ASGI middleware that serves views; the framework's routes of the same paths document them, and answer the rest."""

    def __init__(
        self, app: ASGIApp, publisher: Publisher, headers: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        """Stand in front of an application, its guards included: views are for everybody, and only read.

        Args:
            headers: Those that every answer has, whatever it is.
        """
        self._app = app
        self._publisher = publisher
        self._headers = tuple(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version = self._asked_for(scope)
        if version is None:
            await self._app(scope, receive, send)
            return
        if_none_match = accept_encoding = b""
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                if_none_match = value
            elif name == b"accept-encoding":
                accept_encoding = value
        status, headers, body = answer(
            version, if_none_match.decode("latin-1"), accept_encoding.decode("latin-1")
        )
        headers += self._headers
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _asked_for(self, scope: Scope) -> Published | None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(INDEX):
            return None
        rest = scope["path"][len(INDEX) :]
        if not rest:
            return self._publisher.index()
        try:
            return self._publisher.document(rest[1:]) if rest[0] == "/" else None
        except UnknownView:
            return None  # the framework says so
