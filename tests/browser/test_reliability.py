"""How I rate, gold prompts and the review on the page; and a prompt that comes again without being noticed."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from components.organizing.sprint import change
from components.store import repeats
from components.store.database import Database
from components.store.store import Store
from tests.agreement.checked import checked, compute
from tests.browser.conftest import ORGANIZER, axe_findings, expect_all_sent, press, prompt_on
from tests.serving import Serving


@pytest.fixture(scope="module")
def sprint(tmp_path_factory):
    """A sprint in which people were checked; whoever rates one more prompt has one come again."""
    folder = tmp_path_factory.mktemp("reliability")
    with closing(Store(f"sqlite:///{folder / 'sprint.db'}").open("A test sprint", 6)) as store:
        checked(store)
        change(
            store, "terminal", repeat_every=1, repeat_after=1, ratings_per_contributor=40, gold_feedback=True
        )
        compute(store)
    with Serving(folder, ORGANIZERS=ORGANIZER) as serving:
        yield serving


def repeated(serving) -> int:
    with (
        closing(Database(f"sqlite:///{serving.data_dir / 'sprint.db'}")) as database,
        database.reading() as one,
    ):
        return len(list(repeats.said(one)))


def test_one_sees_how_one_rates_and_is_told_when_it_is_enough(visit, sprint):
    page = visit(sprint, width=360, scheme="dark").signed_in("bob", "/?tab=mine")
    how = page.locator(".how")
    how.locator("summary").click()
    expect(how.locator(".rates-part")).to_have_count(3)
    expect(how).to_contain_text("With oneself, on prompts that came again")
    expect(how).to_contain_text("12 of 12 the same")
    expect(how).to_contain_text("With the organizers, on gold prompts")
    expect(how).to_contain_text("Now and then a prompt comes again")
    how.scroll_into_view_if_needed()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("tab", name="Rate").click()
    expect(page.locator(".own-enough")).to_contain_text("you gave the 40 ratings the organizers wish for")


def test_a_prompt_comes_again_is_rated_and_undone_and_changes_no_count(visit, sprint):
    page = visit(sprint).signed_in("eve")
    before = repeated(sprint)
    seen = []
    # How many wait before the first that comes again is left to chance.
    while len(seen) < 8 or (len(set(seen)) == len(seen) and len(seen) < 30):
        seen.append(prompt_on(page))
        press(page, "4")
        expect_all_sent(page)
    # All that came up twice was rated again, and nothing on the page told so.
    twice = len(seen) - len(set(seen))
    assert twice > 0 and repeated(sprint) == before + twice
    expect(page.locator(".own-rest")).to_contain_text(f"{len(set(seen))} in total")
    place = max(number for number, text in enumerate(seen) if text in seen[:number])
    for _ in range(len(seen) - place):
        page.keyboard.press("u")
    expect(page.locator(".prompt-text")).to_have_text(seen[place])
    press(page, "2")
    expect_all_sent(page)
    assert repeated(sprint) == before + len(
        [1 for n, text in enumerate(seen[: place + 1]) if text in seen[:n]]
    )


def test_organizers_make_a_prompt_gold_and_look_at_accounts_that_rate_as_one(visit, sprint):
    page = visit(sprint).signed_in(ORGANIZER, "/?tab=organize&section=moderation")
    which = page.locator(".organize:has(.moderation) [name=which]")
    which.select_option("gold")
    expect(page.locator(".moderation > li")).to_have_count(12)
    page.locator(".moderation .gold select").first.select_option("–")
    expect(page.locator(".moderation .gold select").first).to_have_value("")
    page.locator(".sections").get_by_role("button", name="Review").click()
    finding = page.locator(".findings li", has_text="prompts both rated")
    expect(finding).to_contain_text("Gave the same score to 40 of 40 prompts both rated")
    assert axe_findings(page) == []
    finding.get_by_role("button", name="dora").click()
    row = page.locator(".people tbody tr", has=page.get_by_role("rowheader", name="dora"))
    expect(page.locator(".people tbody tr:not(.person-more)")).to_have_count(1)
    row.get_by_role("button", name="Manage").click()
    more = page.locator(".person-more:not([hidden])")
    expect(more.get_by_role("button", name="Exclude …")).to_be_visible()
    expect(more.locator(".rates-part")).to_have_count(3)
    expect(page.locator(".resting-on")).to_contain_text("weigh like those of")
    assert axe_findings(page) == []
