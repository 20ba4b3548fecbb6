"""Who may call what: every route and every Gradio handler, asked by nobody, by a contributor and by an organizer."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from components import server
from components.server import Built
from components.settings import read_settings

# Open to everybody; whoever adds a route that is neither for contributors nor for organizers names it here.
FOR_EVERYBODY = {
    "/healthz",
    "/login",
    "/login/callback",
    "/login/local",
    "/logout",
    "/screen",
    "/embed",
    "/badge.svg",
    "/og.png",
    "/methods",
    "/api/session",
    "/api/openapi.json",
    "/api/docs",
    "/docs/oauth2-redirect",
    "/assets/plotly.min.js",
    "/api/views",
    "/api/views/{name}",
    "/api/forecast",
    "/api/prompts/{prompt_id}",
    "/api/restoring",
    "/api/{path:path}",  # where there is nothing
}
# Under these, everything is for everybody.
OPEN_ROOMS = ("/api/charts", "/api/docs", "/api/leaderboard", "/api/teams", "/api/avatars", "/api/screen")
# For whoever is signed in, about themselves.
FOR_CONTRIBUTORS = ("/api/my/", "/api/ratings", "/api/next")


def application(built: Built) -> FastAPI:
    """What stands behind all that stands in front of the framework."""
    app = built.app
    while not isinstance(app, FastAPI):
        behind = vars(app).values()
        app = next(
            one
            for one in behind
            if isinstance(one, FastAPI) or type(one).__module__.startswith("components.")
        )
    return app


def routes_of(built: Built) -> list[tuple[str, str]]:
    """Every method and path of our own."""
    return [
        (method, route.path)
        for route in iter_route_contexts(application(built).routes)
        if route.path and route.methods  # else it is a mount: of files, of Gradio's own page
        for method in sorted(route.methods)
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("sprint")
    return server.build(read_settings({"DATA_DIR": str(folder), "ORGANIZERS": "olga"}))


def browser(built: Built, name: str) -> TestClient:
    """A browser of somebody who signs in, or of nobody."""
    # An error of the server is an answer here, too.
    how = {"client": ("127.0.0.1", 50000), "raise_server_exceptions": False}
    visitor = TestClient(built.app, base_url="http://127.0.0.1:7860", **how)
    if name:
        visitor.post("/login/local", json={"name": name}).raise_for_status()
    return visitor


@pytest.fixture(scope="module")
def visitors(built: Built) -> Iterator[dict[str, TestClient]]:
    """A browser for each kind of person."""
    with browser(built, "") as nobody:
        yield {"nobody": nobody} | {name: browser(built, name) for name in ("ada", "olga", "bob")}


def ask(visitor: TestClient, method: str, path: str, **body: object) -> int:
    """What a visitor is answered; without a body, since permission comes before anything of it is read."""
    address = re.sub(r"{[^}]*}", "0" * 32, path)
    return visitor.request(method, address, follow_redirects=False, **body).status_code


def test_every_route_is_for_everybody_for_contributors_or_refuses_all_but_organizers(built, visitors):
    organizers = []
    for method, path in routes_of(built):
        if path in FOR_EVERYBODY or path.startswith(OPEN_ROOMS):
            continue
        if path.startswith(FOR_CONTRIBUTORS):
            # Some read first what is asked for; nobody is told anything by that.
            given = {"events": [], "username": "ada"}
            assert ask(visitors["nobody"], method, path, json=given) in (401, 422), f"{method} {path}"
            continue
        organizers.append((method, path))
        assert ask(visitors["nobody"], method, path) == 401, f"nobody: {method} {path}"
        assert ask(visitors["ada"], method, path) == 403, f"a contributor: {method} {path}"
    assert {path for _, path in organizers} >= {"/api/snapshot", "/api/backup", "/api/organize/sprint"}


def test_an_organizer_is_let_in_everywhere_they_only_look(built, visitors):
    for method, path in routes_of(built):
        if method == "GET" and path.startswith("/api/organize") and "{" not in path:
            assert ask(visitors["olga"], method, path) == 200, path


def test_gradio_has_no_handler_that_anybody_could_call(built, visitors):
    config = built.demo.get_config_file()
    assert config["dependencies"] == [] and not built.demo.fns
    assert [one for one in config["components"] if one["props"].get("server_fns")] == []
    for index in range(3):
        body = {"fn_index": index, "data": [], "session_hash": "s"}
        assert visitors["nobody"].post("/gradio_api/queue/join", json=body).status_code == 404


def test_gradios_own_routes_take_nothing_from_anybody(built, visitors):
    page = next(
        route.app for route in application(built).routes if isinstance(getattr(route, "app", None), FastAPI)
    )
    asked = []
    for route in iter_route_contexts(page.routes):
        for method in set(route.methods or ()) - {"GET", "HEAD", "OPTIONS"}:
            asked.append(route.path)
            for name in ("nobody", "ada", "olga"):
                status = visitors[name].request(method, route.path, data={"username": "olga"}).status_code
                assert status >= 400, f"{name}: {method} {route.path}"
    assert {"/gradio_api/upload", "/gradio_api/component_server", "/gradio_api/process_recording"} <= set(
        asked
    )


def test_who_is_dismissed_is_refused_at_the_next_request(visitors):
    olga, bob = visitors["olga"], visitors["bob"]
    [person] = olga.get("/api/organize/contributors", params={"q": "bob"}).json()["rows"]
    role = f"/api/organize/contributors/{person['contributor_id']}/role"
    assert olga.put(role, json={"organizer": True}).status_code == 204
    assert bob.get("/api/organize/sprint").status_code == 200
    assert olga.put(role, json={"organizer": False}).status_code == 204
    assert bob.get("/api/organize/sprint").status_code == 403
