"""An import as a whole: into the store, twice, beside contributors, with its progress."""

import gzip
import json
import os
from pathlib import Path

import pytest

from components.errors import UnreadablePrompts
from components.prompt_sources.importing import import_prompts
from components.store import events, prompts
from tests.prompt_sources.examples import ROWS, as_jsonl, save, write


def log(store):
    with store.reading() as connection:
        return list(
            connection.exec_driver_sql("SELECT payload FROM events WHERE action = 'imported'").scalars()
        )


def many(number):
    return [{"prompt": f"Prompt {n}", "source": "s", "kind": "human"} for n in range(number)]


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_importing_twice_changes_nothing(ending, tmp_path, store, kept):
    path = write(tmp_path, ending)
    import_prompts(store, path)
    before, vector = kept(), store.vector()
    report = import_prompts(store, path)
    assert (report.added, report.already_there) == (0, 4)
    assert (kept(), store.vector()) == (before, vector)


def test_a_repetition_within_the_file_counts_as_already_there(bring):
    report = bring(".jsonl", as_jsonl([ROWS[0], ROWS[1], ROWS[0]]))
    assert (report.read, report.added, report.already_there) == (3, 2, 1)


def test_the_log_says_which_import_of_which_file_without_its_folders(tmp_path, store):
    report = import_prompts(store, write(tmp_path, ".jsonl", many(prompts.ADD_AT_ONCE + 1)))
    (noted,) = map(json.loads, log(store))
    assert (noted["import"], noted["file"]) == (report.import_id, "prompts.jsonl")
    assert (noted["added"], noted["sources"]) == (prompts.ADD_AT_ONCE + 1, {"s": prompts.ADD_AT_ONCE + 1})


@pytest.mark.parametrize("column", ["prompt", "context", "note"])
def test_long_rows_come_in_in_smaller_groups(column, tmp_path, store):
    rows = [row | {column: row["prompt"] + "x" * 99_000} for row in many(100)]
    kept = []
    import_prompts(store, write(tmp_path, ".jsonl", rows), on_keeping=lambda done, total: kept.append(done))
    assert len(kept) == 3 and kept[-1] == 100


def test_contributors_rate_while_a_file_is_being_read(tmp_path, store, loaded, person):
    ada, rated = person("ada"), []

    def rate_meanwhile(read, total):
        if len(rated) < len(loaded):
            rated.append(ada.rates(loaded[len(rated)], 4))

    report = import_prompts(store, write(tmp_path, ".jsonl", many(20_000)), on_progress=rate_meanwhile)
    assert report.added == 20_000
    assert len(rated) >= 3
    with store.reading() as connection:
        assert sum(1 for event in events.about_prompts(connection)) == len(rated)


def test_progress_counts_the_bytes_of_the_file_up_to_its_end(tmp_path, store):
    path = save(tmp_path, ".jsonl.gz", gzip.compress(as_jsonl(many(20_000)), compresslevel=0))
    size, seen = Path(path).stat().st_size, []
    import_prompts(store, path, on_progress=lambda read, total: seen.append((read, total)))
    assert len(seen) > 3
    assert {total for _, total in seen} == {size}
    assert [read for read, _ in seen] == sorted(read for read, _ in seen)
    assert seen[-1] == (size, size)


def test_a_file_where_every_row_is_rejected_says_so(bring):
    report = bring(".jsonl", b"{}\n{}\n")
    assert report.nothing_usable
    assert "No row of it is a prompt; each needs `prompt`, `source`, `kind`." in report.sentences()[-1]


def test_a_file_of_blank_lines_has_no_rows(bring):
    assert bring(".jsonl", b"\n \n\n").nothing_usable


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".csv", ".parquet"])
def test_an_empty_file_is_one_sentence(ending, bring):
    with pytest.raises(UnreadablePrompts, match="is empty"):
        bring(ending, b"")


def test_a_file_that_does_not_exist_is_one_sentence(store):
    with pytest.raises(UnreadablePrompts, match=r"^There is no file nowhere/prompts\.jsonl\.$"):
        import_prompts(store, "nowhere/prompts.jsonl")


@pytest.mark.parametrize("name", ["prompts\0.jsonl", "x" * 5000 + ".jsonl"])
def test_a_name_no_file_can_have_is_one_sentence(name, store):
    with pytest.raises(UnreadablePrompts, match="cannot be read"):
        import_prompts(store, name)


def test_a_folder_is_one_sentence(tmp_path, store):
    with pytest.raises(UnreadablePrompts, match="is a folder"):
        import_prompts(store, str(tmp_path))


def test_a_pipe_nobody_writes_to_is_one_sentence(tmp_path, store):
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(UnreadablePrompts, match="is not a file"):
        import_prompts(store, str(tmp_path / "pipe.jsonl"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_is_one_sentence(tmp_path, store):
    path = write(tmp_path, ".jsonl")
    Path(path).chmod(0)
    with pytest.raises(UnreadablePrompts, match="cannot be read .Permission denied."):
        import_prompts(store, path)


def test_a_file_of_another_format_is_one_sentence(tmp_path, store):
    with pytest.raises(UnreadablePrompts, match=r"no format .*\.jsonl"):
        import_prompts(store, save(tmp_path, ".txt", b"hello"))
