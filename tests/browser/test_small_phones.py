"""The smallest phones: everything fits beside each other, and nothing has to be pushed aside to be read."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ORGANIZER, expect_progress, press, prompt_on

TABS = ("Rate", "Leaderboard", "Charts", "My ratings", "Organize")


@pytest.mark.parametrize("width", [320, pytest.param(360, marks=pytest.mark.slow)])
def test_an_organizers_five_tabs_stand_in_one_row_and_none_is_wider_than_the_screen(visit, width):
    page = visit(width=width).signed_in(ORGANIZER)
    press(page, "4")
    tabs = page.locator("#tabs [role=tab]")
    expect(tabs).to_have_text(list(TABS))
    boxes = [tab.bounding_box() for tab in tabs.all()]
    assert len({box["y"] for box in boxes}) == 1
    assert all(box["height"] >= 44 for box in boxes)
    assert all(one["x"] + one["width"] <= other["x"] for one, other in zip(boxes, boxes[1:], strict=False))
    assert boxes[0]["x"] >= 0 and boxes[-1]["x"] + boxes[-1]["width"] <= width
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_somebody_who_is_not_signed_in_sees_all_of_the_page_too(visit):
    page = visit(width=320).open()
    prompt_on(page)
    for name in TABS[:3]:
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


@pytest.mark.parametrize(("width", "height"), [(640, 360), pytest.param(568, 320, marks=pytest.mark.slow)])
def test_on_a_phone_held_sideways_the_prompt_and_every_button_are_in_view(visit, width, height):
    page = visit(width=width, height=height).signed_in("Sina")
    prompt_on(page)
    page.locator(".answers .score").nth(3).click()
    expect_progress(page, 1, 1)
    buttons = [one.bounding_box() for one in page.locator(".answers button").all()]
    assert len(buttons) == 9
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in buttons)
    assert all(box["height"] >= 44 and box["y"] + box["height"] <= height for box in buttons)
    last = page.locator(".last")
    expect(last).to_contain_text("last: you gave 4")
    expect(last).to_be_in_viewport(ratio=1)
    assert last.bounding_box()["y"] + last.bounding_box()["height"] <= buttons[0]["y"] + 1
    text = page.locator(".prompt").bounding_box()
    assert text["y"] >= 0 and text["y"] + text["height"] <= page.locator(".answers").bounding_box()["y"]
    assert text["height"] >= 120  # four lines
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_one_practises_on_a_phone_held_sideways(visit):
    page = visit(width=568, height=320, newcomer=True).signed_in("Nele")
    page.get_by_role("button", name="Practise on five prompts").click()
    for _ in range(2):
        page.locator(".practice-score").nth(1).click()
        page.get_by_role("button", name="Next").click()
    page.locator(".practice-score").nth(1).click()  # the third prompt and what is said of it are long
    parts = (".practice-head", ".practice-text", ".practice-verdict", ".practice-buttons")
    boxes = [page.locator(one).bounding_box() for one in parts]
    assert all(
        one["y"] + one["height"] <= other["y"] + 1 for one, other in zip(boxes, boxes[1:], strict=False)
    )
    assert boxes[0]["y"] >= 0 and boxes[-1]["y"] + boxes[-1]["height"] <= 320
    assert boxes[1]["height"] >= 56  # two lines
    expect(page.get_by_role("button", name="Next")).to_be_in_viewport(ratio=1)


def test_the_title_is_read_whole_on_the_narrowest_phone(visit):
    page = visit(width=320).signed_in("Sina")
    title = page.locator(".progress-title")
    expect(title).to_have_text("Prompt Sprint")
    assert title.evaluate("one => one.scrollWidth <= one.clientWidth")
    box = title.bounding_box()
    assert box["x"] + box["width"] <= page.locator("#bar .portrait").bounding_box()["x"]
    tabs = page.locator("#tabs [role=tab]:visible")
    assert tabs.count() == 4 and {tab.evaluate("one => one.offsetHeight") for tab in tabs.all()} == {44}


@pytest.mark.parametrize("width", [320, pytest.param(590, marks=pytest.mark.slow)])
def test_who_rates_before_signing_in_has_room_for_their_name(visit, width):
    page = visit(width=width, height=568).open()
    prompt_on(page)
    page.locator(".answers .score").nth(3).click()
    field, button = page.locator(".ask input[name=name]"), page.locator(".ask button").first
    expect(field).to_be_focused()
    box = field.bounding_box()
    assert box["width"] >= 60 and box["x"] + box["width"] <= button.bounding_box()["x"]


@pytest.mark.parametrize(("tab", "place"), [("Rate", ".prompt"), ("Leaderboard", "#leaderboard-button")])
def test_the_focus_is_not_lost_when_the_question_how_one_is_seen_is_answered(visit, tab, place):
    page = visit(width=360).signed_in(f"Quentin {tab}")
    prompt_on(page)
    page.get_by_role("tab", name=tab).click()
    page.get_by_role("button", name="Under that nickname").locator("visible=true").click()
    expect(page.locator(".presence-question:visible")).to_have_count(0)
    expect(page.locator(place)).to_be_focused()


def test_a_swipe_over_the_prompt_scrolls_the_page_of_a_phone(visit):
    page = visit(width=568, height=320).signed_in("Sven")
    prompt_on(page)
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(".prompt").bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.wheel(0, 5000)
    page.mouse.wheel(0, 5000)
    page.wait_for_function("scrollY > 20")


def test_the_list_of_keys_opens_at_its_top_in_a_low_window(visit):
    page = visit(width=740, height=360).signed_in("Kim")
    prompt_on(page)
    page.get_by_role("button", name="Keys").click()
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("one => one.scrollHeight > one.clientHeight")
    assert dialog.evaluate("one => one.scrollTop") == 0
    expect(dialog.get_by_role("heading", name="Keys")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".keys-on")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(568, 320), pytest.param(740, 360, marks=pytest.mark.slow)])
def test_all_reasons_to_flag_are_in_view_on_a_phone_held_sideways(visit, width, height):
    page = visit(width=width, height=height).signed_in("Fritz")
    prompt_on(page)
    page.get_by_role("button", name="Flag").click()
    dialog = page.get_by_role("dialog", name="What is wrong with it?")
    expect(dialog.locator("[data-reason]")).to_have_count(6)
    for button in dialog.get_by_role("button").all():
        expect(button).to_be_in_viewport(ratio=1)
    assert dialog.evaluate("one => one.scrollHeight <= one.clientHeight")


def test_after_practice_that_the_guidelines_led_to_one_is_at_the_card(visit):
    page = visit(width=360, height=740).signed_in("Pia")
    prompt_on(page)
    page.get_by_role("button", name="Guidelines").click()
    page.get_by_role("button", name="Practise on five prompts").click()
    practice = page.get_by_role("dialog", name="Practice")
    for words in ["Next"] * 4 + ["See how it went"]:
        practice.locator(".practice-score").nth(3).click()
        practice.get_by_role("button", name=words).click()
    practice.get_by_role("button", name="Start rating").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".prompt")).to_be_focused()


SMALL_TARGETS = """
[...document.querySelectorAll("a, button, summary, select")]
  .filter((one) => one.checkVisibility() && !one.closest(".modebar"))
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, {width, height}]) => Math.min(width, height) < 24)
  .map(([words, {width, height}]) => `${words}: ${width} x ${height}`)
"""


@pytest.mark.parametrize("width", [360, pytest.param(1200, marks=pytest.mark.slow)])
def test_whatever_is_pressed_is_large_enough(visit, width):
    page = visit(width=width).signed_in(f"Lars {width}")
    press(page, "4")
    expect_progress(page, 1, 1)
    for name in TABS[:4]:
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)
        assert page.evaluate(SMALL_TARGETS) == [], name
    page.get_by_role("tab", name="Charts").click()
    words = page.locator(".chart-text summary").locator("visible=true").first
    expect(words).to_be_visible()
    assert page.evaluate(SMALL_TARGETS) == []
    if width < 600:
        assert words.bounding_box()["height"] >= 44
        files = page.locator(".chart-files :is(a, button)").locator("visible=true").all()
        assert files and all(
            min(one.bounding_box()[side] for side in ("width", "height")) >= 44 for one in files
        )
    page.locator(".progress-open").click()
    expect(page.get_by_role("link", name="Big screen")).to_be_visible()
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (740, 360),
        (320, 568),
        *(pytest.param(*size, marks=pytest.mark.slow) for size in [(568, 320), (360, 640)]),
    ],
)
def test_practice_is_offered_in_the_first_view_of_a_small_phone(visit, width, height):
    page = visit(width=width, height=height, newcomer=True).signed_in(f"Nora {width}")
    page.locator("dialog.guidelines .close").click()
    prompt_on(page)
    offer, answers, prompt = (page.locator(one).bounding_box() for one in (".offer", ".answers", ".prompt"))
    expect(page.locator(".offer")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    assert offer["y"] + offer["height"] <= answers["y"] + 1
    assert prompt["y"] + prompt["height"] <= offer["y"] + 1 and prompt["height"] >= 72  # two lines


def test_the_offer_to_practise_leaves_a_large_card_to_the_prompt(visit):
    page = visit(newcomer=True).signed_in("Nora")
    prompt_on(page)
    expect(page.locator(".offer")).to_be_visible()
    assert page.locator(".offer").bounding_box()["height"] <= 96
    assert page.locator(".prompt").bounding_box()["height"] >= 160


CUT_OFF = """
[...document.querySelectorAll("#bar button:not(.progress-open), .progress-title, #tabs [role=tab], .answers button, .choice label, .helps button")]
  .filter((one) => one.checkVisibility())
  .filter((one) => {
    const words = document.createRange();
    words.selectNodeContents(one);
    const {left, right} = words.getBoundingClientRect();
    return left < 0 || right > innerWidth || one.scrollWidth > one.clientWidth + 1;
  })
  .map((one) => one.textContent.trim())
"""
LETTERS = "(selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)"


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (740, 360),
        (320, 568),
        *(pytest.param(*size, marks=pytest.mark.slow) for size in [(568, 320), (360, 640)]),
    ],
)
def test_in_letters_twice_as_large_nothing_is_cut_off_and_the_prompt_is_in_sight(visit, width, height):
    page = visit(width=width, height=height).signed_in("Otto")
    prompt_on(page)
    before = [page.evaluate(LETTERS, one) for one in (".prompt-text", ".others button", ".score span")]
    page.add_style_tag(content="html { font-size: 200%; }")
    page.wait_for_timeout(300)
    after = [page.evaluate(LETTERS, one) for one in (".prompt-text", ".others button", ".score span")]
    assert after[0] == 2 * before[0]
    if width >= 360 and width != 568:  # where there is room
        assert after[1] > before[1] and after[2] > before[2]
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    portrait = page.locator("#bar .portrait").bounding_box()
    opening = page.locator(".progress-open").bounding_box()
    assert (
        opening["y"] >= portrait["y"] + portrait["height"] or opening["x"] + opening["width"] <= portrait["x"]
    )
    room = page.locator(".answers").bounding_box()["y"] - page.locator(".prompt").bounding_box()["y"]
    assert room >= (30 if height == 320 else 72)
