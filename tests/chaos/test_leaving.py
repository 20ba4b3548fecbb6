"""Killing the server in the middle of deleting an account: the next start goes on with it."""

import json
import signal
import sqlite3
import time

from components.records import Prompt
from tests.serving import Serving, Visitor, command, rating

PROMPTS = 2000


def test_a_deleted_account_stays_deleted_and_the_rest_of_it_goes(tmp_path):
    made = [Prompt(f"Prompt {n}", "chaos", "human") for n in range(PROMPTS)]
    file = tmp_path / "prompts.jsonl"
    rows = ({"prompt": prompt.text, "source": prompt.source, "kind": prompt.kind} for prompt in made)
    file.write_text("\n".join(map(json.dumps, rows)))
    with Serving(tmp_path, PROMPTS=file, RATINGS_PER_MINUTE=0) as serving:
        ada = Visitor(serving).signs_in("ada")
        for start in range(0, PROMPTS, 100):
            told = [rating(prompt.prompt_id) for prompt in made[start : start + 100]]
            assert len(ada.sends(*told).raise_for_status().json()["confirmed"]) == 100
        with ada.stream("DELETE", "/api/my/account", json={"username": "ada"}) as answer:
            first = json.loads(next(answer.iter_lines()))
            serving.stop(signal.SIGKILL)
        assert first["left"] > 0 and _said(serving) > 0, "it was done before the server could be killed"
        assert "Everything agrees." in command(tmp_path, "audit").stdout

        serving.start()
        assert ada.get("/api/session").json()["signed_in"] is False
        until = time.monotonic() + 20
        while _said(serving) and time.monotonic() < until:
            time.sleep(0.1)
        assert _said(serving) == 0
        serving.stop()
    assert "Everything agrees." in command(tmp_path, "audit").stdout


def _said(serving: Serving) -> int:
    """How many events still say something."""
    with sqlite3.connect(f"file:{serving.data_dir / 'sprint.db'}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT COUNT(*) FROM events WHERE action = 'rated'").fetchone()[0]
