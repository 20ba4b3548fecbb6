"""The command line: words in, words out, an exit code that a script can trust."""

import gzip
import json
import os

import pytest

from tests.serving import command

ROWS = [{"prompt": f"Prompt {n}", "source": "test", "kind": "human"} for n in range(20)]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "prompts.jsonl"
    path.write_text(lines(ROWS))
    return path


@pytest.mark.parametrize("words", [("import", "no-such-file.jsonl"), ("snapshot",), ("nonsense",)])
def test_a_command_that_cannot_be_done_says_so_in_words(tmp_path, words):
    ended = command(tmp_path, *words)
    assert ended.returncode != 0 and ended.stderr and "Traceback" not in ended.stderr


def test_importing_twice_changes_nothing(tmp_path, file):
    first, again = command(tmp_path, "import", file), command(tmp_path, "import", file)
    assert (first.returncode, again.returncode) == (0, 0)
    assert "20 read, 20 added" in first.stdout and "20 read, 0 added, 20 already there" in again.stdout


def test_a_report_names_lines_and_reasons(tmp_path, file):
    file.write_text(lines(ROWS[:2]) + "{broken\n" + lines([{"prompt": "x", "source": "s", "kind": "alien"}]))
    ended = command(tmp_path, "import", file)
    assert ended.returncode == 0
    assert "line 3" in ended.stdout and "line 4" in ended.stdout


def test_a_file_whose_name_is_no_text_comes_in(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.jsonl"
    with open(path, "w") as file:  # noqa: PTH123
        file.write(lines(ROWS))
    assert "20 added" in command(tmp_path, "import", os.fsdecode(path)).stdout


def test_a_file_that_is_useless_or_damaged_fails(tmp_path, file):
    file.write_text("{broken\n")
    assert command(tmp_path, "import", file).returncode == 1
    damaged = tmp_path / "cut.jsonl.gz"
    damaged.write_bytes(gzip.compress(lines(ROWS).encode())[:-20])
    assert command(tmp_path, "import", damaged).returncode == 1


def test_a_snapshot_of_a_new_sprint_and_its_audit(tmp_path, file):
    command(tmp_path, "import", file)
    made = command(tmp_path, "snapshot", tmp_path / "out", "--include-unrated")
    assert made.returncode == 0 and "prompts 20" in made.stdout
    assert (tmp_path / "out/README.md").exists()
    assert command(tmp_path, "audit").returncode == 0


@pytest.mark.parametrize("words", [("audit",), ("snapshot", "out")])
def test_a_sprint_that_is_not_there_is_not_an_empty_one(tmp_path, words):
    ended = command(tmp_path / "tpyo", *words)
    assert ended.returncode == 1 and "set DATA_DIR" in ended.stderr
    assert not (tmp_path / "tpyo").exists()


def test_help_names_every_command(tmp_path):
    told = command(tmp_path, "--help").stdout
    assert all(word in told for word in ("import", "snapshot", "audit"))


def test_the_sprint_is_shown_and_changed(tmp_path, file):
    command(tmp_path, "import", file)
    changed = command(
        tmp_path, "sprint", "--ratings-per-prompt", 5, "--quota", "kind=human:9", "--extra-rating", "on"
    )
    assert changed.returncode == 0 and "ratings per prompt: 5" in changed.stdout
    assert command(tmp_path, "sprint").stdout == changed.stdout
    assert "human prompts" not in command(tmp_path, "sprint", "--no-quotas").stdout
    assert command(tmp_path, "sprint", "--quota", "many").returncode == 1
