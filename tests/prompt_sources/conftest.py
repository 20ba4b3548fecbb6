"""Fixtures that bring a file in and look at what became of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from components.prompt_sources.importing import import_prompts
from components.prompt_sources.report import ImportReport
from components.store.store import Store
from tests.prompt_sources.examples import save


@pytest.fixture
def bring(store: Store, tmp_path: Path) -> Callable[[str, bytes], ImportReport]:
    """Import a file of this ending and content."""
    return lambda ending, content: import_prompts(store, save(tmp_path, ending, content))


@pytest.fixture
def kept(store: Store) -> Callable[[], list[dict]]:
    """Every prompt in the store, ordered by its text."""

    def rows() -> list[dict]:
        with store.reading() as connection:
            found = connection.exec_driver_sql("SELECT * FROM prompts").mappings()
            return sorted(map(dict, found), key=lambda row: row["text"])

    return rows


@pytest.fixture
def texts(kept: Callable[[], list[dict]]) -> Callable[[], list[str]]:
    """The text of every prompt in the store, in alphabetical order."""
    return lambda: [row["text"] for row in kept()]
