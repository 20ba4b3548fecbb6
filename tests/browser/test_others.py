"""What the card says of others and of oneself: the crowd after the rating, progress, goal, and what to be given."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import axe_findings, expect_progress, press, prompt_on
from tests.serving import Serving, Visitor, rating

ROWS = (
    *({"prompt": f"Short one, number {n}", "language": "en"} for n in range(3)),
    *({"prompt": f"Eine kurze Aufgabe, Nummer {n}", "language": "de"} for n in range(2)),
    {"prompt": "A long one. " + "word " * 200, "language": "en"},
)


@pytest.fixture
def sprint_of_many_sorts(tmp_path, prompts_file):
    rows = ({"source": "ultrachat", "kind": "synthetic", **row} for row in ROWS)
    prompts_file.write_text("\n".join(map(json.dumps, rows)))
    with Serving(tmp_path / "sorts", PROMPTS=prompts_file, RATINGS_PER_PROMPT=9, ORGANIZERS="o") as serving:
        yield serving


@pytest.fixture
def rated_by_three(tmp_path, prompts_file):
    """A sprint over prompts that three others gave 2, 5 and 5."""
    rows = ({"prompt": f"Prompt {n}", "source": "ultrachat", "kind": "synthetic"} for n in range(4))
    prompts_file.write_text("\n".join(map(json.dumps, rows)))
    with Serving(tmp_path / "rated", PROMPTS=prompts_file, RATINGS_PER_PROMPT=9) as serving:
        for name, score in (("one", 2), ("two", 5), ("three", 5)):
            visitor = Visitor(serving).signs_in(name)
            events = [rating(prompt["prompt_id"], score) for prompt in visitor.asks()]
            visitor.sends(*events).raise_for_status()
        yield serving


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.slow)])
def test_after_the_rating_one_sees_what_the_others_gave_and_never_before(visit, rated_by_three, scheme):
    here = visit(rated_by_three, scheme=scheme)
    page = here.signed_in("ada")
    prompt_on(page)
    heard = []
    page.on("response", lambda answer: heard.append(answer.text()) if "/api/next" in answer.url else None)
    page.reload()
    prompt_on(page)
    assert not any("ultrachat" in text or "synthetic" in text for text in heard)
    held = []
    here.context.route("**/api/ratings", lambda route: held.append(route))
    page.keyboard.press("4")
    expect(page.locator(".last")).to_have_text("last: you gave 4")
    expect(page.locator(".saving")).to_have_text("1 waiting, will be sent")
    expect(page.locator(".last")).to_have_text("last: you gave 4")
    held[0].continue_()
    here.context.unroute("**/api/ratings")
    expect(page.locator(".last")).to_have_text("last: you gave 4 · others 4.0 (n = 3) · ultrachat, synthetic")
    bars = page.get_by_role("img", name="0 gave 1, 1 gave 2, 0 gave 3, 0 gave 4, 2 gave 5; you gave 4")
    expect(bars).to_be_visible()
    shares = bars.locator("i").evaluate_all(
        "(bars) => bars.map((bar) => bar.style.getPropertyValue('--share'))"
    )
    assert shares == ["0", "0.5", "0", "0", "1"]
    assert bars.locator("i").nth(3).get_attribute("class") == "own-score"
    assert axe_findings(page) == []
    # Taken back, nothing of it is to be seen while one rates again.
    page.keyboard.press("u")
    expect(page.locator(".last")).to_have_text("undone: you gave 4")


def test_an_answer_that_comes_after_an_undo_tells_nothing(visit, rated_by_three):
    here = visit(rated_by_three)
    page = here.signed_in("quick")
    prompt_on(page)
    held = []
    here.context.route("**/api/ratings", lambda route: held.append(route))
    page.keyboard.press("4")
    expect(page.locator(".saving")).to_have_text("1 waiting, will be sent")
    page.keyboard.press("u")
    held[0].continue_()
    here.context.unroute("**/api/ratings")
    expect(page.locator(".saving")).to_have_text("saved ✓")
    expect(page.locator(".last")).to_have_text("undone: you gave 4")


def test_the_daily_goal_is_changed_in_place(visit, sprint_of_many_sorts):
    page = visit(sprint_of_many_sorts).signed_in("ambitious")
    press(page, "4")
    expect(page.locator(".own")).to_contain_text("streak 1 day")
    goal = page.get_by_role("button", name="Daily goal: 30. Change it")
    goal.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("spinbutton", name="Daily goal")
    expect(field).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    goal = page.get_by_role("button", name="Daily goal: 2. Change it")
    expect(goal).to_be_focused()
    expect(page.locator(".dots")).to_have_text("●●●●●○○○○○")
    expect_progress(page, 1, 1)
    press(page, "3")
    expect(page.locator(".dots")).to_have_class("dots full")
    expect(page.locator(".own")).to_contain_text("today 2, goal of 2 reached")
    page.reload()
    expect(page.get_by_role("button", name="Daily goal: 2. Change it")).to_be_visible()

    goal.click()
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(goal).to_be_visible()
    goal.click()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    expect(page.locator(".trouble")).to_have_text("The daily goal is a whole number from 1 to 1,000.")
    expect(page.get_by_role("button", name="Daily goal: 2. Change it")).to_be_visible()


def test_one_chooses_length_and_language_and_the_page_remembers(visit, sprint_of_many_sorts):
    here = visit(sprint_of_many_sorts)
    page = here.signed_in("chooser")
    prompt_on(page)
    page.get_by_text("Long", exact=True).click()
    expect(page.locator(".prompt-text")).to_contain_text("A long one.")
    page.reload()
    expect(page.get_by_label("Long")).to_be_checked()
    assert prompt_on(page).startswith("A long one.")
    press(page, "4")
    expect(page.locator(".prompt-text")).to_contain_text("Nothing left for you right now.")
    page.get_by_role("button", name="Take any length and language").click()
    prompt_on(page)
    expect(page.get_by_label("Any", exact=True)).to_be_checked()

    page.get_by_label("Language").select_option("de")
    expect(page.locator(".prompt-text")).to_contain_text("Eine kurze Aufgabe")
    expect(page.locator(".prompt-text")).to_have_attribute("lang", "de")
    for _ in range(2):
        assert prompt_on(page).startswith("Eine kurze Aufgabe")
        press(page, "3")
    expect(page.locator(".prompt-text")).to_contain_text("Nothing left for you right now.")
    assert axe_findings(page) == []


def test_the_choice_goes_with_every_request_and_names_no_source_or_kind(visit, sprint_of_many_sorts):
    here = visit(sprint_of_many_sorts)
    page = here.signed_in("asker")
    prompt_on(page)
    asked = []

    def note(request) -> None:
        if request.url.endswith(("/api/next", "/api/ratings")):
            asked.append(json.loads(request.post_data)["choice"])

    page.on("request", note)
    page.get_by_text("Short", exact=True).click()
    press(page, "3")
    expect(page.locator(".saving")).to_have_text("saved ✓")
    assert asked and all(each == {"length": "short", "language": None, "skipped": False} for each in asked)
    assert page.locator(".choice :text-matches('ultrachat|synthetic|human')").count() == 0


def test_what_one_skipped_comes_back_when_asked_for(visit, sprint_of_many_sorts):
    page = visit(sprint_of_many_sorts).signed_in("skips-all")
    skipped = []
    for _ in ROWS:
        skipped.append(prompt_on(page))
        press(page, "s")
    expect(page.locator(".prompt-text")).to_contain_text("Nothing left for you right now.")
    expect(page.locator(".saving")).to_have_text("saved ✓")
    page.get_by_role("button", name="Show what I skipped").click()
    seen = []
    for _ in ROWS:
        seen.append(prompt_on(page))
        press(page, "4")
    assert sorted(seen) == sorted(skipped)
    assert seen[0] == skipped[0], "the oldest skip first"
    page.get_by_role("button", name="Back to new prompts").click()
    expect(page.get_by_role("button", name="Watch the leaderboard")).to_be_visible()
    expect(page.get_by_role("button", name="Show what I skipped")).to_have_count(0)
    expect_progress(page, len(ROWS), len(ROWS))


def test_what_is_skipped_again_comes_to_an_end(visit, sprint_of_many_sorts):
    page = visit(sprint_of_many_sorts).signed_in("skips-twice")
    for _ in ROWS:
        press(page, "s")
    expect(page.locator(".saving")).to_have_text("saved ✓")
    page.get_by_role("button", name="Show what I skipped").click()
    for _ in ROWS:
        press(page, "s")
    expect(page.locator(".prompt-text")).to_contain_text("You have looked again at everything you skipped")
    page.get_by_role("button", name="Back to new prompts").click()
    page.get_by_role("button", name="Show what I skipped").click()
    prompt_on(page)


def test_a_stored_choice_that_means_nothing_does_no_harm(visit, sprint_of_many_sorts):
    here = visit(sprint_of_many_sorts)
    stored = json.dumps({"length": "endless", "language": "Klingon; DROP"})
    here.context.add_init_script(
        f"try {{ localStorage.setItem('choice', {json.dumps(stored)}); }} catch {{}}"
    )
    page = here.signed_in("tinkers")
    press(page, "4")
    expect_progress(page, 1, 1)
    expect(page.get_by_label("Any", exact=True)).to_be_checked()
