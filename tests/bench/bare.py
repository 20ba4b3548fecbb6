"""The yardstick of watching: a bare ASGI route that sends the same bytes, or a 304, and does nothing else.

Run by `watching` as `python -m tests.bench.bare BYTES PORT`.
"""

import sys

from tests.bench.http_server import serve

HEADERS = [(b"etag", b'W/"0123456789abcdef"'), (b"cache-control", b"no-cache"), (b"vary", b"Accept-Encoding")]


def application(size: int):  # noqa: ANN201
    """An ASGI application: what is asked for on a condition is known already, all else is so many bytes."""
    body = bytes(size)
    full = [*HEADERS, (b"content-type", b"application/json"), (b"content-encoding", b"br")]
    full.append((b"content-length", b"%d" % size))

    async def answer(scope: dict, receive: object, send: object) -> None:
        known = any(name == b"if-none-match" for name, _ in scope["headers"])
        status, headers, content = (304, HEADERS, b"") if known else (200, full, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return answer


if __name__ == "__main__":
    serve(application(int(sys.argv[1])), int(sys.argv[2]))
