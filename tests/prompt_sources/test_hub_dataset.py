"""Datasets on the Hub, streamed by the real `datasets` client from a double of the Hub over HTTP."""

from pathlib import Path

import pytest

from components.prompt_sources.hub_dataset import HubDataset
from tests.prompt_sources.hub_process import outcomes_of
from tests.serving import free_port


def visit(endpoint: str, folder: Path, *visits: dict) -> list:
    return outcomes_of("dataset_visits", endpoint, folder, visits)


def test_a_dataset_streams_in_by_configuration_split_and_revision_or_says_why_not(hub, tmp_path):
    outcomes = visit(
        hub.address,
        tmp_path,
        {},
        {"split": "test"},
        {"configuration": "talks", "meanwhile": "preview"},
        {"configuration": "nope"},
        {"split": "nope"},
        {"revision": "nope"},
        {"name": "alice/nothing"},
        {"token": ""},
        {"token": "hf_wrong"},
        {"column": "question"},
        # Somebody commits while it streams: what was there when it began comes in, and nothing else.
        {"meanwhile": "commit"},
        {},
        {"revision": "FIRST"},
        {"meanwhile": "delete", "revision": "FIRST"},
        {"name": "alice/pickled"},
        {"name": "alice/zipped"},
    )
    said = [outcome for outcome, _ in outcomes]
    kept = [number for _, number in outcomes]
    whole, test, look, *sentences = said[:10]
    assert (whole["added"], whole["file"]) == (1500, "alice/prompts")
    assert whole["progress"][0] == 1500
    assert test["added"] == 4
    assert look["guessed"] == {"prompt": "messages.0.content", "kind": "kind"}
    assert sentences[0].endswith("has no configuration nope; name one of its configurations: default, talks.")
    assert sentences[1] == "alice/prompts has no split nope; it has train, test."
    assert sentences[2] == "alice/prompts has no revision nope; name a branch, a tag or a commit."
    assert all("or keeps it private; set HF_TOKEN" in sentence for sentence in sentences[3:5])
    assert "HF_TOKEN" in sentences[5]
    assert sentences[6] == "alice/prompts has no column question; it has instruction, uid."
    assert [report["added"] for report in said[10:13]] == [1500, 7, 1500]
    assert all("this is not a parquet file" in sentence for sentence in said[14:])
    # What is deleted in the middle is a sentence, or was all on its way already; half of it comes in never.
    assert kept[13] in (0, 1500)
    assert all(number == 0 for outcome, number in zip(said, kept, strict=True) if isinstance(outcome, str))


def test_a_hub_that_is_away_is_a_sentence(tmp_path):
    ((said, kept),) = visit(f"http://127.0.0.1:{free_port()}", tmp_path, {"publish": False})
    assert said == "alice/prompts cannot be read (the Hub cannot be reached)."
    assert kept == 0


@pytest.mark.parametrize(
    ("path", "dataset"),
    [
        ("hf://datasets/org/name", HubDataset("org/name")),
        ("hf://datasets/org/name/", HubDataset("org/name")),
        ("hf://datasets/org/name@v2", HubDataset("org/name", revision="v2")),
        ("hf://datasets/org/name/data/file.csv", None),
        ("hf://datasets/org/name@v2/data/file.csv", None),
        ("prompts.csv", None),
    ],
)
def test_a_path_names_a_dataset_or_a_file_in_one(path, dataset):
    assert HubDataset.read(path) == dataset
