"""A small site with nothing but sign-in on it, and browsers that visit it."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from starlette.middleware.sessions import SessionMiddleware

from components import errors
from components.account import routes, sessions
from components.account.account import Account
from components.settings import Settings, read_settings
from components.store.store import Store


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of a laptop, or with variables of one's own."""
    return lambda **variables: read_settings({"DATA_DIR": str(tmp_path / "data"), **variables})


def site(store: Store, settings: Settings) -> FastAPI:
    """Sign-in as the real application mounts it, and pages that say the path they were asked for."""
    app = FastAPI()
    account = Account(store, settings)
    app.add_middleware(SessionMiddleware, **sessions.middleware_options(settings))
    app.include_router(routes.router(store, settings, account))

    @app.exception_handler(errors.SprintError)
    async def answer(request: Request, error: errors.SprintError) -> JSONResponse:
        statuses = {errors.NotSignedIn: 401, errors.BadRequest: 400}
        return JSONResponse({"detail": str(error)}, statuses.get(type(error), 403))

    @app.get("/organizers")
    async def organizers(request: Request) -> str:
        return account.organizer(request).identity.username

    @app.get("/cookie")
    async def cookie(request: Request) -> dict:
        return dict(request.session)

    @app.get("/{path:path}")
    async def page(path: str) -> str:
        return f"/{path}"

    return app


def browser(app: FastAPI, address: str = "127.0.0.1", url: str = "http://127.0.0.1:7860") -> TestClient:
    """A browser at an address, with a cookie jar of its own, that follows no redirects by itself."""
    return TestClient(app, base_url=url, client=(address, 50000), follow_redirects=False)


@pytest.fixture
def laptop(store: Store, settings: Callable[..., Settings]) -> TestClient:
    """A browser on the laptop that runs the sprint."""
    return browser(site(store, settings()))


def sign_in(client: httpx.Client, name: str) -> dict:
    """Sign in by name, and give the session."""
    return client.post("/login/local", json={"name": name}).raise_for_status().json()
