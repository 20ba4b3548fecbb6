"""A real browser in front of a real server; nothing a page does may leave this machine or go wrong unseen."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.serving import Serving

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 10_000
KNOWS_THE_WAY = """
try {
  localStorage.setItem("guidelines", "seen");
  localStorage.setItem("practice", "answered");
} catch {
  // Some tests forbid it.
}
"""
ORGANIZER = "grace"


@contextmanager
def a_chromium() -> Iterator[Browser]:
    """A Chromium: the one named, an installed one, or else playwright's own."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    installed = next((path for name in names if name and (path := shutil.which(name))), None)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with a_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def sprint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A sprint over the starter prompts, with more room for ratings than all tests together need."""
    folder = tmp_path_factory.mktemp("sprint")
    with Serving(folder, ORGANIZERS=ORGANIZER, RATINGS_PER_PROMPT=50) as serving:
        yield serving


class Visit:
    """One person's browser window: its own cookies and storage, for as many pages as they open."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.asked_elsewhere: list[str] = []
        self.errors: list[str] = []
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", self._watch)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _watch(self, request) -> None:  # noqa: ANN001
        if request.url.startswith("http") and urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.asked_elsewhere.append(request.url)

    def open(self, path: str = "/") -> Page:
        """A page of the sprint, as soon as it shows something."""
        page = self.context.new_page()
        page.goto(self.address + path)
        expect(page.locator(".progress-title")).to_have_text(re.compile(r"\S"))
        return page

    def signed_in(self, name: str, path: str = "/") -> Page:
        """A page of somebody who has just signed in, with a prompt on the card."""
        page = self.open(path)
        sign_in(page, name)
        return page


@pytest.fixture
def visit(chromium: Browser, sprint: Serving) -> Iterator[Callable[..., Visit]]:
    """Open browser windows on the sprint, or on another one; they must not ask anybody else, nor break."""
    visits: list[Visit] = []

    def begin(
        serving: Serving = sprint,
        width: int = 1200,
        height: int = 740,
        scheme: str = "light",
        newcomer: bool = False,
        **options,
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=width < 600,
            accept_downloads=True,
            **options,
        )
        # Most tests are about somebody who knows how to rate.
        if not newcomer:
            context.add_init_script(KNOWS_THE_WAY)
        # What a page still loads when its server ends would count as broken.
        if serving is not sprint:
            serving.guests.callback(context.close)
        visits.append(Visit(context, serving.address))
        return visits[-1]

    yield begin
    for each in visits:
        each.context.close()
    assert [each.asked_elsewhere for each in visits if each.asked_elsewhere] == []
    assert [each.errors for each in visits if each.errors] == []


def sign_in(page: Page, name: str, where: str = "#bar") -> None:
    page.locator(f"{where} input[name=name]").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator(".account-name")).to_have_text(name)


def show_name(page: Page) -> None:
    """Say that others may see one's name."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    assert page.request.put(f"{origin}/api/my/visibility", data={"visibility": "name"}).ok


def prompt_on(page: Page) -> str:
    """The text of the prompt on the card, once there is one that can be rated."""
    expect(page.locator(".score").first).to_have_attribute("aria-disabled", "false")
    return page.locator(".prompt-text").inner_text()


def press(page: Page, *keys: str) -> None:
    """Answer with keys, each on a prompt that is there."""
    for key in keys:
        prompt_on(page)
        page.keyboard.press(key)


def expect_progress(page: Page, today: int, total: int, **how: float) -> None:
    """Wait until the line on oneself says how many ratings one gave."""
    words = re.compile(rf"today {today}(, goal)? of \d+( reached)?\s*[●○]+\s*· {total} in total")
    expect(page.locator(".card-lines .own")).to_have_text(words, **how)


def rows(page: Page, room: str = "outbox") -> list[str]:
    """What this browser keeps: with nothing said, of what it has not sent yet."""
    return page.evaluate(
        "(room) => Object.keys(localStorage).filter((key) => key.startsWith(room))", f"{room}/"
    )


# From now on `window.said` is what is read out.
SAID = """() => {
    window.said = [];
    const voice = document.querySelector("#voice");
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes) window.said.push(node.textContent);
    }).observe(voice, { childList: true });
}"""

# The names of what waits in a browser, whoever it belongs to.
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('outbox/'))"


def expect_all_sent(page: Page) -> None:
    """Wait until nothing waits: the counts on the page run ahead of what the sprint has confirmed."""
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('outbox/'))")


def axe_findings(page: Page) -> list[str]:
    """Everything axe finds wrong with what is to be seen."""
    answer = Axe().run(page).response
    assert len(answer["passes"]) > 10
    return [f"{found['id']}: {[node['target'] for node in found['nodes']]}" for found in answer["violations"]]


@pytest.fixture
def prompts_file(tmp_path: Path) -> Path:
    return tmp_path / "prompts.jsonl"
