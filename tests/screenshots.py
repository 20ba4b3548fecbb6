"""The pictures of README.md, taken anew: `python -m tests.screenshots` plays a small sprint and looks at every tab."""

import json
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from playwright.sync_api import expect
from tqdm import tqdm

from tests.browser.conftest import KNOWS_THE_WAY, Visit, a_chromium, prompt_on, show_name, sign_in
from tests.conftest import ROOT
from tests.serving import Serving, Visitor, rating

ASSETS = ROOT / "assets"
WIDTH = 1200
MOVING_MS = 2_500
ORGANIZER = "grace"
PEOPLE = (
    "Ada Ruiz", "Bao Nguyen", "Cleo Haas", "Dara Okafor", "Emre Aydin", "Fay Lindqvist", "Gael Moreau",
    "Hana Sato", "Ines Prado", "Jonas Weber", "Kira Novak", "Liam Byrne", "Mei Chen", "Noor Rahman",
)  # fmt: skip
TASKS = (
    "Explain {} to a child of seven.", "Write a short poem about {}.", "List five common mistakes people make with {}.",
    "Compare {} today with a hundred years ago.", "Plan a lesson of 45 minutes on {}.", "Find what is wrong with this: {} needs no practice.",
)  # fmt: skip
SUBJECTS = (
    "tides", "bread", "bicycles", "maps", "bees", "glaciers", "chess", "compost", "lighthouses", "vaccines",
    "knots", "volcanoes", "libraries", "rivers", "kites", "clocks", "moss", "trains", "bridges", "violins",
)  # fmt: skip
SOURCES = (("forum", "human"), ("evolved", "synthetic"), ("textbook", "human"), ("collected", "unknown"))
GOAL = 5
DAYS = 9
DAY_MS = 86_400_000
# How often each score is given here: made up, and the same each time.
USUAL = (1, 2, 4, 5, 3)
# Picture, its place in the address, its height, and what stands there once it is drawn.
PICTURES = (
    ("rate", "rate", 760, ".prompt-text"),
    ("mine", "mine", 900, ".ledger-rows > li"),
    ("leaderboard", "leaderboard", 1100, ".board-rows > li"),
    ("charts", "charts", 1315, ".main-svg"),
    ("organize", "organize&section=contributors", 1000, "#organize-contributors tbody tr"),
)


@contextmanager
def played() -> Iterator[Serving]:
    """A sprint that people have been rating in for some days."""
    chance = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "prompts.jsonl"
        rows.write_text("\n".join(map(json.dumps, prompts())))
        settings = {
            "ORGANIZERS": ORGANIZER,
            "RATINGS_PER_MINUTE": 0,
            "RATINGS_PER_PROMPT": GOAL,
            "PROMPTS": rows,
        }
        with Serving(Path(folder) / "sprint", cold=True, **settings) as serving:
            for number, name in enumerate(tqdm(PEOPLE, "people", leave=False)):
                rate(serving, name, 8 + chance.randrange(40), number % 5 > 0, chance)
            yield serving


def prompts() -> Iterator[dict[str, str]]:
    """Prompts of a few sources."""
    for number, (task, subject) in enumerate(product(TASKS, SUBJECTS)):
        source, kind = SOURCES[number % len(SOURCES)]
        yield {"prompt": task.format(subject), "source": source, "kind": kind}


def rate(serving: Serving, name: str, ratings: int, named: bool, chance: random.Random) -> None:
    """Have somebody rate on some days of theirs."""
    with Visitor(serving) as visitor:
        visitor.signs_in(name)
        if named:
            visitor.put("/api/my/visibility", json={"visibility": "name"}).raise_for_status()
        now = time.time_ns() // 1_000_000
        days = sorted(chance.sample(range(DAYS), 4), reverse=True)
        given = 0
        while given < ratings and (asked := visitor.asks()):
            for prompt in asked:
                moment = now - days[4 * given // ratings % 4] * DAY_MS - chance.randrange(8 * 3_600_000)
                score = chance.choices(range(1, 6), USUAL)[0]
                event = rating(
                    prompt["prompt_id"], score, happened_at=moment, shown_ms=chance.randrange(2_000, 60_000)
                )
                visitor.sends(
                    event | {"local_date": datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()}
                )
                given += 1


def look(visit: Visit, picture: str, place: str, height: int, there: str) -> None:
    """Open a tab, wait until it is drawn, and take its picture."""
    page = visit.open(f"/?tab={place}")
    page.set_viewport_size({"width": WIDTH, "height": height})
    expect(page.locator(there).locator("visible=true").first).to_be_visible()
    # Bars grow and rows slide for a moment.
    page.wait_for_timeout(MOVING_MS)
    page.screenshot(path=ASSETS / f"screenshot-{picture}.png")
    page.close()


def main() -> None:
    """Take all pictures."""
    with played() as serving, a_chromium() as browser:
        context = browser.new_context(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        context.add_init_script(KNOWS_THE_WAY)
        visit = Visit(context, serving.address)
        page = visit.open()
        sign_in(page, ORGANIZER)
        show_name(page)
        prompt_on(page)
        for key in "43524":
            prompt_on(page)
            page.keyboard.press(key)
        for picture in tqdm(PICTURES, "pictures", leave=False):
            look(visit, *picture)


if __name__ == "__main__":
    main()
