"""Corked connections: head and body leave together, and nothing waits for what does not come."""

import asyncio
import socket
import sys
import time

import pytest

from components.corked import Corked, CorkedTransport
from tests.conftest import run_async
from tests.served import served

MEGABYTE = 1 << 20
PIECES = 64


class Answering:
    """What is served: one answer in two messages, one whose body waits, and one of many pieces.

    Attributes:
        sent: How many pieces of the long answer the server has taken.
    """

    def __init__(self) -> None:
        self.sent = 0
        self._go = asyncio.Event()

    async def __call__(self, scope: dict, receive: object, send: object) -> None:
        await getattr(self, scope["path"][1:])(send)

    async def _begin(self, send, length):
        headers = [(b"content-length", str(length).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def short(self, send):
        await self._begin(send, 4)
        await send({"type": "http.response.body", "body": b"done"})

    async def waits(self, send):
        await self._begin(send, 4)
        await self._go.wait()
        await send({"type": "http.response.body", "body": b"done"})

    async def go(self, send):
        self._go.set()
        await self.short(send)

    async def long(self, send):
        await self._begin(send, PIECES * MEGABYTE)
        for left in reversed(range(PIECES)):
            await send({"type": "http.response.body", "body": bytes(MEGABYTE), "more_body": left > 0})
            self.sent += 1


@pytest.fixture(scope="module")
def answering():
    return Answering()


@pytest.fixture(scope="module")
def connect(answering):
    """Opens connections to a server of the application, which is stopped at the end."""
    with served(answering, http=Corked, lifespan="off") as port:
        yield lambda: socket.create_connection(("127.0.0.1", port), timeout=20)


def ask(connection, path, *headers):
    lines = (f"GET /{path} HTTP/1.1", "Host: here", *headers, "", "")
    connection.sendall("\r\n".join(lines).encode())


def everything(connection):
    pieces = iter(lambda: connection.recv(MEGABYTE), b"")
    return b"".join(pieces)


def packets(connection):
    """How many packets with something in them came in: `tcpi_data_segs_in` of Linux."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 156)
    return int.from_bytes(told[152:], sys.byteorder)


def test_pieces_that_leave_at_once_leave_after_what_is_held():
    class Line(asyncio.Transport):
        left = b""

        def write(self, piece):
            self.left += piece

    async def leave(line):
        corked = CorkedTransport(line, asyncio.get_running_loop())
        corked.write(b"held, ")
        corked.writelines([b"at ", b"once"])
        return line.left

    assert run_async(leave(Line())) == b"held, at once"


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux counts a connection's packets.")
def test_head_and_body_come_in_one_packet(connect):
    with connect() as connection:
        for number in range(1, 21):
            ask(connection, "short")
            assert connection.recv(4096).endswith(b"\r\n\r\ndone")
            assert packets(connection) == number


def test_a_head_does_not_wait_for_a_body_that_takes_its_time(connect):
    with connect() as waiting, connect() as other:
        ask(waiting, "waits")
        assert waiting.recv(4096).endswith(b"\r\n\r\n")
        ask(other, "go")
        assert waiting.recv(4096) == b"done"


def test_an_answer_is_whole_if_the_connection_closes_with_it(connect):
    with connect() as connection:
        ask(connection, "short", "Connection: close")
        assert everything(connection).endswith(b"\r\n\r\ndone")


def test_whoever_reads_slowly_is_waited_for(connect, answering):
    with connect() as connection:
        ask(connection, "long", "Connection: close")
        before = -1
        while before < answering.sent:
            before = answering.sent
            time.sleep(0.5)
        assert 0 < answering.sent < PIECES
        assert len(everything(connection).partition(b"\r\n\r\n")[2]) == PIECES * MEGABYTE
    assert answering.sent == PIECES
