"""My ratings in a real browser: found, changed, withdrawn, taken back, downloaded, and deleted for good."""

import csv
import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_findings, expect_all_sent, expect_progress, press, show_name, sign_in
from tests.serving import Serving, Visitor, rating

PROMPTS = 70
HARM = '<img src=x onerror="window.harmed=1"> {{7*7}} ${7*7}'


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A sprint over prompts that are easily told apart."""
    folder = tmp_path_factory.mktemp("ledger")
    rows = [
        {
            "prompt": f"Question {n} about {('cats', 'DOGS')[n % 2]}",
            "source": f"source-{n % 3}",
            "kind": "human",
        }
        for n in range(PROMPTS - 2)
    ]
    rows.append({"prompt": HARM, "source": HARM, "kind": "human", "context": HARM})
    rows.append({"prompt": "A long one. " * 200, "source": "long", "kind": "human", "context": "A passage."})
    file = folder / "prompts.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    with Serving(folder / "data", PROMPTS=file, RATINGS_PER_PROMPT=50, RATINGS_PER_MINUTE=0) as serving:
        yield serving


def rates(serving: Serving, name: str, number: int) -> list[dict]:
    """Somebody rates so many prompts elsewhere; returns them, the newest first."""
    visitor, done = Visitor(serving).signs_in(name), []
    while len(done) < number:
        prompt = visitor.asks(1)[0]
        visitor.sends(rating(prompt["prompt_id"], len(done) % 5 + 1)).raise_for_status()
        done.append(prompt)
    return done[::-1]


def told(serving: Serving, name: str, **asked: object) -> list[dict]:
    return Visitor(serving).signs_in(name).get("/api/my/ratings", params=asked).json()["rows"]


def wait_until_told(serving: Serving, name: str, *opinions: object) -> None:
    """The sprint knows these scores, or actions, of somebody: what the page shows at once is on its way there."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        known = sorted(str(row["score"] or row["action"]) for row in told(serving, name))
        if known == sorted(map(str, opinions)):
            return
        time.sleep(0.1)
    assert known == sorted(map(str, opinions))


def mine(visit, serving: Serving, name: str, **look) -> Page:
    page = visit(serving, **look).signed_in(name, "/?tab=mine")
    expect(page.get_by_role("tab", name="My ratings")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".ledger-state")).to_contain_text(re.compile("newest first|Nothing"))
    return page


def row_of(page: Page, prompt: dict):
    return page.locator(".ledger-row").filter(has_text=prompt["text"][:40])


def pressed(row):
    return row.locator("[aria-pressed=true]")


def test_the_tab_is_for_those_who_are_signed_in_and_has_an_address(visit, ours):
    page = visit(ours).open("/?tab=mine")
    expect(page.get_by_role("tab", name="Rate")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="My ratings")).to_be_hidden()
    sign_in(page, "tabby")
    expect(page.get_by_role("tab", name="My ratings")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".ledger-state")).to_have_text(
        "Nothing here yet: the first prompt you rate will stand here."
    )
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("tab", name="Rate")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="My ratings")).to_be_hidden()


def test_a_changed_score_counts_at_once_and_can_be_taken_back(visit, ours):
    prompt = rates(ours, "changer", 2)[0]
    page = mine(visit, ours, "changer")
    row = row_of(page, prompt)
    expect(pressed(row)).to_have_text("2")
    expect(row).to_contain_text(re.compile(r"2, Bad · (now|\d+ seconds ago) · .+, human"))
    row.get_by_role("button", name="5, Very good").click()
    expect(pressed(row)).to_have_text("5")
    expect(row).to_contain_text("changed from 2, Bad to 5, Very good")
    expect(page.locator(".ledger-saving")).to_have_text("saved ✓")
    wait_until_told(ours, "changer", 5, 1)
    row.get_by_role("button", name="1, Very bad").click()
    for score in ("5", "2"):
        row.get_by_role("button", name="Undo").click()
        expect(pressed(row)).to_have_text(score)
    expect(row.get_by_role("button", name="Undo")).to_have_count(0)
    expect(pressed(row)).to_be_focused()
    expect(page.locator(".ledger-saving")).to_have_text("saved ✓")
    wait_until_told(ours, "changer", 2, 1)


def test_undo_on_the_card_leaves_alone_what_was_changed_here(visit, ours):
    page = visit(ours).signed_in("two-ways")
    press(page, "2", "3")
    page.get_by_role("tab", name="My ratings").click()
    row = page.locator(".ledger-row").first
    expect(pressed(row)).to_have_text("3")
    pressed(row).focus()
    page.keyboard.press("5")
    wait_until_told(ours, "two-ways", 5, 2)
    page.get_by_role("tab", name="Rate").click()
    page.keyboard.press("u")
    expect(page.locator(".last")).to_have_text("undone: you gave 2")
    wait_until_told(ours, "two-ways", 5)
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")


def test_undo_keeps_the_focus_as_long_as_there_is_something_to_take_back(visit, ours):
    prompt = rates(ours, "backer", 1)[0]
    page = mine(visit, ours, "backer")
    row = row_of(page, prompt)
    pressed(row).focus()
    page.keyboard.press("5")
    page.keyboard.press("4")
    undo = row.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(pressed(row)).to_have_text("5")
    expect(row).to_contain_text("back to 5, Very good · Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(undo).to_have_count(0)
    expect(pressed(row)).to_have_text("1")
    expect(pressed(row)).to_be_focused()


def test_a_withdrawn_score_is_gone_until_it_is_taken_back_or_given_anew(visit, ours):
    first, second = rates(ours, "withdrawer", 2)
    page = mine(visit, ours, "withdrawer")
    expect(page.locator(".ledger-sum")).to_contain_text("for 2 ratings")
    for prompt in (first, second):
        row_of(page, prompt).get_by_role("button", name="Withdraw").click()
        expect(pressed(row_of(page, prompt))).to_have_count(0)
        expect(row_of(page, prompt).locator(".ledger-about")).not_to_contain_text(", human")
    row_of(page, second).get_by_role("button", name="Undo").click()
    expect(pressed(row_of(page, second))).to_have_text("1")
    expect(page.locator(".ledger-saving")).to_have_text("saved ✓")
    expect(page.locator(".ledger-sum")).to_contain_text("for 1 rating")
    wait_until_told(ours, "withdrawer", 1, "withdrawn")
    page.reload()
    row_of(page, first).get_by_role("button", name="4, Good").click()
    # Where it comes from is told when the score is kept.
    expect(row_of(page, first).locator(".ledger-about")).to_contain_text(", human")
    wait_until_told(ours, "withdrawer", 1, 4)


def test_a_change_without_a_connection_is_sent_later(visit, ours):
    prompt = rates(ours, "offliner", 1)[0]
    page = mine(visit, ours, "offliner")
    page.context.set_offline(True)
    row_of(page, prompt).get_by_role("button", name="5, Very good").click()
    expect(page.locator(".ledger-saving")).to_contain_text("1 waiting")
    expect(pressed(row_of(page, prompt))).to_have_text("5")
    page.context.set_offline(False)
    expect(page.locator(".ledger-saving")).to_have_text("saved ✓", timeout=20_000)
    wait_until_told(ours, "offliner", 5)


def test_one_searches_filters_and_turns_pages(visit, ours):
    rates(ours, "reader", 60)
    page = mine(visit, ours, "reader")
    state = page.locator(".ledger-state")
    expect(state).to_have_text("60 prompts, newest first, page 1 of 2")
    page.get_by_role("button", name="Older").click()
    expect(state).to_have_text("60 prompts, newest first, page 2 of 2")
    expect(state).to_be_focused()
    expect(page.locator(".ledger-row")).to_have_count(10)
    cats = sum("cats" in row["text"] for n in (1, 2) for row in told(ours, "reader", page=n))
    page.get_by_label("Search in prompts").fill("CATS")
    expect(state).to_have_text(f"{cats} prompts, newest first")
    page.get_by_label("Search in prompts").fill("100%")
    expect(state).to_have_text("Nothing you did fits that.")
    page.get_by_label("Search in prompts").fill("")
    page.get_by_role("combobox", name="Show").select_option("Skipped")
    expect(state).to_have_text("Nothing you did fits that.")


def test_a_keyboard_is_enough(visit, ours):
    newest, older = rates(ours, "keyboarder", 2)
    page = mine(visit, ours, "keyboarder")
    pressed(row_of(page, newest)).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(row_of(page, newest).get_by_role("button", name="4, Good")).to_be_focused()
    expect(pressed(row_of(page, newest))).to_have_text("2")
    page.keyboard.press("Enter")
    expect(pressed(row_of(page, newest))).to_have_text("4")
    page.keyboard.press("5")
    expect(pressed(row_of(page, newest))).to_have_text("5")
    page.keyboard.press("Tab")
    expect(row_of(page, newest).get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Tab")  # one stop for each row
    expect(pressed(row_of(page, older))).to_be_focused()


def test_prompts_that_mean_harm_are_shown_and_never_run(visit, ours):
    rates(ours, "victim", PROMPTS)
    page = mine(visit, ours, "victim")
    page.get_by_label("Search in prompts").fill("<IMG")
    expect(page.locator(".ledger-state")).to_have_text("1 prompt, newest first")
    expect(page.locator(".ledger-text")).to_have_text(HARM)
    expect(page.locator(".ledger-about")).to_contain_text(HARM)
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".ledger .context-text")).to_have_text(HARM)
    page.get_by_label("Search in prompts").fill("a long one")
    more = page.get_by_role("button", name="Show all")
    before = page.locator(".ledger-text").bounding_box()["height"]
    more.click()
    assert page.locator(".ledger-text").bounding_box()["height"] > 3 * before
    assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_one_downloads_all_one_did(visit, ours, tmp_path, ending):
    rates(ours, f"downloader-{ending}", 3)
    page = mine(visit, ours, f"downloader-{ending}")
    with page.expect_download() as download:
        page.get_by_role("link", name=ending.upper()).click()
    download.value.save_as(tmp_path / "file")
    text = (tmp_path / "file").read_text("utf-8-sig")
    events = list(csv.DictReader(text.splitlines())) if ending == "csv" else json.loads(text)["events"]
    assert [event["action"] for event in events] == ["joined", "rated", "rated", "rated"]


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        pytest.param(1200, "light", marks=pytest.mark.slow),
        (360, "dark"),
        pytest.param(320, "light", marks=pytest.mark.slow),
    ],
)
def test_nothing_stands_in_the_way_of_assistive_technology(visit, ours, width, scheme):
    name = f"listener-{width}"
    rates(ours, name, 55)
    page = mine(visit, ours, name, width=width, scheme=scheme)
    page.locator("[data-score='3']:visible").nth(2).click()
    page.get_by_role("button", name="Delete my account …").click()
    expect(page.locator(".farewell-body")).to_be_focused()
    page.wait_for_timeout(300)
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_account_is_deleted_after_it_was_told_what_goes(visit, tmp_path):
    with Serving(tmp_path / "data", RATINGS_PER_PROMPT=1) as serving:
        leave(visit(serving), serving)


def test_whoever_deletes_the_account_by_keyboard_is_told_and_stands_where_one_signs_in(visit, tmp_path):
    with Serving(tmp_path / "data") as serving:
        page = mine(visit, serving, "typist")
        page.get_by_role("button", name="Delete my account …").press("Enter")
        expect(page.locator(".farewell-body")).to_be_focused()
        page.locator(".farewell-form input").fill("typist")
        page.keyboard.press("Enter")
        said = page.get_by_role("dialog", name="Your account is deleted")
        expect(said.get_by_role("button", name="Close")).to_be_focused()
        expect(page.locator("#voice")).to_contain_text("Your account is deleted.")
        page.keyboard.press("Enter")
        expect(said).to_have_count(0)
        expect(page.get_by_role("group", name="Sign-in")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#bar input[name=name]")).to_be_focused()


def test_a_device_with_a_slow_clock_rates_on_after_its_owner_left_and_came_back(visit, tmp_path):
    with Serving(tmp_path / "data") as serving:
        here = visit(serving)
        here.context.add_init_script("const now = Date.now; Date.now = () => now() - 3_600_000;")
        page = here.signed_in("returner", "/?tab=mine")
        expect(page.locator(".ledger-state")).to_have_text(re.compile(r"\S"))
        page.get_by_role("button", name="Delete my account …").click()
        page.locator(".farewell-form input").fill("returner")
        page.get_by_role("button", name="Delete my account and all I did").click()
        page.get_by_role("button", name="Close").click()
        sign_in(page, "returner")
        press(page, "4")
        expect_progress(page, 1, 1)
        expect_all_sent(page)


def leave(here, serving):
    rates(serving, "leaver", 4)
    page = here.signed_in("leaver", "/?tab=mine")
    show_name(page)
    elsewhere = here.open("/?tab=leaderboard")
    # On the board, and until that is seen also beside it.
    expect(elsewhere.locator("li", has_text="leaver").first).to_be_visible()
    page.get_by_role("button", name="Delete my account …").click()
    body = page.locator(".farewell-body")
    expect(body).to_contain_text("4 ratings")
    expect(body).to_contain_text("4 prompts fall below the goal and come back for rating")
    delete = page.get_by_role("button", name="Delete my account and all I did")
    name = page.locator(".farewell-form input")
    name.fill("leave")
    expect(delete).to_have_attribute("aria-disabled", "true")
    name.press("Enter")
    state = page.locator(".farewell-state")
    expect(state).to_have_text("Type your name exactly as it stands here: leaver.")
    name.fill("leaver")
    expect(state).to_be_empty()
    expect(delete).to_have_attribute("aria-disabled", "false")
    delete.click()
    expect(page.get_by_role("dialog")).to_have_text(re.compile("Your account is deleted"))
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("tab", name="My ratings")).to_be_hidden()
    expect(page.get_by_role("tab", name="Rate")).to_have_attribute("aria-selected", "true")
    # The other page of this browser is signed out too, and the name is nowhere.
    expect(elsewhere.locator("li", has_text="leaver")).to_have_count(0)
    expect(elsewhere.locator(".account-name")).to_have_count(0)
    assert told(serving, "leaver") == []
