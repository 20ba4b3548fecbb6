"""Portraits: only pictures, only of the provider's hosts, small, bounded, and fetched once."""

import asyncio
import contextlib
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from components.leaderboard import avatars
from components.leaderboard.avatars import SIZE, Avatars, is_public
from components.records import Event, Identity
from components.store import contributors
from tests.conftest import keep, run_async


def picture(form: str, size: tuple[int, int] = (300, 200)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "#0b6a5c").save(written, form)
    return written.getvalue()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
# 30,000 dots each way, in a few hundred bytes that say so.
BOMB = picture("PNG", (6000, 6000))


class Provider(ThreadingHTTPServer):
    """The host of a provider's pictures, on this machine; it counts what it is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.hosts: set[str] = set()
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "/png": (200, {"Content-Type": "image/png"}, picture("PNG")),
            "/jpeg": (200, {"Content-Type": "image/jpeg"}, picture("JPEG")),
            "/webp": (200, {}, picture("WEBP")),
            "/svg": (200, {"Content-Type": "image/svg+xml"}, SVG),
            "/text": (200, {"Content-Type": "image/png"}, b"<html>"),
            "/cut": (200, {"Content-Type": "image/png"}, picture("PNG")[:60]),
            "/large": (200, {"Content-Type": "image/png"}, picture("PNG") + b"0" * avatars.MOST_BYTES),
            "/bomb": (200, {"Content-Type": "image/png"}, BOMB),
            "/missing": (404, {}, b""),
            "/moved": (302, {"Location": "/png"}, b""),
            "/away": (302, {"Location": "http://192.0.2.1/png"}, b""),
            "/circle": (302, {"Location": "/circle"}, b""),
        }
        super().__init__(("127.0.0.1", 0), Answering)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    """Answers with what the provider has."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.hosts.add(self.headers["Host"])
        status, headers, content = self.server.answers[self.path]
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever has had enough does not listen any more
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetched(portraits: Avatars, *addresses: str) -> list[bytes | None]:
    async def all_at_once() -> list[bytes | None]:
        return await asyncio.gather(*map(portraits.of, addresses))

    return run_async(all_at_once())


def test_pictures_become_small_squares_and_all_else_initials(provider):
    portraits = Avatars(provider.address, lambda machine: True)
    kinds = (
        "png",
        "jpeg",
        "webp",
        "moved",
        "svg",
        "text",
        "cut",
        "large",
        "bomb",
        "missing",
        "away",
        "circle",
    )
    found = dict(
        zip(kinds, fetched(portraits, *(f"{provider.address}/{kind}" for kind in kinds)), strict=True)
    )
    for kind in ("png", "jpeg", "webp", "moved"):
        image = Image.open(io.BytesIO(found.pop(kind)))
        assert (image.format, image.size) == ("PNG", (SIZE, SIZE)), kind
    assert set(found.values()) == {None}
    assert provider.hosts == {provider.address.removeprefix("http://")}


def test_nothing_is_fetched_of_this_machine_or_the_network_it_stands_in(provider):
    assert fetched(Avatars(provider.address), f"{provider.address}/png") == [None]
    assert provider.asked == []


@pytest.mark.parametrize(
    "machine",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "::1", "fe80::1%eth0", "fd00::1", "0.0.0.0", "100.64.0.1", "::ffff:127.0.0.1"],
)  # fmt: skip
def test_these_machines_are_nobodys_business(machine):
    assert not is_public(machine)


def test_a_machine_on_the_internet_is_reachable():
    assert is_public("18.164.174.118") and is_public("2606:4700::1111")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/a.png",
        "https://huggingface.co.evil.example/a.png",
        "https://nothuggingface.co/a.png",
        "http://huggingface.co/a.png",
        "https://user@huggingface.co/a.png",
        "ftp://huggingface.co/a.png",
        "//huggingface.co/a.png",
        "https://huggingface.co:22/a.png",
        "https://huggingface.co:x/a.png",
        "https://[::1/a.png",
    ],
)
def test_only_the_providers_own_hosts_are_shown(address):
    portraits = Avatars("https://huggingface.co")
    assert portraits.shows("https://huggingface.co/avatars/a.png")
    assert portraits.shows("https://cdn-avatars.huggingface.co/v1/a.png")
    assert not portraits.shows(address) and not Avatars("").shows(address)


def test_a_hundred_who_ask_at_once_have_it_fetched_once_and_misses_are_remembered(provider):
    portraits = Avatars(provider.address, lambda machine: True)

    async def ask() -> None:
        await asyncio.gather(*(portraits.of(f"{provider.address}/png") for _ in range(100)))
        for _ in range(3):
            assert await portraits.of(f"{provider.address}/png")
            assert await portraits.of(f"{provider.address}/missing") is None

    run_async(ask())
    assert sorted(provider.asked) == ["/missing", "/png"]


@pytest.fixture
def portraits(provider) -> Avatars:
    return Avatars(provider.address, lambda machine: True)


def test_a_portrait_is_served_as_long_as_its_person_shows_their_name(site, store, provider, loaded):
    identity = Identity("local", "ada", "ada", "Ada", f"{provider.address}/jpeg")
    ada = store.write(lambda tx: contributors.sign_in(tx, identity, ()))
    store.write(lambda tx: contributors.show_as(tx, ada.contributor_id, "name", ""))
    told = Event("e", ada.contributor_id, "rated", store.clock(), prompt_id=loaded[0].prompt_id, score=4)
    store.write(lambda tx: keep(tx, [told]))
    site.publisher.refresh()
    with site.visitor() as anybody:
        [row] = anybody.get("/api/leaderboard").json()["rows"]
        assert row["avatar"] is True
        answer = anybody.get(f"/api/leaderboard/{row['key']}/avatar")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["x-content-type-options"] == "nosniff"
        store.write(lambda tx: contributors.show_as(tx, ada.contributor_id, "nickname", ""))
        site.publisher.refresh()
        assert anybody.get(f"/api/leaderboard/{row['key']}/avatar").status_code == 404
        [row] = anybody.get("/api/leaderboard").json()["rows"]
        assert row["avatar"] is False
        assert anybody.get(f"/api/leaderboard/{row['key']}/avatar").status_code == 404
