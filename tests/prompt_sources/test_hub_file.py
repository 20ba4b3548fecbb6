"""Files on the Hub, read by the real client from a double of the Hub over HTTP."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.prompt_sources.examples import WRITERS, write

DATA = "hf://datasets/alice/prompts/data/prompts"
TOKEN = "hf_alice"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def hub(shared: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an empty Hub."""
    double = shared / "testbed" / "mini_hub.py"
    if not double.exists():
        pytest.skip("there is no double of the Hub here")
    port = free_port()
    environment = os.environ | {"MINIHUB_DIR": str(tmp_path / "hub")}
    process = subprocess.Popen([sys.executable, str(double), str(port)], env=environment)
    try:
        for _ in range(100):
            with socket.socket() as visitor:
                if visitor.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def visit(tmp_path: Path) -> Callable[..., list]:
    """Import paths from a Hub, each with a token, and say what became of each."""

    def visits(endpoint: str, *paths: tuple[str, str]) -> list:
        environment = os.environ | {
            "HF_ENDPOINT": endpoint,
            "HF_HOME": str(tmp_path / "home"),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        }
        environment.pop("HF_TOKEN", None)
        command = [sys.executable, "-m", "tests.prompt_sources.hub_visits", str(tmp_path), json.dumps(paths)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return visits


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
        ("hf://datasets/alice/prompts", TOKEN),
        ("hf://", TOKEN),
        ("hf://datasets", TOKEN),
    ]
    outcomes = visit(hub, *paths, *bad)
    for (path, _), outcome in zip(paths, outcomes, strict=False):
        assert (outcome["added"], outcome["rejected"], outcome["damage"]) == (4, 0, None), path
        size = (tmp_path / "files" / path.rpartition("/")[2]).stat().st_size
        assert outcome["progress"] == [size, size]
        assert outcome["file"] == path.rpartition("/")[2]
    sentences = outcomes[len(paths) :]
    for sentence in sentences[:5]:
        assert "set HF_TOKEN" in sentence
    for sentence in sentences[5:7]:
        assert "is a folder" in sentence
    for sentence in sentences[7:]:
        assert "names no file on the Hub" in sentence


def test_a_file_one_has_to_ask_for_is_a_sentence(hub, visit, tmp_path):
    (tmp_path / "files").mkdir()
    write(tmp_path / "files", ".jsonl.gz")
    visit(hub)
    (tmp_path / "files").rename(tmp_path / "uploaded")
    forbidden = [{"match": "/_lfs/", "status": 403, "times": 100}]
    urllib.request.urlopen(f"{hub}/_control", json.dumps(forbidden).encode()).close()
    (outcome,) = visit(hub, (DATA + ".jsonl.gz", TOKEN))
    assert "does not allow it; set HF_TOKEN" in outcome


def test_a_hub_that_does_not_answer_is_a_sentence(visit):
    (outcome,) = visit(f"http://127.0.0.1:{free_port()}", (DATA + ".jsonl", ""))
    assert outcome == f"{DATA}.jsonl cannot be read (the Hub cannot be reached)."
