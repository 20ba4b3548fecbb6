"""What a sprint starts with."""

import json

import pytest

from components.errors import UnreadablePrompts
from components.prompt_sources.starter import seed
from components.records import KINDS
from tests.prompt_sources.examples import write


def test_an_empty_sprint_starts_with_at_least_sixty_prompts_of_several_tasks(store, kept):
    report = seed(store, "")
    assert report.added == report.read >= 60
    rows = kept()
    assert {row["kind"] for row in rows} <= set(KINDS)
    assert len({json.loads(row["metadata"])["task"] for row in rows}) >= 6
    assert len({row["text_hash"] for row in rows}) == len(rows)


def test_starter_prompts_do_not_come_into_a_sprint_that_has_others(store, loaded, texts):
    assert seed(store, "") is None
    assert texts() == sorted(prompt.text for prompt in loaded)


def test_a_sprint_given_a_file_starts_with_that_and_nothing_else(store, tmp_path, kept):
    assert seed(store, write(tmp_path, ".csv")).added == 4
    assert len(kept()) == 4


def test_starting_again_changes_nothing(store, tmp_path):
    path = write(tmp_path, ".jsonl")
    seed(store, path)
    before = store.vector()
    assert seed(store, path).already_there == 4
    assert seed(store, "") is None
    assert store.vector() == before


def test_a_file_that_is_not_there_does_not_make_way_for_the_starter_prompts(store, kept):
    with pytest.raises(UnreadablePrompts):
        seed(store, "nowhere.jsonl")
    assert kept() == []
