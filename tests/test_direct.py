"""Direct answers: one path is answered past the application, in HTTP as the application's answers are."""

import asyncio
import socket
import threading
from collections.abc import Callable
from functools import partial

import pytest

from components.direct import Direct, Respond
from tests.served import served

ANSWER = 200, [(b"content-length", b"6")], b"direct"


class Application:
    """What is served beside it: it answers any path, once it has the whole body, in three pieces."""

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"11")]})
        await send({"type": "http.response.body", "body": b"appli", "more_body": True})
        await send({"type": "http.response.body", "body": b"cation"})


class Answering:
    """What answers directly: at once, or when it is told to.

    Attributes:
        asked: Every body that came with a request.
        later: Whether answers wait.
    """

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.later = False
        self._waiting: list[Callable[[], object]] = []
        self._came = threading.Semaphore(0)

    def __call__(self, scope: dict, body: bytearray, respond: Respond) -> bool:
        if body == b"nope":
            return False
        self.asked.append(bytes(body))
        if self.later:
            loop = asyncio.get_running_loop()
            self._waiting.append(partial(loop.call_soon_threadsafe, respond, *ANSWER))
            self._came.release()
        else:
            respond(*ANSWER)
        return True

    def wait(self) -> None:
        """Returns when somebody waits for an answer."""
        assert self._came.acquire(timeout=20)

    def answer(self) -> None:
        """Answer whoever waits."""
        for respond in self._waiting:
            respond()


@pytest.fixture
def answering():
    return Answering()


@pytest.fixture
def port(answering):
    protocol = partial(Direct, path="/direct", answer=answering, headers=[(b"x-more", b"yes")])
    with served(Application(), http=protocol, lifespan="off") as port:
        yield port


@pytest.fixture
def connection(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        yield connection


def request(path="direct", body=b"body", *headers, version="1.1"):
    lines = (f"POST /{path} HTTP/{version}", "Host: here", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def read(connection, ends):
    said = b""
    while not said.endswith(ends):
        piece = connection.recv(4096)
        assert piece, f"the connection was closed after {said}"
        said += piece
    return said


def test_an_answer_has_its_own_headers_the_servers_and_those_of_all(connection, answering):
    connection.sendall(request())
    head = read(connection, b"\r\n\r\ndirect").split(b"\r\n")
    assert head[0] == b"HTTP/1.1 200 OK"
    names = [line.split(b":")[0] for line in head[1:-2]]
    assert sorted(names) == [b"content-length", b"date", b"server", b"x-more"]
    assert answering.asked == [b"body"]


def test_a_connection_takes_one_request_after_the_other(connection):
    for _ in range(3):
        connection.sendall(request())
        read(connection, b"direct")


@pytest.mark.parametrize("path, body", [("elsewhere", b"body"), ("direct", b"nope")])
def test_the_application_answers_all_else(connection, path, body):
    connection.sendall(request(path, body))
    read(connection, b"application")


def test_a_body_that_comes_later_is_for_the_application(connection, answering):
    whole = request(body=b"x" * 100_000)
    connection.sendall(whole[:-90_000])
    with pytest.raises(TimeoutError):
        connection.settimeout(0.2)
        connection.recv(1)
    connection.settimeout(20)
    connection.sendall(whole[-90_000:])
    read(connection, b"application")
    assert answering.asked == []


def test_answers_keep_the_order_of_what_was_asked(connection):
    connection.sendall(request("elsewhere") + request() + request("elsewhere") + request())
    said = b""
    while said.count(b"direct") < 2:
        said += connection.recv(4096)
    assert [part[:6] for part in said.split(b"\r\n\r\n")[1:]] == [b"applic", b"direct", b"applic", b"direct"]


@pytest.mark.parametrize(
    "asking", [request("direct", b"body", "Connection: close"), request(version="1.0")], ids=["close", "1.0"]
)
def test_who_wants_it_closed_gets_it_closed(connection, asking):
    connection.sendall(asking)
    head = read(connection, b"direct")
    assert b"\r\nconnection: close\r\n" in head
    assert connection.recv(1) == b""


def test_whoever_is_gone_is_not_answered(port, connection, answering):
    answering.later = True
    with socket.create_connection(("127.0.0.1", port)) as goes:
        goes.sendall(request())
        answering.wait()
    connection.sendall(request("elsewhere"))
    read(connection, b"application")
    answering.answer()
    answering.later = False
    connection.sendall(request())
    read(connection, b"direct")


def test_a_server_that_ends_answers_first(answering):
    answering.later = True
    protocol = partial(Direct, path="/direct", answer=answering)
    with served(Application(), http=protocol, lifespan="off") as port:
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.sendall(request())
        answering.wait()
        threading.Timer(0.5, answering.answer).start()
    with connection:
        assert b"\r\nconnection: close\r\n" in read(connection, b"direct")
