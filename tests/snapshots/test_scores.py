"""Aggregated scores in a snapshot: only if asked for, documented, and the same as computed by hand."""

import numpy as np
import pytest

from components.agreement.dawid_skene import dawid_skene
from components.agreement.matrix import Matrix
from components.snapshots.configurations import DEFAULT, SCORED
from components.snapshots.scores import medians
from components.store import exclusions, moderation
from components.store.sprints import TERMINAL

NAMES = [column.name for column in SCORED]


def test_scores_stand_beside_the_ratings_if_they_are_asked_for(sprint, read, tmp_path):
    folder = sprint.snapshot(tmp_path / "out", scores=True, include_unrated=True)
    rows = read(folder)
    assert rows.column_names == [column.name for column in DEFAULT.columns] + NAMES
    card = (folder / "README.md").read_text()
    assert all(f"| `{name}` | float64 |" in card for name in NAMES) and "Krippendorff's alpha" in card
    by_text = {row["prompt"]: row for row in rows}
    five, two, few, single, *unrated = (by_text[prompt.text] for prompt in sprint.prompts)
    assert [row["median_rating"] for row in (five, two, few, single)] == [3, 5, 3.5, 3]
    assert five["graded_low"] < five["graded_score"] < five["graded_high"]
    assert 1 <= five["dawid_skene_score"] <= 5 and five["dawid_skene_error"] is not None
    assert five["adjusted_mean_error"] > 0
    # Two ratings, both 5, and one rating: nothing tells how far the model is off.
    assert two["dawid_skene_error"] is single["dawid_skene_error"] is None
    assert all(row[name] is None for row in unrated for name in NAMES)


def test_they_are_computed_of_the_ratings_that_are_in_it(sprint, read, tmp_path):
    store, people = sprint.store, sprint.people
    store.write(lambda tx: moderation.judge(tx, TERMINAL, sprint.prompts[1].prompt_id, "retired", "spam"))
    store.write(lambda tx: exclusions.exclude(tx, TERMINAL, people[4].id, "spam"))
    rows = list(read(sprint.snapshot(tmp_path / "out", scores=True)))
    users = sorted({one["user_id"] for row in rows for one in row["quality"]})
    given = [
        (place, users.index(one["user_id"]), int(one["value"]) + 1)
        for place, row in enumerate(rows)
        for one in row["quality"]
    ]
    assert len(rows) == 3 and len(users) == 4
    told = dawid_skene(Matrix(*np.array(given).T, len(rows), len(users)))
    assert [row["dawid_skene_score"] for row in rows] == pytest.approx(told.score, abs=1e-3)


def test_they_are_the_same_to_the_last_byte_as_long_as_nothing_happens(sprint, tmp_path):
    files = [
        sprint.snapshot(tmp_path / name, scores=True) / "data" / "train-00000-of-00001.parquet"
        for name in ("one", "two")
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_medians_are_those_of_numpy():
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 4, (200, 5))
    expected = [np.median(np.repeat(np.arange(1, 6), row)) if row.sum() else np.nan for row in counts]
    assert np.array_equal(medians(counts), expected, equal_nan=True)
