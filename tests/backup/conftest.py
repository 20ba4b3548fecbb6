"""A place in a folder, places on a double of the Hub, and stores that keep their backup there."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.backup.backup import Backup
from components.backup.bucket import Bucket
from components.backup.dataset import Dataset
from components.backup.durability import BACKED_UP, Durability
from components.backup.folder import Folder
from components.backup.hub import HubPlace
from components.backup.inventory import inventory_of
from components.backup.place import Place
from components.backup.restore import restore
from components.store.audit import audit
from components.store.fingerprint import fingerprint, moved_on
from components.store.store import Store
from tests.conftest import Clock
from tests.doubles.hub.server import Hub

# Long enough for the double on a slow machine, and short enough to wait for in a test.
PATIENCE_S = 2.0


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    folder = tmp_path / "place"
    folder.mkdir()
    return Folder(folder)


@pytest.fixture(params=[Bucket, Dataset])
def open_on_hub(request: pytest.FixtureRequest, hub: Hub) -> Callable[..., HubPlace]:
    """Open a bucket, or a dataset, on the double."""

    def opens(token: str = "hf_alice", name: str = "sprint/backup", **named: object) -> HubPlace:
        return request.param(name, token, **({"endpoint": hub.address, "patience_s": PATIENCE_S} | named))

    return opens


@pytest.fixture
def backup(store: Store, place: Folder) -> Backup:
    """What keeps the store's backup; it writes when it is told to."""
    return Backup(store, place, Durability(BACKED_UP))


@pytest.fixture
def restored(tmp_path: Path, clock: Clock) -> Iterator[Callable[[Place], Store]]:
    """Makes a store, on a disk of its own, out of what a place holds."""
    made = []

    def make(place: Place) -> Store:
        store = Store(f"sqlite:///{tmp_path / f'restored-{len(made)}.db'}", clock)
        made.append(store)
        store.database.migrate()
        restore(store.database, place)
        return store.open("Not the title", 9)

    yield make
    for store in made:
        store.close()


def assert_same(one: Store, other: Store, place: Place) -> None:
    """The other store holds what the first has in the place, and counts it right."""
    own = one.vector()
    found = inventory_of(place).own_reach
    vector = {writer: min(number, own[writer]) for writer, number in found.items() if writer in own}
    assert vector
    with one.reading() as ours, other.reading() as theirs:
        moved = moved_on(ours, vector) | moved_on(theirs, vector)
        assert fingerprint(ours, vector, moved) == fingerprint(theirs, vector, moved)
    assert audit(other).differences == []


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
