"""Somebody who writes into the database beside the sprint: the audit says what differs."""

import sqlite3

from tests.serving import Serving, Visitor, command, rating


def test_the_audit_of_a_damaged_store_says_what_differs(tmp_path):
    with Serving(tmp_path) as serving:
        ada = Visitor(serving).signs_in("ada")
        ada.sends(*(rating(prompt["prompt_id"]) for prompt in ada.asks()))
    assert command(tmp_path, "audit").returncode == 0
    with sqlite3.connect(tmp_path / "sprint.db") as database:
        database.execute(
            "UPDATE prompt_tallies SET n4 = n4 + 1 WHERE n4 = 1 AND prompt_id = (SELECT MIN(prompt_id) FROM ratings)"
        )
    told = command(tmp_path, "audit")
    assert told.returncode == 1
    assert "prompt_tallies" in told.stdout
