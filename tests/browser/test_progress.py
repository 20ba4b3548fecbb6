"""Progress where visitors look for it: the section that the bar opens, the big screen, the card for other sites."""

import re
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import axe_findings, expect_progress, press, prompt_on
from tests.serving import Serving, Visitor, command, rating

SECONDS = 1000


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with Serving(tmp_path_factory.mktemp("own"), RATINGS_PER_PROMPT=2) as serving:
        yield serving


@pytest.fixture
def own(running):
    """A sprint that these tests may close; each finds it open."""
    yield running
    organizes(running, "--state", "open", "--ends", "never")


def organizes(serving, *words):
    ended = command(serving.data_dir, "sprint", *words)
    assert ended.returncode == 0, ended.stderr


def test_the_bar_opens_the_section_by_keyboard_and_it_moves(visit, tmp_path):
    with Serving(tmp_path) as fresh:
        section_opens_and_moves(visit(fresh).signed_in("ada"))


def section_opens_and_moves(page):
    prompt_on(page)
    section = page.get_by_role("region", name="Progress")
    expect(section).to_be_hidden()
    button = page.get_by_role("button", name="Progress")
    button.focus()
    page.keyboard.press("Enter")
    expect(section).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page).to_have_url(re.compile(r"\?progress=open$"))
    rated = section.locator(".numbers > div", has=page.get_by_text("Ratings", exact=True)).locator("dd")
    expect(rated).to_have_text("0")
    expect(section).to_contain_text("The first rating is the first milestone.")
    expect(section).to_contain_text("A forecast needs three full days with ratings")
    page.evaluate("document.activeElement.blur()")
    press(page, "4")
    expect(rated).to_have_text("1")
    expect(section.locator(".milestones").first).to_contain_text("The first rating")
    expect(section.locator(".groups tbody tr").first).to_contain_text(re.compile(r"synthetic|human"))
    page.keyboard.press("Escape")
    expect(section).to_be_hidden()
    expect(button).to_be_focused()
    expect(page).to_have_url(re.compile("/$"))


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
@pytest.mark.parametrize("width", [360, pytest.param(1200, marks=pytest.mark.slow)])
def test_the_section_is_accessible_and_fits(visit, width, scheme):
    page = visit(width=width, scheme=scheme).open("/?progress=open")
    expect(page.locator(".groups tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # On a phone they would else float over it, their prompt out of sight.
    expect(page.locator(".answers")).not_to_have_css("position", "fixed")
    assert axe_findings(page) == []


@pytest.mark.slow
def test_a_link_opens_the_section_with_another_tab(visit):
    page = visit().open("/?tab=charts&progress=open")
    expect(page.get_by_role("region", name="Progress")).to_be_visible()
    expect(page.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Leaderboard").click()
    expect(page).to_have_url(re.compile(r"\?tab=leaderboard&progress=open$"))


@pytest.mark.slow
def test_what_if_asks_the_server_and_keeps_what_was_typed(own, visit):
    page = visit(own).open("/?progress=open")
    field = page.get_by_label("Ratings each")
    expect(field).to_have_value("2")
    prompts = int(page.locator("input[name=prompts]").input_value())
    field.fill("5")
    answer = page.locator(".what-if-answer")
    given = Visitor(own).get("/api/views/progress").json()["ratings"]
    expect(answer).to_contain_text(f"{5 * prompts - given} ratings would be missing.")
    bob = Visitor(own).signs_in("bob")
    bob.sends(rating(bob.asks()[0]["prompt_id"]))
    expect(answer).to_contain_text(f"{5 * prompts - given - 1} ratings would be missing.")
    expect(field).to_have_value("5")
    for nonsense in ("0", "2.5", ""):
        field.fill(nonsense)
        expect(answer).to_have_text("Ratings each: give a whole number from 1 to 100.")
    field.fill("4")
    page.get_by_label("Last day").fill("2001-01-01")
    expect(answer).to_contain_text("That day is over")


def test_the_card_says_that_the_sprint_is_paused_over_and_open_again(own, visit):
    page = visit(own).signed_in("paula")
    prompt_on(page)
    organizes(own, "--state", "paused")
    expect(page.locator(".prompt-text")).to_contain_text("The sprint is paused")
    expect(page.locator(".score").first).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".progress-left")).to_have_text("paused")
    organizes(own, "--state", "open", "--ends", "2099-01-01")
    prompt_on(page)
    expect(page.locator(".progress-left")).to_have_text(re.compile(r"^[\d,]+ days left$"))
    press(page, "3")
    expect_progress(page, 1, 1)
    organizes(own, "--state", "closed")
    expect(page.locator(".prompt-text")).to_contain_text("The sprint is over")
    visitor = visit(own).open()
    expect(visitor.locator(".prompt-text")).to_contain_text("The sprint is over")


@pytest.mark.slow
def test_what_was_rated_offline_and_arrives_after_the_end_is_kept_and_marked_late(own, visit):
    here = visit(own)
    page = here.signed_in("otto")
    prompt_on(page)
    here.context.set_offline(True)
    press(page, "4", "2")
    organizes(own, "--state", "closed")
    here.context.set_offline(False)
    expect_progress(page, 2, 2, timeout=30 * SECONDS)
    page.get_by_role("button", name="Progress").click()
    expect(page.locator(".outlook-state")).to_contain_text("2 ratings came in late.")


@pytest.mark.slow
def test_the_countdown_of_the_last_hour_counts_seconds(own, visit):
    page = visit(own).open()
    soon = datetime.now(UTC) + timedelta(minutes=10)
    organizes(own, "--ends", soon.isoformat(timespec="seconds"))
    left = page.locator(".progress-left")
    expect(left).to_have_text(re.compile(r"^9:\d\d left$"))
    before = left.inner_text()
    expect(left).not_to_have_text(before)


@pytest.fixture
def screen(own, visit):
    """The big screen of a sprint with a few ratings, its clock in our hands."""
    for name in ("ada", "bob"):
        someone = Visitor(own).signs_in(name)
        for prompt in someone.asks():
            someone.sends(rating(prompt["prompt_id"], 5))
    here = visit(own, width=1920)
    page = here.context.new_page()
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.clock.install()
    page.goto(own.address + "/screen")
    expect(page.locator(".goal-words")).to_contain_text("prompts have 2 ratings")
    return page


def shown(page):
    return page.locator(".slide:not([hidden])").get_attribute("data-slide")


def test_the_big_screen_shows_one_idea_after_the_other(screen):
    expect(screen.locator(".screen-place")).to_have_text(re.compile("● ○ ○ ○"))
    seen = []
    for _ in range(5):
        seen.append(shown(screen))
        screen.clock.run_for(20 * SECONDS)
    assert seen[:4] == ["goal", "hour", "people", "scores"]
    assert seen[4] in ("liked", "goal")


def test_the_big_screen_begins_with_the_goal_whatever_comes_first(own, visit):
    someone = Visitor(own).signs_in("ada")
    someone.sends(rating(someone.asks()[0]["prompt_id"], 5))
    page = visit(own).context.new_page()
    late = []
    page.route("**/api/views/progress", lambda route: late.append(route))
    page.goto(own.address + "/screen")
    expect(page.get_by_role("heading", name="in the last hour")).to_be_visible()
    late[0].continue_()
    expect(page.locator(".goal-words")).to_be_visible()


@pytest.mark.slow
def test_every_text_of_the_big_screen_can_be_read_from_afar(screen):
    for _ in range(5):
        small = screen.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter((one) => one.getClientRects().length && !one.closest("svg")
                  && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
                .filter((one) => parseFloat(getComputedStyle(one).fontSize) < innerHeight * 0.04)
                .map((one) => one.className + one.textContent)"""
        )
        assert small == []
        assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert axe_findings(screen) == []
        screen.clock.run_for(20 * SECONDS)


@pytest.mark.slow
def test_a_day_of_the_big_screen_leaves_nothing_behind(screen):
    def weight():
        return screen.evaluate("document.querySelectorAll('*').length")

    for _ in range(10):
        screen.keyboard.press("ArrowRight")
    before = weight()
    for _ in range(4 * 60):  # four rounds for each minute of an hour
        screen.keyboard.press("ArrowRight")
    while shown(screen) != "goal":
        screen.keyboard.press("ArrowRight")
    assert weight() <= before + 30


@pytest.mark.slow
def test_the_big_screen_comes_back_when_the_server_does(screen, own):
    own.stop()
    screen.clock.run_for(10 * SECONDS)
    expect(screen.locator(".screen-state")).to_contain_text("Not connected")
    own.start()
    organizes(own, "--title", "After the break")
    for _ in range(20):
        screen.clock.run_for(10 * SECONDS)
        if screen.locator(".screen-title").inner_text() == "After the break":
            break
    expect(screen.locator(".screen-title")).to_have_text("After the break")
    expect(screen.locator(".screen-state")).to_have_text("")


@pytest.mark.slow
def test_the_big_screen_loads_itself_anew_when_there_is_a_new_version(screen):
    screen.evaluate("window.old = true")
    screen.route(
        "**/screen",
        lambda route: (
            route.fulfill(status=200, headers={"ETag": '"new"'})
            if route.request.method == "HEAD"
            else route.continue_()
        ),
    )
    with screen.expect_navigation():
        screen.clock.run_for(301 * SECONDS)
    expect(screen.locator(".goal-words")).to_contain_text("prompts have")
    assert screen.evaluate("window.old") is None


@pytest.fixture
def another_site():
    """A site of its own that answers every request with the page it is given."""

    class Answer(BaseHTTPRequestHandler):
        page = b""

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(Answer.page)

        def log_message(self, *words):
            pass

    def serve(page):
        Answer.page = page.encode()
        return f"http://localhost:{server.server_port}/"

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever).start()
        yield serve
        server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
def test_the_card_for_other_sites_moves_inside_a_page_of_another(chromium, own, another_site, scheme):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 360, "height": 400})
    page = context.new_page()
    card = f'<iframe src="{own.address}/embed" width="340" height="180" title="card"></iframe>'
    page.goto(another_site(card))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".goal-words")).to_contain_text("of prompts have 2 ratings")
    before = frame.locator(".embed-numbers").inner_text()
    someone = Visitor(own).signs_in(f"someone-{scheme}")
    someone.sends(rating(someone.asks()[0]["prompt_id"]))
    expect(frame.locator(".embed-numbers")).not_to_have_text(before)
    link = frame.get_by_role("link", name="Rate prompts")
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/", "_blank")
    assert frame.locator("body").evaluate("(body) => body.scrollHeight <= innerHeight")
    alone = context.new_page()
    alone.goto(own.address + "/embed")
    expect(alone.locator(".embed-numbers")).to_have_text(re.compile(r"\d ratings? by \d"))
    assert axe_findings(alone) == []
    context.close()


def test_progress_of_a_sprint_without_prompts_says_so_and_has_no_title_over_nothing(visit, tmp_path):
    file = tmp_path / "one.jsonl"
    file.write_text('{"prompt": "A prompt.", "source": "s", "kind": "human"}')
    with Serving(tmp_path / "sprint", PROMPTS=file) as serving:
        brought = command(serving.data_dir, "import", "--list").stdout.split()[0]
        assert command(serving.data_dir, "undo-import", brought).returncode == 0
        page = visit(serving, width=360).open()
        page.locator(".progress-open").click()
        expect(page.locator(".outlook-finish")).to_have_text(
            "There are no prompts yet: an organizer brings them in."
        )
        expect(page.get_by_role("heading", name="Coverage by source and kind")).to_be_hidden()
        page.get_by_role("tab", name="Charts").click()
        words = page.locator(".chart-empty").locator("visible=true").first
        expect(words).to_have_css("padding-left", "16px")
