"""What organizers change while the sprint runs."""

import json

import pytest

from components.errors import BadSetting
from components.organizing.sprint import change, described, read_quota
from components.records import Quota
from components.store.audit import audit


@pytest.mark.parametrize(
    ("words", "quota"),
    [
        ("kind=human:500", Quota(500, kind="human")),
        ("source=ultrachat:300", Quota(300, source="ultrachat")),
        ("source=a:b, c=d,kind=synthetic:0", Quota(0, "a:b, c=d", "synthetic")),
    ],
)
def test_a_quota_is_read_as_it_is_written(words, quota):
    assert read_quota(words) == quota


@pytest.mark.parametrize(
    "words", ["", "human:5", "kind=alien:5", ":5", "kind=human", "kind=human:-1", "kind=human:x"]
)
def test_what_is_no_quota_is_refused_with_an_example(words):
    with pytest.raises(BadSetting, match="kind=human:500"):
        read_quota(words)


def test_a_change_is_logged_with_who_made_it(store, person):
    ada = person("ada")
    change(store, ada.id, title=" Better ", ratings_per_prompt=5, quotas=[Quota(7, kind="human")])
    now = store.sprint()
    assert (now.title, now.ratings_per_prompt, now.quotas) == ("Better", 5, (Quota(7, kind="human"),))
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT contributor, payload FROM events WHERE action = 'setting'")
        contributor, payload = rows.fetchall()[-1]
    assert contributor == ada.id
    assert json.loads(payload) == {
        "title": "Better",
        "ratings_per_prompt": 5,
        "quotas": [{"ratings": 7, "source": None, "kind": "human"}],
    }


def test_changing_nothing_logs_nothing(store):
    before = store.vector()
    assert change(store, "terminal") == store.sprint()
    assert store.vector() == before


@pytest.mark.parametrize("values", [{"title": " "}, {"ratings_per_prompt": 0}, {"ratings_per_prompt": 101}])
def test_values_that_cannot_be_are_refused(store, values):
    with pytest.raises(BadSetting):
        change(store, "terminal", **values)


def test_switching_the_extra_rating_moves_contested_prompts_and_audits_clean(store, loaded, person):
    def levels():
        with store.reading() as connection:
            return dict(connection.exec_driver_sql("SELECT prompt_id, level FROM queue").fetchall())

    person("ada").rates(loaded[0], 1)
    person("bob").rates(loaded[0], 4)
    assert levels()[loaded[0].prompt_id] == 2
    change(store, "terminal", extra_rating=True)
    assert levels()[loaded[0].prompt_id] == 1
    assert audit(store).differences == []
    person("cy").rates(loaded[1], 1)
    person("dora").rates(loaded[1], 5)
    assert levels()[loaded[1].prompt_id] == 1
    assert audit(store).differences == []
    change(store, "terminal", extra_rating=False)
    assert levels()[loaded[0].prompt_id] == 2
    assert audit(store).differences == []


def test_the_sprint_is_described_in_words(store):
    quotas = [Quota(1500, kind="human"), Quota(3, "arena", "synthetic"), Quota(4, "arena")]
    words = described(change(store, "terminal", extra_rating=True, quotas=quotas))
    assert "scores are 3 or more apart: yes" in words
    assert "at most 1,500 ratings for human prompts\n" in words
    assert "at most 3 ratings for synthetic prompts of arena\n" in words
    assert words.endswith("at most 4 ratings for prompts of arena")
