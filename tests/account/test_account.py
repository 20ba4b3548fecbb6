"""Who is asking, and what they may do."""

import asyncio
import threading

import pytest
from sqlalchemy import text
from starlette.requests import Request

from components.account import sessions
from components.account.account import Account
from components.account.identity import typed
from components.errors import NotOrganizer, NotSignedIn
from components.records import Identity
from components.store import contributors
from components.store.store import Store
from tests.account.conftest import browser, sign_in, site
from tests.conftest import run_async

HUB = "https://huggingface.co"
WITH_PROVIDER = {"OAUTH_CLIENT_ID": "c", "ORGANIZERS": "ada"}


def request_of(store, identity):
    """A request of somebody who just signed in."""
    session = {}
    sessions.remember(session, identity, store.clock())
    return Request({"type": "http", "session": session})


def signs_in(store, settings, identity):
    """Somebody signs in, and asks for something."""
    store.write(lambda tx: contributors.sign_in(tx, identity, settings.organizers))
    return request_of(store, identity)


def nobody():
    return Request({"type": "http", "session": {}})


def test_nobody_is_nobody(store, settings):
    account = Account(store, settings())
    assert account.contributor_of(nobody()) is None
    for ask in (account.signed_in, account.organizer):
        with pytest.raises(NotSignedIn):
            ask(nobody())


def test_a_laptops_user_is_its_organizer_until_organizers_are_named(store, settings):
    ada = typed("Ada")
    assert Account(store, settings()).organizer(signs_in(store, settings(), ada)).identity == ada
    named = settings(ORGANIZERS="grace")
    with pytest.raises(NotOrganizer, match="^Ada is not one of this sprint's organizers.$"):
        Account(store, named).organizer(signs_in(store, named, ada))
    assert Account(store, named).organizer(signs_in(store, named, typed("grace")))


def test_a_role_is_read_from_the_store_at_each_request(store, settings):
    account = Account(store, settings(ORGANIZERS="grace"))
    request = signs_in(store, settings(ORGANIZERS="grace"), typed("ada"))
    assert not account.is_organizer(account.signed_in(request))
    store.write(lambda tx: tx.connection.execute(text("UPDATE contributors SET organizer = TRUE")))
    assert account.organizer(request)
    store.write(lambda tx: tx.connection.execute(text("UPDATE contributors SET organizer = FALSE")))
    with pytest.raises(NotOrganizer):
        account.organizer(request)


def test_a_username_that_changes_hands_takes_no_role_along(store, settings):
    with_provider = settings(**WITH_PROVIDER)
    account = Account(store, with_provider)
    first = signs_in(store, with_provider, Identity(HUB, "1", "ada", "Ada"))
    assert account.organizer(first)
    signs_in(store, with_provider, Identity(HUB, "1", "ada-byron", "Ada"))
    second = signs_in(store, with_provider, Identity(HUB, "2", "ada", "Somebody else"))
    assert account.signed_in(second).contributor_id != account.signed_in(first).contributor_id
    assert account.organizer(first)
    with pytest.raises(NotOrganizer):
        account.organizer(second)


def test_the_same_subject_of_another_provider_is_another_person(store, settings):
    with_provider = settings(**WITH_PROVIDER)
    account = Account(store, with_provider)
    one, other = (
        account.signed_in(signs_in(store, with_provider, Identity(issuer, "1", "ada", "Ada")))
        for issuer in (HUB, "https://id.example")
    )
    assert one.contributor_id != other.contributor_id and (one.organizer, other.organizer) == (True, False)


def test_a_session_is_over_after_eight_hours(store, settings, clock):
    request = signs_in(store, settings(), typed("ada"))
    clock.forward(minutes=8 * 60 - 1)
    assert Account(store, settings()).contributor_of(request)
    clock.forward(minutes=1)
    assert Account(store, settings()).contributor_of(request) is None


def test_a_session_from_before_everybody_was_signed_out_does_not_count(store, settings, clock):
    account = Account(store, settings())
    before = signs_in(store, settings(), typed("ada"))
    clock.forward(minutes=1)
    now = {"now": clock()}
    store.write(
        lambda tx: tx.connection.execute(text("UPDATE contributors SET sessions_valid_from = :now"), now)
    )
    assert account.contributor_of(before) is None
    assert account.contributor_of(signs_in(store, settings(), typed("ada")))


def test_a_local_session_counts_only_where_names_are_taken(store, settings):
    """A sprint that went from a laptop to a server with the same secret must not keep its guests."""
    request = signs_in(store, settings(), typed("ada"))
    assert Account(store, settings(**WITH_PROVIDER)).contributor_of(request) is None
    beyond = settings(GRADIO_SERVER_NAME="0.0.0.0", SESSION_SECRET="s")
    assert Account(store, beyond).contributor_of(request) is None


def test_nobody_from_a_provider_is_organizer_by_sitting_at_a_laptop(store, settings):
    account = Account(store, settings())
    contributor = account.signed_in(signs_in(store, settings(), Identity(HUB, "1", "ada", "Ada")))
    assert not account.is_organizer(contributor)


def test_somebody_whom_an_emptied_store_does_not_know_joins_again(store, settings):
    identity = Identity(HUB, "1", "ada", "Ada", "https://id.example/a.png")
    account = Account(store, settings(**WITH_PROVIDER))
    again = account.signed_in(request_of(store, identity))
    assert again.identity == identity and again.organizer
    assert account.signed_in(request_of(store, identity)) == again


def test_a_restart_keeps_people_signed_in_even_when_the_store_is_lost(store, settings, tmp_path, clock):
    client = browser(site(store, settings()))
    sign_in(client, "ada")
    restarted = browser(site(store, settings()))
    restarted.cookies = client.cookies
    assert restarted.get("/api/session").json()["username"] == "ada"
    empty = Store(f"sqlite:///{tmp_path / 'new.db'}", clock).open("Another store", 3)
    try:
        after = browser(site(empty, settings()))
        after.cookies = client.cookies
        session = after.get("/api/session").json()
        assert (session["username"], session["me"]) == (
            "ada",
            {"ratings": 0, "today": 0, "streak": 0, "daily_goal": 30, "milestone": 0, "enough": 0},
        )
        assert after.get("/organizers").status_code == 200
    finally:
        empty.close()


def test_roles_are_checked_over_http(store, settings):
    app = site(store, settings(ORGANIZERS="grace"))
    assert browser(app).get("/organizers").status_code == 401
    for name, status in (("ada", 403), ("grace", 200)):
        client = browser(app)
        assert sign_in(client, name)["organizer"] is (status == 200)
        assert client.get("/organizers").status_code == status


def test_many_who_join_again_hold_up_nobody(store, settings):
    """After a restart with an empty disk, while an import holds the writer, the event loop stays free."""
    account = Account(store, settings())
    release = threading.Event()
    store.submit(lambda tx: release.wait())

    async def asks() -> tuple:
        joining = [
            asyncio.create_task(account.present(request_of(store, typed(f"person {n}")))) for n in range(20)
        ]
        await asyncio.sleep(0)
        others_went_on = not any(task.done() for task in joining)
        release.set()
        return others_went_on, await asyncio.gather(*joining)

    others_went_on, joined = run_async(asks())
    assert others_went_on and len({contributor.contributor_id for contributor in joined}) == 20


def test_who_is_present_is_who_is_signed_in(store, settings):
    account = Account(store, settings())
    request = signs_in(store, settings(), typed("ada"))
    assert run_async(account.present(request)) == account.signed_in(request)
    with pytest.raises(NotSignedIn):
        run_async(account.present(nobody()))


@pytest.mark.parametrize("named", ["ada lovelace", "Ada Lovelace", "ADA LOVELACE"])
def test_organizers_are_named_whatever_the_case(store, settings, named):
    chosen = settings(ORGANIZERS=f"grace, {named}")
    assert Account(store, chosen).organizer(signs_in(store, chosen, typed("Ada Lovelace")))
