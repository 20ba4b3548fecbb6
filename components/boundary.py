"""The boundary of the application: what is refused before any route, Gradio's own ones included, sees it."""

from collections.abc import Collection
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode, urlsplit

from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from components.direct import DirectApp, Respond
from components.errors import ForeignOrigin, RequestTooLarge, SprintError

READING = ("GET", "HEAD", "OPTIONS")
# A hundred events with every field at its longest are a fifth of this.
LARGEST_BODY = 256 * 1024
TOO_LARGE = f"A request may be {LARGEST_BODY // 1024} kB at most; send fewer events at once."
# Gradio takes files, recordings and calls of its handlers from anybody here; the page only reads there.
ONLY_READ = "/gradio_api/"
# What Gradio has no part in.
OURS = "/api/"
# Files of prompts: the route itself asks who sends them, and reads no more than it takes.
STREAMED = ("/api/imports/upload",)
HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"strict-origin-when-cross-origin"))
# What is looked at of a request's headers: the values of each, in lower case.
Told = dict[bytes, list[str]]


class Boundary:
    """ASGI middleware: foreign pages may not send anything, and nobody may send too much.

    Every rating passes here, so headers are read as they come and no object is made of them.
    """

    def __init__(self, app: DirectApp, own_hosts: Collection[str] = ()) -> None:
        """Stand around an application.

        Args:
            own_hosts: Hosts that are this sprint besides the one a request is addressed to.
        """
        self._app = app
        self._own_hosts = own_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        scope = _of_the_one_page(scope)
        if scope["method"] not in READING:
            try:
                told = _told(scope)
                self._check_origin(told)
                if scope["path"].startswith(ONLY_READ):
                    nothing = JSONResponse({"detail": "Nothing is taken here."}, status_code=404)
                    await nothing(scope, receive, send)
                    return
                streamed = scope["path"] in STREAMED
                whole = receive if streamed else await _whole_body(told, receive)
            except SprintError as error:
                status = 413 if isinstance(error, RequestTooLarge) else 403
                await JSONResponse({"detail": str(error)}, status_code=status)(scope, receive, send)
                return
            if whole is None:
                return  # the sender went away in the middle: half a request is none
            receive = whole
        await self._app(scope, receive, send)

    def answer_directly(self, scope: Scope, body: bytes | bytearray, respond: Respond) -> bool:
        """Let a request in that may be answered in one piece: `components.direct.DirectApp`."""
        let_in = len(body) <= LARGEST_BODY and self._is_own(_told(scope))
        return let_in and self._app.answer_directly(scope, body, respond)

    def _check_origin(self, told: Told) -> None:
        if not self._is_own(told):
            raise ForeignOrigin(
                "This was sent by a page of another site; open the sprint itself and try again."
            )

    def _is_own(self, told: Told) -> bool:
        for origin in told[b"origin"]:
            try:
                host = urlsplit(origin).netloc.casefold()
            except ValueError:
                host = ""
            if not host or not (host in told[b"host"] or host in self._own_hosts):
                return False
        return True


def _of_the_one_page(scope: Scope) -> Scope:
    """The request without a `page` in its address: Gradio takes that for the name of a page, and breaks at another."""
    query = scope.get("query_string", b"")
    if scope["path"].startswith(OURS) or b"page" not in unquote_to_bytes(query):
        return scope
    told = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    kept = urlencode([(name, value) for name, value in told if name != "page"])
    return {**scope, "query_string": kept.encode()}


def _told(scope: Scope) -> Told:
    told: Told = {b"host": [], b"origin": [], b"content-length": []}
    for name, value in scope["headers"]:
        if name in told:
            told[name].append(value.decode("latin-1").casefold())
    return told


async def _whole_body(told: Told, receive: Receive) -> Receive | None:
    """Read the body up to the limit, to be handed on in one piece; None if it breaks off.

    Raises:
        RequestTooLarge: It is longer than the limit.
    """
    declared = next(iter(told[b"content-length"]), "0")
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        raise RequestTooLarge(TOO_LARGE)
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise RequestTooLarge(TOO_LARGE)
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [one for one in HEADERS if one[0] not in present]
            message = {**message, "headers": headers}
        await send(message)

    return with_headers
