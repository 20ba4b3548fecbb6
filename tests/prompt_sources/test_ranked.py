"""10k_prompts_ranked: it comes in with its ratings, and goes out as it was."""

import json
import socket
from collections import Counter

import pyarrow.parquet
import pytest

from components.prompt_sources.importing import import_prompts
from components.snapshots.snapshot import write_snapshot
from components.store.audit import audit
from tests.prompt_sources import published
from tests.prompt_sources.examples import save

FULL = "DIBT/10k_prompts_ranked"


def exported(store, folder):
    write_snapshot(store, folder)
    (file,) = (folder / "data").glob("*.parquet")
    return pyarrow.parquet.read_table(file).to_pylist()


def in_order(rows):
    """Rows in an order that nothing but themselves decides."""
    return sorted(rows, key=lambda row: (row["prompt"], json.dumps(row["quality"])))


@pytest.fixture(scope="module")
def whole():
    return published.rows()


def test_all_of_it_comes_in_and_goes_out_with_every_field_equal(whole, store, tmp_path):
    path = save(tmp_path, ".parquet", published.as_parquet(whole))
    report = import_prompts(store, path)
    assert (report.added, report.ratings, report.people) == (10_331, 15_261, 314)
    assert audit(store).differences == []
    out = exported(store, tmp_path / "out")
    assert in_order(out) == in_order(pyarrow.parquet.read_table(path).to_pylist())
    # And so do the card's tables.
    sources = Counter(json.loads(row["metadata"])["source"] for row in out)
    assert Counter(row["num_responses"] for row in out) == published.RATINGS
    assert sources.total() == 10_331 and len(sources) == len(published.SOURCES)
    card = (tmp_path / "out/README.md").read_text()
    assert "| Ratings among them that came with the prompts, given elsewhere | 15,261 |" in card
    assert "That is not how 15,261 ratings by 314 people came about" in card
    assert "| People who joined, raters or not | 0 |" in card
    assert "in the order of `user_id`; those that came with the prompts stand behind, as they stood" in card
    busiest = Counter(one["user_id"] for row in out for one in row["quality"]).most_common(1)
    assert busiest[0][1] >= published.BUSIEST
    again = import_prompts(store, path)
    assert (again.added, again.ratings, again.already_there) == (0, 0, 10_331)


def test_metadata_are_read_as_text_and_as_a_record_and_later_fields_are_kept(store, tmp_path):
    one = published.row("One", "s", "human", {"a" * 8: 5}, topic="Rivers", cluster_description="Water")
    two = published.row("Two", "s", "synthetic", {"b" * 8: 1, "c" * 8: 4})
    two["metadata"]["note"] = {"deep": [1, None]}
    lines = [{**one, "metadata": json.dumps(one["metadata"])}, two]
    path = save(tmp_path, ".jsonl", "\n".join(map(json.dumps, lines)).encode())
    assert import_prompts(store, path).ratings == 3
    out = in_order(exported(store, tmp_path / "out"))
    for found, meant in zip(out, [one, two], strict=True):
        assert found["raw_responses"] == meant["raw_responses"]
        assert json.loads(found["metadata"]) == meant["metadata"]
        for field in ("prompt", "kind", "avg_rating", "num_responses", "topic", "cluster_description"):
            assert found[field] == meant[field]


def test_only_what_was_submitted_counts_and_no_score_is_made_up(store, tmp_path):
    row = published.row("One", "s", "human", {"a": 5, "b": 2})
    row["quality"][0]["status"] = "discarded"
    wrong = published.row("Two", "s", "human", {"a": 5})
    wrong["quality"][0]["value"] = "5"
    path = save(tmp_path, ".jsonl", "\n".join(map(json.dumps, (row, wrong))).encode())
    report = import_prompts(store, path)
    assert (report.added, report.ratings, list(report.rejected)) == (1, 1, ["A score is none of 1 to 5."])


def test_the_sample_rows_that_were_found_come_in(shared, store):
    report = import_prompts(store, str(shared / "data/reference/dibt_10k_sample_rows.jsonl"))
    # One of them has its prompt; of the others only the ratings were found.
    assert (report.added, report.ratings, report.rows_rejected) == (1, 2, 15)


def can_be_reached(host="huggingface.co"):
    try:
        socket.create_connection((host, 443), timeout=3).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
def test_the_published_dataset_has_the_agreement_and_the_busiest_contributor_that_were_published(
    store, tmp_path
):
    if not can_be_reached():
        pytest.skip("the Hub cannot be reached from here")
    krippendorff = pytest.importorskip("krippendorff")
    report = import_prompts(store, f"hf://datasets/{FULL}")
    assert (report.added, report.ratings, report.people) == (10_331, 15_261, 314)
    out = exported(store, tmp_path / "out")
    given = Counter(one["user_id"] for row in out for one in row["quality"])
    assert given.most_common(1)[0][1] == published.BUSIEST
    counts = [
        [row["raw_responses"].count(score) for score in range(1, 6)]
        for row in out
        if row["num_responses"] > 1
    ]
    alpha = krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal")
    assert round(alpha, 3) == 0.291
