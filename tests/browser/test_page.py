"""The page around the screens: tabs and their addresses, who sees Organize, prompts that mean harm."""

import json
import re
import time
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ORGANIZER, press, prompt_on, sign_in
from tests.serving import Serving

HOSTILE = (
    '<img src=x onerror="window.harmed=1"><script>window.harmed=2</script>',
    "[a link](javascript:window.harmed=3) {{7*7}} ${7*7} {% raw %}",
    "\u202eright to left\u202c and zero\u200bwidth and \u0000 nothing".replace("\u0000", ""),
    "<svg onload=window.harmed=4>" + "very long " * 3000,
    "اكتب قصة قصيرة عن قطة تعيش في مكتبة",
)
HARMFUL_SOURCE = "<img src=x onerror=window.harmed=5>"


def test_an_address_opens_its_tab_and_back_goes_back(visit):
    page = visit().open("/?tab=charts")
    expect(page.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Leaderboard").click()
    expect(page).to_have_url(re.compile(r"\?tab=leaderboard$"))
    page.get_by_role("tab", name="Rate").click()
    expect(page).to_have_url(re.compile("/$"))
    page.go_back()
    expect(page.get_by_role("tab", name="Leaderboard")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")


def test_a_tab_that_is_pressed_before_the_address_opened_its_own_stays_open(visit):
    here = visit()
    held = []
    here.context.route("**/page/page.js", lambda route: held.append(route))
    page = here.context.new_page()
    page.goto(f"{here.address}/?tab=charts")
    leaderboard = page.get_by_role("tab", name="Leaderboard")
    leaderboard.click()
    expect(leaderboard).to_have_attribute("aria-selected", "true")
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"\?tab=leaderboard$"))
    expect(leaderboard).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize(
    "lost", ["card.js", *(pytest.param(one, marks=pytest.mark.slow) for one in ("page.js", "queue.js"))]
)
def test_a_part_whose_script_is_lost_on_the_way_asks_for_it_again(visit, lost):
    here = visit()
    asked = []

    def lose_the_first(route):
        asked.append(route.request.url)
        route.abort() if len(asked) < 3 else route.continue_()

    here.context.route(f"**/page/{lost}", lose_the_first)
    page = here.context.new_page()
    page.goto(here.address)
    sign_in(page, f"lossy-{lost[0]}")
    prompt_on(page)
    assert len(asked) == 3


def test_a_part_whose_script_is_broken_says_so_and_can_be_read(visit):
    here = visit()
    broken = {"content_type": "text/javascript", "body": "null.broken"}
    here.context.route("**/page/card.js", lambda route: route.fulfill(**broken))
    # Word of the error comes some time after what the page does about it.
    with here.context.expect_event("weberror"):
        page = here.open()
    expect(page.locator(".card")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('.card').closest('[inert]')")
    [error] = here.errors
    assert "null" in error
    here.errors.clear()


def test_organize_is_for_organizers(visit):
    page = visit().open("/?tab=organize")
    expect(page.get_by_role("tab", name="Rate")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Organize")).to_be_hidden()
    page = visit().signed_in("nobody-special", "/?tab=organize")
    expect(page.get_by_role("tab", name="Organize")).to_be_hidden()


def test_an_organizer_downloads_a_snapshot(visit, tmp_path):
    here = visit()
    # The button is to be seen before its script has come; a click must not be lost in between.
    here.context.route("**/page/snapshot.js", lambda route: (time.sleep(1), route.continue_()))
    here.signed_in(ORGANIZER).close()
    page = here.open("/?tab=organize&section=snapshots")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Download a snapshot").click()
    expect(page.locator(".download-state")).to_have_text("The snapshot is in your downloads.")
    download.value.save_as(tmp_path / "snapshot.zip")
    names = zipfile.ZipFile(tmp_path / "snapshot.zip").namelist()
    assert any(name.endswith(".parquet") for name in names), names


@pytest.fixture
def hostile(tmp_path, prompts_file):
    rows = ({"prompt": text, "context": text, "source": HARMFUL_SOURCE, "kind": "human"} for text in HOSTILE)
    prompts_file.write_text("\n".join(json.dumps(row) for row in rows))
    with Serving(tmp_path / "hostile", PROMPTS=prompts_file, SPRINT_TITLE="<b>Sprint</b>") as serving:
        yield serving


def test_prompts_that_mean_harm_are_shown_and_never_run(visit, hostile):
    page = visit(hostile).signed_in("<i>ada</i>")
    expect(page.locator(".progress-title")).to_have_text("<b>Sprint</b>")
    shown = []
    for _ in HOSTILE:
        shown.append(prompt_on(page))
        assert page.locator(".prompt-text *, .context-text *").count() == 0
        page.locator(".context summary").click()
        press(page, "1")
    expect(page.locator(".prompt-text")).to_contain_text("Nothing left for you right now.")
    assert HOSTILE[0] in shown
    expect(page.locator(".last")).to_contain_text(HARMFUL_SOURCE)
    for tab, sign in (("Leaderboard", ".standings .own"), ("Charts", ".chart-plot .main-svg")):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(sign).first).to_be_visible()
    assert page.evaluate("window.harmed") is None
