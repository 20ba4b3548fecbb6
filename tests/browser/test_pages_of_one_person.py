"""Two pages of one person: they help each other and never fight."""

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import expect_progress, press, prompt_on, rows

RATINGS = "**/api/ratings"


def test_two_pages_never_show_the_same_prompt_if_there_are_others(visit):
    here = visit()
    one = here.signed_in("parallel")
    prompt_on(one)
    other = here.open()
    for page, key in ((other, "3"), (one, "s"), (other, "2"), (one, "4"), (one, "d"), (other, "5")):
        expect_different(one, other)
        press(page, key)
    expect_different(one, other)


def expect_different(one: Page, other: Page) -> None:
    """Wait until two pages show different prompts: when both take the same at one moment, one gives way."""
    until = time.monotonic() + 10
    while prompt_on(one) == prompt_on(other):
        assert time.monotonic() < until, "both pages go on showing the same prompt"
        one.wait_for_timeout(50)


def test_a_prompt_answered_on_one_page_leaves_the_other(visit):
    here = visit()
    one = here.signed_in("follower")
    other = here.open()
    answered = [prompt_on(other)]
    press(other, "4")
    for key in ("2", "3", "s", "1"):
        answered.append(prompt_on(other))
        press(other, key)
    waiting = prompt_on(one)
    assert waiting not in answered
    # Nothing that the other page answered comes up here.
    for _ in range(4):
        assert prompt_on(one) not in answered
        answered.append(prompt_on(one))
        press(one, "s")
    expect_progress(one, 4, 4)
    expect_progress(other, 4, 4)


def test_the_prompt_on_a_page_goes_when_it_is_answered_on_another(visit):
    """Both show the last one there is; one of them answers it."""
    here = visit()
    one = here.signed_in("twin")
    first = prompt_on(one)
    prompt_id = one.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('shown/'))"
        ".map((name) => localStorage.getItem(name).split(' ')[0])[0]"
    )
    other = here.open()
    prompt_on(other)
    key = other.evaluate("localStorage.getItem('signed-in')")
    step = {"event_id": "an-event", "prompt_id": prompt_id, "action": "rated", "score": 4, "happened_at": 1}
    other.evaluate(
        "([key, step]) => localStorage.setItem(`history/${key}/an-event`, JSON.stringify(step))", [key, step]
    )
    expect(one.locator(".prompt-text")).not_to_have_text(first)
    assert prompt_on(one) != prompt_on(other)


def test_one_page_takes_back_what_another_did(visit):
    here = visit()
    one = here.signed_in("two-screens")
    prompt_on(one)
    other = here.open()
    answered = prompt_on(other)
    press(other, "5")
    expect(one.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "false")
    one.bring_to_front()
    one.keyboard.press("u")
    expect(one.locator(".prompt-text")).to_have_text(answered)
    expect(one.locator(".earlier")).to_have_text("before: you gave 5, Very good")
    expect(other.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    assert prompt_on(other) != answered


def test_the_outbox_is_sent_by_one_page_at_a_time(visit):
    here = visit()
    one = here.signed_in("sender")
    other = here.open()
    prompt_on(one), prompt_on(other)
    held, sent = [], []

    def hold(route) -> None:
        sent.append(route.request.frame.page)
        held.append(route)

    here.context.route(RATINGS, hold)
    press(one, "4")
    expect(one.locator(".saving")).to_have_text("1 waiting, will be sent")
    press(other, "2")
    expect(other.locator(".saving")).to_have_text("2 waiting, will be sent")
    other.wait_for_timeout(500)
    assert sent == [one], "the other page waits for its turn"
    for route in held:
        route.continue_()
    here.context.unroute(RATINGS)
    expect_progress(one, 2, 2)
    expect_progress(other, 2, 2)
    for page in (one, other):
        expect(page.locator(".last")).to_contain_text(" · prompt-sprint/")
    assert rows(one) == []


def test_without_the_browsers_locks_one_page_sends_at_a_time_too(visit):
    """Browsers have locks only on pages that came over https or from this machine."""
    here = visit()
    here.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined });")
    one = here.signed_in("lockless")
    other = here.open()
    press(one, "4")
    press(other, "2", "3")
    expect_progress(one, 3, 3)
    expect_progress(other, 3, 3)
    assert rows(one) == rows(one, "lock") == []


def test_a_page_that_was_killed_holds_nobody_up(visit):
    here = visit()
    one = here.signed_in("survivor")
    prompt_on(one)
    other = here.open()
    prompt_on(other)
    key = other.evaluate("localStorage.getItem('signed-in')")
    other.evaluate(f"localStorage.setItem('shown/{key}/gone', 'a-prompt {{Date.now() - 3_600_000}}')")
    other.close()
    for _ in range(3):
        press(one, "3")
    expect_progress(one, 3, 3)
