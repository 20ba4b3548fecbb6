"""Pushing from the command line: a dry run first, then the push, and a schedule that is remembered."""

import json

from tests.serving import command

TO = "sprint/prompts"


def test_a_dry_run_a_push_and_a_schedule(hub, tmp_path):
    rows = [{"prompt": f"Prompt {n}", "source": "test", "kind": "human"} for n in range(5)]
    file = tmp_path / "prompts.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    settings = {
        "HF_TOKEN": "hf_alice",
        "HF_ENDPOINT": hub.address,
        "HF_HUB_OFFLINE": 0,
        "HF_HOME": tmp_path / "home",
    }

    def told(*words, **more):
        return command(tmp_path / "data", *words, **settings | more)

    assert told("import", file).returncode == 0
    dry = told("push", TO, "--dry-run", "--include-unrated")
    assert "would be v1: prompts 5" in dry.stdout and "## Dataset summary" in dry.stdout
    assert not [line for line in hub.requests() if line.startswith(("POST", "PUT"))]
    pushed = told("push", TO, "--include-unrated", "--public")
    assert pushed.stdout.splitlines()[-1] == f"{hub.address}/datasets/{TO}/tree/v1", pushed.stderr
    wrong = told("push", TO, HF_TOKEN="hf_alice_reads", **{"BACKUP_TO": ""})
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr
    assert "is pushed to sprint/prompts every day" in told("schedule", "day", "--to", TO).stdout
    assert "every day" in told("schedule").stdout
    assert "No snapshot is pushed by itself" in told("schedule", "off").stdout
