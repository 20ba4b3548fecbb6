"""Portraits of contributors: fetched here from the provider they signed in with, made small, and kept for a while.

So no page tells another site who looks at it. Where a picture is, the provider said; it is asked for all the
same as if a stranger had typed the address: only of the provider's own hosts, only where all the internet
can reach, a few seconds long, a few megabytes at most, and only what can be read as a picture goes on.
"""

import asyncio
import io
import ipaddress
import logging
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import httpx2
from PIL import Image, ImageOps, UnidentifiedImageError

log = logging.getLogger(__name__)

# Twice as many dots as the circle on the page has.
SIZE = 96
MOST_BYTES = 4_000_000
MOST_DOTS = 25_000_000
TOGETHER_S = 6.0
MOST_REDIRECTS = 2
# No drawings: they may hold scripts.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# About ten kilobytes each.
MOST_KEPT = 1000
KEPT_S = 24 * 3600.0
# Until somebody asks again for what could not be had.
MISSED_S = 600.0
AT_ONCE = 4


class NoPicture(Exception):
    """There is no picture to be had at an address; the message is for the log."""


def is_public(address: str) -> bool:
    """Whether an IP address is one that all the internet can reach."""
    return ipaddress.ip_address(address.partition("%")[0]).is_global


class Avatars:
    """Fetches portraits when they are asked for; belongs to one event loop."""

    def __init__(self, provider_url: str, reachable: Callable[[str], bool] = is_public) -> None:
        """Prepare; nothing is fetched yet.

        Args:
            provider_url: Whose pictures are shown: those of its host, and of hosts below it.
            reachable: Whether a portrait may be fetched from an IP address.
        """
        provider = urlsplit(provider_url)
        self._scheme, self._host, self._port = provider.scheme, provider.hostname or "", provider.port
        self._reachable = reachable
        self._kept: OrderedDict[str, tuple[float, asyncio.Task[bytes | None]]] = OrderedDict()
        self._turn: asyncio.Semaphore | None = None

    def shows(self, address: str) -> bool:
        """Whether a picture at an address may be shown at all."""
        if not address or not self._host:
            return False
        try:
            link = urlsplit(address)
            port = link.port
        except ValueError:
            return False
        host = link.hostname or ""
        return (
            (link.scheme, port) == (self._scheme, self._port)
            and (host == self._host or host.endswith(f".{self._host}"))
            and not link.username
        )

    async def of(self, address: str) -> bytes | None:
        """The picture at an address as a small PNG; None if there is none."""
        if not self.shows(address):
            return None
        good_until, task = self._kept.get(address, (0.0, None))
        if task is None or time.monotonic() >= good_until:
            task = asyncio.create_task(self._fetched(address))
            self._kept[address] = (time.monotonic() + KEPT_S, task)
        self._kept.move_to_end(address)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        # Whoever asked may go away; the others wait on.
        content = await asyncio.shield(task)
        if content is None and address in self._kept:
            good_until, _ = self._kept[address]
            self._kept[address] = (min(good_until, time.monotonic() + MISSED_S), task)
        return content

    async def _fetched(self, address: str) -> bytes | None:
        if self._turn is None:
            self._turn = asyncio.Semaphore(AT_ONCE)
        try:
            async with self._turn, asyncio.timeout(TOGETHER_S):
                content = await self._read(address)
                return await asyncio.to_thread(_made_small, content)
        except (NoPicture, httpx2.HTTPError, OSError) as error:
            log.info("There is no portrait at %s: %s", address, error or type(error).__name__)
            return None

    async def _read(self, address: str) -> bytes:
        # By address and not through a proxy, so that what was looked at is what is asked.
        async with httpx2.AsyncClient(trust_env=False, timeout=TOGETHER_S) as client:
            for _ in range(MOST_REDIRECTS + 1):
                async with client.stream("GET", **await self._asked(address)) as response:
                    if not response.is_redirect:
                        return await _content(response)
                    address = urljoin(address, response.headers["location"])
                    if not self.shows(address):
                        raise NoPicture("it leads to another site")
        raise NoPicture("it leads from one address to the next")

    async def _asked(self, address: str) -> dict[str, object]:
        """How to ask for an address: of a machine that was looked at, under the name it goes by."""
        url = httpx2.URL(address)
        found = await asyncio.get_running_loop().getaddrinfo(url.host, None, type=socket.SOCK_STREAM)
        machines = [place[0] for *_, place in found]
        if not machines or not all(map(self._reachable, machines)):
            raise NoPicture("its host is not on the internet")
        return {
            "url": url.copy_with(host=machines[0]),
            "headers": {
                "Host": url.netloc.decode(),
                "Accept": "image/png, image/jpeg, image/webp, image/gif",
            },
            "extensions": {"sni_hostname": url.host},
        }


async def _content(response: httpx2.Response) -> bytes:
    if response.status_code != httpx2.codes.OK:
        raise NoPicture(f"answered {response.status_code}")
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            raise NoPicture("it is too large")
    return bytes(content)


def _made_small(content: bytes) -> bytes:
    """A square PNG of a picture, with nothing else that was in the file."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_DOTS:
                raise NoPicture("it has too many dots")
            image.draft("RGB", (SIZE, SIZE))
            whole = ImageOps.exif_transpose(image).convert("RGBA")
            small = ImageOps.fit(whole, (SIZE, SIZE), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPicture("it is no picture") from error
    written = io.BytesIO()
    small.save(written, "PNG")
    return written.getvalue()
