"""A real OpenID Connect provider on loopback, and a person at its sign-in form."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import httpx
from oidc_provider_mock import User, run_server_in_thread

# The provider's own switch for addresses without a certificate, such as those on loopback.
INSECURE = "AUTHLIB_INSECURE_TRANSPORT"


@contextmanager
def openid_provider(*people: User) -> Iterator[str]:
    """Run the provider; gives its address."""
    before = os.environ.get(INSECURE)
    os.environ[INSECURE] = "1"
    try:
        with run_server_in_thread(user_claims=people) as server:
            yield f"http://127.0.0.1:{server.server_port}"
    finally:
        if before is None:
            del os.environ[INSECURE]
        else:
            os.environ[INSECURE] = before


def somebody(subject: str, username: str) -> User:
    """A person the provider knows."""
    claims = {"name": username.title(), "preferred_username": username, "picture": "javascript:alert(1)"}
    return User(sub=subject, claims=claims)


def signs_in_there(browser: httpx.Client, subject: str, start: str = "/login") -> httpx.Response:
    """Follow the redirect to the provider, fill in its form, and come back; gives the last answer."""
    return _answers_the_form(browser, start, {"sub": subject})


def refuses_there(browser: httpx.Client, start: str = "/login") -> httpx.Response:
    """Follow the redirect to the provider, press Deny in its form, and come back; gives the last answer."""
    return _answers_the_form(browser, start, {"action": "deny"})


def _answers_the_form(browser: httpx.Client, start: str, answer: dict[str, str]) -> httpx.Response:
    form = browser.get(start, follow_redirects=True)
    action = re.search(r'<form[^>]*action="([^"]*)"', form.text)
    target = urljoin(str(form.url), action.group(1)) if action and action.group(1) else str(form.url)
    return browser.post(target.replace("&amp;", "&"), data=answer, follow_redirects=True)
