"""Sign-in with the Hub, or any other OpenID Connect provider: out to its page, back with an identity."""

import logging
from collections.abc import Mapping

from authlib.integrations.starlette_client import OAuth, OAuthError
from starlette.requests import Request
from starlette.responses import RedirectResponse

from components.account import addresses
from components.account.identity import vouched
from components.errors import SignInRefused
from components.records import Identity
from components.settings import Settings

log = logging.getLogger(__name__)

PROVIDER = "provider"
TIMEOUT_S = 10
# Where the session keeps, until the callback, what authlib needs and where to go on to.
PENDING_PREFIX = f"_state_{PROVIDER}_"
NEXT = "next"

# What `/?sign_in_error=CODE` means to a person.
SIGN_IN_ERRORS = {
    "access_denied": "You did not let the sprint see who you are; sign in again if you want to rate.",
    "expired": "That sign-in took too long or was used already; sign in again.",
    "provider": "The sign-in service could not be reached or gave no usable answer; try again in a minute.",
    "closed": "Nobody can sign in here yet: an organizer has to set up sign-in first.",
}


class SignInFailed(SignInRefused):
    """Signing in with the provider came to nothing; `code` is one of `SIGN_IN_ERRORS`."""

    def __init__(self, code: str) -> None:
        super().__init__(SIGN_IN_ERRORS[code])
        self.code = code


class Provider:
    """The OpenID Connect provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        """Prepare; the provider is first asked when somebody signs in."""
        scopes = settings.oauth_scopes.split()
        self._settings = settings
        self._client = OAuth().register(
            PROVIDER,
            client_id=settings.oauth_client_id,
            client_secret=settings.oauth_client_secret or None,
            server_metadata_url=f"{settings.openid_provider_url}/.well-known/openid-configuration",
            client_kwargs={
                # Without `openid` there would be no id_token, and nobody's identity.
                "scope": " ".join(scopes if "openid" in scopes else ["openid", *scopes]),
                "code_challenge_method": "S256",
                "timeout": TIMEOUT_S,
            },
        )

    async def send_out(self, request: Request, target: str) -> RedirectResponse:
        """Send a browser to the provider's page, and later on to a path of this sprint.

        Raises:
            SignInFailed: The provider cannot be reached.
        """
        _clear_pending(request.session)
        callback = addresses.callback_url(request, self._settings)
        try:
            there = await self._client.authorize_redirect(request, callback)
        except Exception as error:  # whatever an unknown server answers, it is its failure, not ours
            raise _failed(error) from error
        request.session[NEXT] = addresses.local_path(target)
        return RedirectResponse(there.headers["location"], 303, addresses.NO_STORE)

    async def take_back(self, request: Request) -> tuple[Identity, str]:
        """Who came back from the provider's page, and the path they wanted to go on to.

        Raises:
            SignInFailed: They refused, this is no answer to a question of ours, or the provider failed.
        """
        target = request.session.get(NEXT, addresses.HOME)
        try:
            token = await self._client.authorize_access_token(request)
            return vouched(await self._claims(token)), target
        except Exception as error:  # as above
            raise _failed(error) from error
        finally:
            _clear_pending(request.session)

    async def _claims(self, token: Mapping) -> Mapping:
        """The claims of the checked id_token, and where it is silent those of the userinfo endpoint."""
        claims = dict(token["userinfo"])
        metadata = await self._client.load_server_metadata()
        if "preferred_username" in claims or "userinfo_endpoint" not in metadata:
            return claims
        more = await self._client.userinfo(token=token)
        return dict(more) | claims if more.get("sub") == claims["sub"] else claims


def _clear_pending(session: dict) -> None:
    for key in [key for key in session if key == NEXT or key.startswith(PENDING_PREFIX)]:
        del session[key]


def _failed(error: Exception) -> SignInFailed:
    code = getattr(error, "error", None) if isinstance(error, OAuthError) else None
    if code == "access_denied":
        return SignInFailed(code)
    if code == "mismatching_state":
        return SignInFailed("expired")
    log.warning("Signing in with the provider failed: %r", error, exc_info=error)
    return SignInFailed("provider")
