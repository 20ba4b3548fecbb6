"""A disk that is wiped while the backup lacks the last of it: an open page fills the gap."""

import signal
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page, Response

from tests.browser.conftest import KNOWS_THE_WAY, Visit, a_chromium, expect_all_sent, press
from tests.chaos.crowd import Crowd
from tests.chaos.scenario import Outcome, reckoned, rss_mb
from tests.chaos.sprint import OPEN, made_prompts, url_of
from tests.serving import BackedUp

SOME = "4215324152"
WHILE_AWAY = "312"
PATIENCE_MS = 60_000


class Seen:
    """What a page sent and heard, as `Rater` remembers it."""

    def __init__(self, page: Page) -> None:
        self._answers: list[Response] = []
        self.broken: list[str] = []
        self.refused: Counter[str] = Counter()
        page.on("response", lambda answer: self._answers.append(answer))

    @property
    def _read(self) -> list[tuple[dict, dict]]:
        told = [one for one in self._answers if one.url.endswith("/api/ratings") and one.ok]
        return [(one.request.post_data_json, one.json()) for one in told]

    @property
    def made(self) -> dict[str, dict]:
        return {event["event_id"]: event for sent, _ in self._read for event in sent["events"]}

    @property
    def confirmed(self) -> set[str]:
        return {event_id for _, heard in self._read for event_id in heard["confirmed"]}


def filled(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Take the backup away, let somebody rate on, wipe the disk, and bring the sprint back."""
    # What drives a browser wants a thread of its own, wherever this is called.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_filled, folder, rounds).result()


def _filled(folder: Path, rounds: Iterable[int]) -> Outcome:
    serving = BackedUp(folder, PROMPTS=made_prompts(folder), **OPEN)
    with serving, a_chromium() as chromium:
        context = chromium.new_context()
        context.add_init_script(KNOWS_THE_WAY)
        visit = Visit(context, serving.address)
        page = visit.signed_in("ada")
        context.set_default_timeout(PATIENCE_MS)
        seen = Seen(page)
        before = rss_mb(serving)
        for _ in rounds:
            press(page, *SOME)
            _all_is_backed_up(page)
            serving.take_away_backup()
            press(page, *SOME)
            expect_all_sent(page)
            serving.lose_disk()
            press(page, *WHILE_AWAY)
            serving.put_back_backup()
            serving.start()
            _all_is_backed_up(page)
        people = Crowd([seen])
        memory = before, rss_mb(serving)
        serving.stop(signal.SIGKILL)
        outcome = reckoned(url_of(serving), people, memory)
        outcome.failures += visit.errors
        return outcome


def _all_is_backed_up(page: Page) -> None:
    """Wait until the page has nothing to send and nothing to keep."""
    expect_all_sent(page)
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('kept/'))")
