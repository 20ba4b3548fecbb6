"""Rating with a keyboard in a real browser, and others who watch it happen."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import axe_findings, expect_progress, press, prompt_on, show_name, sign_in
from tests.serving import Serving

SELDOM = [pytest.param(*look, marks=pytest.mark.slow) for look in ((1200, "dark"), (360, "light"))]
LARGE = [(1200, "light"), pytest.param(360, "dark", marks=pytest.mark.slow), *SELDOM]
SMALL = [(360, "dark"), pytest.param(1200, "light", marks=pytest.mark.slow), *SELDOM]
TEN = "5432112345"


@pytest.mark.parametrize(("width", "scheme"), LARGE)
def test_ten_prompts_rated_by_keyboard_move_every_open_page(visit, width, scheme):
    name = f"ada-{width}-{scheme}"
    watcher = visit(width=width, scheme=scheme)
    leaderboard, charts = watcher.open("/?tab=leaderboard"), watcher.open("/?tab=charts")
    coverage = charts.locator(".chart-subtitle").first
    expect(coverage).to_contain_text("ratings")
    before = coverage.inner_text()

    page = visit(width=width, scheme=scheme).signed_in(name)
    show_name(page)
    seen = []
    for key in TEN:
        seen.append(prompt_on(page))
        page.keyboard.press(key)
    expect_progress(page, 10, 10)
    expect(page.locator(".saving")).to_have_text("saved ✓")
    expect(page.locator(".last")).to_have_text(re.compile("last: you gave 5 · .*prompt-sprint/"))
    assert len(set(seen)) == len(TEN)

    since = time.monotonic()
    row = leaderboard.locator("li", has_text=name)
    expect(row).to_contain_text("10 ratings")
    took = time.monotonic() - since
    expect(coverage).not_to_have_text(before)
    expect(charts.locator(".chart-plot .bars path").first).to_be_attached()
    print(f"the leaderboard of another page had moved {took:.1f} s after the rating, at {width} px, {scheme}")


@pytest.mark.parametrize(("width", "scheme"), SMALL)
def test_nothing_stands_in_the_way_of_assistive_technology(visit, width, scheme):
    here = visit(width=width, scheme=scheme)
    page = here.open()
    prompt_on(page)
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    assert axe_findings(page) == [], "signed out"
    press(page, "3")
    expect(page.locator(".ask")).to_be_visible()
    assert axe_findings(page) == [], "asked to sign in"
    sign_in(page, "grace", where=".ask")
    press(page, "4")
    page.keyboard.press("g")
    assert axe_findings(page) == [], "rating, the guidelines open"
    page.locator("dialog.guidelines .close").click()
    for tab, sign in (
        ("Leaderboard", ".standings .own"),
        ("Charts", ".chart-plot .main-svg"),
        ("Organize", ".organize > .numbers dd"),
    ):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(sign).first).to_be_visible()
        assert axe_findings(page) == [], tab
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (
            f"{tab} is wider than the screen"
        )


def test_the_first_score_of_a_visitor_is_kept_and_counts_once_they_sign_in(visit):
    page = visit().open()
    prompt = prompt_on(page)
    page.keyboard.press("2")
    expect(page.locator(".ask")).to_contain_text("You gave 2, Bad. Sign in, and it counts.")
    expect(page.locator(".ask input")).to_be_focused()
    page.reload()
    expect(page.locator(".saving")).to_have_text("1 kept here until you sign in")
    sign_in(page, "first-timer")
    expect_progress(page, 1, 1)
    assert prompt_on(page) != prompt


def test_keys_stay_silent_while_somebody_types_holds_or_combines_them(visit):
    page = visit().signed_in("typist")
    prompt = prompt_on(page)
    for combination in ("Control+1", "Alt+2", "Meta+3", "Shift+s"):
        page.keyboard.press(combination)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<textarea id=elsewhere></textarea>')")
    page.locator("#elsewhere").press_sequentially("12345s?")
    assert page.locator("#elsewhere").input_value() == "12345s?"
    page.evaluate("document.querySelector('#elsewhere').remove()")
    assert prompt_on(page) == prompt

    page.keyboard.down("4")
    for _ in range(20):
        page.keyboard.down("4")
    page.keyboard.up("4")
    expect_progress(page, 1, 1)

    page.locator(".score").nth(4).focus()
    page.keyboard.down("Enter")
    for _ in range(20):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect_progress(page, 2, 2)
    expect(page.locator(".score").nth(4)).to_be_focused()

    page.get_by_role("tab", name="Leaderboard").click()
    page.keyboard.press("5")
    page.get_by_role("tab", name="Rate").click()
    expect_progress(page, 2, 2)


def test_keys_can_be_listed_and_switched_off_for_good(visit):
    page = visit().signed_in("mouse-person")
    prompt_on(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("3")
    page.get_by_label("Rate with these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    prompt_on(page)
    page.keyboard.press("3")
    page.locator(".score").nth(2).click()
    expect_progress(page, 1, 1)


def test_a_skipped_prompt_does_not_come_back_and_counts_no_rating(visit):
    page = visit().signed_in("skipper")
    prompt = prompt_on(page)
    page.keyboard.press("s")
    expect(page.locator(".last")).to_have_text("last: you skipped")
    press(page, "5")
    expect_progress(page, 1, 1)
    page.reload()
    assert prompt_on(page) != prompt


@pytest.fixture
def long_prompts(tmp_path, prompts_file):
    rows = (
        {"prompt": f"Prompt {n} " + "word " * 4000, "source": "s", "kind": "human", "context": "A passage."}
        for n in range(9)
    )
    prompts_file.write_text("\n".join(map(json.dumps, rows)))
    with Serving(tmp_path / "long", PROMPTS=prompts_file) as serving:
        yield serving


def test_after_a_rating_the_keyboard_scrolls_the_next_prompt(visit, long_prompts):
    """The space bar must not rate a second time with the button that was clicked."""
    page = visit(long_prompts).signed_in("reader")
    prompt_on(page)
    expect(page.locator(".context-text")).to_be_visible()
    page.locator(".score").nth(4).click()
    for key in ("Space", "PageDown"):
        page.locator(".prompt-text").wait_for()
        before = page.evaluate("() => document.activeElement.scrollTop")
        page.keyboard.press(key)
        page.wait_for_function("(before) => document.activeElement.scrollTop > before", arg=before)
    expect_progress(page, 1, 1)


def test_one_sees_whether_the_keys_are_on(visit):
    page = visit().open()
    page.keyboard.press("?")
    box = page.locator(".keys-on")
    expect(box).to_be_checked()
    expect(box).to_have_css("appearance", "auto")
    expect(box).to_have_css("background-image", "none")


def test_a_rating_given_before_signing_in_is_still_spoken_of_after_a_reload(visit):
    page = visit().open()
    expect(page.locator(".score").first).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("4")
    page.reload()
    expect(page.locator(".saving")).to_have_text("1 kept here until you sign in")
