"""A table that prints its rows as they come, ready to be pasted as Markdown."""

import os
import platform
import statistics
from collections.abc import Sequence

from tqdm import tqdm


class Table:
    """Prints its head at once; progress bars move out of its way."""

    def __init__(self, *columns: str) -> None:
        self._columns = columns
        say(_line(columns))
        say(_line("-" * (len(column) - 1) + ":" for column in columns))

    def row(self, *cells: object) -> None:
        """Print one row: a cell for each column, None for what cannot be told."""
        written = ["–" if cell is None else str(cell) for cell in cells]
        say(_line(cell.rjust(len(column)) for cell, column in zip(written, self._columns, strict=True)))


def say(sentence: str) -> None:
    """Print to stdout, above any progress bar."""
    tqdm.write(sentence)


def say_where(*more: str) -> None:
    """Say on what kind of machine these figures were measured."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    say("; ".join((machine, *more)) + ".\n")


def percentile(sorted_values: Sequence[float], percent: int) -> float | None:
    """The value that so many percent stay at or below; None from too few values to tell."""
    if len(sorted_values) * (100 - percent) < 100:
        return statistics.median(sorted_values) if sorted_values and percent == 50 else None
    return sorted_values[min(len(sorted_values) - 1, len(sorted_values) * percent // 100)]


def number(value: float | None, digits: int = 1) -> str | None:
    """A number with so many digits after the point, thousands apart."""
    return None if value is None else f"{value:,.{digits}f}"


def _line(cells: object) -> str:
    return f"| {' | '.join(cells)} |"
