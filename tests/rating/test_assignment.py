"""Assignment: the wanted number of ratings is met and not overshot, and nobody sees a prompt twice."""

import random
import threading

import pytest

from components.rating.assignment import LEASE_MS, Assignment
from components.records import ANYTHING
from components.store import prompts, queue, tallies
from tests.conftest import Person


def asks(person, wanted=5, choice=ANYTHING):
    """What a contributor holds after asking for so many prompts."""

    def work(transaction):
        assignment = Assignment(transaction, [person.id])
        assignment.give_back(person.id, choice)
        assignment.top_up(person.id, wanted, choice)
        assignment.write()
        return assignment.held(person.id)

    return person.store.write(work)


def reason(person, choice=ANYTHING):
    return person.store.write(lambda tx: Assignment(tx, [person.id]).why_nothing(person.id, choice))


def claims(store):
    with store.reading() as connection:
        return dict(connection.exec_driver_sql("SELECT prompt_id, claims FROM queue").fetchall())


def test_prompts_with_the_fewest_ratings_come_first(store, loaded, person):
    ada = person("ada")
    for prompt in loaded[:9]:
        ada.rates(prompt, 3)
    assert set(asks(person("bob"), 3)) == {prompt.prompt_id for prompt in loaded[9:]}


def test_asking_again_gives_the_same_prompts(store, loaded, person):
    ada = person("ada")
    assert set(asks(ada)) == set(asks(ada))
    assert sum(claims(store).values()) == 5


def test_nobody_is_given_what_they_rated_or_skipped(store, loaded, person):
    ada = person("ada")
    seen = set()
    while given := asks(ada):
        assert not seen & set(given)
        seen |= set(given)
        for place, prompt in enumerate(prompt for prompt in loaded if prompt.prompt_id in given):
            ada.rates(prompt, 3) if place % 2 else ada.skips(prompt)
    assert seen == {prompt.prompt_id for prompt in loaded}
    assert "rated or skipped" in reason(ada)


def test_two_people_are_given_different_prompts_while_there_are_enough(store, make_prompts, person):
    store.write(lambda tx: prompts.add(tx, make_prompts(300), {}))
    assert not set(asks(person("ada"))) & set(asks(person("bob")))


def test_a_lease_that_is_over_goes_back_to_the_others(store, loaded, person, clock):
    asks(person("ada"))
    assert sum(claims(store).values()) == 5
    clock.now += LEASE_MS
    asks(person("bob"), 1)
    assert sum(claims(store).values()) == 1


def test_a_lease_is_renewed_while_its_holder_rates(store, loaded, person, clock):
    ada = person("ada")
    held = asks(ada)
    for _ in range(5):
        clock.now += LEASE_MS * 3 // 4
        asks(ada)
    assert set(held) <= set(asks(ada))


def test_a_skip_gives_the_prompt_to_the_others(store, loaded, person):
    ada = person("ada")
    given = asks(ada)
    ada.skips(next(prompt for prompt in loaded if prompt.prompt_id == given[0]))
    assert claims(store)[given[0]] == 0


def test_rating_after_the_lease_is_over_is_kept(store, loaded, person, clock):
    ada = person("ada")
    given = asks(ada)
    clock.now += 2 * LEASE_MS
    store.write(queue.end_expired)
    ada.rates(next(prompt for prompt in loaded if prompt.prompt_id == given[0]), 4)
    assert claims(store)[given[0]] == 1


def test_few_open_places_are_shared_out(store, make_prompts, person):
    store.write(lambda tx: prompts.add(tx, make_prompts(2), {}))
    assert len(asks(person("ada"))) == 2
    assert len(asks(person("bob"))) >= 1
    assert len(asks(person("cy"))) == 1


@pytest.mark.parametrize("goal", [1, 3])
def test_many_who_rate_at_once_meet_the_goal_exactly(tmp_path, make_prompts, goal):
    from components.store.store import Store

    store = Store(f"sqlite:///{tmp_path / 'crowd.db'}").open(ratings_per_prompt=goal)
    some = make_prompts(30)
    store.write(lambda tx: prompts.add(tx, some, {}))
    by_id = {prompt.prompt_id: prompt for prompt in some}

    def rate_until_nothing_is_left(someone):
        while given := asks(someone):
            someone.rates(by_id[random.choice(given)], random.randint(1, 5))

    people = [Person(store, f"person-{n}") for n in range(20)]
    threads = [threading.Thread(target=rate_until_nothing_is_left, args=(someone,)) for someone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as connection:
        assert tallies.coverage(connection) == {goal: 30}
    wanted = {1: "rating", 3: "3 ratings"}[goal]
    assert reason(people[0]) == f"Every prompt has its {wanted}: the goal is reached."
    store.close()


def test_an_empty_sprint_says_how_prompts_come_in(store, person):
    assert "python app.py import" in reason(person("ada"))


def test_prompts_held_by_others_are_said_to_come_back(store, make_prompts, person):
    store.write(lambda tx: prompts.add(tx, make_prompts(1), {}))
    for name in ("ada", "bob", "cy"):
        asks(person(name))
    assert asks(person("dora")) == []
    assert "come back" in reason(person("dora"))
