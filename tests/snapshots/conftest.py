"""A sprint that some people have rated, and the snapshot of it read back as a user of the dataset reads it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from components.records import Prompt
from components.snapshots.options import Options
from components.snapshots.snapshot import write_snapshot
from components.store import prompts
from components.store.store import Store

MINUTE = 60_000


@dataclass
class Sprint:
    """A store and what was sent to it."""

    store: Store
    prompts: list[Prompt]
    people: list = field(default_factory=list)
    events: list = field(default_factory=list)

    def snapshot(self, folder: Path, **options: object) -> Path:
        address = options.pop("public_address", "")
        write_snapshot(self.store, folder, Options(**options), public_address=address)
        return folder


PROMPTS = [
    Prompt("Say hello in Welsh.", "greetings", "human", metadata={"language": "en", "license": "CC0-1.0"}),
    Prompt("  Two spaces, a tab\tand\r\n\r\na blank line \n", "greetings", "human"),
    Prompt("Name the river.", "passages", "synthetic", context="The Elbe flows to Hamburg."),
    Prompt(
        "Say hello in Welsh, in verse.",
        "evolved#verse",
        "synthetic",
        own_id="v-1",
        metadata={
            "evolved_from": "Say hello in Welsh.",
            "topic": "Greetings",
            "cluster_description": "Short greetings in many languages",
            "nested": {"depth": [1, 2.5, None, "ä"]},
        },
    ),
    Prompt("Not rated, only skipped.", "passages", "unknown", metadata={"topic": 7}),
    Prompt("Never shown.", "passages", "unknown"),
]


@pytest.fixture
def sprint(store, person, clock) -> Sprint:
    """Six prompts: four rated, one with five ratings, one only skipped; opinions changed and late."""
    store.write(lambda tx: prompts.add(tx, PROMPTS, {"file": "test"}))
    people = [person(f"user-name-{n}") for n in range(5)]
    made = Sprint(store, PROMPTS, people)
    for place, someone in enumerate(people):
        made.events.append(someone.rates(PROMPTS[0], place + 1, shown_ms=1000 + place))
        clock.forward(minutes=7)
    ada, bob, *_ = people
    made.events += [
        ada.rates(PROMPTS[1], 5),
        bob.rates(PROMPTS[1], 5),
        ada.rates(PROMPTS[2], 2, happened_at=clock.now - 90 * MINUTE),
        ada.rates(PROMPTS[2], 4),
        ada.rates(PROMPTS[2], 1, happened_at=clock.now - 30 * MINUTE),
        bob.skips(PROMPTS[2]),
        bob.rates(PROMPTS[2], 3),
        bob.rates(PROMPTS[3], 3),
        bob.skips(PROMPTS[3]),
        ada.skips(PROMPTS[4]),
    ]
    return made


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Reads a configuration of a snapshot with `datasets.load_dataset`, as anybody would."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "datasets"))
    from datasets import load_dataset

    def load(folder: Path, *configuration: str):
        # The cache as an argument too: the environment is read only once in a process.
        loaded = load_dataset(str(folder), *configuration, cache_dir=str(tmp_path / "datasets"))
        assert list(loaded) == ["train"]
        return loaded["train"]

    return load
