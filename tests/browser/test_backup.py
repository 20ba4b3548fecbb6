"""What organizers see of the backup: how safe what was rated is, why not, and that a restore works."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import KNOWS_THE_WAY, ORGANIZER, PATIENCE_MS, axe_findings, press
from tests.browser.test_provider import sign_in_there
from tests.doubles.openid_provider import openid_provider, somebody
from tests.serving import BackedUp, Serving

LOOKS = [
    (360, "dark"),
    *(pytest.param(*look, marks=pytest.mark.slow) for look in ((1200, "light"), (320, "light"))),
]


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackedUp]:
    with BackedUp(tmp_path_factory.mktemp("backed-up"), ORGANIZERS=ORGANIZER) as serving:
        yield serving


@pytest.fixture
def unmounted(backed_up: BackedUp) -> Iterator[BackedUp]:
    """The same while its backup is away, which comes back after the test at the latest."""
    backed_up.take_away_backup()
    yield backed_up
    if not backed_up.place.exists():
        backed_up.put_back_backup()


def organize(visit, serving: Serving, **how) -> Page:
    page = visit(serving, **how).signed_in(ORGANIZER)
    press(page, "4", "2")
    page.get_by_role("tab", name="Organize").click()
    page.get_by_role("button", name="Backup").click()
    return page


def number(page: Page, name: str):
    return page.locator(".backup .numbers > div", has_text=name).locator("dd")


def test_all_is_backed_up_and_a_drill_proves_it(visit, backed_up):
    page = organize(visit, backed_up)
    expect(page.locator(".backup-state")).to_have_text(f"All is backed up to the folder {backed_up.place}.")
    expect(number(page, "Ratings not backed up yet")).to_have_text("0")
    expect(number(page, "Last backup")).to_contain_text("now")
    page.get_by_role("button", name="Try a restore").click()
    expect(page.locator(".drill-state")).to_contain_text("The backup holds what the sprint does.")
    expect(page.locator(".drill-result tr", has_text="prompts")).to_have_text("prompts6767yes")
    assert "no" not in page.locator(".drill-result td:last-child").all_inner_texts()
    page.reload()
    expect(page.locator(".drill-state")).to_contain_text("The backup holds what the sprint does.")


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_backup_that_does_not_get_through_says_what_to_do_and_recovers_by_itself(
    visit, unmounted, width, scheme
):
    page = organize(visit, unmounted, width=width, scheme=scheme)
    expect(page.locator(".backup-state")).to_contain_text("The backup does not get through.")
    expect(page.locator(".backup-error")).to_contain_text("There is no folder")
    expect(page.locator(".backup-error")).to_contain_text("ried again")
    expect(number(page, "Ratings not backed up yet")).to_have_text("2")
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Try a restore").click()
    expect(page.locator(".drill-state")).to_contain_text("There is no folder")
    unmounted.put_back_backup()
    expect(page.locator(".backup-state")).to_contain_text("All is backed up", timeout=40_000)
    expect(page.locator(".backup-error")).to_be_hidden()


@pytest.mark.slow
def test_without_a_backup_on_ones_own_machine_it_is_said_calmly(visit):
    page = visit().signed_in(ORGANIZER, "/?tab=organize&section=backup")
    expect(page.locator(".backup-state")).to_contain_text("There is no backup.")
    expect(page.locator(".backup-state.warning")).to_have_count(0)
    expect(page.get_by_role("button", name="Try a restore")).to_be_hidden()


@pytest.mark.slow
def test_on_a_space_without_a_backup_organizers_are_warned(chromium, tmp_path):
    with openid_provider(somebody("2", "grace")) as provider:
        settings = {
            "SPACE_ID": "community/sprint",
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "OPENID_PROVIDER_URL": provider,
            "OAUTH_CLIENT_ID": "sprint",
            "OAUTH_CLIENT_SECRET": "hush",
            "ORGANIZERS": "grace",
            "AUTHLIB_INSECURE_TRANSPORT": "1",
        }
        with Serving(tmp_path, **settings) as space:
            context = chromium.new_context()
            context.add_init_script(KNOWS_THE_WAY)
            # A Space's own page would be asked; nothing leaves this machine.
            context.route("https://huggingface.co/**", lambda route: route.abort())
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            sign_in_there(page, space.address, "2")
            page.get_by_role("tab", name="Organize").click()
            page.get_by_role("button", name="Backup").click()
            expect(page.locator(".backup-state.warning")).to_contain_text("Not backed up.")
            expect(page.locator(".backup-state")).to_contain_text("BACKUP_TO")
            page.get_by_role("tab", name="Rate").click()
            press(page, "4")
            page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('kept/'))")
            context.close()


@pytest.mark.slow
def test_a_drill_finds_a_damaged_backup(visit, backed_up):
    page = organize(visit, backed_up)
    expect(page.locator(".backup-state")).to_contain_text("All is backed up")
    aside = backed_up.place.with_name("aside")
    shutil.copytree(backed_up.place, aside)
    [first, *_] = sorted((backed_up.place / "events").rglob("*.zst"))
    first.write_bytes(first.read_bytes()[:-9])
    page.get_by_role("button", name="Try a restore").click()
    expect(page.locator(".drill-state")).to_contain_text(first.name)
    shutil.rmtree(backed_up.place)
    aside.rename(backed_up.place)
