"""Ratings go in directly or through the application; whatever is sent, both ways answer the same."""

import json
import socket
import uuid

import httpx
import pytest

from tests.serving import Serving, Visitor, rating

SAME = str(uuid.uuid4())
ORDINARY = ("Content-Type: application/json",)


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    with Serving(tmp_path_factory.mktemp("two ways")) as serving:
        yield serving


@pytest.fixture(scope="module")
def ada(serving):
    """Somebody signed in, and a prompt they hold."""
    with Visitor(serving) as visitor:
        visitor.signs_in("ada")
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        yield cookies, visitor.asks()[0]["prompt_id"]


def answer(serving, cookies, body, headers, ways):
    """Status, headers and body of what comes of a request sent in so many pieces."""
    length = f"Content-Length: {len(body)}"
    lines = ("POST /api/ratings HTTP/1.1", f"Host: 127.0.0.1:{serving.port}", f"Cookie: {cookies}", length)
    head = "\r\n".join((*lines, *headers, "Connection: close", "", "")).encode()
    with socket.create_connection(("127.0.0.1", serving.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if ways == 1:
            connection.sendall(head + body)
        else:
            connection.sendall(head)
            # The application has begun by the time it answers this.
            httpx.get(f"{serving.address}/healthz").raise_for_status()
            connection.sendall(body)
        said = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, content = said.partition(b"\r\n\r\n")
    status, *headers = head.decode().split("\r\n")
    kept = sorted(one for one in headers if not one.startswith(("date:", "content-length:")))
    return status, kept, json.loads(content) if content else None


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (lambda prompt: {"events": [rating(prompt, event_id=SAME)]}, ORDINARY, 200),
        (lambda prompt: {"events": []}, ORDINARY, 200),
        (lambda prompt: {"events": [rating(prompt, 9), rating("0" * 64)]}, ORDINARY, 200),
        (lambda prompt: {"events": []}, ("content-type: Application/JSON; charset=utf-8",), 200),
        (lambda prompt: {"events": []}, (*ORDINARY, "Origin: http://elsewhere.example"), 403),
        (lambda prompt: {"events": []}, (*ORDINARY, "Origin: null"), 403),
        (lambda prompt: {"events": []}, ("Content-Type: text/plain",), 400),
        (lambda prompt: {"events": []}, (), 400),
        (lambda prompt: {"events": [], "key": "somebody else"}, ORDINARY, 401),
        (lambda prompt: {"events": []}, (*ORDINARY, "Cookie: session=none"), 200),
        (lambda prompt: {"events": [rating(prompt)] * 101}, ORDINARY, 422),
        (lambda prompt: {"events": "none"}, ORDINARY, 422),
        (lambda prompt: {}, ORDINARY, 422),
        (lambda prompt: "\ud800", ORDINARY, 422),
    ],
)
def test_both_ways_answer_the_same(serving, ada, body, headers, status):
    cookies, prompt = ada
    # What is in an answer besides depends on what came before.
    answer(serving, cookies, json.dumps(body(prompt)).encode(), headers, 1)
    content = json.dumps(body(prompt)).encode()
    directly, through = (answer(serving, cookies, content, headers, ways) for ways in (1, 2))
    assert directly == through
    assert directly[0].split()[1] == str(status)


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 400), (b"\xff", 400), (b"[" * 100_000, 400), (b"", 400)],
)
def test_both_ways_refuse_what_cannot_be_read(serving, ada, content, status):
    directly, through = (answer(serving, ada[0], content, ORDINARY, ways) for ways in (1, 2))
    assert directly == through
    assert directly[0].split()[1] == str(status)


def test_both_ways_refuse_who_is_not_signed_in(serving):
    directly, through = (answer(serving, "", b'{"events": []}', ORDINARY, ways) for ways in (1, 2))
    assert directly == through
    assert directly[0].split()[1] == "401"
