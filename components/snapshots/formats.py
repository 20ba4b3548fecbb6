"""The tables of a snapshot: their configurations, columns and meanings, and how they become Parquet files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

# The one file of each configuration's only split, named as the Hub names them.
FILE = "train-00000-of-00001.parquet"

# Held in memory before they are written as one row group. Prompts can be long, so both have a limit.
ROWS_AT_ONCE = 5000
CHARACTERS_AT_ONCE = 16_000_000


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        type: A type name of `datasets.Value`; `[type]` is a list of it, a dict a record of them.
        meaning: What the card says about it.
    """

    name: str
    type: str | list | dict
    meaning: str

    @property
    def type_words(self) -> str:
        """The type as the card spells it."""
        return _type_words(self.type)


@dataclass(frozen=True)
class Configuration:
    """One table of the dataset: what `load_dataset(folder, name)` reads, and the folder it lies in."""

    name: str
    folder: str
    about: str
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        """Where its file is inside a snapshot."""
        return f"{self.folder}/{FILE}"

    def schema(self) -> pa.Schema:
        """The Arrow schema, with the dataset's features in its metadata for `load_dataset` to find."""
        # Takes most of a second and 90 MB, which neither the page nor any other command should pay for.
        from datasets import Features, List, Value

        def feature(type_: str | list | dict) -> object:
            if isinstance(type_, list):
                return List(feature(type_[0]))
            if isinstance(type_, dict):
                return {name: feature(part) for name, part in type_.items()}
            return Value(type_)

        return Features({column.name: feature(column.type) for column in self.columns}).arrow_schema


DEFAULT = Configuration(
    "default",
    "data",
    "one row for each prompt that somebody has rated",
    (
        Column("prompt", "string", "The prompt, exactly as it was rated."),
        Column(
            "quality",
            [{"user_id": "string", "value": "string", "status": "string"}],
            "The ratings: the contributor's pseudonym, the score **counted from zero and as text** "
            '(a score of 5 is `"4"`), and `submitted`.',
        ),
        Column(
            "metadata",
            "string",
            "A JSON object: `evolved_from`, `kind`, `source`, then whatever else came with the prompt, "
            "and `context` where it refers to a passage.",
        ),
        Column("avg_rating", "float64", "The mean of `raw_responses`; null if nobody rated the prompt."),
        Column("num_responses", "int64", "How many contributors rated it."),
        Column(
            "agreement_ratio",
            "float64",
            "(share of the most common score - 1/5) / (1 - 1/5); 1.0 for a single rating. Kept for "
            "compatibility: it depends on the number of ratings and ignores how far apart scores are.",
        ),
        Column("raw_responses", ["int64"], "The scores, 1 to 5, in the order of `quality`."),
        Column("kind", "string", "`human`, `synthetic`, or `unknown` where the source does not say."),
        Column("cluster_description", "string", "A topic map's description of its cluster; may be null."),
        Column("topic", "string", "A topic map's name of its topic; may be null."),
    ),
)

EVENTS = Configuration(
    "events",
    "events",
    "one row for each time a contributor rated or skipped a prompt, opinions they later changed included",
    (
        Column("prompt_id", "string", "Which prompt, as in `prompts`."),
        Column("user_id", "string", "The contributor's pseudonym, as in `quality`."),
        Column("action", "string", "`rated` or `skipped`."),
        Column("score", "int64", "1 to 5; null for a skip."),
        Column(
            "shown_ms",
            "int64",
            "How long the prompt was on the screen, in milliseconds, by the device; may be null.",
        ),
        Column("at", "timestamp[ms, tz=UTC]", "When it happened, cut to the hour."),
        Column("is_current", "bool", "Whether this is what the contributor thinks of the prompt now."),
        Column("is_late", "bool", "Whether it came in after the sprint had closed."),
    ),
)

PROMPTS = Configuration(
    "prompts",
    "prompts",
    "one row for each prompt of the sprint, rated or not",
    (
        Column("prompt_id", "string", "The same in every snapshot."),
        Column("prompt", "string", "As in the default configuration."),
        Column("context", "string", "A passage the prompt refers to, shown with it; may be null."),
        Column("source", "string", "Where the prompt comes from."),
        Column("kind", "string", "As in the default configuration."),
        Column("metadata", "string", "As in the default configuration."),
    ),
)

CONFIGURATIONS = (DEFAULT, EVENTS, PROMPTS)


class ParquetTable:
    """The file of one configuration while it is being written, a few thousand rows at a time."""

    def __init__(self, configuration: Configuration, snapshot: Path) -> None:
        """Create the file, and its folder inside the snapshot's."""
        self._schema = configuration.schema()
        path = snapshot / configuration.path
        path.parent.mkdir(parents=True)
        # Content-defined chunks let the Hub store only what changed since the last snapshot; the page
        # index lets its viewer open a page in the middle without reading all before it.
        self._writer = pq.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            use_content_defined_chunking=True,
            write_page_index=True,
        )
        self._rows: list[Mapping[str, object]] = []
        self._characters = 0

    def append(self, row: Mapping[str, object]) -> None:
        """Add one row."""
        self._rows.append(row)
        self._characters += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(self._rows) >= ROWS_AT_ONCE or self._characters >= CHARACTERS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
            self._rows, self._characters = [], 0

    def __enter__(self) -> "ParquetTable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()


def _type_words(type_: str | list | dict) -> str:
    if isinstance(type_, list):
        return f"list of {_type_words(type_[0])}"
    if isinstance(type_, dict):
        return "{" + ", ".join(f"{name}: {_type_words(part)}" for name, part in type_.items()) + "}"
    return type_
