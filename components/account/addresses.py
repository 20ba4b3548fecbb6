"""The addresses sign-in sends a browser to: pages of this sprint, whatever a request asks for."""

from starlette.requests import HTTPConnection

from components.settings import Settings

HOME = "/"
# What the cookie says must not be told to the next one by a cache.
NO_STORE = {"Cache-Control": "no-store"}
CALLBACK = "/login/callback"
# It waits in the cookie while somebody signs in.
LONGEST_PATH = 500
# Sending somebody who just signed in to these would turn them around in a circle, or sign them out.
NOT_AFTER_SIGN_IN = ("/login", "/logout")


def local_path(target: str | None) -> str:
    """The target if it is a path of this sprint as a browser writes it, else the first page.

    Browsers read "//host", "/\\host" and "/<tab>/host" as another site: such a path is not repaired but dropped.
    """
    if not target or len(target) > LONGEST_PATH or not target.startswith("/"):
        return HOME
    if not all("!" <= character <= "~" and character != "\\" for character in target):
        return HOME
    path = target.partition("?")[0].partition("#")[0]
    if "//" in path or path.startswith(NOT_AFTER_SIGN_IN):
        return HOME
    return target


def callback_url(request: HTTPConnection, settings: Settings) -> str:
    """Where the provider sends people back to; the provider has to know this address beforehand."""
    if settings.on_a_space and settings.space_host:
        return f"https://{settings.space_host[0]}{CALLBACK}"
    return f"{settings.public_url or str(request.base_url).rstrip('/')}{CALLBACK}"
