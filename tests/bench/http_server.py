"""The HTTP server of what the sprint is measured beside, set up as in `app.py`."""

import socket

import uvicorn

from components.corked import Corked


def serve(application, port: int) -> None:  # noqa: ANN001
    """Have an ASGI application answer until the process is told to stop."""
    listening = socket.create_server(("127.0.0.1", port), backlog=2048)
    config = uvicorn.Config(
        application,
        http=Corked,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        lifespan="off",
    )
    uvicorn.Server(config).run(sockets=[listening])
