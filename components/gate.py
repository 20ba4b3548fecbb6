"""The gate: while the sprint is brought back or shuts down, what needs the store is answered by a sentence."""

from collections.abc import Callable

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from components.direct import DirectApp, Respond

# The page itself, its files and the last views need no store.
NEEDS_THE_STORE = ("/api/", "/login", "/logout")
NEEDS_NONE = ("/api/views", "/api/restoring", "/api/docs", "/api/openapi.json")
RETRY_AFTER_S = 3


class Gate:
    """ASGI middleware that lets everything through as long as nothing speaks against it."""

    def __init__(self, app: DirectApp, shut: Callable[[], str | None]) -> None:
        """Stand in front of an application.

        Args:
            shut: Why what needs the store cannot be done now, or None.
        """
        self._app = app
        self._shut = shut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = self._shut()
        if why is None or scope["type"] != "http" or not _needs_the_store(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = {"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"}
        await JSONResponse({"detail": why}, status_code=503, headers=headers)(scope, receive, send)

    def answer_directly(self, scope: Scope, body: bytes | bytearray, respond: Respond) -> bool:
        """Let a request through that may be answered in one piece: `components.direct.DirectApp`."""
        return self._shut() is None and self._app.answer_directly(scope, body, respond)


def _needs_the_store(path: str) -> bool:
    return path.startswith(NEEDS_THE_STORE) and not path.startswith(NEEDS_NONE)
