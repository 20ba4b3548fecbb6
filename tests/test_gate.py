"""The gate: while something speaks against it, nothing that needs the store comes through."""

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from components.gate import Gate

WHY = "The sprint is being brought back."


class Application(Starlette):
    """Answers any path, also directly."""

    def __init__(self) -> None:
        async def hello(request):
            return JSONResponse("hello")

        super().__init__(routes=[Route("/{path:path}", hello, methods=["GET", "POST"])])

    def answer_directly(self, scope, body, respond):
        respond("hello")
        return True


@pytest.mark.parametrize("path", ["/api/ratings", "/login"])
def test_a_shut_gate_says_why_and_when_to_come_back(path):
    answer = TestClient(Gate(Application(), lambda: WHY)).post(path)
    assert (answer.status_code, answer.json()) == (503, {"detail": WHY})
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("path", ["/", "/api/views", "/api/docs"])
def test_what_needs_no_store_comes_through_a_shut_gate(path):
    assert TestClient(Gate(Application(), lambda: WHY)).get(path).json() == "hello"


def test_an_open_gate_lets_everything_through():
    assert TestClient(Gate(Application(), lambda: None)).post("/api/ratings").json() == "hello"


@pytest.mark.parametrize(("why", "answered"), [(None, True), (WHY, False)])
def test_nothing_is_answered_directly_through_a_shut_gate(why, answered):
    said = []
    assert Gate(Application(), lambda: why).answer_directly({}, b"", said.append) is answered
    assert said == (["hello"] if answered else [])
