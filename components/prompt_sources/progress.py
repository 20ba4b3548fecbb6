"""The progress of an import on the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from components.prompt_sources.importing import OnProgress


@contextmanager
def terminal_progress(file: str) -> Iterator[OnProgress]:
    """Show on stderr how far a file was read; says nothing where nobody looks, as in a log."""
    name = file.rpartition("/")[2]
    # disable=None: only on a terminal.
    with tqdm(desc=name, unit="B", unit_scale=True, file=sys.stderr, disable=None) as bar:

        def show(read: int, total: int | None) -> None:
            bar.total = total
            bar.update(read - bar.n)

        yield show
