"""Deleting one's account over HTTP: told first, done once, and nothing of it comes back."""

import json
import time

import pytest

from components.account import sessions
from components.account.erased import subject_hash
from components.leaderboard import views as leaderboard_views
from components.leaderboard.boards import Boards
from components.ledger.erasing import Eraser
from components.live.needs import Needs
from components.live.publisher import Publisher
from components.live.raters import Raters
from components.progress import views as progress_views
from components.records import Identity
from components.settings import read_settings
from components.store import contributors, erasures, prompts
from components.store.audit import audit
from components.store.store import Store
from tests.conftest import Person, keep
from tests.serving import rating


def tell(visitor, *happened, **said):
    return visitor.post("/api/ratings", json={"events": list(happened), **said})


def leave(visitor, username="ada"):
    return visitor.request("DELETE", "/api/my/account", json={"username": username})


def lines(answer):
    return [json.loads(line) for line in answer.text.splitlines()]


def opinions(store):
    with store.reading() as connection:
        return connection.exec_driver_sql("SELECT contributor, score FROM ratings").all()


def _unfinished(store):
    with store.reading() as connection:
        return erasures.unfinished(connection)


def _wait_until_done(store):
    until = time.monotonic() + 10
    while _unfinished(store) and time.monotonic() < until:
        time.sleep(0.01)


@pytest.fixture
def ada(browser, loaded, clock):
    """Somebody signed in who rated three prompts."""
    visitor = browser("ada")
    for prompt in loaded[:3]:
        tell(visitor, rating(prompt.prompt_id, happened_at=clock.now)).raise_for_status()
    clock.forward(minutes=1)
    return visitor


def test_nobody_deletes_anything_without_signing_in(browser, ada, store):
    assert browser().get("/api/my/account").status_code == 401
    assert leave(browser()).status_code == 401
    assert len(opinions(store)) == 3


def test_what_would_go_is_told_before(ada, store, loaded):
    for name in ("bob", "eve"):
        Person(store, name).rates(loaded[0], 5)
    told = ada.get("/api/my/account").json()
    falling = [{"prompt_id": loaded[0].prompt_id, "text": loaded[0].text}]
    assert told == {"username": "ada", "ratings": 3, "events": 4, "prompts_below_goal": 1, "falling": falling}


@pytest.mark.parametrize("name", ["", "bob", "Ada "])
def test_only_the_account_that_is_named_is_deleted(ada, store, name):
    answer = leave(ada, name)
    assert answer.status_code == 400 and "ada" in answer.json()["detail"]
    assert len(opinions(store)) == 3 and ada.get("/api/session").json()["signed_in"]


def test_everything_goes_and_the_answer_says_how_far_it_has_come(ada, store, eraser):
    eraser.start()
    answer = leave(ada)
    told = lines(answer)
    assert {line["events"] for line in told} == {4} and told[-1]["left"] == 0
    assert answer.headers["cache-control"] == "no-store"
    assert opinions(store) == [] and audit(store).differences == []
    assert sessions.COOKIE not in ada.cookies
    assert ada.get("/api/session").json()["signed_in"] is False


def test_every_session_of_the_account_is_over(ada, browser, store, eraser, clock, loaded):
    phone = browser("ada")
    copied = browser()
    copied.cookies = phone.cookies
    tell(phone, rating(loaded[5].prompt_id)).raise_for_status()  # the server knows this cookie
    clock.forward(minutes=1)
    eraser.start()
    leave(ada)
    for other in (phone, copied):
        assert other.get("/api/session").json()["signed_in"] is False
        assert tell(other, rating(loaded[4].prompt_id)).status_code == 401
        assert leave(other).status_code == 401
    with store.reading() as connection:
        assert contributors.count(connection) == 0
    clock.forward(minutes=1)
    browser("ada")
    assert copied.get("/api/session").json()["signed_in"] is False
    assert tell(copied, rating(loaded[4].prompt_id)).status_code == 401
    assert opinions(store) == []


def test_who_comes_back_is_somebody_new(ada, browser, eraser, clock):
    eraser.start()
    leave(ada)
    clock.forward(minutes=1)
    again = browser("ada")
    assert again.get("/api/my/ratings").json()["total"] == 0
    assert again.get("/api/session").json()["me"]["ratings"] == 0


def test_what_waited_in_an_outbox_since_before_is_refused(ada, browser, store, eraser, clock, loaded):
    late = rating(loaded[6].prompt_id, happened_at=clock.now)
    clock.forward(minutes=1)
    eraser.start()
    leave(ada)
    clock.forward(minutes=1)
    again = browser("ada")
    new = rating(loaded[7].prompt_id, happened_at=clock.now)
    answer = tell(again, late, new).json()
    assert answer["confirmed"] == [new["event_id"]]
    assert [(one["event_id"], "deleted" in one["reason"]) for one in answer["rejected"]] == [
        (late["event_id"], True)
    ]
    assert len(opinions(store)) == 1 and audit(store).differences == []


@pytest.mark.parametrize("wrong", [-3_600_000, 86_400_000], ids=["slow", "fast"])
def test_a_device_with_a_wrong_clock_rates_again_and_what_it_said_before_stays_refused(
    ada, browser, store, eraser, clock, loaded, wrong
):
    before = rating(loaded[6].prompt_id, happened_at=clock.now + wrong)
    clock.forward(minutes=1)
    eraser.start()
    leave(ada)
    clock.forward(minutes=1)
    again = browser("ada")
    new = rating(loaded[7].prompt_id, happened_at=clock.now + wrong)
    clock.forward(minutes=1)
    answer = tell(again, before, new, sent_at=clock.now + wrong).json()
    assert answer["confirmed"] == [new["event_id"]]
    assert [one["event_id"] for one in answer["rejected"]] == [before["event_id"]]
    assert len(opinions(store)) == 1 and audit(store).differences == []


@pytest.mark.parametrize("nonsense", [None, "noon", 1.5, True, [0], -(10**23), 10**23])
def test_a_device_that_tells_no_usable_time_is_taken_at_its_events_word(browser, loaded, clock, nonsense):
    said = rating(loaded[0].prompt_id, happened_at=clock.now)
    assert tell(browser("ada"), said, sent_at=nonsense).json()["confirmed"] == [said["event_id"]]


def test_an_erased_event_is_not_taken_again_whatever_time_it_tells(browser, store, eraser, clock, loaded):
    visitor = browser("ada")
    said = rating(loaded[0].prompt_id)
    tell(visitor, said).raise_for_status()
    clock.forward(minutes=1)
    eraser.start()
    leave(visitor)
    clock.forward(minutes=1)
    again = browser("ada")
    for replay in (said, {**said, "happened_at": clock.now}, {**said, "event_id": said["event_id"].upper()}):
        answer = tell(again, replay).json()
        assert answer["confirmed"] == [] and "deleted" in answer["rejected"][0]["reason"]
    assert opinions(store) == []


def test_somebody_else_of_that_name_is_not_concerned(ada, browser, store, eraser, clock, loaded):
    """Their issuer and subject tell people apart, and nothing else does."""
    eraser.start()
    leave(ada)
    bob = browser("bob")
    said = rating(loaded[0].prompt_id, happened_at=clock.now - 60_000)
    assert tell(bob, said).json()["confirmed"] == [said["event_id"]]


def test_an_unfinished_erasure_is_gone_on_with_at_the_next_start(ada, store):
    [contributor] = {row.contributor for row in opinions(store)}
    store.write(lambda tx: erasures.begin(tx, contributor, "0" * 64))
    changes = []
    next_run = Eraser(store, lambda: changes.append(store.clock()))
    next_run.start()
    try:
        _wait_until_done(store)
    finally:
        next_run.close()
    assert opinions(store) == [] and changes and audit(store).differences == []


def test_the_hash_names_nobody_without_the_key(tmp_path):
    ada = Identity("https://hub", "123", "ada", "Ada")
    ours, theirs = (read_settings({"SESSION_SECRET": secret * 32}) for secret in "ab")
    assert subject_hash(ada, ours) == subject_hash(Identity("https://hub", "123", "renamed", ""), ours)
    others = [
        subject_hash(ada, theirs),
        subject_hash(Identity("https://hub", "124", "ada", "Ada"), ours),
        subject_hash(Identity("https://other", "123", "ada", "Ada"), ours),
    ]
    assert subject_hash(ada, ours) not in others and len(subject_hash(ada, ours)) == 64


def test_the_name_vanishes_from_every_view_at_once_and_the_numbers_follow(ada, store):
    people = Raters()
    publisher = Publisher(
        store,
        (
            *leaderboard_views.views(Boards(people, bool), Needs()),
            *progress_views.views(lambda: None, people, lambda reached: None),
        ),
    )

    def shown(name):
        publisher.refresh()
        return json.loads(publisher.document(name).encoded("identity"))

    assert [row["ratings"] for row in shown("leaderboard-all")["rows"]] == [3]
    [contributor] = {row.contributor for row in opinions(store)}
    store.write(lambda tx: erasures.begin(tx, contributor, "0" * 64))
    assert shown("leaderboard-all")["rows"] == [] and shown("progress")["ratings"] == 3
    eraser = Eraser(store, publisher.outdate)
    eraser.start()
    try:
        _wait_until_done(store)
    finally:
        eraser.close()
    assert shown("progress")["ratings"] == 0


def test_what_a_replica_left_is_gone_on_with_by_another(url, store, loaded, person, clock):
    ada = person("ada")
    for prompt in loaded:
        ada.rates(prompt, 4)
    other = Store(url, clock).open()
    survivor = Eraser(other, lambda: None, look_every_s=0.05)
    survivor.start()
    store.write(lambda tx: erasures.begin(tx, ada.id, "a hash"))
    _wait_until_done(store)
    survivor.close()
    other.close()
    assert opinions(store) == [] and audit(store).differences == []


def test_two_replicas_that_erase_the_same_do_no_harm(url, store, make_prompts, person, clock):
    some = make_prompts(300)
    store.write(lambda tx: prompts.add(tx, some, {}))
    ada, bob = person("ada"), person("bob")
    for one in (ada, bob):
        store.write(lambda tx, one=one: keep(tx, [one.event(prompt, 4) for prompt in some]))
    store.write(lambda tx: erasures.begin(tx, ada.id, "a hash"))
    other = Store(url, clock).open()
    erasers = [Eraser(one, lambda: None) for one in (store, other)]
    for eraser in erasers:
        eraser.start()
    _wait_until_done(store)
    for eraser in erasers:
        eraser.close()
    other.close()
    assert {contributor for contributor, _ in opinions(store)} == {bob.id}
    assert audit(store).differences == []
