"""What only the big screen shows; a prompt hangs on the wall only where that gives nothing away."""

import pytest

from components.live.moment import Moment
from components.progress.activity import Activity
from components.progress.screen import MOST_LETTERS, document
from components.records import Prompt
from components.store import prompts


@pytest.fixture
def told(store, clock):
    def told():
        activity = Activity()
        with store.reading() as connection:
            activity.read(connection, clock.now)
            return document(Moment(connection, clock.now), activity)

    return told


def test_an_empty_sprint(told):
    assert told() == {"minutes": [], "kinds": [], "liked": None}


def test_minutes_and_scores_by_kind(loaded, person, clock, told):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    ada.rates(loaded[1], 1)
    clock.forward(minutes=2)
    ada.rates(loaded[3], 4)
    shown = told()
    assert [ratings for _, ratings in shown["minutes"]] == [2, 1]
    assert shown["minutes"][1][0] == clock.now // 60_000 * 60_000
    assert shown["kinds"] == [
        {"kind": "human", "counts": [0, 0, 0, 2, 0]},
        {"kind": "synthetic", "counts": [1, 0, 0, 0, 0]},
    ]


def rated(prompt, person, *scores):
    for place, score in enumerate(scores):
        person(f"person-{place}").rates(prompt, score)


def test_a_prompt_that_two_gave_a_five_is_shown_once_it_has_all_its_ratings(loaded, person, told):
    rated(loaded[0], person, 5, 5)
    assert told()["liked"] is None
    rated(loaded[0], person, 5, 5, 2)
    assert told()["liked"] == {
        "text": "Prompt number 0",
        "source": "source-0",
        "kind": "human",
        "counts": [0, 1, 0, 0, 2],
    }


def test_one_five_is_not_enough_and_the_one_liked_last_is_shown(loaded, person, clock, told):
    rated(loaded[0], person, 5, 5, 5)
    clock.forward(minutes=5)
    rated(loaded[1], person, 5, 5, 3)
    clock.forward(minutes=5)
    rated(loaded[2], person, 5, 1, 1)
    assert told()["liked"]["text"] == "Prompt number 1"
    clock.forward(minutes=56)
    assert told()["liked"] is None


def test_what_anybody_flagged_and_what_is_retired_is_not_shown(store, loaded, person, told):
    rated(loaded[0], person, 5, 5, 5)
    rated(loaded[1], person, 5, 5, 5)
    person("eve").send(person("eve").event(loaded[1], None, action="flagged", reason="harmful"))
    assert told()["liked"]["text"] == "Prompt number 0"
    store.write(
        lambda tx: tx.connection.exec_driver_sql(
            "UPDATE prompts SET status = 'retired' WHERE text = 'Prompt number 0'"
        )
    )
    assert told()["liked"] is None


def test_of_a_long_prompt_the_beginning_is_shown(store, person, told):
    long = Prompt("word " * 500, "s", "human")
    store.write(lambda tx: prompts.add(tx, [long], {}))
    rated(long, person, 5, 5, 5)
    text = told()["liked"]["text"]
    assert len(text) <= MOST_LETTERS + 2 and text.endswith("word …")
