"""The express lane: requests that come by the thousand are let in past the framework, and past nothing else."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import orjson
from pydantic import BaseModel, ValidationError
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from components.direct import Respond
from components.errors import BadRequest, SprintError

log = logging.getLogger(__name__)

JSON = b"application/json"
# Or it is, and has numbers or nesting beyond all use.
NO_JSON = "The request body cannot be read as JSON."
# A mistake of ours, which is in the log.
BROKEN = PlainTextResponse("Internal Server Error", status_code=500)
Done = Callable[[dict | BaseException], None]


class Lane:
    """One route.

    Attributes:
        body: The model of its body.
        take: Takes it, with the request's Cookie header.
        put: Does the same without a task and hands on what comes of it, or says that it cannot.
    """

    def __init__(
        self,
        body: type[BaseModel],
        take: Callable[[bytes, BaseModel], Awaitable[dict]],
        put: Callable[[bytes, BaseModel, Done], bool],
    ) -> None:
        self.body = body
        self.take = take
        self.put = put


class Express:
    """ASGI middleware that answers POST requests to some paths itself.

    A body is read by the same model as in the framework's route of that path, which documents it.
    """

    def __init__(
        self, app: ASGIApp, lanes: Mapping[str, Lane], refuse: Callable[[Exception], Response]
    ) -> None:
        """Stand in front of an application, behind what guards it.

        Args:
            lanes: By path.
            refuse: Turns an error into an answer.
        """
        self._app = app
        self._lanes = lanes
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lane = self._lanes.get(scope["path"]) if scope["type"] == "http" else None
        if lane is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        # Of a header that comes twice the first counts, as it does for the framework.
        headers = dict(reversed(scope["headers"]))
        # The boundary has put the body into one piece.
        body = (await receive())["body"]
        try:
            if headers.get(b"content-type", b"").split(b";")[0].strip().lower() != JSON:
                raise BadRequest("Send JSON, with the header Content-Type: application/json.")
            asked = lane.body.model_validate(_document(body))
            content = orjson.dumps(await lane.take(headers.get(b"cookie", b""), asked))
        except (SprintError, ValidationError) as error:
            await self._refuse(error)(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": _headers_of(content)})
        await send({"type": "http.response.body", "body": content})

    def answer_directly(self, scope: Scope, body: bytes | bytearray, respond: Respond) -> bool:
        """Answer a request later and in one piece, if it is as it should be: `components.direct.DirectApp`."""
        lane = self._lanes.get(scope["path"]) if scope["method"] == "POST" else None
        headers = dict(reversed(scope["headers"]))
        if lane is None or headers.get(b"content-type") != JSON:
            return False
        try:
            asked = lane.body.model_validate(_document(body))
        except (BadRequest, ValidationError):
            return False
        return lane.put(headers.get(b"cookie", b""), asked, partial(self._finish, respond))

    def _finish(self, respond: Respond, came: dict | BaseException) -> None:
        try:
            status, headers, content = self._told(came)
        except Exception:
            log.exception("What came of a request cannot be told.")
            status, headers, content = BROKEN.status_code, BROKEN.raw_headers, BROKEN.body
        respond(status, headers, content)

    def _told(self, came: dict | BaseException) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        if isinstance(came, dict):
            content = orjson.dumps(came)
            return 200, _headers_of(content), content
        refusal = self._refuse(came) if isinstance(came, SprintError) else BROKEN
        return refusal.status_code, refusal.raw_headers, refusal.body


def _headers_of(content: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", JSON), (b"content-length", str(len(content)).encode())]


def _document(body: bytes | bytearray) -> object:
    # Not orjson: half a surrogate pair, as a browser cuts it, has to cost its own item only.
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(NO_JSON) from None
