"""Where sign-in sends a browser."""

import pytest
from starlette.requests import Request

from components.account.addresses import callback_url, local_path


@pytest.mark.parametrize(
    "target", ["/", "/x", "/?tab=charts", "/x?u=https://a//b#//c", "/%2F/evil.example", "/a:b@c"]
)
def test_a_path_of_the_sprint_is_kept(target):
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None, "", "x", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n/evil.example", "/\r\nSet-Cookie: a=b", " /x", "/ /evil.example", "/\x00", "/\x7f", "/\u2028", "/\u202e",
        "https://evil.example", "https:evil.example", "javascript:alert(1)", "/.//evil.example", "/x//evil.example",
        "/%2e//evil.example", "/／evil.example", "/\ud800", "?x", "#x", "/" + "x" * 500,
        "/login", "/login?next=/login", "/login/callback?code=1", "/logout",
    ],
)  # fmt: skip
def test_anything_else_becomes_the_first_page(target):
    assert local_path(target) == "/"


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, "http://127.0.0.1:7861/login/callback"),
        ({"PUBLIC_URL": "https://sprint.example/"}, "https://sprint.example/login/callback"),
        (
            {"SPACE_ID": "o/s", "SPACE_HOST": "o-s.hf.space, rate.example", "SESSION_SECRET": "s"},
            "https://o-s.hf.space/login/callback",
        ),
    ],
)
def test_the_provider_sends_back_to_the_address_it_knows(settings, variables, url):
    scope = {"type": "http", "scheme": "http", "path": "/login", "server": ("127.0.0.1", 7861), "headers": []}
    assert callback_url(Request(scope), settings(**variables)) == url
