"""The boundary: what is refused before any route sees it."""

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from components.boundary import LARGEST_BODY, Boundary
from tests.conftest import run_async


@pytest.fixture
def client():
    async def echo(request):
        return JSONResponse({"length": len(await request.body())})

    app = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST", "DELETE"])])
    return TestClient(Boundary(app, own_hosts={"sprint.example"}), base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_a_foreign_page_may_not_change_anything(client, method):
    assert client.request(method, "/x", headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_a_foreign_page_may_read(client):
    assert client.get("/x", headers={"Origin": "https://elsewhere.example"}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:7860", "https://sprint.example", "HTTPS://SPRINT.EXAMPLE"]
)
def test_the_own_page_may(client, origin):
    assert client.post("/x", headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:7861", "http://127.0.0.1", "null", "", "https://sprint.example.org"]
)
def test_what_only_looks_like_it_may_not(client, origin):
    assert client.post("/x", headers={"Origin": origin}).status_code == 403


def test_a_body_arrives_whole_up_to_the_limit(client):
    pieces = (b"x" * 1024 for _ in range(LARGEST_BODY // 1024))
    assert client.post("/x", content=pieces).json() == {"length": LARGEST_BODY}


def test_a_larger_one_is_refused_however_it_comes(client):
    assert client.post("/x", content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    assert (
        client.post("/x", content=(b"x" * 1024 for _ in range(LARGEST_BODY // 1024 + 1))).status_code == 413
    )


def test_every_answer_says_what_it_is(client):
    assert client.get("/x").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "size", "answered"),
    [
        ([], LARGEST_BODY, True),
        ([(b"origin", b"https://sprint.example")], 2, True),
        ([(b"origin", b"https://elsewhere.example")], 2, False),
        ([], LARGEST_BODY + 1, False),
    ],
)
def test_only_what_may_come_in_is_answered_directly(headers, size, answered):
    boundary, body = Boundary(Answering(), own_hosts={"sprint.example"}), bytearray(size)
    said = []
    assert boundary.answer_directly({"headers": headers}, body, said.append) is answered
    assert said == ([size] if answered else [])


class Answering:
    """Answers with how long a body is."""

    def answer_directly(self, scope, body, respond):
        respond(len(body))
        return True


def test_half_a_request_is_none():
    """Whoever goes away in the middle has sent nothing."""
    reached = []

    async def app(scope, receive, send):
        reached.append(scope)

    async def receive():
        return messages.pop(0)

    async def send(message):
        reached.append(message)

    messages = [{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}]
    scope = {"type": "http", "method": "POST", "path": "/x", "headers": [(b"content-length", b"8")]}
    run_async(Boundary(app)(scope, receive, send))
    assert reached == []
