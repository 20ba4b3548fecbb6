"""Refreshing the live views: milliseconds of CPU for each view, and for all after so many people rated."""

import argparse
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from components.charts import views as chart_views
from components.charts.columns import Columns
from components.leaderboard import views as leaderboard_views
from components.leaderboard.boards import Boards
from components.live.moment import Moment
from components.live.needs import Needs
from components.live.publisher import Published, Publisher, rest_after
from components.live.raters import Raters
from components.live.view import View
from components.progress import views as progress_views
from components.records import DAY_MS, HOUR_MS, KINDS, SCORES, Action, Event, Identity, Prompt
from components.store import contributors, prompts
from components.store.store import Store
from tests.bench.bulk import rated
from tests.bench.stock import FOLDER, opened, stock
from tests.conftest import keep

MARCH_1 = 1_772_323_200_000  # 2026-03-01T00:00:00Z
DAYS = 21
DAYS_EACH = 5
AT_ONCE = 1000
RUNS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prompts", type=int, default=20_000)
    parser.add_argument("--sources", type=int, default=16)
    parser.add_argument("--contributors", type=int, default=1_000)
    parser.add_argument("--ratings", type=int, default=100_000)
    parser.add_argument(
        "--bulk", metavar="PROMPTS:RATINGS:PEOPLE", help="only the views, of a store filled in bulk"
    )
    parser.add_argument("--folder", type=Path, help=FOLDER)


def run(words: argparse.Namespace) -> None:
    if words.bulk:
        with (
            stock(words.folder) as stores,
            closing(opened(rated(stores, *map(int, words.bulk.split(":"))))) as store,
        ):
            show_views(store, all_views())
        return
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'sprint.db'}", lambda: MARCH_1).open("A sprint", 4)
        sprint = Sprint(store, words)
        views = all_views()
        show_views(store, views)
        show_refreshes(store, views, sprint)
        store.close()


def all_views() -> Sequence[View]:
    """The views that are computed of tallies."""
    raters = Raters()
    return (
        *progress_views.views(lambda: None, raters, lambda reached: None),
        *leaderboard_views.views(Boards(raters, bool), Needs()),
        *chart_views.views(raters, Columns()),
    )


class Sprint:
    """A sprint of three weeks, each contributor active on a few days of it."""

    def __init__(self, store: Store, words: argparse.Namespace) -> None:
        self._store, self._chance = store, random.Random(1)
        sources = [f"organization/source-{number}" for number in range(words.sources)]
        some = [
            Prompt(f"Prompt {n}", sources[n % words.sources], KINDS[n % words.sources % 3])
            for n in range(words.prompts)
        ]
        self._prompts = [prompt.prompt_id for prompt in some]
        for at in range(0, len(some), AT_ONCE):
            part = some[at : at + AT_ONCE]
            store.write(lambda transaction, part=part: prompts.add(transaction, part, {}))
        self.people = store.write(lambda transaction: self._join(transaction, words.contributors))
        self._days = {who: self._chance.sample(range(DAYS), DAYS_EACH) for who in self.people}
        for at in range(0, words.ratings, AT_ONCE):
            self.rate([self._chance.choice(self.people) for _ in range(at, min(at + AT_ONCE, words.ratings))])

    def _join(self, transaction: object, number: int) -> list[str]:
        names = [f"person-{n}" for n in range(number)]
        identities = [
            Identity("local", name, name, name.title(), "", f"https://example.org/{name}") for name in names
        ]
        return [contributors.sign_in(transaction, one, ()).contributor_id for one in identities]

    def rate(self, people: Sequence[str]) -> None:
        """Let each of them rate a prompt."""
        events = [self._event(who) for who in people]
        self._store.write(lambda transaction: keep(transaction, events))

    def _event(self, who: str) -> Event:
        moment = (
            MARCH_1 + self._chance.choice(self._days[who]) * DAY_MS + self._chance.randrange(24) * HOUR_MS
        )
        prompt_id, score = self._chance.choice(self._prompts), self._chance.choice(SCORES)
        return Event(str(uuid.uuid4()), who, Action.RATED, moment, prompt_id=prompt_id, score=score)


def show_views(store: Store, views: Sequence[View]) -> None:
    print("view               compute ms  encode ms  brotli ms    bytes")
    with store.reading() as connection:
        for view in views:
            document = view.compute(Moment(connection))
            encode = cpu_ms(lambda document=document: Published(document))
            brotli = cpu_ms(lambda document=document: Published(document).encoded("br")) - encode
            compute = cpu_ms(lambda view=view: view.compute(Moment(connection)))
            size = len(Published(document).encoded("identity"))
            print(f"{view.name:18} {compute:10.2f} {encode:10.2f} {brotli:10.2f} {size:8,}")


def show_refreshes(store: Store, views: Sequence[View], sprint: Sprint) -> None:
    publisher = Publisher(store, views)
    publisher.refresh()
    print("people who rated since  refresh ms  of one core")
    for number in (1, 10, 50, 200, 1000):
        actors = sprint.people[:number]
        took = cpu_ms(publisher.refresh, lambda actors=actors: sprint.rate(actors))
        rest = rest_after(took / 1000)
        print(f"{len(actors):22} {took:11.1f} {took / 1000 / (took / 1000 + rest):12.1%}", flush=True)


def cpu_ms(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """The median CPU time of some work in this thread."""
    took = []
    for _ in range(RUNS):
        before()
        began = time.thread_time()
        work()
        took.append((time.thread_time() - began) * 1000)
    return statistics.median(took)
