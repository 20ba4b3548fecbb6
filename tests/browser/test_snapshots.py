"""Snapshots on the page: what would change is shown first, then it is pushed, and can be opened."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ORGANIZER, axe_findings, press
from tests.serving import Serving


@pytest.fixture
def on_the_hub(tmp_path, hub):
    """A sprint with a token for the Hub."""
    places = {"HF_ENDPOINT": hub.address, "HF_HUB_OFFLINE": 0, "HF_HOME": tmp_path / "home"}
    with Serving(tmp_path / "data", ORGANIZERS=ORGANIZER, HF_TOKEN="hf_alice", **places) as serving:
        yield serving


def test_a_preview_a_push_and_its_link(visit, on_the_hub, hub):
    page = visit(on_the_hub).signed_in(ORGANIZER)
    press(page, "4", "2")
    page.get_by_role("tab", name="Organize").click()
    page.get_by_role("button", name="Snapshots").click()
    push = page.get_by_role("button", name="Push", exact=True)
    page.get_by_role("textbox", name="Dataset").fill("sprint/prompts")
    expect(push).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".snapshot-words")).to_contain_text(
        "sprint/prompts would be v1: prompts 2, ratings 2"
    )
    page.get_by_text("The card", exact=True).click()
    expect(page.locator(".snapshot-card pre")).to_contain_text("## Dataset summary")
    push.click()
    expect(page.get_by_role("link", name="Open it on the Hub")).to_have_attribute(
        "href", f"{hub.address}/datasets/sprint/prompts/tree/v1"
    )
    expect(page.locator(".snapshot-list")).to_contain_text("sprint/prompts v1 with 2 prompts and 2 ratings")
    page.get_by_role("textbox", name="Dataset").fill("bob/prompts")
    expect(push).to_have_attribute("aria-disabled", "true")
    assert axe_findings(page) == []
