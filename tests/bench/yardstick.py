"""The yardstick: a bare ASGI route that inserts one row with the same group commit, and does nothing else."""

import asyncio
import sys
import uuid

import uvicorn

from components.records import Event
from components.store.store import Store


def application(store: Store):  # noqa: ANN201
    async def answer(scope: dict, receive: object, send: object) -> None:
        if scope["type"] != "http":
            return
        await receive()
        row = Event(str(uuid.uuid4()), "somebody", "rated", store.clock())
        await asyncio.wrap_future(store.submit(lambda tx: tx.append(row)))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})

    return answer


if __name__ == "__main__":
    opened = Store(f"sqlite:///{sys.argv[1]}").open()
    uvicorn.run(application(opened), port=int(sys.argv[2]), log_level="warning", lifespan="off")
    opened.close()
