"""Agreement over HTTP: what organizers are told of everybody, and how far chosen contributors agree."""

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.middleware.sessions import SessionMiddleware

from components.account import routes as account_routes
from components.account import sessions
from components.account.account import Account
from components.agreement import own_routes, routes, views
from components.agreement.analysis import Analysis
from components.live.moment import Moment
from components.organizing.sprint import change
from components.settings import read_settings
from components.store import findings
from tests.agreement.checked import checked, compute
from tests.conftest import Person

BASE = "/api/organize/agreement"


@pytest.fixture
def analysis(store, url):
    return Analysis(store, url, lambda: None, alone=True)


@pytest.fixture
def browser(store, tmp_path, analysis):
    """A browser of somebody who signs in; olga organizes."""
    settings = read_settings({"DATA_DIR": str(tmp_path / "data"), "ORGANIZERS": "olga"})
    account = Account(store, settings)
    app = FastAPI()
    app.add_middleware(SessionMiddleware, **sessions.middleware_options(settings))
    app.include_router(account_routes.router(store, settings, account))
    app.include_router(routes.router(store, account, analysis))
    app.include_router(own_routes.router(store, account))

    def begin(name: str) -> TestClient:
        visitor = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50000))
        visitor.post("/login/local", json={"name": name}).raise_for_status()
        return visitor

    return begin


@pytest.fixture
def olga(browser):
    return browser("olga")


def test_organizers_see_how_everybody_rates_the_busiest_first(store, loaded, olga, analysis):
    assert olga.get(BASE).json() == {"made_at": None, "progress": None, "total": 0, "rows": [], "rest": None}
    ada, bob = Person(store, "ada"), Person(store, "bob")
    for place, prompt in enumerate(loaded):
        bob.rates(prompt, 1 + place % 5)
    ada.rates(loaded[0], 5)
    compute(store)
    told = olga.get(BASE).json()
    assert told["made_at"] == store.clock() and told["progress"] is None
    assert [(one["username"], one["ratings"]) for one in told["rows"]] == [("bob", 12), ("ada", 1)]
    assert told["rows"][1]["severity"] == {"value": None, "low": None, "high": None}
    assert told["rows"][1]["why"].startswith("With fewer than 30 ratings")
    assert (told["rest"]["username"], told["rest"]["ratings"]) == ("bob", 1)
    assert told["rest"]["means"][0]["without"] == 5


def test_everybody_is_told_whether_conclusions_rest_on_the_busiest_and_not_what_they_gave(store, loaded):
    ada, bob = Person(store, "ada"), Person(store, "bob")
    for place, prompt in enumerate(loaded):
        for who in (ada, bob)[: 1 + (place < 10)]:
            who.rates(prompt, 1 + place % 5)
    compute(store)
    with store.reading() as connection:
        shown = views.agreement(Moment(connection, store.clock()))
        kept = findings.content(connection, "agreement")
    assert shown["concentration"]["conclusions"].startswith("Without the busiest contributor what follows")
    for told in (json.dumps(shown), kept):
        assert "without_busiest" not in told and ada.id not in told and '"without"' not in told


def test_kappa_of_chosen_contributors(store, loaded, olga):
    ada, bob, cleo = (Person(store, name) for name in ("ada", "bob", "cleo"))
    for place, prompt in enumerate(loaded):
        ada.rates(prompt, 1 + place % 5)
        bob.rates(prompt, 1 + place % 5)
    cleo.rates(loaded[0], 3)
    told = olga.get(f"{BASE}/kappa", params={"contributor": [ada.id, bob.id, cleo.id]}).json()
    assert told["names"] == {ada.id: "ada", bob.id: "bob", cleo.id: "cleo"}
    first, second, _ = told["pairs"]
    assert (first["value"], first["prompts"], first["why"]) == (1.0, 12, None)
    assert (second["value"], second["prompts"]) == (None, 1) and "it takes 10" in second["why"]
    nobody = olga.get(f"{BASE}/kappa", params={"contributor": [ada.id, "0" * 32]}).json()
    assert nobody["pairs"][0]["why"] == "There is no contributor of one of these ids."
    assert olga.get(f"{BASE}/kappa", params={"contributor": ["0" * 32] * 9}).status_code == 422


def test_everybody_is_told_how_they_rate_themselves_and_of_gold_only_where_organizers_let_them(
    store, browser
):
    ada = browser("ada")
    assert ada.get("/api/my/reliability").json()["made_at"] is None
    checked(store)
    compute(store)
    told = ada.get("/api/my/reliability").json()
    assert (told["known"]["ratings"], told["known"]["repeats"]["n"], told["repeats"]) == (40, 0, False)
    assert told["known"]["gold"] is None
    assert browser("bob").get("/api/my/reliability").json()["known"]["repeats"]["n"] == 12
    assert browser("zoe").get("/api/my/reliability").json()["known"] is None
    change(store, "terminal", gold_feedback=True, repeat_every=20)
    told = ada.get("/api/my/reliability").json()
    assert (told["known"]["gold"]["n"], told["repeats"]) == (12, True)
