"""A small site with sign-in, how others see one, and the leaderboard on it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from starlette.middleware.sessions import SessionMiddleware

from components import errors
from components.account import presence, sessions
from components.account import routes as account_routes
from components.account.account import Account
from components.leaderboard import routes
from components.leaderboard.avatars import Avatars
from components.leaderboard.boards import Boards
from components.leaderboard.card import Cards
from components.leaderboard.views import views
from components.live.needs import Needs
from components.live.publisher import Publisher
from components.live.raters import Raters
from components.records import Prompt
from components.settings import read_settings
from components.store.store import Store
from tests.conftest import Person


@dataclass
class Site:
    """The site, and those who visit it."""

    app: FastAPI
    store: Store
    publisher: Publisher

    def visitor(self, name: str = "", visibility: str = "") -> TestClient:
        """A browser of somebody who signed in and said how they want to be seen, or of nobody."""
        made = TestClient(self.app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50000))
        if name:
            made.post("/login/local", json={"name": name}).raise_for_status()
        if visibility:
            made.put("/api/my/visibility", json={"visibility": visibility}).raise_for_status()
        return made

    def rate(self, name: str, *prompts: Prompt) -> None:
        """Let somebody rate prompts."""
        for prompt in prompts:
            Person(self.store, name).rates(prompt, 4)
        self.publisher.refresh()


@pytest.fixture
def portraits() -> Avatars:
    """Those of a sprint without a provider: none."""
    return Avatars("")


@pytest.fixture
def site(store: Store, tmp_path: Path, portraits: Avatars) -> Site:
    settings = read_settings({"DATA_DIR": str(tmp_path / "data")})
    account, boards = Account(store, settings), Boards(Raters(), portraits.shows)
    publisher = Publisher(store, views(boards, Needs()))
    app = FastAPI()
    app.add_middleware(SessionMiddleware, **sessions.middleware_options(settings))
    app.include_router(account_routes.router(store, settings, account))
    app.include_router(presence.router(store, account, publisher.refresh))
    app.include_router(routes.router(boards, account, portraits, Cards("https://sprint.example")))

    @app.exception_handler(errors.SprintError)
    async def answer(request: Request, error: errors.SprintError) -> JSONResponse:
        statuses = {errors.NotSignedIn: 401, errors.BadRequest: 400, errors.UnknownPerson: 404}
        return JSONResponse({"detail": str(error)}, statuses.get(type(error), 503))

    publisher.refresh()
    return Site(app, store, publisher)


@pytest.fixture
def visitor(site: Site) -> Callable[..., TestClient]:
    return site.visitor
