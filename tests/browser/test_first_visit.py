"""The first visit: guidelines that open by themselves, and five prompts to practise on."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_MS, expect_progress, press, prompt_on, rows, sign_in
from tests.conftest import ROOT

PRACTICE = json.loads((ROOT / "assets/practice.json").read_text())


def test_practice_has_one_prompt_for_each_level_and_rates_none_for_real():
    assert sorted(example["score"] for example in PRACTICE) == [1, 2, 3, 4, 5]
    starters = (ROOT / "assets/starter_prompts.jsonl").read_text().splitlines()
    real = {json.loads(line)["prompt"] for line in starters}
    for example in PRACTICE:
        assert example["prompt"] not in real
        assert example["explanation"].endswith(".")


def test_guidelines_open_beside_the_card_the_first_time_and_never_again(visit):
    here = visit(newcomer=True)
    page = here.open()
    panel = page.get_by_role("dialog", name="Guidelines")
    expect(panel).to_be_visible()
    card = page.locator(".card").bounding_box()
    assert panel.bounding_box()["x"] > card["x"] + card["width"], "they cover nothing"
    sign_in(page, "newcomer")
    expect(panel).to_be_visible()
    press(page, "4")
    expect_progress(page, 1, 1)
    page.reload()
    prompt_on(page)
    expect(panel).to_be_hidden()


LARGE_TEXT = """
document.addEventListener("readystatechange", () => (document.documentElement.style.fontSize = "200%"));
"""


@pytest.mark.parametrize("width", [1200, pytest.param(1920, marks=pytest.mark.slow)])
def test_with_large_text_the_guidelines_open_over_the_card_and_leave_it_its_room(visit, width):
    here = visit(width=width, newcomer=True)
    here.context.add_init_script(LARGE_TEXT)
    page = here.signed_in(f"large-{width}")
    panel = page.get_by_role("dialog", name="Guidelines")
    expect(panel).to_be_visible()
    assert panel.evaluate("one => one.matches(':modal')")
    card = page.locator(".card").bounding_box()
    for button in page.locator(".answers button").all():
        box = button.bounding_box()
        assert box["x"] >= card["x"] and box["x"] + box["width"] <= card["x"] + card["width"]
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    press(page, "4")
    expect_progress(page, 1, 1)
    page.keyboard.press("g")
    expect(panel).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_guidelines_beside_the_card_close_when_the_text_grows(visit):
    page = visit().signed_in("growing")
    prompt_on(page)
    panel = page.get_by_role("dialog", name="Guidelines")
    page.keyboard.press("g")
    expect(panel).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '112.5%'")
    page.wait_for_timeout(300)
    expect(panel).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    expect(panel).to_be_hidden()


def test_g_and_its_button_open_and_close_the_guidelines(visit):
    page = visit().signed_in("guided")
    prompt_on(page)
    panel = page.get_by_role("dialog", name="Guidelines")
    button = page.get_by_role("button", name="Guidelines")
    page.keyboard.press("g")
    expect(panel).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    press(page, "4")
    expect_progress(page, 1, 1)
    page.keyboard.press("g")
    expect(panel).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(button).to_be_focused()
    panel.get_by_role("button", name="Close").click()
    expect(button).to_be_focused()


@pytest.mark.parametrize("width", [320, pytest.param(360, marks=pytest.mark.slow)])
def test_on_a_phone_the_guidelines_wait_for_somebody_who_rates_and_leave_at_once(visit, width):
    page = visit(width=width, newcomer=True).open()
    panel = page.get_by_role("dialog", name="Guidelines")
    prompt_on(page)
    expect(panel).to_be_hidden()
    sign_in(page, f"phone-{width}")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(".prompt")).to_be_focused()
    assert page.evaluate("scrollY") == 0
    page.reload()
    prompt_on(page)
    expect(panel).to_be_hidden()


def test_practice_explains_five_scores_and_sends_nothing(visit):
    page = visit(newcomer=True).signed_in("learner")
    prompt_on(page)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
    page.get_by_role("button", name="Practise", exact=True).click()
    practice = page.get_by_role("dialog", name="Practice")
    for place, example in enumerate(PRACTICE, 1):
        expect(practice).to_contain_text(f"Prompt {place} of 5")
        expect(practice.locator(".practice-text")).to_have_text(example["prompt"])
        page.keyboard.press("4")
        expect(practice.locator(".practice-verdict")).to_contain_text(example["explanation"])
        expect(practice.locator(".ours")).to_contain_text(str(example["score"]))
        page.keyboard.press("1")
        expect(practice.locator("[aria-pressed=true]")).to_contain_text("4")
        page.keyboard.press("Enter")
    expect(practice).to_contain_text("You gave our score to 1 of 5 prompts, and were at most one away in 3.")
    practice.get_by_role("button", name="Start rating").click()
    expect(practice).to_be_hidden()
    assert sent == [] and rows(page) == [] and rows(page, "history") == []
    expect_progress(page, 0, 0)
    page.reload()
    prompt_on(page)
    expect(page.locator(".offer")).to_be_hidden()
    page.keyboard.press("g")
    page.get_by_role("button", name="Practise on five prompts").click()
    expect(practice).to_contain_text("Prompt 1 of 5")


def test_practice_is_offered_until_one_declines_or_rates(visit):
    here = visit(newcomer=True)
    page = here.signed_in("decliner")
    expect(page.locator(".offer")).to_be_visible()
    page.get_by_role("button", name="No, thanks").click()
    expect(page.locator(".offer")).to_be_hidden()
    expect(page.locator(".prompt")).to_be_focused()
    page.reload()
    prompt_on(page)
    expect(page.locator(".offer")).to_be_hidden()

    page = visit(newcomer=True).signed_in("just-rates")
    expect(page.locator(".offer")).to_be_visible(timeout=PATIENCE_MS)
    press(page, "3")
    expect(page.locator(".offer")).to_be_hidden()
    expect_progress(page, 1, 1)
    expect(page.locator(".offer")).to_be_hidden()


def test_practice_is_offered_to_who_gave_the_first_answer_before_signing_in(visit):
    page = visit(newcomer=True).open()
    press(page, "4")
    sign_in(page, "answers-first", ".ask")
    expect_progress(page, 1, 1)
    expect(page.locator(".offer")).to_be_visible()
    press(page, "3")
    expect_progress(page, 2, 2)
    expect(page.locator(".offer")).to_be_hidden()
