"""The session cookie: who signed in and until when, signed, and not a word about roles or tokens."""

import os
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import Scope

from components.errors import BadSetting
from components.records import HOUR_MS, Identity
from components.settings import Settings

COOKIE = "prompt_sprint_session"
# Signing out deletes a cookie but cannot recall a copy of it, so none lives longer than a day's work.
SESSION_MS = 8 * HOUR_MS

# `gr.OAuthProfile` looks for this key and, under it, for `userinfo` and `expires_at` (in seconds).
# Gradio breaks on lists anywhere in a session: texts and numbers only.
OAUTH_INFO = "oauth_info"
# The claims kept, in the order of the fields of `Identity` after its issuer.
CLAIMS = ("sub", "preferred_username", "name", "picture", "profile")

KEY_PURPOSE = b"prompt sprint: session cookie, version 1"
SHORTEST_KEPT_SECRET = 32


def middleware_options(settings: Settings) -> dict[str, object]:
    """The arguments of starlette's `SessionMiddleware`."""
    common = {
        "secret_key": SessionKey(settings),
        "session_cookie": COOKIE,
        "max_age": SESSION_MS // 1000,
    }
    if settings.on_a_space:
        # The Hub shows a Space in a frame of another site.
        return common | {"same_site": "none", "https_only": True, "partitioned": True}
    https = settings.public_url.startswith("https:")
    return common | {"same_site": "lax", "https_only": https, "partitioned": False}


def remember(session: MutableMapping, identity: Identity, now: int) -> None:
    """Sign somebody in, from now (epoch milliseconds) on; whatever the session held before is gone."""
    session.clear()
    _, *values = (getattr(identity, field) for field in Identity.__dataclass_fields__)
    session[OAUTH_INFO] = {
        "issuer": identity.issuer,
        "issued_at": now,
        "expires_at": (now + SESSION_MS) // 1000,
        "userinfo": dict(zip(CLAIMS, values, strict=True)),
    }


def forget(session: MutableMapping) -> None:
    """Sign out."""
    session.clear()


def identity_of(session: Mapping, now: int) -> Identity | None:
    """Whose session it is; nobody's if it is over, or not one that `remember` made."""
    info = session.get(OAUTH_INFO)
    claims = info.get("userinfo") if isinstance(info, Mapping) else None
    if not isinstance(claims, Mapping) or not _number(info, "issued_at"):
        return None
    if now >= _number(info, "expires_at") * 1000:
        return None
    values = [info.get("issuer"), *(claims.get(claim) for claim in CLAIMS)]
    if not all(isinstance(value, str) for value in values) or not all(values[:3]):
        return None
    return Identity(*values)


def issued_at(session: Mapping) -> int:
    """When somebody signed in to a session that has an identity, in epoch milliseconds."""
    return _number(session[OAUTH_INFO], "issued_at")


def span(session: Mapping) -> tuple[int, int]:
    """When a session that has an identity began and when it is over, in epoch milliseconds."""
    return issued_at(session), _number(session[OAUTH_INFO], "expires_at") * 1000


class SessionReader:
    """Reads the session out of a Cookie header as the middleware does: by handing it to one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._middleware: SessionMiddleware | None = None

    async def read(self, cookie: bytes) -> Scope:
        """The scope of a request with this header, its session in it."""
        if self._middleware is None:  # not before the application starts: the key may have to be made
            self._middleware = SessionMiddleware(_nothing, **middleware_options(self._settings))
        scope = {"type": "http", "headers": [(b"cookie", cookie)]}
        await self._middleware(scope, _nothing, _nothing)
        return scope


async def _nothing(*_: object) -> None:
    """Do nothing: the middleware has put the session into the scope already."""


def _number(info: Mapping, name: str) -> int:
    value = info.get(name)
    return value if type(value) is int else 0


@dataclass(frozen=True, repr=False)
class SessionKey:
    """The key that signs the cookie, worked out when the middleware asks for it.

    That is when the application starts: before, nothing may read or write `DATA_DIR`.
    """

    settings: Settings

    def __str__(self) -> str:
        """The key in hex.

        Raises:
            BadSetting: There is no secret to make it from, and none can be kept in DATA_DIR.
        """
        return derived_key(self.settings, KEY_PURPOSE).hex()


def derived_key(settings: Settings, purpose: bytes) -> bytes:
    """A key of 256 bits for one purpose, from the secret of this sprint.

    Raises:
        BadSetting: There is no secret to make it from, and none can be kept in DATA_DIR.
    """
    secret = settings.session_secret
    if not secret and settings.on_a_space:
        secret = settings.oauth_client_secret
    if not secret and settings.on_loopback:
        secret = _kept_secret(settings.data_dir / "session_secret")
    if not secret:
        raise BadSetting("There is nothing to sign sessions with: set SESSION_SECRET to a long random text.")
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _kept_secret(path: Path) -> str:
    """A laptop's own secret, made at its first start, so that a restart keeps people signed in."""
    try:
        kept = path.read_text("ascii").strip() if path.exists() else ""
        if len(kept) >= SHORTEST_KEPT_SECRET:
            return kept
        made = secrets.token_hex(32)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Complete under another name first: a crash must not leave half a secret behind.
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
        draft.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            f"The session secret at {path} can be neither read nor made ({error}); set SESSION_SECRET."
        ) from None
    return made
