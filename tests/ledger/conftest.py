"""A small site with sign-in and My ratings on it."""

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
from components.ledger import routes
from components.ledger.erasing import Eraser
from components.rating import routes as rating_routes
from components.rating.intake import Intake
from components.settings import read_settings
from components.store.store import Store


@pytest.fixture
def eraser(store: Store) -> Iterator[Eraser]:
    """Deletes accounts, as soon as it is started."""
    made = Eraser(store, lambda: None)
    yield made
    made.close()


@pytest.fixture
def app(store: Store, tmp_path: Path, eraser: Eraser) -> FastAPI:
    settings = read_settings({"DATA_DIR": str(tmp_path / "data")})
    account = Account(store, settings)
    intake = Intake(store, account, lambda writer, committed: committed)
    made = FastAPI()
    made.add_middleware(SessionMiddleware, **sessions.middleware_options(settings))
    made.include_router(account_routes.router(store, settings, account))
    made.include_router(rating_routes.router(store, account, intake))
    made.include_router(routes.router(store, account, eraser))

    @made.exception_handler(errors.SprintError)
    async def answer(request: Request, error: errors.SprintError) -> JSONResponse:
        statuses = {errors.NotSignedIn: 401, errors.BadRequest: 400}
        return JSONResponse({"detail": str(error)}, statuses.get(type(error), 403))

    return made


@pytest.fixture
def browser(app: FastAPI) -> Callable[..., TestClient]:
    """A browser with a cookie jar of its own, of somebody who signed in, or of nobody."""

    def begin(name: str = "") -> TestClient:
        visitor = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50000))
        if name:
            visitor.post("/login/local", json={"name": name}).raise_for_status()
        return visitor

    return begin
