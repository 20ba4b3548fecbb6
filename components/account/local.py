"""Sign-in by name: for the person at the machine that runs the sprint, and for nobody beyond it."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from components.errors import SignInRefused
from components.settings import Settings, is_loopback

# What proxies and tunnels add. Behind one everybody would seem to sit at this machine, as its organizer.
FORWARDING_PREFIXES = ("x-forwarded", "x-original-", "x-envoy-", "cf-", "fly-", "ngrok-")
FORWARDING_HEADERS = frozenset(
    {
        "forwarded",
        "via",
        "cdn-loop",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-proxyuser-ip",
        "x-appengine-user-ip",
        "x-azure-clientip",
        "true-client-ip",
        "fastly-client-ip",
        "client-ip",
    }
)


def allowed(request: HTTPConnection, settings: Settings) -> bool:
    """Whether whoever asks may sign in by name."""
    return settings.local_sign_in and _from_this_machine(request)


def require(request: HTTPConnection, settings: Settings) -> None:
    """Let only those pass who may sign in by name.

    Raises:
        SignInRefused: The sprint has another way to sign in, or the request comes from elsewhere.
    """
    if settings.provider_sign_in:
        raise SignInRefused("Names are not taken here: sign in with your account instead.")
    if not settings.local_sign_in:
        raise SignInRefused("Names are not taken here: signing in by name works on one's own machine only.")
    if not _from_this_machine(request):
        raise SignInRefused(
            "Signing in by name works only in a browser on the machine that runs the sprint, "
            f"at http://127.0.0.1:{settings.gradio_server_port}, and not through a proxy."
        )


def _from_this_machine(request: HTTPConnection) -> bool:
    if request.client is None or not is_loopback(request.client.host):
        return False
    # A loopback Host as well: another site may let its own name point to 127.0.0.1.
    if not is_loopback(_host_name(request.headers.get("host", ""))):
        return False
    return not any(
        name in FORWARDING_HEADERS or name.startswith(FORWARDING_PREFIXES) for name in request.headers
    )


def _host_name(host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.netloc == host and "@" not in host else ""
