"""Key to next prompt painted, in a real Chromium, with and without a slow network.

Measured inside the page, from the time stamp of the keydown event. "Two frames" ends in the second
animation frame after the card shows another prompt, when the one with it has surely been painted: up to
a frame (17 ms) more than the eye waits. "Event timing" is the browser's own figure, from key to paint,
in steps of 8 ms; it tells nothing below 16. A key whose prompt is not there yet counts with all its waiting.
"""

import argparse
import os
import random
import shutil
import time

from playwright.sync_api import Browser, Page, sync_playwright
from tqdm import tqdm

from tests.bench.serving import sprint
from tests.bench.stock import stock
from tests.bench.table import Table, number, percentile, say_where
from tests.browser.conftest import SWITCHES, prompt_on, sign_in

LONGEST_WAIT_S = 30
UNTOLD_MS = 16

# The last line hands over what was measured, as long as the page lives.
MEASURE = """() => {
    const card = document.querySelector(".card .prompt");
    const measured = { frames: [], events: [] };
    let pressed = null;
    addEventListener("keydown", (event) => {
        pressed ??= { at: event.timeStamp, text: card.textContent };
    }, true);
    new MutationObserver(() => {
        if (!pressed || card.classList.contains("message") || card.textContent === pressed.text) return;
        const { at } = pressed;
        pressed = null;
        requestAnimationFrame(() => requestAnimationFrame(() => measured.frames.push(performance.now() - at)));
    }).observe(card, { subtree: true, childList: true, characterData: true, attributes: true });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (entry.name === "keydown") measured.events.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16 });
    window.measured = measured;
}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keys", type=int, default=120, help="pressed in each row")
    parser.add_argument(
        "--delays", type=int, nargs="+", default=[0, 300], help="added to each request, in ms"
    )
    parser.add_argument("--pause", type=float, default=0.5, help="mean seconds between two keys")
    parser.add_argument("--prompts", type=int, default=1000)


def run(words: argparse.Namespace) -> None:
    with stock(None) as stores, sync_playwright() as playwright:
        database = stores.copy(words.prompts)
        browser = playwright.chromium.launch(executable_path=installed(), args=SWITCHES)
        say_where(f"Chromium {browser.version}", f"a key every {words.pause} s")
        table = Table(
            "added delay ms",
            "keys",
            "two frames: median ms",
            "p95 ms",
            "most ms",
            "event timing: median ms",
            "p95 ms",
        )
        with sprint(database, RATINGS_PER_MINUTE=0) as server:
            for delay in words.delays:
                frames, events = pressed(browser, server.port, delay, words.keys, words.pause)
                events += [UNTOLD_MS] * (len(frames) - len(events))
                events.sort()
                table.row(
                    delay,
                    len(frames),
                    *(number(percentile(frames, percent)) for percent in (50, 95)),
                    number(frames[-1]),
                    *(
                        f"≤ {value:.0f}" if (value := percentile(events, percent)) else None
                        for percent in (50, 95)
                    ),
                )
        browser.close()


def installed() -> str | None:
    """The Chromium that is named or installed, None for playwright's own."""
    known = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in known if name and (path := shutil.which(name))), None)


def pressed(browser: Browser, port: int, delay: int, keys: int, pause: float) -> tuple[list, list]:
    """Rate with keys; the milliseconds to the next prompt, by frames and by the browser, in order of size."""
    context = browser.new_context(viewport={"width": 1200, "height": 740})
    try:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        sign_in(page, f"fast-{delay}")
        prompt_on(page)
        slow_down(page, delay)
        page.evaluate(MEASURE)
        for done in tqdm(range(1, keys + 1), f"{delay} ms", leave=False):
            page.keyboard.press(random.choice("12345"))
            time.sleep(pause * random.uniform(0.5, 1.5))
            await_painted(page, done)
        measured = page.evaluate("measured")
        return sorted(measured["frames"]), sorted(measured["events"])
    finally:
        context.close()


def await_painted(page: Page, number: int) -> None:
    """Go on when so many keys have brought their prompt."""
    until = time.monotonic() + LONGEST_WAIT_S
    while page.evaluate("measured.frames.length") < number:
        if time.monotonic() > until:
            raise SystemExit(f"After key {number} no other prompt came within {LONGEST_WAIT_S} s.")
        time.sleep(0.05)


def slow_down(page: Page, delay: int) -> None:
    """Let every answer of the network come later."""
    conditions = {"offline": False, "latency": delay, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
