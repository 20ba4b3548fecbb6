"""A small site with sign-in and the organizers' routes on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from starlette.middleware.sessions import SessionMiddleware

from components import errors
from components.account import routes as account_routes
from components.account import sessions
from components.account.account import Account
from components.organizing import routes
from components.organizing.excluding import Excluder
from components.rating import routes as rating_routes
from components.rating.intake import Intake
from components.settings import read_settings
from components.store.store import Store


@pytest.fixture
def excluder(store: Store) -> Iterator[Excluder]:
    """Counts exclusions, as soon as it is started."""
    made = Excluder(store, lambda: None)
    yield made
    made.close()


@pytest.fixture
def browser(store: Store, tmp_path: Path, excluder: Excluder) -> Callable[[str], TestClient]:
    """A browser of somebody who signed in; olga organizes."""
    settings = read_settings({"DATA_DIR": str(tmp_path / "data"), "ORGANIZERS": "olga"})
    account = Account(store, settings)
    app = FastAPI()
    app.add_middleware(SessionMiddleware, **sessions.middleware_options(settings))
    app.include_router(account_routes.router(store, settings, account))
    app.include_router(rating_routes.router(store, account, Intake(store, account, lambda *_: None)))
    app.include_router(routes.router(store, account, excluder))

    @app.exception_handler(errors.SprintError)
    async def answer(request: Request, error: errors.SprintError) -> JSONResponse:
        statuses = ((errors.NotSignedIn, 401), (errors.NotAllowed, 403), (errors.ChangedMeanwhile, 409))
        status = next((status for kind, status in statuses if isinstance(error, kind)), 400)
        return JSONResponse({"detail": str(error)}, status)

    def begin(name: str) -> TestClient:
        visitor = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50000))
        visitor.post("/login/local", json={"name": name}).raise_for_status()
        return visitor

    return begin
