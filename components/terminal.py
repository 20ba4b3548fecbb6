"""The terminal: how far work that takes long has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def terminal_progress(name: str, unit: str = "B") -> Iterator[Callable[[int, int | None], None]]:
    """Show on stderr how much is done of how much; says nothing where nobody looks, as in a log.

    Args:
        name: A file or folder; only its last part is shown.
        unit: What is counted; bytes by default.
    """
    # disable=None: only on a terminal.
    with tqdm(desc=name.rpartition("/")[2], unit=unit, unit_scale=True, file=sys.stderr, disable=None) as bar:

        def show(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def say(words: str) -> None:
    """Print words at once; a bar that is shown stays below them."""
    tqdm.write(words, file=sys.stdout)
    sys.stdout.flush()
