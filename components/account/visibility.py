"""How others see a contributor: under their name, under a nickname, or not at all; it is theirs to say."""

import hashlib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from components.account.identity import is_visible
from components.errors import BadRequest

NAME, NICKNAME, HIDDEN = "name", "nickname", "hidden"

LONGEST_NICKNAME = 40
LONGEST_TEAM = 40

# A nickname for everybody who has not said: nobody is named before they were asked.
QUALITIES = (
    "Amber", "Brisk", "Calm", "Coral", "Crisp", "Dapper", "Eager", "Early", "Fleet", "Gentle", "Golden",
    "Hardy", "Hazel", "Jolly", "Keen", "Kind", "Lively", "Lucid", "Mellow", "Merry", "Misty", "Nimble",
    "Olive", "Plucky", "Quiet", "Rosy", "Sandy", "Silver", "Steady", "Sunny", "Velvet", "Witty",
)  # fmt: skip
ANIMALS = (
    "Badger", "Bee", "Crane", "Curlew", "Dolphin", "Dormouse", "Falcon", "Finch", "Fox", "Gecko", "Hare",
    "Hedgehog", "Heron", "Ibex", "Kestrel", "Lark", "Lynx", "Marten", "Newt", "Otter", "Owl", "Plover",
    "Puffin", "Robin", "Seal", "Stoat", "Swallow", "Swift", "Tern", "Toad", "Vole", "Wren",
)  # fmt: skip
NUMBERS = 1000


class Named(Protocol):
    """Who somebody is to their provider, such as an `Identity`."""

    username: str
    name: str
    picture: str
    profile: str


@dataclass(frozen=True, slots=True)
class Face:
    """What others see of somebody.

    Attributes:
        key: Names them to a page as long as they are seen like this, and says nothing else.
        username, picture, profile: Empty under a nickname.
    """

    key: str
    name: str
    username: str = ""
    picture: str = ""
    profile: str = ""


def face_of(contributor_id: str, named: Named, visibility: str, nickname: str) -> Face | None:
    """What others see of somebody; None if they are hidden.

    Args:
        visibility: One of `VISIBILITIES`, or empty for somebody who has not said: they have a nickname.
        nickname: Empty for the one they are given.
    """
    if visibility == HIDDEN:
        return None
    if visibility == NAME:
        name = named.name or named.username
        return Face(_key(contributor_id, NAME, name), name, named.username, named.picture, named.profile)
    nickname = nickname or given_nickname(contributor_id)
    return Face(_key(contributor_id, NICKNAME, nickname), nickname)


def given_nickname(contributor_id: str) -> str:
    """A nickname made of an id, always the same, that does not lead back to it."""
    drawn = int.from_bytes(_digest("nickname", contributor_id)[:8])
    drawn, number = divmod(drawn, NUMBERS)
    drawn, animal = divmod(drawn, len(ANIMALS))
    return f"{QUALITIES[drawn % len(QUALITIES)]} {ANIMALS[animal]} {number}"


def checked_nickname(nickname: str, taken: Collection[str]) -> str:
    """A nickname as it is kept.

    Args:
        taken: What everybody else is called; nobody may be taken for somebody else.

    Raises:
        BadRequest: It cannot be used; the message says why.
    """
    nickname = _checked(nickname, LONGEST_NICKNAME, "nickname")
    if alike(nickname) in set(map(alike, taken)):
        raise BadRequest("Somebody else is called so; take another nickname.")
    return nickname


def checked_team(team: str, teams: Collection[str]) -> str:
    """The name of a team as it is kept: spelled as by who is in it already; empty for no team.

    Raises:
        BadRequest: It cannot be used; the message says why.
    """
    if not team.strip():
        return ""
    team = _checked(team, LONGEST_TEAM, "team's name")
    return min((one for one in teams if alike(one) == alike(team)), default=team)


def alike(name: str) -> str:
    """Equal for names that look the same but for case, white space and width."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _checked(name: str, longest: int, what: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(name) <= longest:
        raise BadRequest(f"A {what} has 1 to {longest} characters.")
    if not all(map(is_visible, name)):
        raise BadRequest(f"That {what} has characters in it that cannot be seen; type it without them.")
    return name


def _key(*parts: str) -> str:
    return _digest("row", *parts).hex()[:16]


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(parts).encode()).digest()
