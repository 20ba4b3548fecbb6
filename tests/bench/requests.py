"""Requests as a browser sends them, and signing in with them."""

import asyncio
import re

import orjson

# What Chromium sends with a rating, so that the server reads as much as it has to in a sprint.
HEAD = """\
POST {path} HTTP/1.1\r
Host: 127.0.0.1:{port}\r
Connection: keep-alive\r
Content-Length: {length}\r
sec-ch-ua-platform: "Linux"\r
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r
sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"\r
Content-Type: application/json\r
sec-ch-ua-mobile: ?0\r
Accept: */*\r
Origin: http://127.0.0.1:{port}\r
Sec-Fetch-Site: same-origin\r
Sec-Fetch-Mode: cors\r
Sec-Fetch-Dest: empty\r
Referer: http://127.0.0.1:{port}/\r
Accept-Encoding: gzip, deflate, br, zstd\r
Accept-Language: en-US,en;q=0.9\r
Cookie: {cookie}\r
\r
"""
# What it sends when it looks for news.
ASKING = """\
GET {path} HTTP/1.1\r
Host: 127.0.0.1:{port}\r
Connection: keep-alive\r
sec-ch-ua-platform: "Linux"\r
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r
sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"\r
sec-ch-ua-mobile: ?0\r
Accept: */*\r
Sec-Fetch-Site: same-origin\r
Sec-Fetch-Mode: cors\r
Sec-Fetch-Dest: empty\r
Referer: http://127.0.0.1:{port}/\r
Accept-Encoding: gzip, deflate, br, zstd\r
Accept-Language: en-US,en;q=0.9\r
{condition}\r
"""
ASK = b'{"n":5}'
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.I)
COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.I)


def head(port: int, path: str, length: int, cookie: str) -> bytes:
    """The head of a request."""
    return HEAD.format(port=port, path=path, length=length, cookie=cookie).encode()


def asking(port: int, path: str, etag: bytes = b"") -> bytes:
    """A request for a document, unless it is still the version of this ETag."""
    condition = f"If-None-Match: {etag.decode()}\r\n" if etag else ""
    return ASKING.format(port=port, path=path, condition=condition).encode()


async def signed_in(port: int, name: str) -> tuple[str, list[str]]:
    """Sign somebody in: the cookie, and the prompts they are given."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def post(path: str, body: bytes, cookie: str) -> tuple[bytes, bytes]:
        writer.write(head(port, path, len(body), cookie) + body)
        said = await reader.readuntil(b"\r\n\r\n")
        content = await reader.readexactly(int(LENGTH.search(said)[1]))
        if said[9:12] != b"200":
            raise SystemExit(f"{path} answers {said[9:12].decode()}: {content[:500].decode()}")
        return said, content

    said, _ = await post("/login/local", orjson.dumps({"name": name}), "")
    cookie = b"; ".join(COOKIE.findall(said)).decode()
    _, content = await post("/api/next", ASK, cookie)
    writer.close()
    return cookie, [prompt["prompt_id"] for prompt in orjson.loads(content)["prompts"]]
