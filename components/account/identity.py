"""Who somebody says they are: made from the name they typed or from what their provider vouches for."""

import hashlib
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

from components.errors import BadRequest, SignInRefused
from components.records import Identity

# The issuer of people who only typed a name. A provider's issuer is a web address, so they never meet.
LOCAL = "local"

LONGEST_LOCAL_NAME = 60
# All of it travels in one cookie, and browsers drop those of more than 4096 bytes.
LONGEST_NAME = 64
LONGEST_ID = 255
LONGEST_LINK = 400

# Format characters that Persian, Indic and emoji spellings need.
JOINERS = "\u200c\u200d"


def browser_key(identity: Identity) -> str:
    """What a browser keeps somebody's unsent ratings under: it stays when their username changes."""
    return hashlib.sha256(f"{identity.issuer}\n{identity.subject}".encode()).hexdigest()[:16]


def typed(name: str) -> Identity:
    """Make the identity of somebody who typed a name; "Ada" and "ada" are the same person.

    Raises:
        BadRequest: It is no name: empty, too long, or with characters that cannot be seen.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(name) <= LONGEST_LOCAL_NAME:
        raise BadRequest(f"Type a name of 1 to {LONGEST_LOCAL_NAME} characters.")
    if not all(is_visible(character) for character in name):
        raise BadRequest("That name has characters in it that cannot be seen; type it without them.")
    return Identity(LOCAL, unicodedata.normalize("NFC", name.casefold()), name, name)


def vouched(claims: Mapping[str, object]) -> Identity:
    """Make the identity of somebody from the claims of an OpenID Connect provider.

    Raises:
        SignInRefused: The claims do not say who it is.
    """
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not _is_id(issuer) or not _is_id(subject):
        raise SignInRefused("Your provider did not say who you are; try another account.")
    names = (claims.get("preferred_username"), claims.get("nickname"))
    username = next((name for name in names if _is_username(name)), subject[:LONGEST_NAME])
    return Identity(
        issuer=issuer,
        subject=subject,
        username=username,
        name=_display_name(claims.get("name")) or username,
        picture=_web_link(claims.get("picture")),
        profile=_web_link(claims.get("profile")),
    )


def is_visible(character: str) -> bool:
    """Whether a character shows on the page."""
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")


def _is_id(value: object) -> bool:
    return (
        isinstance(value, str) and 1 <= len(value) <= LONGEST_ID and value.isascii() and value.isprintable()
    )


def _is_username(value: object) -> bool:
    # Taken exactly or not at all: mending it could turn it into an organizer's.
    return (
        isinstance(value, str)
        and 1 <= len(value) <= LONGEST_NAME
        and value == value.strip()
        and all(is_visible(character) for character in value)
    )


def _display_name(value: object) -> str:
    if not isinstance(value, str):
        return ""
    seen = "".join(character for character in value if is_visible(character) or character in JOINERS)
    return unicodedata.normalize("NFC", seen).strip()[:LONGEST_NAME]


def _web_link(value: object) -> str:
    """The link if a page may show it, else nothing: `javascript:` and its like end here."""
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_LINK:
        return ""
    if not all("!" <= character <= "~" for character in value):
        return ""
    try:
        link = urlsplit(value)
    except ValueError:
        return ""
    return value if link.scheme in ("http", "https") and link.hostname else ""
