"""What one does on the card: keys, undo, flags, and a next prompt that waits for nothing."""

import json
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SAID, axe_findings, expect_progress, press, prompt_on, rows
from tests.serving import Serving

EVERYTHING = "**/api/**"
RATINGS = "**/api/ratings"

# Press a key and say, before the browser can paint or hear from anybody, what stands on the card.
PRESS_AND_LOOK = """(key) => {
    const text = () => document.querySelector(".prompt-text").textContent;
    const before = text();
    document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    return [before, text()];
}"""


def events_sent(page) -> list[dict]:
    """Everything this page sends from now on, as it goes."""
    sent: list[dict] = []

    def note(request) -> None:
        if request.url.endswith("/api/ratings"):
            sent.extend(json.loads(request.post_data)["events"])

    page.on("request", note)
    return sent


def test_the_next_prompt_is_there_in_the_same_frame_whatever_the_network_does(visit):
    here = visit()
    page = here.signed_in("swift")
    prompt_on(page)
    page.wait_for_load_state("networkidle")
    here.context.route(EVERYTHING, lambda route: None)
    seen = []
    for key in ("4", "s", "d", "1"):
        before, after = page.evaluate(PRESS_AND_LOOK, key)
        seen.append(before)
        assert after and after != before
    assert len(set(seen)) == 4
    expect(page.locator(".saving")).to_have_text("4 waiting, will be sent")
    before, after = page.evaluate(PRESS_AND_LOOK, "u")
    assert after == seen[-1], "undo waits for nothing either"


def test_a_tap_is_as_quick_as_a_key(visit):
    here = visit(width=360)
    page = here.signed_in("tapper")
    prompt_on(page)
    page.wait_for_load_state("networkidle")
    here.context.route(EVERYTHING, lambda route: None)
    before, after = page.evaluate("""() => {
        const text = () => document.querySelector(".prompt-text").textContent;
        const before = text();
        document.querySelector(".score[data-score='3']").click();
        return [before, text()];
    }""")
    assert after and after != before


def test_undo_goes_back_any_number_of_steps_and_shows_what_one_said(visit):
    page = visit().signed_in("waverer")
    sent = events_sent(page)
    seen = []
    for key in ("5", "s", "2"):
        seen.append(prompt_on(page))
        page.keyboard.press(key)
    expect_progress(page, 2, 2)
    fourth = prompt_on(page)

    page.keyboard.press("u")
    assert prompt_on(page) == seen[2]
    expect(page.locator(".earlier")).to_have_text("before: you gave 2, Bad")
    expect(page.locator(".score.before b")).to_have_text("2")
    expect(page.locator(".last")).to_have_text("undone: you gave 2")
    page.keyboard.press("u")
    assert prompt_on(page) == seen[1]
    expect(page.locator(".earlier")).to_have_text("before: you skipped")
    expect(page.locator(".others .before")).to_contain_text("Skip")
    page.keyboard.press("u")
    assert prompt_on(page) == seen[0]
    expect_progress(page, 0, 0)
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("u")
    assert prompt_on(page) == seen[0]

    # Once they are answered again it goes on where one was.
    again = []
    for key in ("1", "4", "3"):
        again.append(prompt_on(page))
        page.keyboard.press(key)
    assert again == seen
    assert prompt_on(page) == fourth
    expect(page.locator(".earlier")).to_have_text("")
    expect_progress(page, 3, 3)
    undone = [event for event in sent if event["action"] == "undone"]
    first_three = {event["event_id"]: event["prompt_id"] for event in sent[:3]}
    assert {event["undoes"]: event["prompt_id"] for event in undone} == first_three
    moments = [event["happened_at"] for event in sent]
    assert moments == sorted(set(moments)), "each event has a later moment than the one before"


@pytest.mark.parametrize("days", [1, -1])
def test_undo_takes_back_the_newest_step_when_the_clock_was_set_right(visit, days):
    page = visit().signed_in(f"clockwise{days}")
    now = datetime.now().astimezone()
    for moment, keys in (
        (now + timedelta(days=max(days, 0)), "12"),
        (now + timedelta(days=min(days, 0)), "5"),
    ):
        page.clock.set_fixed_time(moment)
        page.reload()
        press(page, *keys)
    for score in (5, 2, 1):
        page.keyboard.press("u")
        expect(page.locator(".last")).to_have_text(f"undone: you gave {score}")


def test_undo_outlives_the_page_and_fetches_the_prompt_again(visit):
    here = visit()
    page = here.signed_in("returner")
    first = prompt_on(page)
    press(page, "4", "3")
    expect_progress(page, 2, 2)
    page.get_by_role("button", name="Sign out").click()
    page.close()
    page = here.signed_in("returner")
    prompt_on(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".earlier")).to_have_text("before: you gave 3, Ok")
    page.keyboard.press("u")
    expect(page.locator(".prompt-text")).to_have_text(first)
    expect(page.locator(".earlier")).to_have_text("before: you gave 4, Good")
    expect_progress(page, 0, 0)
    page.reload()
    assert prompt_on(page) == first
    expect(page.locator(".earlier")).to_have_text("before: you gave 4, Good")
    press(page, "4")
    page.reload()
    assert prompt_on(page) != first


def test_a_prompt_that_cannot_be_fetched_again_comes_later(visit):
    here = visit()
    page = here.signed_in("offline-returner")
    press(page, "4")
    expect_progress(page, 1, 1)
    page.reload()
    shown = prompt_on(page)
    here.context.route("**/api/prompts/*", lambda route: route.abort())
    page.keyboard.press("u")
    expect(page.locator(".trouble")).to_contain_text("Undone: you gave 4, Good. Its prompt comes again later")
    assert prompt_on(page) == shown
    expect_progress(page, 0, 0)


def test_undo_remembers_five_hundred_steps(visit):
    page = visit().signed_in("marathon")
    prompt_on(page)
    kept = page.evaluate("""async () => {
        const { History } = await import("/page/history.js");
        const history = new History(() => {});
        history.belongTo("somebody-else");
        const step = (n) => ({ event_id: `e${n}`, prompt_id: `p${n}`, action: "rated", score: 3, happened_at: n });
        for (let n = 0; n < 1500; n += 1) history.add(step(n));
        const again = new History(() => {});
        again.belongTo("somebody-else");
        const steps = [];
        for (let step = again.takeBack(); step; step = again.takeBack()) steps.push(step.prompt_id);
        return steps;
    }""")
    assert len(kept) >= 500
    assert kept == [f"p{n}" for n in range(1499, 1499 - len(kept), -1)]


def test_a_flag_takes_its_reason_by_digit_arrow_or_click_and_asks_nothing_more(visit):
    page = visit().signed_in("fay")
    sent = events_sent(page)
    dialog = page.get_by_role("dialog", name="What is wrong with it?")
    first = prompt_on(page)
    page.keyboard.press("f")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert prompt_on(page) == first

    page.keyboard.press("f")
    page.keyboard.press("4")
    expect(dialog).to_be_hidden()
    assert prompt_on(page) != first
    expect(page.locator(".last")).to_have_text("last: you flagged it: harmful")

    page.get_by_role("button", name="Flag").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".last")).to_have_text("last: you flagged it: personal data")
    page.get_by_role("button", name="Flag").click()
    dialog.get_by_role("button", name="Broken").click()
    expect(page.locator(".saving")).to_have_text("saved ✓")
    assert [event["reason"] for event in sent] == ["harmful", "personal_data", "broken"]
    assert {event["action"] for event in sent} == {"flagged"}
    assert not any("score" in event for event in sent)

    page.keyboard.press("u")
    expect(page.locator(".earlier")).to_have_text("before: you flagged it: broken")
    expect(page.get_by_role("button", name="Flag")).to_have_class("before")
    expect(page.locator(".trouble")).to_be_hidden()


def test_digits_mean_reasons_while_a_flag_is_asked_for_and_nothing_else(visit):
    page = visit().signed_in("careful")
    sent = events_sent(page)
    first = prompt_on(page)
    page.keyboard.press("f")
    for key in ("s", "u", "d", "g", "?", "Control+1"):
        page.keyboard.press(key)
    assert page.locator("dialog:modal").count() == 1
    page.keyboard.press("Escape")
    assert prompt_on(page) == first
    assert sent == []


def test_whoever_is_not_equipped_says_so(visit):
    page = visit().signed_in("modest")
    sent = events_sent(page)
    first = prompt_on(page)
    page.keyboard.press("d")
    expect(page.locator(".last")).to_have_text("last: you were not equipped to judge it")
    second = prompt_on(page)
    page.get_by_role("button", name="Not equipped").click()
    expect(page.locator(".prompt-text")).not_to_have_text(second)
    page.wait_for_function("Object.keys(localStorage).every((key) => !key.startsWith('outbox/'))")
    assert [event["action"] for event in sent] == ["discarded", "discarded"]
    page.reload()
    assert prompt_on(page) != first
    expect_progress(page, 0, 0)


def test_every_key_is_silent_when_keys_are_off_and_every_button_still_works(visit):
    page = visit().signed_in("clicker")
    prompt = prompt_on(page)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Rate with these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.locator("body").click(position={"x": 5, "y": 5})
    for key in "12345sdfug?":
        page.keyboard.press(key)
    assert page.locator("dialog[open]").count() == 0
    assert prompt_on(page) == prompt
    page.get_by_role("button", name="Flag").click()
    page.keyboard.press("1")
    expect(page.get_by_role("dialog", name="What is wrong with it?")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Skip").click()
    assert prompt_on(page) != prompt
    page.get_by_role("button", name="Undo").click()
    assert prompt_on(page) == prompt
    page.get_by_role("button", name="Guidelines").click()
    expect(page.get_by_role("dialog", name="Guidelines")).to_be_visible()


def test_a_visitor_can_take_the_first_answer_back(visit):
    page = visit().open()
    prompt_on(page)
    page.keyboard.press("2")
    expect(page.locator(".ask")).to_be_visible()
    page.locator(".prompt").focus()
    page.keyboard.press("u")
    expect(page.locator(".ask")).to_be_hidden()
    expect(page.locator(".earlier")).to_have_text("before: you gave 2, Bad")
    assert rows(page) == []


def test_each_change_is_read_out_once_and_the_focus_stays(visit):
    page = visit().signed_in("listener")
    prompt_on(page)
    page.evaluate(SAID)
    page.locator(".score").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".last")).to_contain_text("prompt-sprint/")
    expect(page.locator(".score").nth(3)).to_be_focused()
    said = page.evaluate("window.said")
    following = prompt_on(page)[:60]
    assert [sentence for sentence in said if sentence.startswith("You gave 4, Good. Next prompt: ")] == said[
        :1
    ]
    assert following.split("\n")[0] in said[0]
    assert [sentence for sentence in said if sentence.startswith("That one: ")] == said[1:]

    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".earlier")).not_to_have_text("")
    expect(undo).to_be_focused()
    expect(page.locator(".saving")).to_have_text("saved ✓")
    assert [
        sentence for sentence in page.evaluate("window.said")[2:] if "Undone: you gave 4, Good." in sentence
    ]
    assert len(page.evaluate("window.said")) == 3


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("width", [pytest.param(1200, marks=pytest.mark.slow), 320])
def test_whatever_opens_is_open_to_assistive_technology(visit, width, scheme):
    page = visit(width=width, scheme=scheme, newcomer=True).signed_in(f"axe-{width}-{scheme}")
    prompt_on(page)
    expect(page.get_by_role("dialog", name="Guidelines")).to_be_visible()
    assert axe_findings(page) == [], "guidelines"
    page.locator("dialog.guidelines .close").click()
    expect(page.locator(".offer")).to_be_visible()
    assert axe_findings(page) == [], "offer"
    for key, name in (("f", "What is wrong with it?"), ("?", "Keys")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert axe_findings(page) == [], name
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Practise", exact=True).click()
    assert axe_findings(page) == [], "practice"
    page.keyboard.press("2")
    assert axe_findings(page) == [], "practised"
    page.keyboard.press("Escape")
    press(page, "2")
    page.keyboard.press("u")
    page.get_by_role("button", name="Markdown").click()
    page.locator(".own-goal").click()
    assert axe_findings(page) == [], "undone"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, pytest.param(360, marks=pytest.mark.slow)])
def test_on_a_phone_the_buttons_are_in_the_thumbs_reach(visit, width):
    page = visit(width=width).signed_in(f"thumb-{width}")
    prompt_on(page)
    scores = [score.bounding_box() for score in page.locator(".answers .score").all()]
    assert all(box["height"] >= 56 and box["width"] >= 44 for box in scores)
    assert all(740 - 24 <= box["y"] + box["height"] <= 740 for box in scores)
    others = [button.bounding_box() for button in page.locator(".others button").all()]
    assert all(box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= width for box in others)
    page.locator(".own-goal").click()
    sizes = page.evaluate("""() => [...document.querySelectorAll("input, select")]
        .filter((each) => !["radio", "checkbox"].includes(each.type))
        .map((each) => parseFloat(getComputedStyle(each).fontSize))""")
    assert min(sizes) >= 16, "smaller ones make a phone zoom"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The numbers come first.
    assert page.locator(".answers .score").first.inner_text().startswith("1")


@pytest.fixture
def few_prompts(tmp_path, prompts_file):
    rows = ({"prompt": f"Prompt {n}", "source": "s", "kind": "human"} for n in range(3))
    prompts_file.write_text("\n".join(map(json.dumps, rows)))
    with Serving(tmp_path / "few", PROMPTS=prompts_file, RATINGS_PER_PROMPT=1) as serving:
        yield serving


def test_when_nothing_is_left_the_card_says_why_and_what_would_bring_more(few_prompts, visit):
    page = visit(few_prompts).signed_in("last-one")
    press(page, "4", "s", "2")
    expect(page.locator(".prompt-text")).to_contain_text("Nothing left for you right now.")
    # The focus stays on the card when the button it was on goes.
    page.get_by_role("button", name="Show what I skipped").press("Enter")
    prompt_on(page)
    expect(page.locator(".prompt")).to_be_focused()
    press(page, "3")
    page.get_by_role("button", name="Back to new prompts").press("Enter")
    expect(page.get_by_role("button", name="Watch the leaderboard")).to_be_visible()
    expect(page.get_by_role("button", name="Show what I skipped")).to_have_count(0)
    expect(page.locator(".prompt")).to_be_focused()
    button = page.get_by_role("button", name="Watch the leaderboard")
    button.click()
    expect(page.get_by_role("tab", name="Leaderboard")).to_have_attribute("aria-selected", "true")


def test_it_is_read_out_that_there_is_no_prompt(visit):
    here = visit()
    page = here.signed_in("cut-off")
    prompt_on(page)
    here.context.set_offline(True)
    page.evaluate(SAID)
    while page.locator(".score").first.get_attribute("aria-disabled") == "false":
        page.keyboard.press("3")
    expect(page.locator(".prompt-text")).to_contain_text("The page keeps trying.")
    page.wait_for_function("() => window.said.some((one) => one.includes('The page keeps trying.'))")


def test_nothing_moves_for_those_who_want_it_still(visit):
    page = visit(reduced_motion="reduce").signed_in("still")
    prompt_on(page)
    moving = page.evaluate("""() => [...document.querySelectorAll(".rating *")].filter((each) => {
        const { transitionDuration, animationName } = getComputedStyle(each);
        return animationName !== "none" || transitionDuration.split(",").some((time) => parseFloat(time) > 0);
    }).map((each) => each.className)""")
    assert moving == []
