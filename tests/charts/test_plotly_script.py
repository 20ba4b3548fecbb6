"""plotly.js over HTTP: compressed, kept by the browser, and the one that fits the plotly package."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from plotly.offline import get_plotlyjs

from components.charts.columns import Columns
from components.charts.plotly_script import PATH, PlotlyFile, plotly_address
from components.charts.routes import router
from components.live.publisher import Publisher
from components.store.store import Store


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('unopened') / 'sprint.db'}")
    app = FastAPI()
    app.include_router(router(store, Publisher(store, ()), Columns()))
    return TestClient(app)


def fetch(client, address: str = PATH, accept: str = "br, gzip", **headers: str) -> tuple:
    """The answer and its body as it came over the wire."""
    with client.stream("GET", address, headers={"accept-encoding": accept, **headers}) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("accept", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_it_is_the_file_of_the_package_in_what_the_browser_takes(client, accept, encoding, unpack):
    answer, body = fetch(client, accept=accept)
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert unpack(body).decode() == get_plotlyjs()
    assert encoding is None or len(body) < 1_500_000


def test_the_address_with_the_version_is_kept_for_ever(client):
    answer, _ = fetch(client, plotly_address())
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("address", [PATH, f"{PATH}?v=0.0.1"])
def test_any_other_address_is_asked_again(client, address):
    answer, _ = fetch(client, address)
    assert answer.headers["cache-control"] == "no-cache"


def test_who_has_it_is_told_so(client):
    etag = fetch(client)[0].headers["etag"]
    answer, body = fetch(client, **{"if-none-match": f'"another", W/{etag}'})
    assert answer.status_code == 304 and not body
    assert answer.headers["etag"] == etag and answer.headers["vary"] == "Accept-Encoding"
    assert fetch(client, accept="gzip", **{"if-none-match": etag})[0].status_code == 200


def test_asking_for_the_head_answers_without_a_body(client):
    answer = client.head(PATH, headers={"accept-encoding": "gzip"})
    assert (
        answer.status_code == 200 and not answer.content and int(answer.headers["content-length"]) > 1_000_000
    )


def test_a_crowd_that_asks_at_once_has_it_compressed_once():
    file = PlotlyFile()
    with ThreadPoolExecutor(8) as crowd:
        contents = list(crowd.map(file.content, ["gzip"] * 8))
    assert len({id(content) for content in contents}) == 1
