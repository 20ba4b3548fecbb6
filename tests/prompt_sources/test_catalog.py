"""Every reader reads its example, and gives the same prompts as every other."""

import json

import pytest

from components.errors import UnreadablePrompts
from components.prompt_sources.catalog import READERS, reader_for
from components.prompt_sources.importing import import_prompts
from components.prompt_sources.opening import opened
from components.prompt_sources.rows import prompt_of
from components.store import prompts
from tests.prompt_sources.examples import ROWS, WRITERS, save, write

ENDINGS = [ending for reader in READERS for ending in reader.endings]


def read(path):
    with opened(path) as source:
        return [prompt_of(row) for row in reader_for(source.name).rows(source.file, source.name)]


def test_every_reader_has_an_example():
    assert set(ENDINGS) == set(WRITERS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_reader_reads_its_example(ending, tmp_path, store, kept):
    report = import_prompts(store, write(tmp_path, ending))
    assert (report.read, report.added, report.rejected) == (4, 4, {})
    by_id = {json.loads(row["metadata"])["id"]: row for row in kept()}
    for row in ROWS:
        found = by_id[row["id"]]
        assert [found["text"], found["source"], found["kind"]] == [row["prompt"], row["source"], row["kind"]]
        assert found["context"] == row.get("context")
        assert json.loads(found["metadata"]).get("language") == row.get("language")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_reader_says_where_a_row_stands(ending, tmp_path, store):
    rows = [ROWS[0], {**ROWS[1], "prompt": " "}]
    (rejected,) = import_prompts(store, write(tmp_path, ending, rows)).rejected.values()
    places = {"csv": "line 3", "tsv": "line 3", "json": "item 2"}
    places |= dict.fromkeys(("parquet", "arrow", "feather"), "row 2")
    place = places.get(ending.split(".")[1], "line 2")
    assert (rejected.reason, rejected.places) == ("The prompt is empty.", [place])


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_reader_takes_its_ending_in_capitals(ending, tmp_path, store):
    path = write(tmp_path, ending)
    capitals = save(tmp_path, ending.upper(), (tmp_path / path).read_bytes())
    assert import_prompts(store, capitals).added == 4


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_reader_gives_the_same_prompts(ending, tmp_path):
    ids = [prompt.prompt_id for prompt in read(write(tmp_path, ending))]
    assert ids == [prompt.prompt_id for prompt in read(write(tmp_path, ".jsonl"))]


def test_the_small_real_file_is_the_same_in_three_formats(shared, store):
    folder = shared / "data" / "prompts"
    first, *others = (
        import_prompts(store, str(folder / f"prompts_small.{ending}"))
        for ending in ("jsonl", "csv", "parquet")
    )
    assert first.added == first.read > 300
    for report in others:
        assert (report.added, report.already_there, report.rejected) == (0, first.read, {})
    with store.reading() as connection:
        assert prompts.count(connection) == first.read


def test_all_twenty_thousand_real_prompts_come_in(shared, store):
    report = import_prompts(store, str(shared / "data" / "prompts" / "prompts.jsonl.gz"))
    assert (report.read, report.added, report.rejected) == (20_471, 20_471, {})


@pytest.mark.parametrize("name", ["prompts.xlsx", "prompts", "prompts.zip", "jsonl"])
def test_another_ending_is_one_sentence_that_names_the_formats(name):
    with pytest.raises(UnreadablePrompts, match=r"\.jsonl, .*\.csv, .*\.parquet"):
        reader_for(name)
