"""The yardstick: a bare ASGI route that inserts one row with the same group commit, and does nothing else.

Run by `rating` as `python -m tests.bench.yardstick DATABASE PORT`; it goes through the project's own
writer, and its HTTP server is set up as in `app.py`.
"""

import asyncio
import socket
import sys
import uuid
from pathlib import Path

import uvicorn

from components.records import Event
from components.store.store import Store
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


def serve(database: Path, port: int) -> None:
    """Answer until the process is told to stop."""
    listening = socket.create_server(("127.0.0.1", port), backlog=2048)
    store = opened(database)
    try:
        config = uvicorn.Config(
            application(store),
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            lifespan="off",
        )
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        store.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
