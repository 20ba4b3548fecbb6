"""Live views over HTTP: ETags, 304 and compression."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from components.live.publisher import Publisher
from components.live.routes import best_encoding, router
from components.live.view import View


@pytest.fixture
def client(store):
    publisher = Publisher(store, [View("big", lambda moment: {"text": "word " * 1000})])
    publisher.refresh()
    app = FastAPI()
    app.include_router(router(publisher))
    return TestClient(app)


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
