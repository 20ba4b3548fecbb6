"""The express lane: requests that come by the thousand are let in past the framework, and past nothing else."""

import json
from collections.abc import Awaitable, Callable, Mapping

import orjson
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from components.errors import BadRequest, SprintError

JSON = b"application/json"
# Or it is, and has numbers or nesting beyond all use.
NO_JSON = "The request body cannot be read as JSON."


class Lane:
    """One route: the model of its body, and what takes it, with the request's Cookie header."""

    def __init__(self, body: type[BaseModel], take: Callable[[bytes, BaseModel], Awaitable[dict]]) -> None:
        self.body = body
        self.take = take


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
        length = str(len(content)).encode()
        answer_headers = [(b"content-type", JSON), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": answer_headers})
        await send({"type": "http.response.body", "body": content})


def _document(body: bytes) -> object:
    # Not orjson: half a surrogate pair, as a browser cuts it, has to cost its own item only.
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(NO_JSON) from None
