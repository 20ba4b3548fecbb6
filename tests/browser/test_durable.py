"""What was confirmed stays in the browser until the backup has it, and fills the gap when a sprint comes back with less."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    axe_findings,
    expect_all_sent,
    expect_progress,
    press,
    prompt_on,
    rows,
    sign_in,
)
from tests.serving import BackedUp, command

RATINGS = "**/api/ratings"


@pytest.fixture
def backed_up(tmp_path: Path) -> Iterator[BackedUp]:
    with BackedUp(tmp_path) as serving:
        yield serving


@pytest.fixture(scope="module")
def not_getting_through(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackedUp]:
    """A sprint whose backup has nothing of what is rated now."""
    with BackedUp(tmp_path_factory.mktemp("jammed"), RATINGS_PER_PROMPT=50) as serving:
        serving.take_away_backup()
        yield serving


def expect_kept(page: Page, number: int) -> None:
    """Wait until this browser keeps so many events that are confirmed."""
    page.wait_for_function(
        "(number) => Object.keys(localStorage).filter((key) => key.startsWith('kept/')).length === number",
        arg=number,
    )


def expect_known(page: Page, ratings: int) -> None:
    """Wait until the sprint itself knows of so many ratings of the one who is signed in."""
    page.wait_for_function(
        "async (ratings) => (await (await fetch('/api/session')).json()).me?.ratings === ratings", arg=ratings
    )


def of_the_store_that_is(page: Page) -> bool:
    """Whether all that is kept here was confirmed by the store there is now."""
    return page.evaluate("""async () => {
        const { epoch } = await (await fetch("/healthz")).json();
        const kept = Object.entries(localStorage).filter(([key]) => key.startsWith("kept/"));
        return kept.every(([, row]) => JSON.parse(row).epoch === epoch);
    }""")


@pytest.mark.slow
def test_without_a_backup_on_ones_own_machine_nothing_is_kept(visit):
    page = visit().signed_in("nothing-kept")
    press(page, "4", "s", "2")
    expect_progress(page, 2, 2)
    expect_all_sent(page)
    assert rows(page, "kept") == []


@pytest.mark.slow
def test_what_the_backup_has_is_kept_no_longer_whatever_tab_is_open(visit, backed_up):
    page = visit(backed_up).signed_in("ada")
    kept = page.evaluate_handle("""() => {
        const seen = { most: 0 };
        const count = () => Object.keys(localStorage).filter((key) => key.startsWith("kept/")).length;
        setInterval(() => (seen.most = Math.max(seen.most, count())), 5);
        return seen;
    }""")
    press(page, "4", "2", "s")
    page.get_by_role("tab", name="Leaderboard").click()
    expect_all_sent(page)
    expect_kept(page, 0)
    assert kept.evaluate("(seen) => seen.most") > 0
    # Whoever has nothing to wait for asks no more.
    with page.expect_response(lambda response: response.url.endswith("/api/views")):
        pass
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(5000)
    assert not [url for url in asked if url.endswith("/durable")]


def test_an_open_page_fills_the_gap_between_the_backup_and_what_was_confirmed(visit, backed_up):
    page = visit(backed_up).signed_in("ada")
    press(page, "4", "s", "2")
    expect_all_sent(page)
    expect_kept(page, 0)
    backed_up.take_away_backup()
    press(page, "d", "u", "5", "1")
    expect(page.locator(".saving")).to_have_text("saved ✓")
    expect_all_sent(page)
    expect_kept(page, 4)
    backed_up.lose_disk()
    backed_up.put_back_backup()
    backed_up.start()
    expect_known(page, 4)
    expect_progress(page, 4, 4)
    expect(page.locator(".saving")).to_have_text("saved ✓")
    expect_all_sent(page)
    expect_kept(page, 0)
    backed_up.stop()
    assert "Everything agrees." in command(backed_up.data_dir, "audit").stdout


@pytest.fixture
def six_prompts(tmp_path: Path, prompts_file: Path) -> Iterator[BackedUp]:
    rows = ({"prompt": f"Prompt {n}", "source": "s", "kind": "human"} for n in range(6))
    prompts_file.write_text("\n".join(map(json.dumps, rows)))
    with BackedUp(tmp_path, PROMPTS=prompts_file) as serving:
        yield serving


@pytest.mark.slow
def test_a_page_opened_later_fills_the_gap_and_asks_nothing_twice(visit, six_prompts):
    here = visit(six_prompts)
    page = here.signed_in("later")
    six_prompts.take_away_backup()
    press(page, "4", "s", "2", "1", "5")
    expect_all_sent(page)
    left = prompt_on(page)
    page.close()
    six_prompts.lose_disk()
    six_prompts.put_back_backup()
    six_prompts.start()
    page = here.open()
    expect_known(page, 4)
    expect(page.locator(".prompt-text")).to_have_text(left)
    press(page, "3")
    expect(page.locator(".prompt-text")).to_contain_text("Nothing left for you right now.")


@pytest.mark.slow
def test_two_pages_fill_the_gap_once(visit, backed_up):
    here = visit(backed_up)
    one = here.signed_in("both")
    other = here.open()
    backed_up.take_away_backup()
    press(one, "4", "3")
    press(other, "5", "s")
    expect_progress(other, 3, 3)
    expect_all_sent(one)
    backed_up.lose_disk()
    backed_up.put_back_backup()
    backed_up.start()
    expect_known(one, 3)
    for page in (one, other):
        expect_progress(page, 3, 3)
    expect_all_sent(one)
    backed_up.stop()
    assert "Everything agrees." in command(backed_up.data_dir, "audit").stdout


@pytest.mark.slow
def test_what_is_kept_waits_for_its_own_person(visit, backed_up):
    here = visit(backed_up)
    page = here.signed_in("owner")
    backed_up.take_away_backup()
    press(page, "4", "2")
    expect_all_sent(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".ask")).to_have_text("You are signed out. Sign in to go on rating.Your nameSign in")
    backed_up.lose_disk()
    backed_up.put_back_backup()
    backed_up.start()
    page.reload()
    sign_in(page, "somebody-else")
    press(page, "1")
    expect_known(page, 1)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "owner")
    expect_known(page, 2)
    expect_progress(page, 2, 2)
    expect_all_sent(page)


@pytest.mark.slow
def test_deleting_the_account_leaves_nothing_of_it_here(visit, not_getting_through):
    page = visit(not_getting_through).signed_in("leaver")
    press(page, "4", "2")
    expect_all_sent(page)
    expect_kept(page, 2)
    page.get_by_role("tab", name="My ratings").click()
    page.get_by_role("button", name="Delete my account …").click()
    page.locator(".farewell-form input").fill("leaver")
    page.get_by_role("button", name="Delete my account and all I did").click()
    expect(page.get_by_role("dialog")).to_contain_text("Your account is deleted")
    assert rows(page, "kept") == rows(page) == []


def keep(page: Page, number: int) -> None:
    """Leave so many confirmed events in the browser, one each second up to now."""
    page.evaluate(
        """async (number) => {
            const { epoch } = await (await fetch("/healthz")).json();
            const key = localStorage.getItem("signed-in");
            for (let n = 0; n < number; n += 1) {
                const event_id = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
                const row = { event_id, prompt_id: "a-prompt", action: "skipped", epoch, writer: "w", number: n,
                    happened_at: Date.now() - 1000 * (number - n) };
                localStorage.setItem(`kept/${key}/${event_id}`, JSON.stringify(row));
            }
        }""",
        number,
    )
    page.reload()


def never_durable(route) -> None:
    """Answer as a sprint does that is on a disk which is emptied, and has no backup."""
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "durable_seq": None})


@pytest.mark.slow
def test_where_nothing_is_not_getting_through_the_last_thousand_are_kept(visit, not_getting_through):
    here = visit(not_getting_through)
    here.context.route(RATINGS, never_durable)
    page = here.signed_in("collector")
    keep(page, 999)
    press(page, "4", "2", "5")
    expect(page.locator(".saving")).to_have_text("saved ✓")
    expect_all_sent(page)
    left = sorted(row.rpartition("/")[2] for row in rows(page, "kept"))
    assert len(left) == 1000
    assert [int(event_id[-12:]) for event_id in left if event_id.startswith("00000000-0000")] == list(
        range(2, 999)
    )


@pytest.mark.slow
def test_in_a_full_browser_what_is_confirmed_makes_room_for_what_waits(visit, not_getting_through):
    here = visit(not_getting_through)
    page = here.signed_in("hoarder")
    prompt_on(page)
    keep(page, 500)
    prompt_on(page)
    page.evaluate("""() => {
        let text = "x".repeat(1_000_000);
        for (let n = 0; text; n += 1) {
            try { localStorage.setItem(`fill-${n}`, text); } catch { text = text.slice(0, text.length / 2); }
        }
    }""")
    here.context.route(RATINGS, lambda route: route.abort())
    press(page, "4", "2", "s")
    expect(page.locator(".saving")).to_have_text("not connected, 3 waiting")
    assert len(rows(page)) == 3
    expect_kept(page, 400)


@pytest.mark.slow
def test_kept_events_are_no_news_to_the_one_who_rates(visit, not_getting_through):
    page = visit(not_getting_through).signed_in("calm")
    press(page, "4", "2")
    expect_kept(page, 2)
    expect(page.locator(".saving")).to_have_text("saved ✓")
    kept = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('kept/')).map(([, row]) => row)"
    )
    assert {
        frozenset({"epoch", "writer", "number", "happened_at"}) <= json.loads(row).keys() for row in kept
    } == {True}


@pytest.mark.slow
def test_while_the_sprint_is_brought_back_one_goes_on_rating_and_hears_how_far_it_is(visit, backed_up):
    here = visit(backed_up)
    page = here.signed_in("patient")
    watcher = here.open("/?tab=leaderboard")
    press(page, "4")
    expect_all_sent(page)
    expect_kept(page, 0)
    page.wait_for_function("async () => (await (await fetch('/api/views/progress')).json()).ratings === 1")
    prompt_on(page)
    backed_up.lose_disk()
    backed_up.take_away_backup()
    backed_up.start(until="restoring")
    banner = page.locator(".restoring")
    press(page, "2", "5")
    expect(banner).to_contain_text("cannot be brought back from the folder")
    expect(banner).to_contain_text("There is no folder")
    expect(page.locator(".saving")).to_have_text("2 waiting until the sprint is back")
    assert axe_findings(page) == []
    press(page, "s", "s", "d")
    expect(page.locator(".prompt-text")).to_contain_text("What you have rated waits in this browser")
    newcomer = visit(backed_up).context.new_page()
    newcomer.goto(backed_up.address)
    expect(newcomer.locator(".restoring")).to_contain_text("There is no folder")
    expect(newcomer.locator(".prompt-text")).to_contain_text("The sprint is being brought back.")
    expect(watcher.locator(".restoring")).to_contain_text("There is no folder")
    backed_up.put_back_backup()
    expect(banner).to_be_hidden(timeout=60_000)
    expect_known(page, 3)
    expect(page.locator(".saving")).to_have_text("saved ✓")
    expect_all_sent(page)
    prompt_on(page)
    expect_progress(page, 3, 3)
    prompt_on(newcomer)
    expect(watcher.locator(".standings")).to_contain_text("3 ratings")
