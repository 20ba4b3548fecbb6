"""Progress: coverage of the goal, right on an empty sprint and on a full one."""

import json

import pytest

from components.live.moment import Moment
from components.live.publisher import Publisher
from components.live.raters import Raters
from components.organizing.sprint import change
from components.progress.views import views, welcome
from components.records import HOUR_MS, NOT_OPEN


def progress(store, importing=None):
    with store.reading() as connection:
        made = views(lambda: importing, Raters(), lambda reached: None)
        return made[0].compute(Moment(connection, store.clock()))


def test_an_empty_sprint_has_no_share(store):
    document = progress(store)
    assert (document["prompts"], document["ratings"], document["share_done"]) == (0, 0, None)
    assert document["title"] == "A test sprint"
    with store.reading() as connection:
        assert welcome(Moment(connection)) == {"prompt": None, "reason": None}


def test_a_prompt_is_done_when_it_has_the_ratings_it_wants(store, loaded, person):
    for name in ("ada", "bob", "cy"):
        person(name).rates(loaded[0], 4)
    person("dora").rates(loaded[1], 4)
    person("emil")
    document = progress(store)
    assert (document["prompts_done"], document["share_done"], document["ratings"]) == (1, 1 / 12, 4)
    assert (document["contributors_joined"], document["contributors_rated"]) == (5, 4)


def test_a_visitor_sees_a_prompt_but_not_where_it_is_from(store, loaded):
    with store.reading() as connection:
        prompt = welcome(Moment(connection))["prompt"]
    assert set(prompt) == {"prompt_id", "text", "context", "language"}
    assert "source" not in json.dumps(prompt)


def test_the_ratings_beyond_the_goal_are_told(store, loaded, person):
    for number in range(5):
        person(f"person-{number}").rates(loaded[0], 4)
    person("ada").rates(loaded[1], 4)
    assert progress(store)["surplus"] == 2


@pytest.mark.parametrize("state", ["preparing", "paused", "closed"])
def test_a_visitor_sees_no_prompt_while_the_sprint_is_not_open(store, loaded, state):
    change(store, "terminal", state=state)
    with store.reading() as connection:
        assert welcome(Moment(connection)) == {"prompt": None, "reason": NOT_OPEN[state]}
    assert progress(store)["state"] == state


def test_the_end_closes_the_sprint_in_the_view_though_nothing_happens(store, loaded, clock):
    ends_at = clock.now + HOUR_MS
    change(store, "terminal", ends_at=ends_at)
    publisher = Publisher(store, views(lambda: None, Raters(), lambda reached: None))
    publisher.refresh()

    def state():
        publisher.refresh()
        return json.loads(publisher.document("progress").encoded("identity"))["state"]

    assert state() == "open"
    clock.forward(minutes=59)
    assert state() == "open"
    clock.forward(minutes=1)
    assert state() == "closed"
