"""The express lane: what comes of a request is told, whatever it is."""

from json import loads

import pytest
from pydantic import BaseModel
from starlette.responses import JSONResponse

from components.errors import StoreUnavailable
from components.express import Express, Lane


class Body(BaseModel):
    """What is asked."""

    number: int


def refusal(error):
    return JSONResponse({"detail": str(error)}, status_code=503)


@pytest.fixture
def told():
    """Asks, has something come of it, and gives the status and the body that are sent."""

    def ask(came):
        def put(cookie, asked, done):
            done(came)
            return True

        express = Express(None, {"/lane": Lane(Body, None, put)}, refusal)
        scope = {"path": "/lane", "method": "POST", "headers": [(b"content-type", b"application/json")]}
        sent = []
        assert express.answer_directly(scope, b'{"number": 1}', lambda *answer: sent.append(answer))
        [(status, _, body)] = sent
        return status, body

    return ask


def test_what_came_of_it_is_told(told):
    status, body = told({"number": 2})
    assert (status, loads(body)) == (200, {"number": 2})


def test_why_it_was_refused_is_told(told):
    status, body = told(StoreUnavailable("Try again."))
    assert (status, loads(body)) == (503, {"detail": "Try again."})


@pytest.mark.parametrize("came", [ZeroDivisionError(), {"number": object()}], ids=["error", "unreadable"])
def test_a_mistake_of_ours_leaves_nobody_waiting(told, came):
    assert told(came) == (500, b"Internal Server Error")
