"""Whatever happens to network, server, page or session: what was rated arrives, once."""

import json
import signal

from playwright.sync_api import expect

from tests.browser.conftest import expect_progress, press, prompt_on, rows, sign_in
from tests.serving import Serving

RATINGS = "**/api/ratings"


def test_ratings_given_while_the_server_is_down_are_saved_when_it_is_back(visit, tmp_path):
    with Serving(tmp_path / "sprint") as serving:
        page = visit(serving).signed_in("ada")
        press(page, "4")
        expect(page.locator(".saving")).to_have_text("saved ✓")
        serving.stop(signal.SIGKILL)
        press(page, "2", "s", "5")
        expect(page.locator(".saving")).to_have_text("not connected, 3 waiting")
        assert len(rows(page)) == 3
        serving.start()
        expect(page.locator(".saving")).to_have_text("saved ✓", timeout=40_000)
        expect_progress(page, 3, 3)
        assert rows(page) == []
        page.reload()
        expect_progress(page, 3, 3)


def test_what_was_not_sent_outlives_the_page(visit):
    here = visit()
    page = here.signed_in("reloader")
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "1", "2")
    expect(page.locator(".saving")).to_have_text("not connected, 2 waiting")
    page.close()
    here.context.unroute(RATINGS)
    page = here.open()
    expect_progress(page, 2, 2)
    # The count may come from what the closing page still sent: what waits here is confirmed a moment later.
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('outbox/'))")
    assert rows(page) == []


def test_two_pages_of_one_person_lose_nothing_of_each_other(visit):
    here = visit()
    one = here.signed_in("twofold")
    other = here.open()
    here.context.route(RATINGS, lambda route: route.abort())
    press(one, "1")
    press(other, "s")
    press(other, "4", "4")
    expect(one.locator(".saving")).to_have_text("not connected, 4 waiting")
    here.context.unroute(RATINGS)
    one.close()
    expect(other.locator(".saving")).to_have_text("saved ✓", timeout=20_000)
    assert rows(other) == []


def test_an_answer_that_was_lost_counts_once(visit):
    here = visit()
    page = here.signed_in("unlucky")
    lost = []

    def lose_the_answer(route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    here.context.route(RATINGS, lose_the_answer)
    press(page, "3")
    expect(page.locator(".saving")).to_have_text("saved ✓")
    assert lost == [200]
    expect_progress(page, 1, 1)


def test_a_session_that_ends_keeps_what_was_just_rated(visit):
    here = visit()
    page = here.signed_in("expired")
    prompt_on(page)
    here.context.clear_cookies()
    page.keyboard.press("4")
    expect(page.locator(".ask")).to_contain_text("You are signed out. 1 answer of yours is kept here")
    assert len(rows(page)) == 1
    sign_in(page, "expired", where=".ask")
    expect_progress(page, 1, 1)
    assert rows(page) == []


def test_nobody_gets_what_somebody_else_rated(visit):
    here = visit()
    page = here.signed_in("leaver")
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "4")
    page.get_by_role("button", name="Sign out").click()
    here.context.unroute(RATINGS)
    sign_in(page, "newcomer")
    press(page, "2")
    expect_progress(page, 1, 1)
    assert len(rows(page)) == 1
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "leaver")
    expect_progress(page, 1, 1)
    assert rows(page) == []


def test_an_event_the_sprint_refuses_is_dropped_with_its_sentence(visit):
    here = visit()
    page = here.signed_in("tinkerer")
    key = page.evaluate("localStorage.getItem('signed-in')")
    for event_id in ("6b0b7c5e-0000-4000-8000-000000000000", "x" * 80):
        event = {
            "event_id": event_id,
            "prompt_id": "unheard-of",
            "action": "rated",
            "score": 4,
            "happened_at": 1,
        }
        page.evaluate(
            "(args) => localStorage.setItem(...args)", [f"outbox/{key}/{event_id}", json.dumps(event)]
        )
    page.reload()
    press(page, "4")
    expect_progress(page, 1, 1)
    expect(page.locator(".trouble")).to_contain_text("Not taken: ")
    assert rows(page) == []


def test_a_browser_that_keeps_nothing_says_so_and_sends_at_once(visit):
    here = visit()
    here.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    page = here.signed_in("forgetful")
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "4")
    expect(page.locator(".saving")).to_contain_text("This browser keeps nothing for later")
    here.context.unroute(RATINGS)
    press(page, "5")
    expect_progress(page, 2, 2)


def test_a_page_follows_when_another_page_signs_somebody_else_in(visit):
    here = visit()
    page = here.signed_in("first-owner")
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "4")
    key = page.evaluate("localStorage.getItem('signed-in')")
    other = here.open()
    other.get_by_role("button", name="Sign out").click()
    sign_in(other, "second-owner")
    expect(page.locator(".account-name")).to_have_text("second-owner")
    here.context.unroute(RATINGS)
    press(page, "2")
    expect_progress(page, 1, 1)
    assert [row.split("/")[1] for row in rows(page)] == [key]
