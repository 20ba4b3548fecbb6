"""Two people sign in with an OpenID provider in two browsers, rate, and see each other on the leaderboard."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    KEPT,
    KNOWS_THE_WAY,
    PATIENCE_MS,
    expect_all_sent,
    expect_progress,
    press,
    show_name,
)
from tests.doubles.openid_provider import openid_provider, somebody
from tests.serving import Serving


@pytest.fixture
def sprint_with_provider(tmp_path):
    people = (somebody("1", "ada"), somebody("2", "grace"), somebody("3", "ada"))
    with openid_provider(*people) as address:
        settings = {
            "OPENID_PROVIDER_URL": address,
            "OAUTH_CLIENT_ID": "sprint",
            "OAUTH_CLIENT_SECRET": "hush",
            "ORGANIZERS": "grace",
            "AUTHLIB_INSECURE_TRANSPORT": "1",
        }
        with Serving(tmp_path, **settings) as serving:
            yield serving


def sign_in_there(page: Page, address: str, subject: str) -> None:
    page.goto(f"{address}/?tab=leaderboard")
    page.get_by_role("link", name=re.compile("Sign in")).first.click()
    page.locator("input[name=sub]").fill(subject)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/?tab=leaderboard")
    # Whoever chooses another tab before this one is open would be brought back to it.
    expect(page.get_by_role("tab", name="Leaderboard")).to_have_attribute("aria-selected", "true")


def test_two_people_in_two_browsers(chromium: Browser, sprint_with_provider: Serving):
    address = sprint_with_provider.address
    contexts = [chromium.new_context(), chromium.new_context()]
    ada, grace = (context.new_page() for context in contexts)
    for page, subject, name in ((ada, "1", "Ada"), (grace, "2", "Grace")):
        page.set_default_timeout(PATIENCE_MS)
        sign_in_there(page, address, subject)
        expect(page.locator(".account-name")).to_have_text(name)
        show_name(page)
    expect(grace.get_by_role("tab", name="Organize")).to_be_visible()
    expect(ada.get_by_role("tab", name="Organize")).to_be_hidden()

    ada.get_by_role("tab", name="Rate").click()
    press(ada, "4", "2")
    expect_progress(ada, 2, 2)
    expect(grace.locator("#leaderboard")).to_contain_text("Ada")

    ada.get_by_role("button", name="Sign out").click()
    expect(ada.get_by_role("link", name=re.compile("Sign in")).first).to_be_visible()
    expect(grace.locator(".account-name")).to_have_text("Grace")
    for context in contexts:
        context.close()


def test_two_people_who_had_one_username_never_send_each_others_ratings(chromium, sprint_with_provider):
    """On one device: the second Ada took the username over."""
    address = sprint_with_provider.address
    context = chromium.new_context()
    context.add_init_script(KNOWS_THE_WAY)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    sign_in_there(page, address, "1")
    context.route("**/api/ratings", lambda route: route.abort())
    page.get_by_role("tab", name="Rate").click()
    press(page, "4", "2")
    expect(page.locator(".saving")).to_have_text("not connected, 2 waiting")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name=re.compile("Sign in")).first).to_be_visible()

    context.unroute("**/api/ratings")
    sign_in_there(page, address, "3")
    expect(page.locator(".account-name")).to_have_text("Ada")
    page.get_by_role("tab", name="Rate").click()
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    press(page, "5")
    expect_progress(page, 1, 1)
    page.wait_for_function(f"{KEPT}.length === 2")  # the first Ada's wait for her

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name=re.compile("Sign in")).first).to_be_visible()
    sign_in_there(page, address, "1")
    page.get_by_role("tab", name="Rate").click()
    expect_progress(page, 2, 2)
    expect_all_sent(page)
    context.close()
