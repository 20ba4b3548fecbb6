"""The same rows written in every format a reader takes."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet

Rows = Sequence[dict]

ROWS = (
    {"id": "a", "prompt": "Name three rivers.", "source": "atlas", "kind": "human", "language": "en"},
    {"id": "b", "prompt": 'Say "hello",\nthen wave.', "source": "etiquette", "kind": "synthetic"},
    {"id": "c", "prompt": "なぜ空は青いの？", "source": "school", "kind": "unknown", "language": "ja"},
    {"id": "d", "prompt": "Sum it up.", "source": "school", "kind": "human", "context": "A long passage."},
)


def as_jsonl(rows: Rows) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(rows: Rows) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: Rows) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = pyarrow.table({column: [row.get(column) for row in rows] for column in columns})
    written = io.BytesIO()
    pyarrow.parquet.write_table(table, written)
    return written.getvalue()


def as_tsv(rows: Rows) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, delimiter="\t")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def as_arrow(rows: Rows, new: Callable = pyarrow.ipc.new_stream) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = pyarrow.table({column: [row.get(column) for row in rows] for column in columns})
    written = io.BytesIO()
    with new(written, table.schema) as writer:
        writer.write_table(table)
    return written.getvalue()


# By the ending of the file's name.
WRITERS: dict[str, Callable[[Rows], bytes]] = {
    ".jsonl": as_jsonl,
    ".ndjson": as_jsonl,
    ".jsonl.gz": lambda rows: gzip.compress(as_jsonl(rows)),
    ".ndjson.gz": lambda rows: gzip.compress(as_jsonl(rows)),
    ".csv": as_csv,
    ".csv.gz": lambda rows: gzip.compress(as_csv(rows)),
    ".tsv": as_tsv,
    ".json": lambda rows: json.dumps(rows).encode(),
    ".parquet": as_parquet,
    ".arrow": as_arrow,
    ".feather": lambda rows: as_arrow(rows, pyarrow.ipc.new_file),
}


def write(folder: Path, ending: str, rows: Rows = ROWS) -> str:
    """Write rows into a new file and return its path."""
    return save(folder, ending, WRITERS[ending](rows))


def save(folder: Path, ending: str, content: bytes) -> str:
    """Write bytes into a new file and return its path."""
    path = folder / f"prompts{ending}"
    path.write_bytes(content)
    return str(path)
