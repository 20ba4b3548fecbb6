"""The leaderboard in a browser: one's own place, how others see one, teams, search, and the switches."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_findings, expect_all_sent, expect_progress, press
from tests.serving import Serving, Visitor, command, rating

PEOPLE = {"ann": 14, "ben": 9, "cat": 6, "dan": 3}


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Iterator[Serving]:
    """A sprint in which four people have rated, each fewer prompts than the one before."""
    folder = tmp_path_factory.mktemp("people")
    with Serving(folder, RATINGS_PER_PROMPT=6, RATINGS_PER_MINUTE=0) as serving:
        for name, number in PEOPLE.items():
            one = Visitor(serving).signs_in(name)
            one.put("/api/my/visibility", json={"visibility": "name"}).raise_for_status()
            one.put("/api/my/team", json={"team": "Night shift"}).raise_for_status()
            for _ in range(number):
                one.sends(rating(one.asks(1)[0]["prompt_id"])).raise_for_status()
        yield serving


@pytest.fixture
def watching(visit: Callable, people: Serving) -> Callable[..., Page]:
    """A page of the leaderboard, of somebody who only looks."""
    return lambda path="/?tab=leaderboard", **how: visit(people, **how).open(path)


def board(page: Page):
    return page.locator(".board-rows .standing-name")


def test_a_newcomer_is_asked_how_to_be_seen_and_every_page_follows(visit, people, watching):
    name = "Newcomer"
    watcher = watching()
    page = visit(people, width=360, scheme="dark").signed_in(name)
    question = page.locator("#rate .presence-question")
    expect(question).to_be_visible()
    given = question.locator("b").inner_text()
    # Nobody has to answer it before they rate.
    press(page, "4", "4", "5", "3")
    expect_progress(page, 4, 4)
    expect_all_sent(page)
    expect(watcher.locator(".board-rows")).to_contain_text(given)
    expect(watcher.locator(".board-rows")).not_to_contain_text(name)

    page.get_by_role("tab", name="Leaderboard").click()
    own = page.locator(".board-own")
    expect(own.locator("li.own")).to_contain_text(given)
    assert own.locator("li").count() >= 3
    expect(page.locator(".board-rows li.own")).to_contain_text(given)
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#leaderboard .presence-question").get_by_role("button", name=f"As {name}").click()
    expect(page.locator("#leaderboard .presence-question")).to_be_hidden()
    expect(watcher.locator(".board-rows")).to_contain_text(name)
    expect(watcher.locator(".board-rows")).not_to_contain_text(given)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Your card to share").click()
    assert downloading.value.path().read_bytes()[:4] == b"\x89PNG"

    page.locator(".account-open").click()
    dialog = page.get_by_role("dialog", name="How others see you")
    assert axe_findings(page) == []
    dialog.get_by_label("Nickname", exact=True).fill("ann")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("status")).to_contain_text("Somebody else is called so")
    dialog.get_by_label("Nickname", exact=True).fill("Moth")
    dialog.get_by_label("Team", exact=False).fill("night SHIFT")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(watcher.locator(".board-rows")).to_contain_text("Moth")
    expect(watcher.locator(".board-rows")).not_to_contain_text(name)
    expect(watcher.locator(".board-teams")).to_contain_text("Night shift")

    page.locator(".account-open").click()
    dialog.get_by_label("not at all").check()
    page.keyboard.press("Enter")
    expect(own.locator(".board-own-words")).to_contain_text("You are hidden from others; you would be number")
    expect(watcher.locator(".board-rows")).not_to_contain_text("Moth")
    expect(watcher.locator(".board-state")).to_contain_text("hidden, and counted")


def test_what_each_rating_earned_stands_in_my_ratings(visit, people):
    page = visit(people).signed_in("earner")
    press(page, "4", "4")
    expect_progress(page, 2, 2)
    expect_all_sent(page)
    page.get_by_role("tab", name="My ratings").click()
    expect(page.locator(".ledger-sum")).to_have_text(re.compile(r"^\d points: 2 for 2 ratings"))
    expect(page.locator(".ledger-earned")).to_have_count(2)
    row = page.locator(".ledger-row").first
    row.get_by_role("button", name="Withdraw").click()
    expect(row.locator(".ledger-earned")).to_have_count(0)


def test_anybody_searches_turns_to_periods_and_reads_the_formula(watching):
    page = watching()
    expect(board(page)).to_contain_text(["ann", "ben", "cat", "dan"])
    assert axe_findings(page) == []
    page.get_by_label("Find a contributor or a team").fill("BEN")
    expect(board(page)).to_have_text(["ben"])
    page.get_by_label("Find a contributor or a team").fill("%")
    expect(page.locator(".board-state")).to_contain_text("Nobody is called so")
    page.get_by_label("Find a contributor or a team").fill("")
    expect(board(page)).to_contain_text(["ann", "ben", "cat", "dan"])
    for name in ("Today", "7 days", "All", "Sprint"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
        expect(board(page)).to_contain_text(["ann"])
    page.get_by_text("How points are counted").click()
    expect(page.locator(".board-formula li")).to_have_text(
        [
            "1 point for each rating",
            "2 points more if it completes a prompt",
            "1 point more if the source is thin",
        ]
    )
    expect(page.locator(".board-own")).to_be_hidden()


def test_a_milestone_is_told_when_it_is_reached(visit, people):
    page = visit(people).signed_in("miles")
    press(page, *"4" * 10)
    expect(page.locator(".own-rest")).to_contain_text("milestone: 10 ratings")
    expect(page.locator("#voice")).to_contain_text("Milestone: 10 ratings.")


def test_the_big_screen_shows_the_top_of_today(people, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{people.address}/screen")
    expect(page.locator(".screen-title")).to_have_text("Prompt Sprint")
    slide = page.locator('[data-slide="people"]')
    for _ in range(8):
        page.wait_for_timeout(300)
        if slide.is_visible():
            break
        page.keyboard.press("ArrowRight")
    expect(slide.locator("h2")).to_contain_text("rated today, by points")
    expect(slide.locator(".top-name").first).to_have_text("ann")
    expect(slide.locator(".top-ratings").first).to_have_text(re.compile(r"^\d+$"))
    page.close()


def test_without_points_or_a_ranking_the_page_says_so_and_keeps_the_totals(people, watching):
    """The last one here: it switches things off for all."""
    page = watching()
    expect(page.locator(".board-rows .standing-value").first).to_contain_text("points")
    assert "points: off" in command(people.data_dir, "sprint", "--points", "off", "--teams", "off").stdout
    expect(page.locator(".board-rows .standing-value").first).to_contain_text("ratings")
    expect(page.locator(".board-teams")).to_be_hidden()
    expect(page.locator(".board-formula")).to_be_hidden()
    # What is asked for a part at a time says the same as the view.
    page.get_by_label("Find a contributor or a team").fill("ben")
    expect(board(page)).to_have_text(["ben"])
    expect(page.locator(".board-rows li")).to_contain_text("9 ratings")
    expect(page.locator(".board-rows li")).not_to_contain_text("point")
    page.get_by_label("Find a contributor or a team").fill("")
    command(people.data_dir, "sprint", "--ranking", "off")
    expect(page.locator(".board-state")).to_contain_text("keep no ranking")
    expect(board(page)).to_have_count(0)
    expect(page.locator(".leaderboard .totals")).to_have_text(re.compile(r"^\d+ ratings by \d+ people"))
    assert "Everything agrees" in command(people.data_dir, "audit").stdout
