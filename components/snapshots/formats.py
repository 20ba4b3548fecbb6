"""The formats a dataset can be written in: each takes the rows of a table some at a time, and writes the same file for the same rows."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from components.records import SCORE_WORDS, SCORES
from components.snapshots.configurations import CONFIGURATIONS, DEFAULT, FILE, Configuration
from components.spreadsheet import MARK, harmless

# So many rows the viewer of the Hub opens at once.
ROWS_IN_GROUP = 50_000
# So many become text at a time.
ROWS_AT_ONCE = 1000


class Sink(Protocol):
    """A file of a table while it is written."""

    def append(self, rows: pa.Table) -> None:
        """Add rows."""

    def close(self) -> None:
        """End the file."""


class ParquetFile:
    """Parquet, as the Hub likes it."""

    def __init__(self, path: Path, configuration: Configuration) -> None:
        # Content-defined chunks let the Hub store only what changed since the last snapshot; the page
        # index lets its viewer open a page in the middle without reading all before it.
        self._writer = pq.ParquetWriter(
            path,
            configuration.schema(),
            compression="zstd",
            use_content_defined_chunking=True,
            write_page_index=True,
        )

    def append(self, rows: pa.Table) -> None:
        if rows.num_rows:
            self._writer.write_table(rows, ROWS_IN_GROUP)

    def close(self) -> None:
        self._writer.close()


class CsvFile:
    """CSV for spreadsheets: nothing in it is a formula, lists are JSON."""

    def __init__(self, path: Path, configuration: Configuration) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(MARK)
        self._rows = csv.writer(self._file)
        self._rows.writerow(column.name for column in configuration.columns)

    def append(self, rows: pa.Table) -> None:
        for batch in rows.to_batches(ROWS_AT_ONCE):
            self._rows.writerows(map(_cell, row.values()) for row in batch.to_pylist())

    def close(self) -> None:
        self._file.close()


class JsonLinesFile:
    """One JSON object on each line."""

    def __init__(self, path: Path, configuration: Configuration) -> None:
        self._file = path.open("wb")

    def append(self, rows: pa.Table) -> None:
        for batch in rows.to_batches(ROWS_AT_ONCE):
            self._file.write(b"".join(orjson.dumps(row) + b"\n" for row in batch.to_pylist()))

    def close(self) -> None:
        self._file.close()


class ArgillaRecords:
    """Records of an Argilla dataset with a rating question; its settings stand in a file beside it."""

    def __init__(self, path: Path, configuration: Configuration) -> None:
        (path.parent / "settings.json").write_bytes(
            orjson.dumps(ARGILLA_SETTINGS, option=orjson.OPT_INDENT_2)
        )
        self._file = path.open("wb")
        self._begin = b"[\n"

    def append(self, rows: pa.Table) -> None:
        for batch in rows.to_batches(ROWS_AT_ONCE):
            for row in batch.to_pylist():
                self._file.write(self._begin + orjson.dumps(_record(row)))
                self._begin = b",\n"

    def close(self) -> None:
        self._file.write(b"[]\n" if self._begin == b"[\n" else b"\n]\n")
        self._file.close()


ARGILLA_SETTINGS = {
    "guidelines": "Rate the prompt from 1 to 5: "
    + ", ".join(f"{score} {word.lower()}" for score, word in SCORE_WORDS.items())
    + ".",
    "allow_extra_metadata": True,
    "fields": [
        {
            "name": "prompt",
            "title": "Prompt",
            "required": True,
            "settings": {"type": "text", "use_markdown": True},
        }
    ],
    "questions": [
        {
            "name": "quality",
            "title": "How good is this prompt?",
            "description": None,
            "required": True,
            "settings": {"type": "rating", "options": [{"value": score} for score in SCORES]},
        }
    ],
    "metadata": [],
    "vectors": [],
}


@dataclass(frozen=True)
class Format:
    """One way to write tables.

    Attributes:
        tables: The configurations it can hold.
        pattern: Where the file of a configuration is inside a snapshot.
        beside: Other files it writes.
    """

    name: str
    about: str
    open: Callable[[Path, Configuration], Sink]
    pattern: str
    tables: tuple[Configuration, ...] = CONFIGURATIONS
    beside: tuple[str, ...] = ()

    def path(self, configuration: Configuration) -> str:
        """Where it puts a configuration."""
        return self.pattern.format(folder=configuration.folder, name=configuration.name)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file it may write."""
        return (*map(self.path, self.tables), *self.beside)


PARQUET = Format(
    "parquet",
    "for `datasets` and the Hub",
    ParquetFile,
    FILE,
)
# A snapshot is always in the first; the others can be asked for beside it.
FORMATS = (
    PARQUET,
    Format("csv", "for spreadsheets", CsvFile, "csv/{name}.csv"),
    Format("jsonl", "one JSON object on each line", JsonLinesFile, "jsonl/{name}.jsonl"),
    Format(
        "argilla",
        "records and settings for an Argilla dataset",
        ArgillaRecords,
        "argilla/records.json",
        (DEFAULT,),
        ("argilla/settings.json",),
    ),
)
MORE = tuple(one.name for one in FORMATS if one is not PARQUET)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return harmless(value)


def _record(row: Mapping) -> dict[str, object]:
    """A row of `default` as Argilla keeps it; scores count from one there."""
    metadata = json.loads(row["metadata"])
    return {
        "id": metadata.get("id"),
        "fields": {"prompt": row["prompt"]},
        "metadata": metadata,
        "suggestions": {},
        "responses": {
            "quality": [
                {
                    "value": int(rating["value"]) + 1,
                    "user_id": rating["user_id"],
                    "status": rating["status"],
                }
                for rating in row["quality"]
            ]
        },
        "vectors": {},
        "status": "completed" if row["num_responses"] else "pending",
    }
