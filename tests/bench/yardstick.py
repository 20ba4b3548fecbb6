"""The yardstick: a bare ASGI route that inserts one row with the same group commit, and does nothing else.

Run by `rating` as `python -m tests.bench.yardstick DATABASE PORT`; it goes through the project's own
writer.
"""

import asyncio
import sys
import uuid
from contextlib import closing
from pathlib import Path

from components.records import Event
from components.store.store import Store
from tests.bench.http_server import serve
from tests.bench.stock import opened


def application(store: Store):  # noqa: ANN201
    """An ASGI application that answers whatever it is asked, once its row is on the disk."""

    async def answer(scope: dict, receive: object, send: object) -> None:
        while (await receive()).get("more_body"):
            pass
        row = Event(str(uuid.uuid4()), "somebody", "rated", store.clock())
        await asyncio.wrap_future(store.submit(lambda transaction: transaction.append(row)))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})

    return answer


if __name__ == "__main__":
    with closing(opened(Path(sys.argv[1]))) as rows:
        serve(application(rows), int(sys.argv[2]))
