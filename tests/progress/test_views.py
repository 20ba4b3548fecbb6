"""Progress: coverage of the goal, right on an empty sprint and on a full one."""

import json

from components.progress.goal import reached
from components.progress.views import views, welcome


def progress(store, importing=None):
    with store.reading() as connection:
        return views(lambda: importing)[0].compute(connection)


def test_an_empty_sprint_has_no_share(store):
    document = progress(store)
    assert (document["prompts"], document["ratings"], document["share_done"]) == (0, 0, None)
    assert document["title"] == "A test sprint"
    with store.reading() as connection:
        assert welcome(connection) == {"prompt": None}


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
        prompt = welcome(connection)["prompt"]
    assert set(prompt) == {"prompt_id", "text", "context", "language"}
    assert "source" not in json.dumps(prompt)


def test_more_ratings_than_wanted_do_not_count_twice():
    assert reached({0: 5, 2: 3, 3: 4, 7: 1}, 3) == 5
