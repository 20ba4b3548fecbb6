"""The command line: words in, words out, an exit code that a script can trust."""

import gzip
import json
import os
import sqlite3

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


@pytest.mark.parametrize(
    "words",
    [
        ("import", "no-such-file.jsonl"),
        ("snapshot",),
        ("nonsense",),
        ("sprint", "--ratings-per-prompt", "abc"),
    ],
)
def test_a_command_that_cannot_be_done_says_so_in_words(tmp_path, words):
    ended = command(tmp_path, *words)
    assert ended.returncode != 0 and "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "invalid int" not in ended.stderr


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


@pytest.mark.parametrize("words", [("audit",), ("snapshot", "out"), ("backup",), ("drill",)])
def test_a_sprint_that_is_not_there_is_not_an_empty_one(tmp_path, words):
    ended = command(tmp_path / "tpyo", *words, BACKUP_TO=tmp_path / "place")
    assert ended.returncode == 1 and "set DATA_DIR" in ended.stderr
    assert not (tmp_path / "tpyo").exists()


def test_help_names_every_command(tmp_path):
    told = command(tmp_path, "--help").stdout
    assert all(
        word in told
        for word in (
            "import",
            "snapshot",
            "audit",
            "backup",
            "restore",
            "drill",
            "moderation",
            "contributors",
            "gold",
            "activity",
        )
    )


def test_the_sprint_is_shown_and_changed(tmp_path, file):
    command(tmp_path, "import", file)
    changed = command(
        tmp_path, "sprint", "--ratings-per-prompt", 5, "--quota", "kind=human:9", "--extra-rating", "on"
    )
    assert changed.returncode == 0 and "ratings per prompt: 5" in changed.stdout
    assert command(tmp_path, "sprint").stdout == changed.stdout
    assert "human prompts" not in command(tmp_path, "sprint", "--no-quotas").stdout
    assert command(tmp_path, "sprint", "--quota", "many").returncode == 1


def test_a_quota_of_a_source_that_nothing_is_of_is_told(tmp_path, file):
    command(tmp_path, "import", file)
    quotas = ("--quota", "source=test:5", "--quota", "source=mispelled,kind=human:9")
    told = command(tmp_path, "sprint", *quotas).stdout
    assert "No prompt is of the source mispelled yet" in told
    assert "source test yet" not in told


@pytest.mark.parametrize("words", ["backup", "restore", "drill"])
def test_commands_of_the_backup_say_what_to_set(tmp_path, words):
    ended = command(tmp_path, words)
    assert ended.returncode == 1 and "set BACKUP_TO" in ended.stderr


def test_a_sprint_goes_to_its_backup_and_comes_back(tmp_path, file):
    place = tmp_path / "place"
    place.mkdir()
    here, there = tmp_path / "here", tmp_path / "there"
    command(here, "import", file, BACKUP_TO=place)
    assert "events" in command(here, "backup", BACKUP_TO=place).stdout
    assert "Nothing new" in command(here, "backup", BACKUP_TO=place).stdout
    tried = command(here, "drill", BACKUP_TO=place)
    assert tried.returncode == 0 and "holds what the store does" in tried.stdout, tried
    full = command(here, "restore", BACKUP_TO=place)
    assert full.returncode == 1 and "set DATA_DIR to an empty folder" in full.stderr
    back = command(there, "restore", BACKUP_TO=place)
    assert back.returncode == 0 and "Brought back from the folder" in back.stdout, back
    assert command(there, "audit").returncode == 0
    assert "20 already there" in command(there, "import", file, BACKUP_TO=place).stdout
    assert "20 already there" in command(tmp_path / "else", "import", file, BACKUP_TO=place).stdout


def test_a_drill_finds_what_the_backup_lacks(tmp_path, file):
    place = tmp_path / "place"
    place.mkdir()
    command(tmp_path / "here", "import", file, BACKUP_TO=place)
    command(tmp_path / "here", "backup", BACKUP_TO=place)
    with sqlite3.connect(tmp_path / "here/sprint.db") as database:
        database.execute(
            "UPDATE prompts SET text = 'another' WHERE prompt_id = (SELECT MIN(prompt_id) FROM prompts)"
        )
    tried = command(tmp_path / "here", "drill", BACKUP_TO=place)
    assert tried.returncode == 1 and "NO" in tried.stdout and "differs" in tried.stdout


def test_a_sprint_is_run_from_the_terminal(tmp_path, file):
    command(tmp_path, "import", file)
    guidelines = tmp_path / "mine.md"
    guidelines.write_text("# Mine")
    changed = command(tmp_path, "sprint", "--title", "Mine", "--guidelines", guidelines, "--points", "off")
    assert "guidelines: 6 characters" in changed.stdout and "points: off" in changed.stdout
    listed = command(tmp_path, "moderation", "--list", "every", "--find", "prompt 7")
    assert "1 prompts, page 1 of 1." in listed.stdout
    prompt_id = listed.stdout.split()[0]
    retired = command(tmp_path, "moderation", "--retire", prompt_id, "--reason", "twice")
    assert retired.returncode == 0 and f"{prompt_id} is retired now." in retired.stdout
    wrong = command(tmp_path, "moderation", "--edit", prompt_id, "--metadata", "[]")
    assert wrong.returncode == 1 and "one JSON object" in wrong.stderr
    nobody = command(tmp_path, "contributors", "--exclude", "ada", "--reason", "x")
    assert nobody.returncode == 1 and "Nobody here is called ada" in nobody.stderr
    scores = tmp_path / "scores.csv"
    scores.write_text(f"prompt_id,score\n{prompt_id},4\nno such prompt,2\n")
    marked = command(tmp_path, "gold", scores)
    assert "Gold prompts marked: 1; marked so already: 0. Of no prompt here: 1." in marked.stdout
    review = command(tmp_path, "contributors", "--review")
    assert review.returncode == 0 and "0 findings" in review.stdout
    log = command(tmp_path, "activity").stdout
    assert "The command line made a prompt gold: 4" in log
    assert "The command line retired a prompt" in log and "because: twice" in log
    assert "title: from Prompt Sprint to Mine" in log
    assert command(tmp_path, "audit").returncode == 0
