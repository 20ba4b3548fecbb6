"""The session cookie: its key, its flags, what is in it, and until when it counts."""

import json
import stat
import subprocess
import sys
from base64 import b64encode

import itsdangerous
import pytest
from fastapi import Request

from components.account import sessions
from components.account.identity import vouched
from components.errors import BadSetting
from components.records import HOUR_MS, Identity
from tests.account.conftest import browser, sign_in, site
from tests.conftest import ROOT

NOW = 1_772_366_400_000
ADA = Identity(
    "https://id.example", "42", "ada", "Ada L.", "https://id.example/ada.png", "https://id.example/ada"
)
SPACE = {
    "SPACE_ID": "o/s",
    "SPACE_HOST": "o-s.hf.space",
    "OAUTH_CLIENT_ID": "c",
    "OAUTH_CLIENT_SECRET": "space secret",
}


def key(settings):
    return str(sessions.middleware_options(settings)["secret_key"])


def test_a_session_remembers_somebody_until_it_is_over():
    session = {"left over": "from before"}
    sessions.remember(session, ADA, NOW)
    assert list(session) == ["oauth_info"]
    assert sessions.identity_of(session, NOW) == ADA
    assert sessions.issued_at(session) == NOW
    assert sessions.identity_of(session, NOW + 8 * HOUR_MS - 1) == ADA
    assert sessions.identity_of(session, NOW + 8 * HOUR_MS) is None


def test_a_forgotten_session_is_empty():
    session = {"x": 1}
    sessions.remember(session, ADA, NOW)
    sessions.forget(session)
    assert session == {} and sessions.identity_of(session, NOW) is None


def test_a_session_holds_texts_and_numbers_and_no_more_than_it_must():
    session = {}
    sessions.remember(session, ADA, NOW)
    info = session["oauth_info"]
    assert set(info) == {"issuer", "issued_at", "expires_at", "userinfo"}
    assert set(info["userinfo"]) == {"sub", "preferred_username", "name", "picture", "profile"}
    assert all(isinstance(value, str) for value in (info["issuer"], *info["userinfo"].values()))


def broken_sessions():
    whole = {}
    sessions.remember(whole, ADA, NOW)
    info = whole["oauth_info"]
    for name in info:
        yield {"oauth_info": {other: value for other, value in info.items() if other != name}}
        yield {"oauth_info": info | {name: ["list"]}}
    for claim in info["userinfo"]:
        yield {"oauth_info": info | {"userinfo": info["userinfo"] | {claim: 7}}}
    yield from (
        {"oauth_info": info | {"expires_at": value}} for value in (True, "9999999999", float("inf"), None)
    )
    yield from ({"oauth_info": value} for value in (None, "ada", ["ada"], {}, 7))
    yield {"oauth_info": info | {"userinfo": info["userinfo"] | {"sub": ""}}}


@pytest.mark.parametrize("session", list(broken_sessions()), ids=str)
def test_a_malformed_session_is_nobodys(session):
    assert sessions.identity_of(session, NOW) is None


def test_the_largest_session_fits_into_a_cookie():
    claims = {name: "\U0001f600" * 500 for name in ("name", "nickname")}
    links = {name: "https://id.example/".ljust(400, "x") for name in ("picture", "profile")}
    ids = {
        "iss": "https://id.example/".ljust(100, "x"),
        "sub": "x" * 36,
        "preferred_username": "\U0001f600" * 64,
    }
    session = {}
    sessions.remember(session, vouched(claims | links | ids), NOW)
    signed = itsdangerous.TimestampSigner("k").sign(b64encode(json.dumps(session).encode()))
    assert len(sessions.COOKIE) + len(signed) < 4096


def test_the_key_is_derived_from_the_secret_and_not_the_secret(settings):
    first = key(settings(SESSION_SECRET="a secret"))
    assert "a secret" not in first and len(bytes.fromhex(first)) == 32
    assert first == key(settings(SESSION_SECRET="a secret")) != key(settings(SESSION_SECRET="another"))


def test_the_key_is_the_same_in_another_process(settings):
    code = (
        "from components.account.sessions import SessionKey; from components.settings import read_settings;"
        "print(SessionKey(read_settings({'SESSION_SECRET': 'a secret'})))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == key(settings(SESSION_SECRET="a secret"))


def test_a_space_needs_no_secret_but_the_one_of_its_sign_in(settings, tmp_path):
    assert key(settings(**SPACE)) == key(settings(SESSION_SECRET="space secret"))
    assert key(settings(**SPACE, SESSION_SECRET="own")) == key(settings(SESSION_SECRET="own"))
    assert not (tmp_path / "data").exists()


def test_a_laptop_keeps_a_secret_of_its_own_that_nobody_else_can_read(settings, tmp_path):
    options = sessions.middleware_options(settings())
    assert not (tmp_path / "data").exists(), "nothing is written before the application starts"
    first = str(options["secret_key"])
    kept = tmp_path / "data" / "session_secret"
    assert [path.name for path in kept.parent.iterdir()] == ["session_secret"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() not in first
    assert key(settings()) == first
    assert key(settings(OAUTH_CLIENT_ID="c", OAUTH_CLIENT_SECRET="only a Space's")) == first


def test_half_a_secret_is_made_anew(settings, tmp_path):
    kept = tmp_path / "data" / "session_secret"
    kept.parent.mkdir()
    kept.write_text("ab")
    key(settings())
    assert len(kept.read_text()) == 64


def test_a_folder_that_cannot_hold_the_secret_is_a_sentence(settings, tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(BadSetting, match="set SESSION_SECRET"):
        key(settings())


def test_another_key_or_a_changed_cookie_is_nobody(laptop):
    sign_in(laptop, "ada")
    good = laptop.cookies[sessions.COOKIE]
    data, _, signature = good.partition(".")
    info = {"issuer": "local", "issued_at": NOW, "expires_at": NOW, "userinfo": {}}
    forged = b64encode(json.dumps({"oauth_info": info}).encode())
    wrong_key = itsdangerous.TimestampSigner("secret").sign(forged).decode()
    for bad in (
        wrong_key,
        f"{forged.decode()}.{signature}",
        f"{data}.{signature}x",
        data,
        "null",
        "",
        "a.b.c",
        "é",
    ):
        headers = {"Cookie": f"{sessions.COOKIE}={bad}".encode("latin-1")}
        fresh = browser(laptop.app)
        assert fresh.get("/api/session", headers=headers).json()["signed_in"] is False
    headers = {"Cookie": f"{sessions.COOKIE}={good}"}
    assert browser(laptop.app).get("/api/session", headers=headers).json()["signed_in"] is True


def flags(answer):
    _, *parts = answer.headers["set-cookie"].lower().split("; ")
    return {part for part in parts if not part.startswith("max-age")}


def test_a_cookie_on_a_laptop_stays_with_the_laptop(laptop):
    assert flags(laptop.post("/login/local", json={"name": "ada"})) == {"path=/", "httponly", "samesite=lax"}


def test_a_cookie_behind_https_is_secure(settings):
    options = sessions.middleware_options(settings(PUBLIC_URL="https://sprint.example"))
    assert (options["same_site"], options["https_only"], options["partitioned"]) == ("lax", True, False)
    plain = sessions.middleware_options(settings(PUBLIC_URL="http://sprint.example"))
    assert plain["https_only"] is False


def test_a_cookie_on_a_space_works_in_the_hubs_frame(store, settings):
    app = site(store, settings(**SPACE))

    @app.post("/sign-anybody-in")
    async def anybody(request: Request) -> None:
        sessions.remember(request.session, ADA, store.clock())

    answer = browser(app, url="https://o-s.hf.space").post("/sign-anybody-in")
    assert flags(answer) == {"path=/", "httponly", "samesite=none", "secure", "partitioned"}
    assert "max-age=28800" in answer.headers["set-cookie"].lower()
