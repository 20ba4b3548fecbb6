"""Places on the Hub when the Hub, the network or the token is not as it should be."""

import socket
import threading
import time

import pytest
from huggingface_hub import HfApi

from components.errors import BadSetting, PlaceRefused, PlaceUnreachable
from tests.backup.conftest import PATIENCE_S
from tests.doubles.hub.exchange import Fault
from tests.doubles.hub.server import Hub

PEOPLE = "contributors/one/000000000001-000000000002.jsonl.zst"
FIRST = "events/one/000000000001-000000000002.jsonl.zst"
SECOND = "events/one/000000000003-000000000009.jsonl.zst"
# The one request of each sort of place that makes files appear or go.
CHANGE = r"POST .*/(batch|commit/main)$"


@pytest.fixture
def place(open_on_hub):
    """A place with one file in it."""
    made = open_on_hub()
    made.write({FIRST: b"one"})
    return made


@pytest.fixture
def owner(hub: Hub) -> HfApi:
    """Whom the place belongs to, at work on the Hub's own pages."""
    return HfApi(hub.address, "hf_alice")


ASKED = (
    pytest.param(lambda place: place.names(), id="names"),
    pytest.param(lambda place: place.read(FIRST), id="read"),
    pytest.param(lambda place: place.write({SECOND: b"two"}), id="write"),
    pytest.param(lambda place: place.remove([FIRST]), id="remove"),
)


def changes(hub: Hub) -> int:
    """How often somebody tried to change what is there."""
    return sum(
        request.startswith("POST") and request.endswith(("/batch", "/commit/main"))
        for request in hub.requests()
    )


@pytest.mark.parametrize("ask", ASKED)
def test_a_hub_that_has_a_problem_is_asked_once_and_not_taken_for_empty(hub, place, ask):
    before = len(hub.requests())
    hub.goes_wrong(Fault(".", "answer", times=100))
    with pytest.raises(PlaceUnreachable, match="status 503"):
        ask(place)
    assert len(hub.requests()) == before + 1


@pytest.mark.parametrize("ask", ASKED)
def test_a_connection_that_breaks_is_nothing_found(hub, place, ask):
    hub.goes_wrong(Fault(".", "reset", times=100))
    with pytest.raises(PlaceUnreachable, match="cannot be reached"):
        ask(place)


@pytest.mark.parametrize("ask", ASKED)
def test_half_an_answer_is_no_answer(hub, place, ask):
    hub.goes_wrong(Fault(".", "half", times=100))
    with pytest.raises(PlaceUnreachable, match="cannot be reached"):
        ask(place)


@pytest.mark.parametrize("ask", ASKED)
def test_a_silent_hub_is_waited_for_so_long_and_no_longer(hub, place, ask):
    hub.goes_wrong(Fault(".", "silence", times=100, seconds=4 * PATIENCE_S))
    began = time.monotonic()
    with pytest.raises(PlaceUnreachable, match="cannot be reached"):
        ask(place)
    assert time.monotonic() - began < 3 * PATIENCE_S


@pytest.mark.parametrize("ask", ASKED)
def test_nobody_there_is_not_empty(place, open_on_hub, ask):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PlaceUnreachable, match="cannot be reached"):
        ask(open_on_hub(endpoint=f"http://127.0.0.1:{port}"))


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "300"}, {"RateLimit": '"api";r=0;t=300'}], ids=["Retry-After", "RateLimit"]
)
def test_a_rate_limit_says_when_to_come_back_and_is_not_sat_out(hub, place, headers):
    for match in (".", "xet-write-token", CHANGE):
        hub.goes_wrong(Fault(match, "answer", times=100, status=429, headers=headers))
        with pytest.raises(PlaceUnreachable) as caught:
            place.write({SECOND: b"two"})
        assert caught.value.retry_after_s == 300


def test_a_lost_answer_is_looked_up_and_nothing_is_done_twice(hub, place):
    before = changes(hub)
    hub.goes_wrong(Fault(CHANGE, "lose"))
    place.write({SECOND: b"two"})
    assert changes(hub) == before + 1
    hub.goes_wrong(Fault(CHANGE, "lose"))
    place.remove([FIRST])
    assert changes(hub) == before + 2
    assert place.names() == [SECOND]


def test_a_lost_request_fails_and_the_next_one_does_it(hub, place):
    hub.goes_wrong(Fault(CHANGE, "reset"))
    with pytest.raises(PlaceUnreachable):
        place.write({SECOND: b"two"})
    assert place.names() == [FIRST]
    place.write({SECOND: b"two"})
    assert place.names() == [FIRST, SECOND]


def test_a_lost_answer_that_cannot_be_looked_up_fails_and_is_found_later(hub, place):
    before = changes(hub)
    hub.goes_wrong(Fault(CHANGE, "lose"), Fault("^(GET|POST)", "reset", times=100, skips=3))
    with pytest.raises(PlaceUnreachable):
        place.write({SECOND: b"two"})
    hub.is_well()
    place.write({SECOND: b"two"})
    assert changes(hub) <= before + 1
    assert place.names() == [FIRST, SECOND]


def test_storage_that_takes_nothing_is_given_up_and_used_again_when_it_does(hub, place, open_on_hub):
    place = open_on_hub(patience_s=PATIENCE_S / 4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hub.goes_wrong(Fault("xet-write-token", "storage", times=100, address=address))
        began = time.monotonic()
        with pytest.raises(PlaceUnreachable, match="cannot be reached"):
            place.write({SECOND: b"two" * 1000})
        assert time.monotonic() - began < 4 * PATIENCE_S
    hub.is_well()
    place.write({SECOND: b"two" * 1000})
    assert place.names() == [FIRST, SECOND]


def test_a_missing_place_is_made_private_and_said_so(hub, open_on_hub, caplog):
    caplog.set_level("INFO", logger="components")
    place = open_on_hub()
    assert place.names() == []
    assert place._is_private()
    assert "it was made, private" in caplog.text


def test_two_who_make_it_at_once_both_have_it(hub, open_on_hub):
    first, second = open_on_hub(), open_on_hub()
    barrier = threading.Barrier(2)
    seen = []

    def look(place):
        barrier.wait()
        seen.append(place.names())

    threads = [threading.Thread(target=look, args=(place,)) for place in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [[], []]


def test_a_public_place_is_refused_also_when_somebody_makes_it_public_later(open_on_hub, owner, clock):
    place = open_on_hub(clock=lambda: clock.now / 1000)
    place.write({FIRST: b"one"})
    if place.sort == "bucket":
        owner.update_bucket_settings(place.name, private=False)
    else:
        owner.update_repo_settings(place.name, repo_type="dataset", private=False)
    clock.forward(minutes=61)
    for refuses in (place, open_on_hub()):
        with pytest.raises(
            PlaceRefused, match="is public, and a backup holds people's names: make it private"
        ):
            refuses.write({SECOND: b"two"})


def test_a_place_that_is_gone_is_not_made_anew(open_on_hub, owner, clock):
    place = open_on_hub(clock=lambda: clock.now / 1000)
    place.write({FIRST: b"one"})
    if place.sort == "bucket":
        owner.delete_bucket(place.name)
    else:
        owner.delete_repo(place.name, repo_type="dataset")
    for minutes in (0, 61):
        clock.forward(minutes)
        for ask in (place.names, lambda: place.write({SECOND: b"two"})):
            with pytest.raises(PlaceRefused, match="is gone, or HF_TOKEN may no longer see it"):
                ask()


@pytest.mark.parametrize(
    ("token", "name", "sentence"),
    [
        ("hf_wrong", "sprint/backup", "HF_TOKEN is mistyped, expired or was revoked: set it to a token that"),
        ("", "sprint/backup", "HF_TOKEN is not set: set it to a token that may write to the"),
        (
            "hf_alice_reads",
            "sprint/other",
            "and it may not create one: create it on the Hub, private, or set",
        ),
        ("hf_bob", "sprint/backup", "HF_TOKEN may not see it|that HF_TOKEN may see, and it may not create"),
        ("hf_bob", "sprint/other", "and it may not create one"),
    ],
)
def test_a_token_that_does_not_do_says_what_to_set(place, open_on_hub, token, name, sentence, monkeypatch):
    # A token of whoever runs this machine, which nobody asked for.
    monkeypatch.setenv("HF_TOKEN", "hf_alice")
    with pytest.raises(PlaceRefused, match=sentence):
        open_on_hub(token, name).names()


def test_a_token_that_may_only_read_restores_and_says_why_it_cannot_write(place, open_on_hub):
    reads = open_on_hub("hf_alice_reads")
    assert reads.read(reads.names()[0]) == b"one"
    for ask in (lambda: reads.write({SECOND: b"two"}), lambda: reads.remove([FIRST])):
        with pytest.raises(PlaceRefused, match="HF_TOKEN may not write to the"):
            ask()


@pytest.mark.parametrize("status", [403, 507])
def test_a_full_quota_says_to_make_room(hub, place, status):
    says = "Private repository storage limit reached, please upgrade your plan."
    hub.goes_wrong(Fault(CHANGE, "answer", times=100, status=status, error=says))
    with pytest.raises(PlaceRefused, match=f"is full: make room .*{says}"):
        place.write({SECOND: b"two"})


def test_an_answer_nobody_expected_is_told_in_the_hubs_words(hub, place):
    hub.goes_wrong(Fault(CHANGE, "answer", times=100, status=418, error="I am a teapot."))
    with pytest.raises(PlaceRefused, match='the Hub says: "I am a teapot'):
        place.write({SECOND: b"two"})


@pytest.mark.parametrize("name", ["backup", "sprint/backup/more", "sprint/", "sprint/back up"])
def test_a_name_the_hub_cannot_have_is_a_setting_to_change(open_on_hub, name):
    with pytest.raises(BadSetting, match="no name of a (bucket|dataset) on the Hub; write ORG/NAME"):
        open_on_hub(name=name)
