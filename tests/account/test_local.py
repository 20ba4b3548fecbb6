"""Sign-in by name, and everybody who may not use it."""

import pytest

from components.store import contributors
from tests.account.conftest import browser, sign_in, site


def refused(client, **headers):
    """Whether sign-in is refused with a sentence, and offered as little by the session."""
    answer = client.post("/login/local", json={"name": "ada"}, headers=headers)
    sentence = answer.json().get("detail", "")
    session = client.get("/api/session", headers=headers).json()
    assert session["signed_in"] is (answer.status_code == 200)
    if answer.status_code == 200:
        assert session["sign_in"] == "local"
        return False
    assert answer.status_code == 403 and sentence.endswith(".") and "set-cookie" not in answer.headers
    assert session["sign_in"] != "local"
    return True


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("127.0.0.1", "localhost:7860"),
        ("127.0.0.1", "LOCALHOST"),
        ("127.8.8.8", "127.0.0.1"),
        ("::1", "[::1]:7860"),
    ],
)
def test_the_person_at_the_machine_signs_in(store, settings, address, host):
    assert not refused(browser(site(store, settings()), address), Host=host)


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Anything",
        "X-Real-IP", "Via", "CF-Connecting-IP", "CF-Ray", "CDN-Loop", "True-Client-IP", "X-Client-IP",
        "X-Cluster-Client-IP", "X-Original-Forwarded-For", "Fly-Client-IP", "Client-IP", "X-Envoy-External-Address",
    ],
)  # fmt: skip
def test_nobody_signs_in_through_a_proxy(laptop, header):
    assert refused(laptop, **{header: "127.0.0.1"})


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:7860", "localhost.evil.example", "127.0.0.1.evil.example", "localhost@evil.example",
     "evil.example@localhost", "192.168.0.5", "0.0.0.0", "", "[::1", "localhost/x", "[localhost", "127.0.0.1 evil"],
)  # fmt: skip
def test_nobody_signs_in_under_a_foreign_host(laptop, host):
    assert refused(laptop, Host=host)


@pytest.mark.parametrize("address", ["192.168.0.5", "10.0.0.1", "fe80::1", "testclient", ""])
def test_nobody_signs_in_from_another_machine(store, settings, address):
    assert refused(browser(site(store, settings()), address))


@pytest.mark.parametrize(
    "variables",
    [
        {"OAUTH_CLIENT_ID": "c"},
        {"GRADIO_SERVER_NAME": "0.0.0.0", "SESSION_SECRET": "s"},
        {"SPACE_ID": "o/s", "GRADIO_SERVER_NAME": "127.0.0.1", "SESSION_SECRET": "s"},
    ],
)
def test_names_are_not_taken_where_sign_in_is_not_local(store, settings, variables):
    assert refused(browser(site(store, settings(**variables))))


def test_the_same_name_is_the_same_person(store, settings):
    app = site(store, settings())
    assert sign_in(browser(app), "Ada")["name"] == "Ada"
    assert sign_in(browser(app), "ada ")["name"] == "ada"
    with store.reading() as connection:
        assert contributors.count(connection) == 1
