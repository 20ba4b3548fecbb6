"""Progress: coverage of the goal, right on an empty sprint and on a full one."""

import json

from components.live.moment import Moment
from components.live.raters import Raters
from components.progress.goal import reached, surplus
from components.progress.views import views, welcome


def progress(store, importing=None):
    with store.reading() as connection:
        return views(lambda: importing, Raters(), lambda reached: None)[0].compute(Moment(connection))


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


def test_more_ratings_than_wanted_do_not_count_twice():
    assert reached({0: 5, 2: 3, 3: 4, 7: 1}, 3) == 5


def test_what_goes_beyond_the_goal_is_counted_for_each_prompt():
    assert surplus({0: 5, 2: 3, 3: 4}, 3) == 0
    assert surplus({0: 5, 3: 4, 4: 2, 7: 1}, 3) == 6


def test_the_ratings_beyond_the_goal_are_told(store, loaded, person):
    for number in range(5):
        person(f"person-{number}").rates(loaded[0], 4)
    person("ada").rates(loaded[1], 4)
    assert progress(store)["surplus"] == 2
