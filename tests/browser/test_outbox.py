"""Whatever happens to network, server, page or session: what was rated arrives, once."""

import json
import re
import signal
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from components.records import Prompt
from tests.browser.conftest import (
    KEPT,
    SAID,
    expect_all_sent,
    expect_progress,
    press,
    prompt_on,
    rows,
    sign_in,
)
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
        expect_all_sent(page)
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
    expect_all_sent(page)


def test_a_page_that_is_opened_while_nothing_answers_says_what_waits_and_takes_no_answers(visit):
    here = visit()
    page = here.signed_in("in-a-tunnel")
    prompt_on(page)
    here.context.route("**/api/**", lambda route: route.abort())
    press(page, "1", "2")
    expect(page.locator(".saving")).to_have_text("not connected, 2 waiting")
    page.reload()
    expect(page.locator(".saving")).to_have_text("not connected, 2 waiting", timeout=40_000)
    expect(page.locator(".prompt-text")).to_contain_text("The page keeps trying.")
    for key in ("3", "s", "d", "f", "u"):
        page.keyboard.press(key)
    page.locator(".score").first.click(force=True)
    assert len(rows(page)) == 2
    here.context.unroute("**/api/**")
    expect_progress(page, 2, 2, timeout=20_000)
    expect_all_sent(page)


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
    expect_all_sent(page)


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
    expect(page.locator(".saving")).to_have_text("saved ✓")
    assert len(rows(page)) == 1
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "leaver")
    expect_progress(page, 1, 1)
    expect_all_sent(page)


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
    expect_all_sent(page)


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
    page.wait_for_function(f"{KEPT}.length === 1")
    assert [row.split("/")[1] for row in rows(page)] == [key]


def test_what_one_said_outlives_reload_sign_out_and_a_restarted_server(visit, tmp_path):
    with Serving(tmp_path / "sprint") as serving:
        here = visit(serving)
        page = here.signed_in("steadfast")
        here.context.route(RATINGS, lambda route: route.abort())
        press(page, "1", "d", "u", "2")
        expect(page.locator(".saving")).to_have_text("not connected, 4 waiting")
        page.reload()
        expect(page.locator(".saving")).to_contain_text("4 waiting")
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator(".ask")).to_contain_text("4 answers of yours are kept here")
        serving.stop(signal.SIGKILL)
        serving.start()
        here.context.unroute(RATINGS)
        sign_in(page, "steadfast")
        expect_progress(page, 2, 2)
        expect(page.locator(".saving")).to_have_text("saved ✓")
        expect_all_sent(page)


FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
});"""


# To be read as long as one likes: an answer comes a few milliseconds after a rating.
SAVED_ONLY = "saved ✓ · this browser keeps nothing for later"


def test_that_nothing_is_kept_is_read_out_once(visit):
    here = visit()
    here.context.add_init_script(FORBIDDEN)
    page = here.signed_in("forbidden-listener")
    prompt_on(page)
    page.evaluate(SAID)
    for number in (1, 2, 3):
        press(page, "3")
        expect_progress(page, number, number)
        expect(page.locator(".saving")).to_have_text(SAVED_ONLY)
    said = page.evaluate("window.said")
    assert sum("This browser keeps nothing for later" in one for one in said) == 1
    assert not any("All saved." in one for one in said)
    here.context.route(RATINGS, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        press(page, "3")
    expect(page.locator(".saving")).to_contain_text("stay until this says saved")
    here.context.unroute(RATINGS)
    page.wait_for_function("() => window.said.some((one) => one.includes('All saved.'))")


def test_a_browser_that_forbids_storage_rates_all_the_same(visit):
    here = visit()
    here.context.add_init_script(FORBIDDEN)
    page = here.signed_in("forbidden")
    press(page, "4", "2")
    expect_progress(page, 2, 2)
    expect(page.locator(".saving")).to_have_text(SAVED_ONLY)
    page.keyboard.press("u")
    expect(page.locator(".earlier")).to_have_text("before: you gave 2, Bad")
    expect_progress(page, 1, 1)
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "5")
    expect(page.locator(".saving")).to_contain_text("This browser keeps nothing for later")
    here.context.unroute(RATINGS)
    expect_progress(page, 2, 2, timeout=20_000)
    expect(page.locator(".saving")).to_have_text(SAVED_ONLY)


def test_a_browser_that_is_full_says_so_and_sends_at_once(visit):
    here = visit()
    page = here.signed_in("hoarder")
    prompt_on(page)
    page.evaluate("""() => {
        let text = "x".repeat(1_000_000);
        for (let n = 0; text; n += 1) {
            try { localStorage.setItem(`fill-${n}`, text); } catch { text = text.slice(0, text.length / 2); }
        }
    }""")
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "4")
    expect(page.locator(".saving")).to_contain_text("This browser keeps nothing for later")
    here.context.unroute(RATINGS)
    press(page, "3")
    expect_progress(page, 2, 2)
    expect(page.locator(".saving")).to_have_text(SAVED_ONLY)


MANY = [Prompt(f"Prompt {n}", "s", "human") for n in range(600)]


@pytest.fixture
def many_prompts(prompts_file: Path) -> Path:
    rows = ({"prompt": prompt.text, "source": prompt.source, "kind": prompt.kind} for prompt in MANY)
    prompts_file.write_text("\n".join(map(json.dumps, rows)))
    return prompts_file


def fill_outbox(page: Page, number: int, every_ms: int) -> None:
    """Leave so many events in the browser, as an outage of hours would."""
    page.evaluate(
        """([number, everyMs, prompts]) => {
            const key = localStorage.getItem("signed-in");
            const start = Date.now() - number * everyMs;
            for (let n = 0; n < number; n += 1) {
                const event_id = crypto.randomUUID();
                const event = { event_id, prompt_id: prompts[n % prompts.length], action: "rated",
                    score: 1 + (n % 5), shown_ms: 900, happened_at: start + n * everyMs, local_date: "2026-03-01" };
                localStorage.setItem(`outbox/${key}/${event_id}`, JSON.stringify(event));
            }
        }""",
        [number, every_ms, [prompt.prompt_id for prompt in MANY[:500]]],
    )


@pytest.mark.slow
def test_ten_thousand_events_arrive_in_pages_while_one_goes_on_rating(visit, tmp_path, many_prompts):
    with Serving(tmp_path / "sprint", PROMPTS=many_prompts, RATINGS_PER_PROMPT=50) as serving:
        here = visit(serving)
        page = here.signed_in("hermit")
        prompt_on(page)
        fill_outbox(page, 10_000, every_ms=2000)
        pages = []

        def note(request) -> None:
            if request.url.endswith("/api/ratings"):
                pages.append(len(json.loads(request.post_data)["events"]))

        page.on("request", note)
        here.context.add_init_script("""
            window.slow = [];
            new PerformanceObserver((list) => slow.push(...list.getEntries().map((task) => task.duration)))
                .observe({ type: "longtask", buffered: true });
        """)
        page.reload()
        expect(page.locator(".saving")).to_contain_text("waiting, will be sent")
        prompt_on(page)
        asked = page.evaluate("""async () => {
            const took = [];
            for (const key of ["4", "s", "2"]) {
                const start = performance.now();
                document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                took.push(performance.now() - start);
                await new Promise((resolve) => setTimeout(resolve, 200));
            }
            return took;
        }""")
        expect(page.locator(".saving")).to_have_text("saved ✓", timeout=120_000)
        expect_all_sent(page)
        assert max(pages) == 100 and sum(pages) >= 10_003
        print(
            f"key to next prompt with 10,000 waiting: {max(asked):.1f} ms; longest tasks:",
            sorted(page.evaluate("window.slow"))[-5:],
        )


def test_a_sprint_that_asks_for_patience_gets_it_and_loses_nothing(visit):
    here = visit()
    page = here.signed_in("hasty")
    prompt_on(page)
    refused = []

    def too_fast(route) -> None:
        refused.append(route.request.post_data)
        detail = "You rate faster than 60 a minute; wait a moment."
        route.fulfill(status=429, headers={"Retry-After": "4"}, json={"detail": detail})

    here.context.route(RATINGS, too_fast)
    press(page, "4")
    expect(page.locator(".saving")).to_have_text(re.compile("1 waiting, will be sent in [1-4] s"))
    press(page, "3", "s")
    page.reload()
    expect(page.locator(".saving")).to_have_text(re.compile("3 waiting, will be sent in [1-4] s"))
    here.context.unroute(RATINGS)
    assert len(refused) == 1, "nothing is sent before the time, not even after a reload"
    expect_progress(page, 2, 2)
    expect_all_sent(page)


@pytest.mark.slow
def test_what_came_faster_than_anybody_reads_is_kept_in_the_end(visit, tmp_path, many_prompts):
    with Serving(tmp_path / "sprint", PROMPTS=many_prompts, RATINGS_PER_MINUTE=600) as serving:
        page = visit(serving).signed_in("machine-like")
        prompt_on(page)
        fill_outbox(page, 130, every_ms=1)
        page.reload()
        expect(page.locator(".saving")).to_have_text(re.compile("[0-9]+ waiting, will be sent in [0-9]+ s"))
        expect(page.locator(".saving")).to_have_text("saved ✓", timeout=40_000)
        expect_all_sent(page)
        expect(page.locator(".own-rest")).to_contain_text("130 in total")


def test_what_an_answer_does_not_name_stays_and_is_sent_when_it_says(visit):
    here = visit()
    page = here.signed_in("half-taken")
    prompt_on(page)
    answers = []

    def take_one(route) -> None:
        events = json.loads(route.request.post_data)["events"]
        if answers or len(events) < 3:
            return route.abort() if not answers else route.continue_()
        answers.append(len(events))
        taken = json.dumps({"events": events[:1]})
        answer = route.fetch(post_data=taken).json()
        return route.fulfill(json={**answer, "retry_after_ms": 2000})

    here.context.route(RATINGS, take_one)
    press(page, "4", "3", "2")
    expect(page.locator(".saving")).to_have_text(
        re.compile("2 waiting, will be sent in [12] s"), timeout=30_000
    )
    expect_progress(page, 3, 3)
    expect(page.locator(".saving")).to_have_text("saved ✓")
    assert answers == [3]


def test_an_answer_for_somebody_else_does_not_touch_what_is_here(visit):
    """Somebody signs in on another page while a request is on its way, and it goes with their cookie."""
    here = visit()
    page = here.signed_in("slow-one")
    prompt_on(page)
    held = []
    here.context.route(RATINGS, lambda route: held.append(route))
    page.keyboard.press("4")
    expect(page.locator(".saving")).to_have_text("1 waiting, will be sent")
    other = here.open()
    other.get_by_role("button", name="Sign out").click()
    sign_in(other, "quick-one")
    expect(page.locator(".account-name")).to_have_text("quick-one")
    held[0].continue_()
    here.context.unroute(RATINGS)
    press(page, "2")
    expect_progress(page, 1, 1)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "slow-one")
    expect_progress(page, 1, 1)
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('outbox/'))")


def test_keys_can_be_switched_off_in_a_browser_that_forbids_storage(visit):
    here = visit()
    here.context.add_init_script(FORBIDDEN)
    page = here.signed_in("forbidden-clicker")
    prompt = prompt_on(page)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Rate with these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    assert prompt_on(page) == prompt
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Rate with these keys").check()
    page.keyboard.press("Escape")
    press(page, "4")
    assert prompt_on(page) != prompt


def test_what_waited_since_yesterday_is_not_counted_today(visit):
    here = visit()
    page = here.signed_in("yesterday")
    now = datetime.now().astimezone()
    page.clock.set_fixed_time(now - timedelta(days=1))
    page.reload()
    prompt_on(page)
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "1", "2")
    expect(page.locator(".saving")).to_have_text("not connected, 2 waiting")
    page.clock.set_fixed_time(now)
    here.context.unroute(RATINGS)
    page.reload()
    expect_all_sent(page)
    expect_progress(page, 0, 2)
