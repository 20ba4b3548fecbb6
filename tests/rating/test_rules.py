"""The rules: what a contributor may say, and the sentence for what they may not."""

import uuid

import pytest

from components.errors import BadEvent, InvalidAction, InvalidScore, UnknownPrompt
from components.rating.rules import read_event

GOOD = {"event_id": str(uuid.uuid4()), "prompt_id": "0123456789abcdef" * 2, "action": "rated", "score": 4}


def test_a_rating_becomes_an_event_of_the_person_asking():
    event = read_event(GOOD | {"shown_ms": 1200, "happened_at": 5, "local_date": "2026-03-01"}, "ada", 9)
    assert (event.contributor, event.score, event.shown_ms, event.decided_at) == ("ada", 4, 1200, 5)


@pytest.mark.parametrize("score", [0, 6, -1, 3.5, 5.0, "5", None, True, [3], {"score": 3}, float("nan")])
def test_a_score_that_is_none_of_the_five_is_refused(score):
    with pytest.raises(InvalidScore, match="1 to 5"):
        read_event(GOOD | {"score": score}, "ada", 9)


@pytest.mark.parametrize("action", ["Rated", "joined", "imported", "", None, 3, ["rated"]])
def test_an_action_that_is_no_contributors_is_refused(action):
    with pytest.raises(InvalidAction, match="rated, skipped"):
        read_event(GOOD | {"action": action}, "ada", 9)


@pytest.mark.parametrize(
    ("field", "value"),
    [("event_id", "not a uuid"), ("shown_ms", -1), ("shown_ms", "7"), ("shown_ms", 2**63), ("happened_at", 1.5),
     ("happened_at", True), ("happened_at", 10**30), ("local_date", "yesterday"), ("local_date", 20260301), ("reason", "spam")],
)  # fmt: skip
def test_other_fields_with_impossible_values_are_refused(field, value):
    with pytest.raises(BadEvent):
        read_event(GOOD | {field: value}, "ada", 9)


@pytest.mark.parametrize("prompt_id", [None, 3, ["p"], "", "p", "\ud800" * 32, "\0" * 32, "A" * 32, "0" * 33])
def test_a_prompt_id_that_is_none_is_refused(prompt_id):
    with pytest.raises(UnknownPrompt):
        read_event(GOOD | {"prompt_id": prompt_id}, "ada", 9)


def test_one_event_id_written_in_two_ways_is_one_id():
    upper = read_event(GOOD | {"event_id": GOOD["event_id"].upper()}, "ada", 9)
    assert upper.event_id == GOOD["event_id"]


@pytest.mark.parametrize("reason", [None, "", "boring", 3, ["spam"], "\ud800"])
def test_a_flag_has_one_of_the_reasons(reason):
    flag = GOOD | {"action": "flagged", "score": None}
    assert read_event(flag | {"reason": "spam"}, "ada", 9).reason == "spam"
    with pytest.raises(BadEvent, match="spam, personal_data"):
        read_event(flag | {"reason": reason}, "ada", 9)


@pytest.mark.parametrize("target", [None, "", "that one", 3])
def test_an_undo_names_what_it_undoes_and_nothing_else_does(target):
    undo = GOOD | {"action": "undone", "score": None}
    assert read_event(undo | {"undoes": GOOD["event_id"].upper()}, "ada", 9).target == GOOD["event_id"]
    with pytest.raises(InvalidAction, match="event_id"):
        read_event(undo | {"undoes": target}, "ada", 9)
    with pytest.raises(InvalidAction):
        read_event(GOOD | {"undoes": GOOD["event_id"]}, "ada", 9)


@pytest.mark.parametrize("action", ["skipped", "discarded", "withdrawn"])
def test_only_a_rating_has_a_score(action):
    assert read_event(GOOD | {"action": action, "score": None}, "ada", 9).action == action
    with pytest.raises(InvalidScore):
        read_event(GOOD | {"action": action}, "ada", 9)
