"""Live views over HTTP: ETags, 304 and compression."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from components.live.answers import best_encoding
from components.live.publisher import Publisher
from components.live.routes import router
from components.live.view import View
from components.live.watching import Watching


@pytest.fixture
def publisher(store):
    publisher = Publisher(store, [View("big", lambda moment: {"text": "word " * 1000})])
    publisher.refresh()
    return publisher


@pytest.fixture
def framework(publisher):
    app = FastAPI()
    app.include_router(router(publisher))
    return app


@pytest.fixture(params=[True, False], ids=["lane", "framework"])
def client(framework, publisher, request):
    """Somebody who asks in the lane past the framework, or the framework itself."""
    return TestClient(Watching(framework, publisher) if request.param else framework)


def test_the_index_names_the_etag_that_the_document_carries(client):
    etag = client.get("/api/views").json()["views"]["big"]
    assert client.get("/api/views/big").headers["etag"] == etag


@pytest.mark.parametrize("path", ["/api/views", "/api/views/big"])
def test_what_is_known_already_is_not_sent_again(client, path):
    etag = client.get(path).headers["etag"]
    for known in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        answer = client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_documents_come_compressed(client, encoding):
    answer = client.get("/api/views/big", headers={"Accept-Encoding": encoding})
    assert answer.headers["content-encoding"] == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < 500
    assert answer.json()["text"].startswith("word word")


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [("", "identity"), ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"),
     ("*", "br"), ("identity", "identity"), ("br;q=0.0", "identity"), ("GZIP;q=1.0", "gzip"), ("br; q=0.05", "br")],
)  # fmt: skip
def test_the_best_encoding_a_browser_takes(accepted, chosen):
    assert best_encoding(accepted, ("br", "gzip", "identity")) == chosen


@pytest.mark.parametrize(
    "path", ["/api/views", "/api/views/big", "/api/views/", "/api/views/none", "/api/viewsbig"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_the_lane_answers_as_the_framework_does(framework, publisher, method, path):
    def asked(app):
        answer = TestClient(app, raise_server_exceptions=False).request(method, path, follow_redirects=False)
        return answer.status_code, sorted(answer.headers.items()), answer.content

    assert asked(Watching(framework, publisher)) == asked(framework)
