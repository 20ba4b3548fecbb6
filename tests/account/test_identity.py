"""Who somebody says they are."""

import pytest

from components.account.identity import LOCAL, typed, vouched
from components.errors import BadRequest, SignInRefused
from components.records import Identity

CLAIMS = {"iss": "https://id.example", "sub": "42", "preferred_username": "ada", "name": "Ada L."}


def test_a_typed_name_is_one_person_however_it_is_written():
    assert typed(" Ada ") == Identity(LOCAL, "ada", "Ada", "Ada")
    assert typed("ADA").subject == typed("ada").subject
    assert typed("Zoe\u0308").subject == typed("Zo\u00eb").subject == "zo\u00eb"


@pytest.mark.parametrize(
    "name", ["", "   ", "\n", "a" * 61, "a\x00b", "a\tb", "a\u202eb", "a\u200bb", "\ufeffa", "\ud800"]
)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(BadRequest):
        typed(name)


def test_sixty_characters_are_a_name():
    assert typed("界" * 60).username == "界" * 60


def test_claims_become_an_identity():
    links = {"picture": "https://id.example/ada.png", "profile": "http://id.example/ada"}
    assert vouched(CLAIMS | links) == Identity("https://id.example", "42", "ada", "Ada L.", *links.values())


@pytest.mark.parametrize(
    ("claims", "username"),
    [
        ({"preferred_username": "ada", "nickname": "countess"}, "ada"),
        ({"nickname": "countess"}, "countess"),
        ({}, "42"),
        ({"preferred_username": None, "nickname": ["x"]}, "42"),
        ({"preferred_username": ""}, "42"),
        ({"preferred_username": "a" * 65}, "42"),
    ],
)
def test_the_username_falls_back_to_nickname_and_subject(claims, username):
    identity = vouched({"iss": "https://id.example", "sub": "42", **claims})
    assert (identity.username, identity.name) == (username, username)


@pytest.mark.parametrize("disguise", [" ada", "ada\u200b", "\u202eada", "ada\n", "ada\x00"])
def test_a_disguised_username_does_not_become_the_one_it_looks_like(disguise):
    assert vouched(CLAIMS | {"preferred_username": disguise}).username == "42"


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:image/png;base64,AA", "//host/x", "/x", "https://", "https://[", "ftp://host/x",
     "https://host/ x", "https://host/\n", "https://host/ü", "https://host/" + "x" * 400, 7, None],
)  # fmt: skip
def test_only_web_links_are_kept(link):
    identity = vouched(CLAIMS | {"picture": link, "profile": link})
    assert (identity.picture, identity.profile) == ("", "")


def test_a_display_name_loses_what_cannot_be_seen_and_its_tail():
    assert vouched(CLAIMS | {"name": "A\u202ed\x00a\ud800"}).name == "Ada"
    assert vouched(CLAIMS | {"name": "ada" * 100}).name == ("ada" * 100)[:64]
    assert vouched(CLAIMS | {"name": {"first": "Ada"}}).name == "ada"


@pytest.mark.parametrize(
    "change", [{"sub": ""}, {"sub": None}, {"sub": 42}, {"sub": "é"}, {"sub": "x" * 256}, {"iss": None}]
)
def test_claims_that_do_not_say_who_it_is_are_refused(change):
    with pytest.raises(SignInRefused):
        vouched(CLAIMS | change)
