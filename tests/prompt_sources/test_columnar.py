"""Parquet files, with types that JSON does not have."""

import datetime
import decimal
import io
import json
import os
import tracemalloc

import pyarrow
import pyarrow.parquet
import pytest

from components.errors import UnreadablePrompts
from components.prompt_sources.columnar import columnar
from components.prompt_sources.opening import opened
from tests.prompt_sources.examples import ROWS, as_parquet

MB = 1024 * 1024
NEEDED = {"prompt": ["p"], "source": ["s"], "kind": ["human"]}


def parquet(columns, **options):
    written = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), written, **options)
    return written.getvalue()


def test_values_of_every_type_become_plain_json(bring, kept):
    moment = datetime.datetime(2026, 3, 1, 12, 30)
    columns = NEEDED | {
        "day": [moment.date()],
        "moment": pyarrow.array([moment], pyarrow.timestamp("ns")),
        "price": [decimal.Decimal("1.50")],
        "votes": [[1, 2, None]],
        "nested": [{"a": 1, "b": None}],
        "share": [0.25],
        "gap": [float("nan")],
        "nothing": pyarrow.array([None], pyarrow.string()),
        "flag": [True],
        "picture": [b"\x00\xff"],
    }
    assert bring(".parquet", parquet(columns)).added == 1
    assert json.loads(kept()[0]["metadata"]) == {
        "day": "2026-03-01",
        "moment": "2026-03-01T12:30:00",
        "price": "1.50",
        "votes": [1, 2, None],
        "nested": {"a": 1, "b": None},
        "share": 0.25,
        "flag": True,
        "picture": "AP8=",
    }


def test_bad_rows_are_reported_with_their_number_and_the_others_come_in(bring, texts):
    not_utf8 = pyarrow.array([b"one", b"\xff\xfe", b"", b"four"], pyarrow.binary())
    columns = {
        "prompt": pyarrow.Array.from_buffers(pyarrow.string(), 4, not_utf8.buffers()),
        "source": ["s", "s", "s", None],
        "kind": ["human"] * 4,
    }
    report = bring(".parquet", parquet(columns))
    assert texts() == ["one"]
    assert {rejected.reason: rejected.places for rejected in report.rejected.values()} == {
        "The row is not UTF-8.": ["row 2"],
        "The prompt is empty.": ["row 3"],
        "The source is empty.": ["row 4"],
    }


@pytest.mark.parametrize(
    "content", [b"prompt,source,kind\n", b"PAR1", as_parquet(ROWS)[:-20], b"PAR1" + b"\xff" * 50 + b"PAR1"]
)
def test_what_is_not_parquet_is_one_sentence(content, bring):
    with pytest.raises(UnreadablePrompts, match="not Parquet"):
        bring(".parquet", content)


@pytest.mark.parametrize(
    ("options", "where"),
    [({"compression": "snappy"}, 0), ({"compression": "none", "use_dictionary": False}, 200)],
)
def test_of_a_file_with_a_damaged_part_nothing_comes_in(options, where, bring, texts):
    number = 4000
    columns = {
        "prompt": [f"Prompt {n}" for n in range(number)],
        "source": ["s"] * number,
        "kind": ["human"] * number,
    }
    whole = parquet(columns, row_group_size=1000, **options)
    table = pyarrow.parquet.ParquetFile(io.BytesIO(whole))
    column = table.metadata.row_group(2).column(0)
    start = (column.dictionary_page_offset or column.data_page_offset) + where
    with pytest.raises(UnreadablePrompts) as refused:
        bring(".parquet", whole[:start] + b"\xff" * 300 + whole[start + 300 :])
    assert str(refused.value) == (
        "prompts.parquet could not be read further than row 2000 (it is damaged); "
        "nothing of it was brought in."
    )
    assert texts() == []


def test_a_file_of_one_huge_group_of_rows_is_read_in_little_memory(tmp_path):
    number = 8000
    columns = {
        "prompt": [f"Prompt {n}" for n in range(number)],
        "source": ["s"] * number,
        "kind": ["human"] * number,
        "note": [os.urandom(4_000).hex() for _ in range(number)],
    }
    path = tmp_path / "prompts.parquet"
    path.write_bytes(parquet(columns, compression="none", use_dictionary=False))
    del columns
    assert path.stat().st_size > 56 * MB
    with opened(str(path)) as source:
        tracemalloc.start()
        assert sum(1 for _ in columnar(source.file, source.name)) == number
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 40 * MB
