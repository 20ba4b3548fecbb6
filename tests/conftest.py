"""Fixtures that read as sentences: a store, prompts in it, a person who rates."""

import asyncio
import gc
import itertools
import shutil
import uuid
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, make_url, text
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from components.errors import BadEvent
from components.records import KINDS, Action, Contributor, Event, Identity, Opinion, Prompt
from components.store import contributors, prompts
from components.store.ratings import OPINION_COLUMNS, Group
from components.store.store import Store
from components.store.writer import Transaction
from tests.doubles.postgresql import Databases, PostgreSQL

if TYPE_CHECKING:
    from tests.doubles.hub.server import Hub

ROOT = Path(__file__).parent.parent
OPINION = text(
    f"SELECT {', '.join(OPINION_COLUMNS)} FROM ratings WHERE contributor = :contributor AND prompt_id = :prompt_id"
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes too long for every day."""
    if not config.getoption("--slow"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("slow")])
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_collection_finish() -> None:
    """Never look through what was collected for garbage: there are thousands of tests."""
    gc.collect()
    gc.freeze()


class OneWithTheBrowsers(LoadScopeScheduling):
    """A file at a time, and the browsers on two workers at most: more beside each other are slow."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if "browser" in path:
            return "browsers" if path < "tests/browser/test_n" else "browsers, too"
        return path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneWithTheBrowsers:
    return OneWithTheBrowsers(config, log)


@pytest.fixture
def shared() -> Path:
    """Real prompts and rating matrices kept beside the repository, where they are."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("there is no ../shared here")
    return folder


def run_async(coroutine: Coroutine) -> object:
    """Run a coroutine in a loop of its own: the browser tests keep one running in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = 1_772_366_400_000) -> None:  # 2026-03-01T12:00:00Z
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, minutes: float = 0) -> None:
        self.now += round(minutes * 60_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


# What is said of the store holds on every engine; elsewhere one of them is enough, or takes too long for every day.
ON_EVERY_ENGINE = ("store", "rating")
SLOWLY_ON_EVERY_ENGINE = (*ON_EVERY_ENGINE, "backup", "ledger", "organizing", "snapshots")
ENGINES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that touches a store each engine, or the one it is marked to be `on`."""
    if "engine" in metafunc.fixturenames:
        named = metafunc.definition.get_closest_marker("on")
        rooms = SLOWLY_ON_EVERY_ENGINE if metafunc.config.getoption("--slow") else ON_EVERY_ENGINE
        everywhere = metafunc.module.__name__.split(".")[1] in rooms
        engines = named.args if named else ENGINES if everywhere else ENGINES[:1]
        metafunc.parametrize("engine", engines, scope="session")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Other servers than the one that comes as a package can be tried, and what takes too long for every day."""
    parser.addoption("--slow", action="store_true", help="also run what is marked slow, on every engine")
    parser.addoption(
        "--database-url", metavar="URL", help="of a PostgreSQL server where databases may be made"
    )


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> Iterator[Databases]:
    """A PostgreSQL server that is started when a test first needs it."""
    if running := pytestconfig.getoption("--database-url"):
        yield Databases(running)
        return
    with closing(PostgreSQL()) as server:
        yield server


class Files:
    """SQLite databases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def new(self) -> str:
        """The address of a new, empty database."""
        return f"sqlite:///{self._folder / f'sprint-{next(self._numbers)}.db'}"

    def copy(self, url: str) -> str:
        """The address of a copy of a database that nobody has open."""
        made = self.new()
        shutil.copy(make_url(url).database, make_url(made).database)
        return made


@pytest.fixture(scope="session")
def databases(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Files | Databases:
    """Where a test makes databases."""
    if engine == "postgresql":
        return request.getfixturevalue("postgresql")
    return Files(tmp_path_factory.mktemp("databases"))


@pytest.fixture
def url(databases: Files | Databases) -> str:
    """The address of the database that `store` is in."""
    return databases.new()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    """An open, empty store."""
    opened = Store(url, clock).open("A test sprint", 3)
    yield opened
    opened.close()


@pytest.fixture
def make_prompts() -> Callable[[int], list[Prompt]]:
    """So many different prompts, of three sources and every kind."""

    def make(number: int) -> list[Prompt]:
        return [Prompt(f"Prompt number {n}", f"source-{n % 3}", KINDS[n % len(KINDS)]) for n in range(number)]

    return make


def keep(transaction: Transaction, told: Sequence[Event], lease_until: int = 0) -> list[bool | BadEvent]:
    """Keep events in one transaction: for each whether it is new, or why it cannot be kept."""
    group = Group(transaction, told)
    kept: list[bool | BadEvent] = []
    for event in told:
        try:
            kept.append(group.keep(event, lease_until))
        except BadEvent as error:
            kept.append(error)
    group.write()
    return kept


def opinion_of(connection: Connection, contributor: str, prompt_id: str) -> Opinion | None:
    """What is kept of somebody's opinion of a prompt."""
    row = connection.execute(OPINION, {"contributor": contributor, "prompt_id": prompt_id}).first()
    return Opinion(*row) if row else None


class Person:
    """Somebody who signed in and can rate."""

    def __init__(self, store: Store, name: str) -> None:
        identity = Identity("local", name, name, name)
        self.store = store
        self.contributor: Contributor = store.write(lambda tx: contributors.sign_in(tx, identity, ()))
        self.id = self.contributor.contributor_id

    def event(self, prompt: Prompt, score: int | None, **fields: object) -> Event:
        """The event of rating a prompt, or of skipping it with no score."""
        made = {
            "event_id": str(uuid.uuid4()),
            "received_at": self.store.clock(),
            "action": Action.SKIPPED if score is None else Action.RATED,
            "prompt_id": prompt.prompt_id,
            **fields,
        }
        return Event(contributor=self.id, score=score, **made)

    def send(self, event: Event) -> bool:
        [kept] = self.store.write(lambda tx: keep(tx, [event], tx.now + 60_000))
        if isinstance(kept, BadEvent):
            raise kept
        return kept

    def rates(self, prompt: Prompt, score: int | None, **fields: object) -> Event:
        event = self.event(prompt, score, **fields)
        self.send(event)
        return event

    def undoes(self, said: Event) -> Event:
        event = Event(
            str(uuid.uuid4()),
            self.id,
            Action.UNDONE,
            self.store.clock(),
            prompt_id=said.prompt_id,
            target=said.event_id,
        )
        self.send(event)
        return event

    def skips(self, prompt: Prompt) -> Event:
        return self.rates(prompt, None)


@pytest.fixture
def person(store: Store) -> Callable[[str], Person]:
    return lambda name: Person(store, name)


@pytest.fixture
def loaded(store: Store, make_prompts: Callable[[int], list[Prompt]]) -> list[Prompt]:
    """Twelve prompts that are in the store."""
    some = make_prompts(12)
    store.write(lambda tx: prompts.add(tx, some, {"file": "test"}))
    return some


@pytest.fixture
def hub() -> Iterator["Hub"]:
    """A double of the Hub, with nothing on it."""
    # Imported here: few tests need it, and the Xet client takes a while.
    from tests.doubles.hub.server import running_hub

    with running_hub() as running:
        yield running
