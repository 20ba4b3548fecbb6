"""Settings: every variable has a default, and a value that cannot be used is one sentence."""

import pytest

from components.errors import BadSetting
from components.settings import SETTINGS, Settings, is_loopback, read_settings, warnings

SECRET = {"SESSION_SECRET": "a long secret"}


def test_nothing_needs_to_be_set():
    settings = read_settings({})
    assert (settings.server_name, settings.gradio_server_port, settings.ratings_per_prompt) == (
        "127.0.0.1",
        7860,
        3,
    )
    assert settings.local_sign_in and not settings.provider_sign_in


def test_every_setting_is_an_attribute_and_every_attribute_a_setting():
    assert [setting.field for setting in SETTINGS] == list(Settings.__dataclass_fields__)


def test_a_variable_that_is_set_but_empty_counts_as_unset():
    assert read_settings({"RATINGS_PER_PROMPT": "  ", "SPRINT_TITLE": ""}).sprint_title == "Prompt Sprint"


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATINGS_PER_PROMPT", "0"), ("RATINGS_PER_PROMPT", "3.5"), ("RATINGS_PER_PROMPT", "many"),
     ("RATINGS_PER_PROMPT", "²"), ("GRADIO_SERVER_PORT", "0"), ("GRADIO_SERVER_PORT", "65536"),
     ("PUBLIC_URL", "example.org"), ("PUBLIC_URL", "ftp://example.org"), ("OPENID_PROVIDER_URL", "http://[")],
)  # fmt: skip
def test_a_value_that_cannot_be_used_says_what_to_set(name, value):
    with pytest.raises(BadSetting, match=f"^{name} is .*; set it to .*\\.$"):
        read_settings({name: value})


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "sprint.example"])
def test_nobody_is_let_in_from_outside_without_a_secret(address):
    with pytest.raises(BadSetting, match="set SESSION_SECRET"):
        read_settings({"GRADIO_SERVER_NAME": address})
    assert not read_settings({"GRADIO_SERVER_NAME": address, **SECRET}).local_sign_in


def test_a_name_is_not_enough_behind_a_proxy():
    """A proxy that adds no headers makes everybody look like the person at this machine."""
    assert not read_settings({"PUBLIC_URL": "https://sprint.example"}).local_sign_in
    assert read_settings({"PUBLIC_URL": "http://localhost:8080"}).local_sign_in


def test_a_space_listens_to_everybody_and_takes_its_secret_from_the_hub():
    space = read_settings(
        {
            "SPACE_ID": "org/space",
            "SPACE_HOST": "a.hf.space,b.example",
            "OAUTH_CLIENT_ID": "id",
            "OAUTH_CLIENT_SECRET": "s",
        }
    )
    assert space.server_name == "0.0.0.0" and space.provider_sign_in and not space.local_sign_in
    assert space.public_address == "https://a.hf.space"
    assert space.own_hosts == {"a.hf.space", "b.example"}
    with pytest.raises(BadSetting, match="hf_oauth: true"):
        read_settings({"SPACE_ID": "org/space"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_these_mean_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org", "127.0.0.1.example.org", "", "10.0.0.1"])
def test_these_do_not(host):
    assert not is_loopback(host)


def test_what_works_but_should_be_thought_about_is_said():
    assert warnings(read_settings({})) == []
    public = {"GRADIO_SERVER_NAME": "0.0.0.0", "SESSION_SECRET": "x"}
    assert [told.split()[0] for told in warnings(read_settings(public))] == ["Nobody", "SESSION_SECRET"]
    assert warnings(read_settings(public | {"SESSION_SECRET": "x" * 32, "OAUTH_CLIENT_ID": "id"})) == []
