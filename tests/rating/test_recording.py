"""Recording: each item of a request stands or falls alone, and the later of two opinions is the newer."""

import uuid

import pytest

from components.rating.pace import Pace
from components.rating.recording import Submission, record
from components.records import ANYTHING
from components.store import ratings


def rating(prompt, score, **fields):
    return {
        "event_id": str(uuid.uuid4()),
        "prompt_id": prompt.prompt_id,
        "action": "rated",
        "score": score,
        "local_date": None,
        **fields,
    }


def sends(person, *items, choice=ANYTHING, pace=None):
    """What a contributor is answered who sends these items in one request."""
    submission = Submission(person.id, 0, items, choice)
    [answer] = person.store.write(lambda tx: record(tx, [submission], pace or Pace(0)))
    return answer


@pytest.fixture
def ada(person):
    return person("ada")


def test_good_items_stand_when_others_fall(store, loaded, ada):
    good, bad = rating(loaded[0], 4), rating(loaded[1], 9)
    answer = sends(ada, bad, good, good)
    assert answer["confirmed"] == [good["event_id"]] * 2
    assert [item["event_id"] for item in answer["rejected"]] == [bad["event_id"]]
    assert answer["revealed"][0] == {
        "prompt_id": loaded[0].prompt_id,
        "source": "source-0",
        "kind": "human",
        "score": 4,
        "crowd": None,
    }


@pytest.mark.parametrize("ahead", [None, 86_400_000])
def test_of_two_opinions_in_one_request_the_later_counts(store, loaded, ada, clock, ahead):
    """Also for a device that tells no time, or whose clock runs a day ahead."""
    told = {} if ahead is None else {"happened_at": clock.now + ahead}
    for prompt in loaded:
        items = [rating(prompt, 1, **told), rating(prompt, 5, **told)]
        sends(ada, *items)
    with store.reading() as connection:
        scores = {ratings.current(connection, ada.id, prompt.prompt_id).score for prompt in loaded}
    assert scores == {5}
