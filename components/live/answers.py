"""How a version of a document is answered: not at all where it is known already, else in the best encoding."""

from functools import lru_cache
from typing import NamedTuple

from components.live.publisher import COMPRESSORS, IDENTITY, Published

OFFERED = tuple(COMPRESSORS)
JSON = (b"content-type", b"application/json")
# Ask each time, but take a 304 for an answer.
ALWAYS = ((b"cache-control", b"no-cache"), (b"vary", b"Accept-Encoding"))


class Answer(NamedTuple):
    """An answer as it goes over HTTP."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def answer(version: Published, if_none_match: str, accept_encoding: str) -> Answer:
    """Serve a version, or say that the browser has it.

    Args:
        if_none_match, accept_encoding: The headers of the request; empty if it has none.
    """
    headers = [(b"etag", version.etag.encode()), *ALWAYS]
    if is_known(version.etag, if_none_match):
        return Answer(304, headers, b"")
    encoding = best_encoding(accept_encoding, OFFERED)
    body = version.encoded(encoding)
    headers += [JSON, (b"content-length", b"%d" % len(body))]
    if encoding != IDENTITY:
        headers.append((b"content-encoding", encoding.encode()))
    return Answer(200, headers, body)


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether an If-None-Match header names this ETag (compared weakly, as RFC 9110 wants for GET)."""
    if if_none_match == etag:
        return True
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag.removeprefix("W/") in tags or "*" in tags


@lru_cache(maxsize=64)  # there are few browsers, and each says the same thing every time
def best_encoding(accepted: str, offered: tuple[str, ...]) -> str:
    """The first encoding offered that an Accept-Encoding header allows, else "identity"."""
    welcome = {}
    for part in accepted.lower().replace(" ", "").split(","):
        name, _, quality = part.partition(";q=")
        welcome[name] = quality.rstrip("0.") != "" if quality else True
    return next((name for name in offered if welcome.get(name, welcome.get("*", False))), IDENTITY)
