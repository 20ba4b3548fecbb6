"""Sign-in with a real OpenID Connect provider, over HTTP, by people with cookie jars of their own."""

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import User

from tests.account.conftest import browser, site
from tests.doubles.openid_provider import openid_provider, refuses_there, signs_in_there, somebody
from tests.served import served

WIRE = {"OAUTH_CLIENT_ID": "sprint", "OAUTH_CLIENT_SECRET": "shared with the provider", "ORGANIZERS": "ada"}


@pytest.fixture(scope="module")
def provider():
    """A provider with two people who have a username, and one who only has a nickname."""
    quiet = User(sub="3", claims={"nickname": "Quiet", "picture": "https://id.example/q.png"})
    with openid_provider(somebody("1", "ada"), somebody("2", "grace"), quiet) as address:
        yield address


@pytest.fixture
def address(store, settings, provider):
    """A sprint whose people sign in with that provider."""
    with served(site(store, settings(**WIRE, OPENID_PROVIDER_URL=provider))) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def jar(address):
    """Opens browsers, each with a cookie jar of its own."""
    opened = []

    def open_one():
        opened.append(httpx.Client(base_url=address, timeout=10))
        return opened[-1]

    yield open_one
    for client in opened:
        client.close()


def error_of(answer):
    """The code a failed sign-in ends with, or None."""
    return parse_qs(urlsplit(str(answer.url)).query).get("sign_in_error", [None])[0]


def test_two_people_sign_in_and_out(jar):
    ada, grace = jar(), jar()
    answer = signs_in_there(ada, "1", "/login?next=/?tab=charts")
    assert (answer.status_code, answer.url.raw_path) == (200, b"/?tab=charts")
    assert error_of(signs_in_there(grace, "2")) is None
    session = ada.get("/api/session").json()
    assert (session["username"], session["name"], session["organizer"]) == ("ada", "Ada", True)
    assert session["picture"] is None, "the provider offered a javascript: link"
    assert session["sign_in"] == "provider"
    assert grace.get("/api/session").json()["organizer"] is False
    assert ada.get("/organizers").status_code == 200 and grace.get("/organizers").status_code == 403
    assert ada.post("/logout").json() == {"signed_in": False}
    assert ada.get("/api/session").json()["signed_in"] is False
    assert grace.get("/api/session").json()["username"] == "grace"


def test_the_question_to_the_provider_is_one_nobody_can_replay(jar, provider, address):
    first, second = (jar().get("/login") for _ in range(2))
    asked = [parse_qs(urlsplit(answer.headers["location"]).query) for answer in (first, second)]
    assert first.status_code == 303 and first.headers["location"].startswith(f"{provider}/oauth2/authorize?")
    assert asked[0]["redirect_uri"] == [f"{address}/login/callback"]
    assert asked[0]["scope"] == ["openid profile"] and asked[0]["code_challenge_method"] == ["S256"]
    for fresh in ("state", "nonce", "code_challenge"):
        assert asked[0][fresh] != asked[1][fresh] and len(asked[0][fresh][0]) >= 20


def test_nothing_but_the_person_stays_in_the_session(jar, provider):
    ada = jar()
    signs_in_there(ada, "1")
    session = ada.get("/cookie").json()
    assert list(session) == ["oauth_info"]
    info = session["oauth_info"]
    assert (info["issuer"], info["userinfo"]["sub"]) == (provider, "1")
    assert "token" not in json.dumps(session)


def test_somebody_without_a_username_goes_by_their_nickname(jar):
    quiet = jar()
    signs_in_there(quiet, "3")
    session = quiet.get("/api/session").json()
    assert (session["username"], session["name"]) == ("Quiet", "Quiet")
    assert session["picture"] == "https://id.example/q.png"


def test_a_username_that_changed_hands_is_another_contributor(jar, provider):
    ada, thief = jar(), jar()
    signs_in_there(ada, "1")
    httpx.put(f"{provider}/users/77", json={"preferred_username": "ada", "name": "Ada"}).raise_for_status()
    signs_in_there(thief, "77")
    session = thief.get("/api/session").json()
    assert (session["username"], session["organizer"]) == ("ada", False)
    assert thief.get("/organizers").status_code == 403 and ada.get("/organizers").status_code == 200


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example"]
)
def test_nobody_is_sent_to_another_site(jar, address, target):
    answer = signs_in_there(jar(), "1", f"/login?next={target}")
    assert str(answer.url) == f"{address}/"


def test_somebody_who_refuses_stays_nobody(jar):
    ada = jar()
    answer = refuses_there(ada)
    assert (answer.status_code, error_of(answer)) == (200, "access_denied")
    assert ada.get("/api/session").json()["signed_in"] is False
    assert ada.get("/cookie").json() == {}


def test_an_answer_is_taken_once(jar):
    ada = jar()
    answer = signs_in_there(ada, "1")
    callback = next(step for step in answer.history if "/login/callback" in str(step.url)).url
    assert error_of(ada.get(str(callback), follow_redirects=True)) == "expired"
    assert ada.get("/api/session").json()["username"] == "ada", "the first sign-in stands"
    assert error_of(jar().get(str(callback), follow_redirects=True)) == "expired"


@pytest.mark.parametrize(
    "query", ["", "?code=1", "?state=2", "?code=1&state=2", "?code=1&state=" + "x" * 2000]
)
def test_an_answer_to_no_question_is_refused(jar, query):
    ada = jar()
    assert error_of(ada.get(f"/login/callback{query}", follow_redirects=True)) == "expired"
    assert ada.get("/api/session").json()["signed_in"] is False


def test_an_answer_for_somebody_else_signs_nobody_in(jar):
    """A page must not be able to sign its visitors in as its owner."""
    attacker, victim = jar(), jar()
    form = attacker.get("/login", follow_redirects=True)
    answer = attacker.post(str(form.url), data={"sub": "2"})
    victim.get("/login")
    assert error_of(victim.get(answer.headers["location"], follow_redirects=True)) == "expired"
    assert victim.get("/api/session").json()["signed_in"] is False


def test_an_answer_the_provider_does_not_stand_by_is_refused(jar):
    ada = jar()
    state = parse_qs(urlsplit(ada.get("/login").headers["location"]).query)["state"][0]
    answer = ada.get(f"/login/callback?code=made-up&state={state}", follow_redirects=True)
    assert error_of(answer) == "provider"
    assert ada.get("/cookie").json() == {}


@pytest.mark.parametrize("nowhere", ["http://127.0.0.1:1", "http://sprint.invalid"])
def test_a_provider_that_cannot_be_reached_is_a_sentence(store, settings, nowhere):
    client = browser(site(store, settings(**WIRE, OPENID_PROVIDER_URL=nowhere)))
    answer = client.get("/login")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?sign_in_error=provider")


def test_a_site_that_is_no_provider_is_a_sentence(store, settings, address):
    client = browser(site(store, settings(**WIRE, OPENID_PROVIDER_URL=f"{address}/cookie")))
    assert client.get("/login").headers["location"] == "/?sign_in_error=provider"
