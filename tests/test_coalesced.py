"""Coalesced requests: those that begin in a certain way come in when they are told to, and none gets lost meanwhile."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from functools import partial

import pytest

from components.coalesced import Coalesced
from tests.served import served

KEPT_ALIVE_S = 1


class Asked:
    """What is served: it answers with the body it was sent.

    Attributes:
        paths: Of all that it was asked as a whole.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            more = message["more_body"]
        self.paths.append(scope["path"])
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Holding:
    """Holds what is handed to it until it is told to let it in.

    Attributes:
        willing: Whether it holds anything.
    """

    def __init__(self) -> None:
        self.willing = True
        self._held: list[Callable[[], object]] = []

    def __call__(self, come: Callable[[], None]) -> bool:
        if self.willing:
            self._held.append(partial(asyncio.get_running_loop().call_soon_threadsafe, come))
        return self.willing

    def waits_for(self, number: int) -> None:
        """Returns when so much is held."""
        until(lambda: len(self._held) == number)

    def let_in(self) -> None:
        """Let all of it in."""
        held, self._held = self._held, []
        for come in held:
            come()


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def holding():
    return Holding()


@pytest.fixture
def serving(asked, holding):
    """Serves while it is entered; gives the port."""
    protocol = partial(Coalesced, hold=holding, path="/late", answer=lambda scope, body, send: False)
    return served(asked, http=protocol, lifespan="off", timeout_keep_alive=KEPT_ALIVE_S)


def open_to(port):
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def until(holds):
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("It did not come to that within 20 seconds.")


def ask(connection, path="late", body=b"done"):
    head = f"POST /{path} HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\n"
    connection.sendall(head.encode() + body)


def answered(connection):
    said = b""
    while not said.endswith(b"\r\n\r\ndone"):
        piece = connection.recv(4096)
        assert piece, "the connection was closed instead"
        said += piece
    return said.startswith(b"HTTP/1.1 200")


def test_what_is_held_comes_in_when_it_is_told_to(serving, asked, holding):
    with serving as port, open_to(port) as one, open_to(port) as other:
        ask(one)
        ask(other)
        holding.waits_for(2)
        assert asked.paths == []
        holding.let_in()
        assert answered(one) and answered(other)


def test_whatever_begins_otherwise_comes_in_at_once(serving, asked, holding):
    with serving as port, open_to(port) as connection:
        ask(connection, "later")
        assert answered(connection)


def test_who_is_not_held_comes_in_at_once(serving, asked, holding):
    holding.willing = False
    with serving as port, open_to(port) as connection:
        ask(connection)
        assert answered(connection)


def test_a_body_that_comes_later_lets_its_head_in(serving, asked, holding):
    with serving as port, open_to(port) as connection:
        ask(connection, body=b"")
        holding.waits_for(1)
        connection.sendall(b"done")
        assert answered(connection)
        holding.let_in()  # nothing is held any more
        ask(connection)
        holding.waits_for(1)
        holding.let_in()
        assert answered(connection)
        assert asked.paths == ["/late", "/late"]


def test_two_that_come_in_one_piece_are_both_answered(serving, asked, holding):
    with serving as port, open_to(port) as connection:
        ask(connection, body=b"donePOST /late HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\ndone")
        holding.waits_for(1)
        holding.let_in()
        until(lambda: len(asked.paths) == 2)


def close(connection):
    connection.close()


def half_close(connection):
    connection.shutdown(socket.SHUT_WR)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("goes", [close, half_close, reset])
def test_whoever_goes_away_has_asked(serving, asked, holding, goes):
    with serving as port, open_to(port) as connection:
        ask(connection)
        holding.waits_for(1)
        goes(connection)
        until(lambda: asked.paths == ["/late"])


def test_nothing_stays_of_who_leaves_while_they_ask_for_another_protocol(asked, holding):
    opened = []

    def opening(*arguments, **named):
        opened.append(Coalesced(*arguments, **named, hold=holding, path="/late", answer=None))
        return opened[-1]

    with served(asked, http=opening, lifespan="off", timeout_graceful_shutdown=1) as port:
        with open_to(port) as connection:
            wants = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            connection.sendall(b"POST /late HTTP/1.1\r\nHost: here\r\n" + wants + b"\r\n")
            holding.waits_for(1)
        until(lambda: not opened[0].connections)


def test_what_is_held_when_the_server_ends_is_answered(serving, asked, holding):
    with serving as port:
        connection = open_to(port)
        ask(connection)
        holding.waits_for(1)
    with connection:
        assert answered(connection)


def test_a_connection_is_not_idle_while_something_is_held(serving, asked, holding):
    with serving as port, open_to(port) as asking, open_to(port) as idle:
        for connection in (asking, idle):
            ask(connection, "before")
            answered(connection)
        ask(asking)
        assert idle.recv(4096) == b""
        time.sleep(KEPT_ALIVE_S / 2)
        holding.let_in()
        assert answered(asking)
