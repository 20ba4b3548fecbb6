"""Made-up prompts, and stores that are full of them."""

import contextlib
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from components.records import KINDS, Prompt
from components.store import copying, prompts
from components.store.store import Store
from tests.doubles.postgresql import Databases

WORDS = "write explain compare list a the of for in with short poem city river why how code letter"
SOURCES = 16  # each of one kind
# Characters of real prompts: half have fewer than 90, one in twenty more than 500.
MEDIAN_LENGTH, SPREAD, LONGEST = 90, 1.07, 9000
# The most there may be, so that no rater runs out of prompts while they are measured.
PLENTY = 100
FOLDER = "whose disk is measured; the prompts stay there for the next time"
ORIGIN = {"file": "benchmark"}


def made_up(number: int) -> Iterator[Prompt]:
    """So many different prompts of sixteen sources, the same ones every time."""
    dice = random.Random(20260301)
    filling = " ".join(dice.choices(WORDS.split(), k=LONGEST // 2))
    for place in range(number):
        length = min(LONGEST, round(MEDIAN_LENGTH * dice.lognormvariate(0, SPREAD)))
        start = dice.randrange(len(filling) - LONGEST)
        text = f"{place}: {filling[start : start + length]}"
        source = place % SOURCES
        yield Prompt(text, f"source-{source}", KINDS[source % len(KINDS)])


def opened(database: Path, ratings_per_prompt: int = PLENTY) -> Store:
    """The store in a file."""
    return Store(f"sqlite:///{database}").open("Benchmark", ratings_per_prompt)


class Stock:
    """Stores full of prompts: made once, copied for everything that is measured.

    Attributes:
        kept: The folder of those that are made once.
    """

    def __init__(self, scratch: Path, kept: Path, server: str | None) -> None:
        self._scratch = scratch
        self.kept = kept
        self._server = Databases(server) if server else None
        self._full: dict[int, str] = {}

    def copy(self, number: int) -> Path:
        """A store of so many prompts, named `sprint.db`, in a folder of its own."""
        full = self.kept / f"prompts-{number}.db"
        if not full.exists():
            draft = full.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            _make(draft, number)
            draft.rename(full)
        copy = Path(tempfile.mkdtemp(dir=self._scratch)) / "sprint.db"
        shutil.copyfile(full, copy)
        # On the disk before anything is measured: written later, it would slow every flush.
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        return copy

    @contextlib.contextmanager
    def moved(self, number: int) -> Iterator[str]:
        """The address of a store of so many prompts on the server, for as long as it is needed."""
        if number not in self._full:
            self._full[number] = self._server.new()
            with contextlib.closing(opened(self.copy(number))) as store:
                copying.copy(store, self._full[number])
        url = self._server.copy(self._full[number])
        try:
            yield url
        finally:
            self._server.drop(url)

    def close(self) -> None:
        """Leave nothing on the server."""
        for url in self._full.values():
            self._server.drop(url)


@contextlib.contextmanager
def stock(folder: Path | None, server: str | None = None) -> Iterator[Stock]:
    """A stock in a folder, where it is kept for the next time, or else in a temporary one.

    Args:
        server: The address of a PostgreSQL server that is to hold copies of it, too.
    """
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=folder) as scratch,
        contextlib.closing(Stock(Path(scratch), folder or Path(scratch), server)) as made,
    ):
        yield made


def _make(database: Path, number: int) -> None:
    store = opened(database)
    try:
        # In the order of their ids a million come in three times faster.
        some = sorted(made_up(number), key=lambda prompt: prompt.prompt_id)
        with tqdm(total=number, desc="prompts", unit="", leave=False, disable=not number) as bar:
            for start in range(0, number, prompts.ADD_AT_ONCE):
                group = some[start : start + prompts.ADD_AT_ONCE]
                store.write(lambda transaction, group=group: prompts.add(transaction, group, ORIGIN))
                bar.update(len(group))
    finally:
        store.close()
