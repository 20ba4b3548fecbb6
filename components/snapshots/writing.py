"""The files of a snapshot's tables, as shelf after shelf goes into them."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pyarrow as pa

from components.snapshots.choosing import Filter
from components.snapshots.configurations import (
    BEST,
    CONFIGURATIONS,
    CONTRIBUTORS,
    DEFAULT,
    EVENTS,
    PROMPTS,
    Configuration,
    scored,
)
from components.snapshots.formats import FORMATS, PARQUET, Sink
from components.snapshots.numbers import Numbers
from components.snapshots.tables import Part

# Written even if nobody has done anything yet: whoever reads one finds it.
ALWAYS = (DEFAULT, EVENTS, PROMPTS)


class Files:
    """Every file of the tables; one that would have no rows and need not be there is not made."""

    def __init__(
        self,
        folder: Path,
        more: Sequence[str],
        include_unrated: bool,
        best: Filter | None,
        scores: bool = False,
    ) -> None:
        """Prepare.

        Args:
            more: Names of formats besides Parquet.
            include_unrated: Whether prompts nobody rated are in the default configuration, too.
            best: What the rows of the configuration `best` have to pass.
            scores: Whether rows come with the aggregated scores.
        """
        self._folder = folder
        self._formats = [one for one in FORMATS if one is PARQUET or one.name in more]
        self._include_unrated = include_unrated
        self._best = best
        self._scores = scores
        self._open: dict[str, list[Sink]] = {}
        self._stack = ExitStack()

    @property
    def written(self) -> tuple[Configuration, ...]:
        """The configurations that are there."""
        return tuple(self._as_written(one) for one in CONFIGURATIONS if one.name in self._open)

    def write(self, part: Part, numbers: Numbers) -> None:
        """Write what is on a shelf, and count it."""
        rated = part.counts.sum(axis=1) > 0
        chosen = np.ones_like(rated) if self._include_unrated else rated
        self._append(DEFAULT, part.default.filter(pa.array(chosen)))
        if self._best is not None:
            sources = pa.array(part.sources, pa.string())
            passes = self._best(part.default.append_column("source", sources)) & rated
            self._append(BEST, part.default.filter(pa.array(passes)))
            numbers.best += int(passes.sum())
        self._append(EVENTS, part.events)
        self._append(PROMPTS, part.prompts)
        numbers.count(part, chosen)

    def write_credits(self, rows: Sequence[dict]) -> None:
        """Write who asked to be named."""
        self._append(CONTRIBUTORS, pa.Table.from_pylist(rows, CONTRIBUTORS.schema()))

    def __enter__(self) -> "Files":
        for configuration in ALWAYS:
            self._sinks(configuration)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def _append(self, configuration: Configuration, rows: pa.Table) -> None:
        if rows.num_rows:
            for sink in self._sinks(configuration):
                sink.append(rows)

    def _sinks(self, configuration: Configuration) -> list[Sink]:
        if configuration.name not in self._open:
            sinks = self._open[configuration.name] = []
            for one in self._formats:
                if configuration in one.tables:
                    path = self._folder / one.path(configuration)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    sinks.append(
                        self._stack.enter_context(closing(one.open(path, self._as_written(configuration))))
                    )
        return self._open[configuration.name]

    def _as_written(self, configuration: Configuration) -> Configuration:
        return scored(configuration) if self._scores else configuration
