"""Running a sprint on the page: settings, moderation, contributors and the log of what was done."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ORGANIZER, axe_findings
from tests.serving import Serving, Visitor, rating

SECTIONS = ("Progress", "Moderation", "Contributors", "Settings", "Activity")


@pytest.fixture(scope="module")
def sprint(tmp_path_factory):
    """A sprint that Ada has rated in, flagged prompts in it."""
    with Serving(tmp_path_factory.mktemp("organize"), ORGANIZERS=ORGANIZER) as serving:
        with Visitor(serving) as ada:
            held = ada.signs_in("ada").asks()
            ada.sends(*(rating(prompt["prompt_id"], 4, shown_ms=3000) for prompt in held[:3]))
            ada.sends(
                *(
                    rating(prompt["prompt_id"], None, action="flagged", reason=reason)
                    for prompt, reason in zip(held[3:], ("spam", "broken"), strict=True)
                )
            ).raise_for_status()
        yield serving


def section(page: Page, name: str) -> None:
    page.locator(".sections").get_by_role("button", name=name).click()


def test_a_prompt_is_retired_and_that_is_undone_and_its_metadata_are_edited(visit, sprint):
    page = visit(sprint).signed_in(ORGANIZER, "/?tab=organize&section=moderation")
    row = page.locator(".moderation > li").first
    expect(page.locator(".moderation > li")).to_have_count(2)
    row.get_by_role("button", name="Retire").click()
    expect(row.locator(".moderated-state")).to_contain_text("Retired.")
    row.get_by_role("button", name="Undo").click()
    expect(row.locator(".moderated-state")).not_to_contain_text("Retired.")
    row.get_by_role("button", name="Edit metadata").click()
    metadata = json.loads(row.get_by_role("textbox", name="Metadata").input_value())
    row.get_by_role("textbox", name="Metadata").fill("{")
    row.get_by_role("button", name="Save").click()
    expect(row.locator(".trouble-line")).to_contain_text("no JSON")
    row.get_by_role("textbox", name="Metadata").fill(json.dumps(metadata | {"topic": "heat"}))
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_role("textbox", name="Metadata")).to_have_count(0)
    section(page, "Activity")
    expect(page.locator(".acts > li").first).to_contain_text(f"{ORGANIZER} edited the metadata of a prompt")
    page.go_back()
    expect(page.locator("#moderation-title")).to_be_visible()


def test_somebody_is_excluded_after_it_was_said_what_that_does_and_readmitted(visit, sprint):
    page = visit(sprint).signed_in(ORGANIZER, "/?tab=organize&section=contributors")
    row = page.locator(".people tbody tr", has=page.get_by_role("rowheader", name="ada"))
    more = page.locator(".person-more:not([hidden])")
    row.get_by_role("button", name="Manage").click()
    more.get_by_role("button", name="Exclude …").click()
    expect(more).to_contain_text("This takes 3 ratings out of everything that is counted")
    page.keyboard.type("the same score for everything")
    page.keyboard.press("Enter")
    expect(row.locator(".badge", has_text="excluded")).to_be_visible()
    expect(page.locator(".standings li", has_text="ada")).to_have_count(0)
    more.get_by_role("button", name="Readmit").click()
    expect(row.locator(".badge")).to_have_count(0)
    expect(row).to_contain_text("3 s")


def test_settings_are_saved_and_who_was_later_is_told(visit, sprint):
    one = visit(sprint).signed_in(ORGANIZER, "/?tab=organize&section=settings")
    other = visit(sprint).signed_in(ORGANIZER, "/?tab=organize&section=settings")
    for page in (one, other):
        expect(page.locator(".settings [name=title]")).to_have_value("Prompt Sprint")
    one.locator(".settings [name=title]").fill("The first")
    one.locator(".settings [name=description]").fill("Rated together.")
    one.locator(".settings [name=guidelines]").fill("# Be kind")
    one.get_by_role("button", name="Save", exact=True).click()
    expect(one.locator(".settings-state")).to_contain_text("Saved.")
    expect(one.locator(".progress-title")).to_have_text("The first")
    other.locator(".settings [name=title]").fill("The second")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator(".settings-state")).to_contain_text("Nothing was saved")
    expect(other.locator(".settings-state")).to_contain_text("The first")
    # What they wrote is there still, what they did not touch is as it stands now.
    expect(other.locator(".settings [name=title]")).to_have_value("The second")
    expect(other.locator(".settings .stands-now")).to_have_text("Stands there now: “The first”")
    expect(other.locator(".settings [name=description]")).to_have_value("Rated together.")
    other.get_by_role("button", name="Save over what stands there now").click()
    expect(other.locator(".settings-state")).to_contain_text("Saved.")
    watcher = visit(sprint).open("/")
    expect(watcher.locator(".progress-title")).to_have_text("The second")
    expect(watcher.locator(".progress-description")).to_have_text("Rated together.")
    expect(watcher.locator(".guidelines-text h2")).to_have_text("Be kind")


def test_every_section_can_be_used_on_a_phone_and_by_everybody(visit, sprint):
    page = visit(sprint, width=360, scheme="dark").signed_in(ORGANIZER, "/?tab=organize")
    for name in SECTIONS:
        section(page, name)
        heading = page.get_by_role("heading", level=2, name=name).last
        expect(heading).to_be_visible()
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert axe_findings(page) == [], name


LONG = "Describe how a bicycle stays upright while it is moving so that somebody who has never ridden one can see it."


@pytest.mark.parametrize(
    ("width", "scheme"), [pytest.param(1200, "light", marks=pytest.mark.slow), (360, "dark")]
)
def test_prompts_are_looked_at_brought_in_compared_and_taken_back(visit, sprint, width, scheme, tmp_path):
    file = tmp_path / f"questions-{width}.csv"
    file.write_text(f"Question,who\n{width} {LONG},me\n{width} {LONG.replace('ridden', 'seen')},you\n,me\n")
    page = visit(sprint, width=width, scheme=scheme)
    page = page.signed_in(ORGANIZER, "/?tab=organize&section=prompts")
    page.locator(".import-origin input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".import-rows > li")).to_have_count(3)
    expect(page.locator(".import-rows .rejected")).to_have_text("The prompt is empty.")
    expect(page.locator("select[name=column-prompt]")).to_have_value("Question")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".import-report")).to_contain_text("3 read, 2 added, 0 already there, 1 rejected.")
    expect(page.get_by_role("button", name=f"Undo the import of {file.name}")).to_be_visible()
    page.get_by_role("button", name="Compare all prompts").click()
    pair = page.locator(".duplicates-pairs > li", has_text=f"{width} Describe")
    expect(pair.locator(".import-text")).to_have_count(2)
    pair.get_by_role("button", name="Rate only the first").click()
    expect(pair.locator(".duplicates-decided")).to_contain_text("only the first is rated")
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name=f"Undo the import of {file.name}").click()
    expect(page.locator(".import-list-state")).to_have_text("2 prompts were taken back.")
    section(page, "Activity")
    expect(page.locator(".acts > li").first).to_contain_text("took back an import of 2 prompts")


def test_an_import_that_brought_its_ratings_offers_no_undo(visit, tmp_path):
    rated = {
        "prompt": "Name a river.",
        "metadata": '{"source": "rivers", "kind": "human"}',
        "quality": {"user_id": ["a" * 32], "value": ["3"], "status": ["submitted"]},
    }
    file = tmp_path / "rated.jsonl"
    file.write_text(json.dumps(rated))
    with Serving(tmp_path / "sprint", PROMPTS=file, ORGANIZERS=ORGANIZER) as serving:
        page = visit(serving).signed_in(ORGANIZER, "/?tab=organize&section=prompts")
        imported = page.locator(".import-list").first
        expect(imported.locator("li")).to_contain_text("rated.jsonl: 1 prompt, 1 rating")
        expect(imported.get_by_role("button")).to_have_count(0)
