"""Files on the Hub, read by the real client from a double of the Hub over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.doubles.hub.exchange import Fault
from tests.prompt_sources.examples import WRITERS, write
from tests.prompt_sources.hub_process import outcomes_of
from tests.serving import free_port

DATA = "hf://datasets/alice/prompts/data/prompts"
TOKEN = "hf_alice"


@pytest.fixture
def visit(tmp_path: Path) -> Callable[..., list]:
    """Import paths from a Hub, each with a token, and say what became of each."""
    return lambda endpoint, *paths: outcomes_of("hub_visits", endpoint, tmp_path, paths)


def test_every_format_is_read_from_the_hub_and_what_cannot_be_is_a_sentence(hub, visit, tmp_path):
    (tmp_path / "files").mkdir()
    for ending in WRITERS:
        write(tmp_path / "files", ending)
    paths = [(DATA + ending, TOKEN) for ending in WRITERS]
    bad = [
        (DATA + ".jsonl", ""),
        (DATA + ".jsonl", "hf_wrong"),
        (DATA + "_other.jsonl", TOKEN),
        ("hf://datasets/alice/nothing/prompts.jsonl", TOKEN),
        ("hf://datasets/alice/prompts@nowhere/prompts.jsonl", TOKEN),
        ("hf://datasets/alice/prompts/data", TOKEN),
        ("hf://", TOKEN),
        ("hf://datasets", TOKEN),
    ]
    outcomes = visit(hub.address, *paths, *bad)
    for (path, _), outcome in zip(paths, outcomes, strict=False):
        assert (outcome["added"], outcome["rejected"]) == (4, 0), path
        size = (tmp_path / "files" / path.rpartition("/")[2]).stat().st_size
        assert outcome["progress"] == [size, size]
        assert outcome["file"] == path.rpartition("/")[2]
    sentences = outcomes[len(paths) :]
    for sentence in sentences[:5]:
        assert "set HF_TOKEN" in sentence
    assert "is a folder" in sentences[5]
    for sentence in sentences[6:]:
        assert "names no file on the Hub" in sentence


def test_a_file_one_has_to_ask_for_is_a_sentence(hub, visit, tmp_path):
    (tmp_path / "files").mkdir()
    write(tmp_path / "files", ".jsonl.gz")
    visit(hub.address)
    (tmp_path / "files").rename(tmp_path / "uploaded")
    hub.goes_wrong(Fault("/_blobs/", "answer", times=100, status=403))
    (outcome,) = visit(hub.address, (DATA + ".jsonl.gz", TOKEN))
    assert "does not allow it; set HF_TOKEN" in outcome


def test_a_hub_that_does_not_answer_is_a_sentence(visit):
    (outcome,) = visit(f"http://127.0.0.1:{free_port()}", (DATA + ".jsonl", ""))
    assert outcome == f"{DATA}.jsonl cannot be read (the Hub cannot be reached)."
