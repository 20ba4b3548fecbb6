"""Made-up prompts, and stores that are full of them."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from components.records import KINDS, Prompt
from components.store import prompts
from components.store.store import Store

WORDS = "write explain compare list a the of for in with short poem city river why how code letter"
# Characters of real prompts: half have fewer than 90, one in twenty more than 500.
MEDIAN_LENGTH, SPREAD, LONGEST = 90, 1.07, 9000
# The most there may be, so that no rater runs out of prompts while they are measured.
PLENTY = 100


def made_up(number: int) -> Iterator[Prompt]:
    """So many different prompts of sixteen sources, the same ones every time."""
    dice = random.Random(20260301)
    filling = " ".join(dice.choices(WORDS.split(), k=LONGEST // 2))
    for place in range(number):
        length = min(LONGEST, round(MEDIAN_LENGTH * dice.lognormvariate(0, SPREAD)))
        start = dice.randrange(len(filling) - LONGEST)
        text = f"{place}: {filling[start : start + length]}"
        yield Prompt(text, f"source-{place % 16}", KINDS[place % len(KINDS)])


def opened(database: Path, ratings_per_prompt: int = PLENTY) -> Store:
    """The store in a file."""
    return Store(f"sqlite:///{database}").open("Benchmark", ratings_per_prompt)


def fill(store: Store, number: int) -> None:
    """Bring so many made-up prompts in."""
    group: list[Prompt] = []
    for prompt in tqdm(made_up(number), "prompts", number, unit="", leave=False, unit_scale=True):
        group.append(prompt)
        if len(group) == prompts.ADD_AT_ONCE:
            _add(store, group)
            group = []
    _add(store, group)


def _add(store: Store, group: list[Prompt]) -> None:
    if group:
        store.write(lambda transaction: prompts.add(transaction, group, {"file": "benchmark"}))


def stocked(database: Path, number: int) -> Path:
    """Make a store of so many prompts in a file, closed again, to be copied."""
    store = opened(database)
    try:
        fill(store, number)
    finally:
        store.close()
    return database


def copied(database: Path, target: Path) -> Path:
    """A copy that is on the disk before anything is measured: writing it later would slow every flush."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return target
