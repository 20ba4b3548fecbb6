"""The download: for organizers only, a whole snapshot, and nothing left on the server's disk."""

import io
import re
import resource
import tempfile
import zipfile

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from starlette.middleware.sessions import SessionMiddleware

from components import errors
from components.account import routes as account_routes
from components.account import sessions
from components.account.account import Account
from components.prompt_sources.jobs import Jobs
from components.settings import read_settings
from components.snapshots import routes
from components.snapshots.archive import zipped
from components.snapshots.pushing import Pushing
from tests.conftest import run_async


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """Where the server puts temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def app(sprint, tmp_path):
    """Sign-in and the download, with `olga` for an organizer."""
    told = {"DATA_DIR": str(tmp_path / "data"), "ORGANIZERS": "olga", "HF_TOKEN": "hf_alice"}
    settings = read_settings(told)
    account = Account(sprint.store, settings)
    made = FastAPI()
    made.add_middleware(SessionMiddleware, **sessions.middleware_options(settings))
    made.include_router(account_routes.router(sprint.store, settings, account))
    jobs = Jobs(sprint.store.clock)
    made.include_router(routes.router(sprint.store, account, settings, jobs, Pushing(sprint.store, settings)))

    @made.exception_handler(errors.SprintError)
    async def answer(request: Request, error: errors.SprintError) -> JSONResponse:
        statuses = {errors.NotSignedIn: 401, errors.NotOrganizer: 403, errors.StoreUnavailable: 503}
        statuses |= {errors.BadRequest: 400}
        return JSONResponse({"detail": str(error)}, statuses[type(error)])

    return made


def browser(app, name=None):
    visitor = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50000))
    if name:
        visitor.post("/login/local", json={"name": name}).raise_for_status()
    return visitor


def test_it_is_for_organizers_only(app, disk):
    assert browser(app).get("/api/snapshot").status_code == 401
    answer = browser(app, "ada").get("/api/snapshot")
    assert answer.status_code == 403 and answer.json()["detail"].endswith("organizers.")
    assert list(disk.iterdir()) == []


def test_an_organizer_downloads_the_whole_snapshot(app, disk, read, tmp_path):
    answer = browser(app, "olga").get("/api/snapshot")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    name = r'attachment; filename="prompt-sprint-2026-03-01T\d{4}\.zip"'
    assert re.fullmatch(name, answer.headers["content-disposition"])
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    archive.extractall(tmp_path / "unpacked")
    assert len(read(tmp_path / "unpacked")) == 4 and len(read(tmp_path / "unpacked", "events")) == 15
    assert "4 prompts with 10 ratings" in (tmp_path / "unpacked/README.md").read_text()
    assert list(disk.iterdir()) == []


def test_a_client_that_goes_away_leaves_nothing_behind(app, disk):
    cookie = "; ".join(f"{name}={value}" for name, value in browser(app, "olga").cookies.items())
    sent = []

    async def visit():
        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message["type"])
            if message["type"] == "http.response.body":
                assert list(disk.iterdir())
                raise OSError("The connection is gone.")

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "method": "GET",
            "path": "/api/snapshot",
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1:7860"), (b"cookie", cookie.encode())],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 7860),
            "scheme": "http",
        }
        with pytest.raises(Exception):  # noqa: B017 - whichever way the framework tells it
            await app(scope, receive, send)

    run_async(visit())
    assert sent == ["http.response.start", "http.response.body"]
    assert list(disk.iterdir()) == []


def test_a_server_that_may_not_make_files_says_so(app, disk, monkeypatch):
    visitor = browser(app, "olga")
    nowhere = disk / "file"
    nowhere.write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(nowhere))
    answer = visitor.get("/api/snapshot")
    assert answer.status_code == 503 and "no room" in answer.json()["detail"]


def test_a_server_without_room_says_so_and_cleans_up(app, disk):
    visitor = browser(app, "olga")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        answer = visitor.get("/api/snapshot")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert answer.status_code == 503 and "File too large" in answer.json()["detail"]
    assert list(disk.iterdir()) == []


def test_a_large_folder_passes_through_in_small_pieces(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "large").write_bytes(bytes(range(256)) * 20_000)
    (tmp_path / "small").write_text("ä")
    (tmp_path / "empty").write_text("")
    pieces = list(zipped(tmp_path))
    assert max(map(len, pieces)) < 2**21
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    assert {name: len(archive.read(name)) for name in archive.namelist()} == {
        "deep/er/large": 256 * 20_000,
        "empty": 0,
        "small": 2,
    }


WANTED = {"to": "sprint/prompts"}
FOR_ORGANIZERS = (
    ("GET", "/api/snapshot", None),
    ("GET", "/api/snapshots", None),
    ("POST", "/api/snapshots/preview", WANTED),
    ("POST", "/api/snapshots/push", WANTED),
    ("POST", "/api/snapshots/cancel", {}),
    ("PUT", "/api/snapshots/schedule", WANTED | {"every": "day"}),
)


def test_everything_about_publishing_is_for_organizers_only(app, disk):
    strangers = (browser(app), 401), (browser(app, "ada"), 403)
    for method, address, body in FOR_ORGANIZERS:
        for visitor, status in strangers:
            assert visitor.request(method, address, json=body).status_code == status, address


def test_a_download_has_what_was_asked_for(app, disk):
    olga = browser(app, "olga")
    answer = olga.get("/api/snapshot", params={"formats": ["csv", "argilla"], "best": "none"})
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"csv/default.csv", "argilla/settings.json", "README.md"} <= set(names)
    assert "best/train-00000-of-00001.parquet" not in names
    refused = olga.get("/api/snapshot", params={"best": "__import__('os')"})
    assert refused.status_code == 400 and "write one like" in refused.json()["detail"]


def test_a_schedule_is_kept_and_told(app, disk, sprint):
    olga = browser(app, "olga")
    wanted = WANTED | {"every": "day", "private": True, "formats": ["jsonl"], "include_unrated": True}
    assert olga.put("/api/snapshots/schedule", json=wanted).status_code == 200
    plan = olga.get("/api/snapshots").json()["plan"]
    assert plan.items() >= wanted.items()
    for wrong in ({"to": "nonsense"}, {"every": "minute"}, {"tags": "moon"}, {"formats": ["pdf"]}):
        answer = olga.put("/api/snapshots/schedule", json=wanted | wrong)
        assert answer.status_code == 400 and answer.json()["detail"].endswith("."), wrong


def test_who_wants_to_be_named_is_named_and_nobody_else(app, disk, sprint, read, tmp_path):
    eva = browser(app, "eva")
    assert eva.get("/api/my/credit").json() == {"credit": False}
    folder = sprint.snapshot(tmp_path / "before")
    assert (
        not (folder / "contributors").exists()
        and "Nobody asked to be named" in (folder / "README.md").read_text()
    )
    assert eva.put("/api/my/credit", json={"credit": True}).json() == {"credit": True}
    assert browser(app).put("/api/my/credit", json={"credit": True}).status_code == 401
    folder = sprint.snapshot(tmp_path / "after")
    assert [row["username"] for row in read(folder, "contributors")] == ["eva"]
    assert "\n- eva" in (folder / "README.md").read_text()
    eva.put("/api/my/credit", json={"credit": False})
    assert not (sprint.snapshot(tmp_path / "again") / "contributors").exists()
