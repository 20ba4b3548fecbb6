"""Assignment: the wanted number of ratings is met and not overshot, and nobody sees a prompt twice."""

import random
import threading
from dataclasses import replace

import pytest

from components.errors import BadEvent
from components.organizing.sprint import change
from components.rating.assignment import LEASE_MS, LOOK_AGAIN_MS, Assignment, Expiry
from components.records import ANYTHING, Action, Choice, Prompt, Quota
from components.store import cube, prompts, queue, sprints, tallies
from components.store.audit import audit
from components.store.store import Store
from tests.conftest import Person, keep


def asks(person, wanted=5, choice=ANYTHING, expiry=None, thorough=True):
    """What a contributor holds after asking for so many prompts."""

    def work(transaction):
        assignment = Assignment(transaction, [person.id], sprints.standing(transaction), expiry)
        assignment.give_back(person.id, choice)
        assignment.top_up(person.id, wanted, choice, thorough)
        assignment.write()
        return assignment.held(person.id)

    return person.store.write(work)


def ask_together(people):
    """What each of many is given who ask in one moment."""

    def work(transaction):
        ids = [person.id for person in people]
        assignment = Assignment(transaction, ids, sprints.standing(transaction))
        assignment.prepare(ids)
        given = [assignment.top_up(person.id, 5) for person in people]
        assignment.write()
        return given

    return people[0].store.write(work)


def reason(person, choice=ANYTHING):
    return person.store.write(
        lambda tx: Assignment(tx, [person.id], sprints.standing(tx)).why_nothing(person.id, choice)
    )


def may_look_again(person, choice=ANYTHING):
    return person.store.write(
        lambda tx: Assignment(tx, [person.id], sprints.standing(tx)).may_look_again(person.id, choice)
    )


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


def test_those_who_ask_together_are_each_given_something_else(store, make_prompts, person):
    store.write(lambda tx: prompts.add(tx, make_prompts(300), {}))
    given = ask_together([person(f"person-{n}") for n in range(30)])
    assert [len(some) for some in given] == [5] * 30
    assert len({prompt_id for some in given for prompt_id in some}) == 150
    assert audit(store).differences == []


def test_those_who_ask_together_are_not_given_what_they_know(store, make_prompts, person):
    some = make_prompts(300)
    store.write(lambda tx: prompts.add(tx, some, {}))
    ada, bob, new = person("ada"), person("bob"), person("new")
    known = {ada: some[:290], bob: some[10:], new: []}
    for someone, theirs in known.items():
        events = [someone.event(prompt, None) for prompt in theirs]
        store.write(lambda tx, events=events: keep(tx, events))
    for someone, given in zip(known, ask_together(list(known)), strict=True):
        assert len(given) == 5
        assert not {prompt.prompt_id for prompt in known[someone]} & set(given)
    assert audit(store).differences == []


def test_a_source_is_given_as_often_as_it_has_prompts(store):
    few = [Prompt(f"Few {n}", "few", "human") for n in range(30)]
    many = [Prompt(f"Many {n}", "many", "human") for n in range(270)]
    store.write(lambda tx: prompts.add(tx, few + many, {}))

    def draw(transaction):
        return [queue.some_place(transaction, 0).cell for _ in range(1000)]

    drawn = store.write(draw)
    assert 50 < drawn.count(few[0].cell.cell_id) < 150
    assert set(drawn) == {few[0].cell.cell_id, many[0].cell.cell_id}


@pytest.mark.parametrize("together", [False, True])
def test_what_somebody_is_given_at_once_is_not_all_of_one_source(store, make_prompts, person, together):
    some = {prompt.prompt_id: prompt for prompt in make_prompts(600)}
    store.write(lambda tx: prompts.add(tx, list(some.values()), {}))
    people = [person(f"person-{n}") for n in range(20)]
    given = [ask_together([someone])[0] if together else asks(someone) for someone in people]
    mixed = [ids for ids in given if len({some[prompt_id].source for prompt_id in ids}) > 1]
    assert len(mixed) > len(people) / 2


def test_a_lease_that_is_over_goes_back_to_the_others(store, loaded, person, clock):
    asks(person("ada"))
    assert sum(claims(store).values()) == 5
    clock.now += LEASE_MS
    asks(person("bob"), 1)
    assert sum(claims(store).values()) == 1


def test_what_was_handed_out_while_the_clock_was_ahead_goes_back_to_the_others(store, loaded, person, clock):
    clock.forward(minutes=24 * 60)
    asks(person("ada"))
    clock.forward(minutes=-24 * 60)
    asks(person("bob"), 1)
    assert sum(claims(store).values()) == 1


def test_leases_that_are_over_are_looked_for_about_once_a_second(store, loaded, person, clock):
    expiry = Expiry()
    asks(person("ada"), 3, expiry=expiry)
    clock.now += LEASE_MS - LOOK_AGAIN_MS // 2
    asks(person("bob"), 1, expiry=expiry)
    clock.now += LOOK_AGAIN_MS // 2
    asks(person("cy"), 1, expiry=expiry)
    assert sum(claims(store).values()) == 3 + 1 + 1
    clock.now += LOOK_AGAIN_MS
    asks(person("cy"), 1, expiry=expiry)
    assert sum(claims(store).values()) == 1 + 1


def test_a_look_that_is_undone_is_none(store, loaded, person, clock):
    expiry = Expiry()
    asks(person("ada"), 3)
    clock.now += LEASE_MS

    def looks_and_fails(transaction):
        expiry.look(transaction)
        raise BadEvent("Nothing of this stands.")

    with pytest.raises(BadEvent):
        store.write(looks_and_fails)
    asks(person("bob"), 1, expiry=expiry)
    assert sum(claims(store).values()) == 1


def test_a_clock_that_is_set_back_keeps_no_prompt_back(store, loaded, person, clock):
    expiry = Expiry()
    clock.forward(minutes=24 * 60)
    asks(person("ada"), 3, expiry=expiry)
    clock.forward(minutes=-24 * 60)
    asks(person("bob"), 1, expiry=expiry)
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
def test_many_who_rate_at_once_meet_the_goal_exactly(url, make_prompts, goal):
    store = Store(url).open(ratings_per_prompt=goal)
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
    assert "Organize" in reason(person("ada"))


def test_prompts_held_by_others_are_said_to_come_back(store, make_prompts, person):
    store.write(lambda tx: prompts.add(tx, make_prompts(1), {}))
    for name in ("ada", "bob", "cy"):
        asks(person(name))
    assert asks(person("dora")) == []
    assert "come back" in reason(person("dora"))


@pytest.fixture
def mixed(store):
    """Forty prompts: short and long, German and English, of two sources and two kinds."""
    some = [
        Prompt(
            f"Prompt {n} " + "word " * (150 if n % 2 else 1),
            f"source-{n // 2 % 2}",
            ("human", "synthetic")[n // 4 % 2],
            metadata={"language": ("de", "en-GB")[n // 8 % 2]},
        )
        for n in range(40)
    ]
    store.write(lambda tx: prompts.add(tx, some, {}))
    return {prompt.prompt_id: prompt for prompt in some}


@pytest.mark.parametrize("length", ["short", "long"])
@pytest.mark.parametrize("language", [None, "de", "en"])
def test_a_choice_is_kept_to_until_nothing_of_it_is_left(store, mixed, person, length, language):
    ada, choice = person("ada"), Choice(length, language)
    seen = set()
    while given := asks(ada, choice=choice):
        for prompt_id in given:
            assert choice.takes(mixed[prompt_id].cell)
            ada.rates(mixed[prompt_id], 3)
        seen |= set(given)
    assert seen == {prompt_id for prompt_id, prompt in mixed.items() if choice.takes(prompt.cell)}
    assert "rated or skipped every prompt of this length and language" in reason(ada, choice)
    assert "Nothing of this length and language" in reason(ada, replace(choice, skipped=True))
    assert audit(store).differences == []


def test_another_choice_gives_back_what_does_not_fit(store, mixed, person):
    ada = person("ada")
    asks(ada, choice=Choice("short"))
    given = asks(ada, choice=Choice("long"))
    assert {mixed[prompt_id].cell.length for prompt_id in given} == {"long"}
    assert sum(claims(store).values()) == 5
    assert audit(store).differences == []


def test_a_choice_nobody_can_serve_says_so(mixed, person):
    assert asks(person("ada"), choice=Choice(language="fr")) == []
    assert "choose any" in reason(person("ada"), Choice(language="fr"))


def test_what_was_skipped_comes_back_only_when_asked_for_oldest_first(store, loaded, person, clock):
    ada = person("ada")
    for prompt in loaded[:3]:
        clock.forward(minutes=1)
        ada.skips(prompt)
    ada.rates(loaded[3], 4)
    assert not {prompt.prompt_id for prompt in loaded[:4]} & set(asks(ada))
    again = Choice(skipped=True)
    assert asks(ada, 2, again) == [prompt.prompt_id for prompt in loaded[:2]]
    for prompt in loaded[:3]:
        ada.rates(prompt, 2)
    assert asks(ada, choice=again) == []
    assert "Nothing that you skipped" in reason(ada, again)
    assert audit(store).differences == []


def test_what_was_skipped_is_offered_as_long_as_it_wants_ratings(store, loaded, person):
    change(store, "terminal", ratings_per_prompt=1)
    ada, bob = person("ada"), person("bob")
    assert not may_look_again(ada)
    ada.skips(loaded[0])
    assert may_look_again(ada)
    assert not may_look_again(ada, Choice(language="fr"))
    assert not may_look_again(bob)
    change(store, "terminal", state="paused")
    assert not may_look_again(ada)
    change(store, "terminal", state="open")
    bob.rates(loaded[0], 3)
    assert not may_look_again(ada)


def test_skips_that_are_closed_by_now_hold_nobody_up_and_hide_none_that_is_open(store, make_prompts, person):
    some = make_prompts(400)
    store.write(lambda tx: prompts.add(tx, some, {}))
    change(store, "terminal", ratings_per_prompt=1)
    ada, bob = person("ada"), person("bob")
    store.write(lambda tx: keep(tx, [ada.event(prompt, None, action=Action.SKIPPED) for prompt in some]))
    # All skipped in one moment: in the order of their ids then.
    oldest = sorted(some, key=lambda prompt: prompt.prompt_id)
    store.write(lambda tx: keep(tx, [bob.event(prompt, 3) for prompt in oldest[:300]]))
    again = Choice(skipped=True)
    assert asks(ada, choice=again, thorough=False) == []
    assert asks(ada, choice=again) == [prompt.prompt_id for prompt in oldest[300:305]]
    assert audit(store).differences == []


@pytest.mark.parametrize("action", [Action.DISCARDED, Action.FLAGGED, Action.WITHDRAWN])
def test_nobody_is_given_what_they_discarded_flagged_or_withdrew(store, loaded, person, action):
    ada = person("ada")
    for prompt in loaded[:-1]:
        flag = {"reason": "spam"} if action == Action.FLAGGED else {}
        ada.send(ada.event(prompt, None, action=action, **flag))
    assert asks(ada) == [loaded[-1].prompt_id]


def test_quotas_are_met_and_not_overshot(store, mixed, person):
    change(
        store, "terminal", ratings_per_prompt=4, quotas=[Quota(7, kind="human"), Quota(5, source="source-1")]
    )
    given = []
    for n in range(30):
        someone = person(f"person-{n}")
        for prompt_id in asks(someone):
            given.append(mixed[prompt_id])
            someone.rates(mixed[prompt_id], 3)
    assert sum(prompt.kind == "human" for prompt in given) <= 7
    assert sum(prompt.source == "source-1" for prompt in given) == 5
    open_ones = [p for p in mixed.values() if p.kind == "synthetic" and p.source == "source-0"]
    assert sum(prompt in open_ones for prompt in given) == len(open_ones) * 4
    assert "organizers want" in reason(person("late"))
    assert audit(store).differences == []


def test_a_quota_is_lifted_at_once(store, mixed, person):
    change(store, "terminal", quotas=[Quota(0, kind=kind) for kind in ("human", "synthetic")])
    assert asks(person("ada")) == []
    change(store, "terminal", quotas=[])
    assert len(asks(person("ada"))) == 5


def test_a_contested_prompt_is_given_to_one_more(store, make_prompts, person):
    store.write(lambda tx: prompts.add(tx, make_prompts(2), {}))
    change(store, "terminal", extra_rating=True)
    contested, agreed = make_prompts(2)
    for name, score in (("ada", 1), ("bob", 5), ("cy", 3)):
        someone = person(name)
        someone.rates(contested, score)
        someone.rates(agreed, 3)
    dora = person("dora")
    assert asks(dora) == [contested.prompt_id]
    dora.rates(contested, 3)
    assert asks(person("eve")) == []


def test_a_higher_goal_opens_prompts_again_and_a_lower_one_closes_them(store, loaded, person):
    for name in ("ada", "bob", "cy"):
        someone = person(name)
        for prompt in loaded:
            someone.rates(prompt, 3)
    assert asks(person("dora")) == []
    change(store, "terminal", ratings_per_prompt=4)
    assert asks(person("dora")) != []
    change(store, "terminal", ratings_per_prompt=2)
    assert asks(person("eve")) == []


def test_three_hundred_raters_give_exactly_the_ratings_wanted_and_late_ones_are_surplus(
    store, make_prompts, person, clock
):
    some = make_prompts(200)
    store.write(lambda tx: prompts.add(tx, some, {}))
    by_id = {prompt.prompt_id: prompt for prompt in some}
    people = [person(f"person-{n}") for n in range(300)]
    held = {someone: asks(someone) for someone in people}
    late, away = people[0], held[people[0]]
    held[late] = []
    while any(held.values()):
        for someone, given in held.items():
            if given:
                someone.rates(by_id[random.choice(given)], random.randint(1, 5))
        held = {someone: asks(someone) if someone is not late else [] for someone in people}
        clock.forward(minutes=2)
    # Nothing starves: what the one who went away held came to the others when the leases were over.
    clock.forward(minutes=20)
    for someone in people[1:]:
        for prompt_id in asks(someone):
            someone.rates(by_id[prompt_id], 3)
    with store.reading() as connection:
        assert tallies.coverage(connection) == {3: 200}
    for prompt_id in away:
        late.rates(by_id[prompt_id], 5)
    with store.reading() as connection:
        assert tallies.coverage(connection) == {3: 200 - len(away), 4: len(away)}
    assert audit(store).differences == []


@pytest.fixture
def replicas(url):
    """Three stores on one database, as three processes have them."""
    stores = [Store(url).open(ratings_per_prompt=3) for _ in range(3)]
    yield stores
    for store in stores:
        store.close()


def rate_all_at_once(replicas, by_id, people_of_each, threads_of_each):
    """Have people of every replica rate, by several threads each, until nobody is given anything."""
    failures = []

    def rate(store, number):
        people = [Person(store, f"{store.writer.name}-{number}-{n}") for n in range(people_of_each)]
        try:
            while people:
                people = [someone for someone in people if rates_one(someone)]
        except Exception as error:
            failures.append(error)
            raise

    def rates_one(someone):
        given = asks(someone)
        if given:
            someone.rates(by_id[random.choice(given)], random.randint(1, 5))
        return bool(given)

    threads = [
        threading.Thread(target=rate, args=(store, number))
        for store in replicas
        for number in range(threads_of_each)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_three_hundred_raters_of_three_replicas_give_exactly_the_ratings_wanted(replicas, make_prompts):
    some = make_prompts(200)
    replicas[0].write(lambda tx: prompts.add(tx, some, {}))
    rate_all_at_once(replicas, {one.prompt_id: one for one in some}, people_of_each=25, threads_of_each=4)
    with replicas[1].reading() as connection:
        assert tallies.coverage(connection) == {3: 200}
    assert audit(replicas[2]).differences == []


def test_three_replicas_together_do_not_overshoot_a_quota(replicas, make_prompts):
    some = make_prompts(60)
    replicas[0].write(lambda tx: prompts.add(tx, some, {}))
    change(replicas[0], "terminal", quotas=[Quota(31, source="source-1")])
    rate_all_at_once(replicas, {one.prompt_id: one for one in some}, people_of_each=5, threads_of_each=4)
    with replicas[1].reading() as connection:
        given = sum(row["ratings"] for row in cube.scores(connection) if row["source"] == "source-1")
    assert given == 31
    assert audit(replicas[2]).differences == []


def test_somebody_who_knows_nearly_everything_is_still_given_the_rest(store, make_prompts, person):
    some = make_prompts(3000)
    for start in range(0, 3000, 1000):
        store.write(lambda tx, start=start: prompts.add(tx, some[start : start + 1000], {}))
    ada, left = person("ada"), random.sample(some, 3)
    events = [ada.event(prompt, 3) for prompt in some if prompt not in left]
    store.write(lambda tx: keep(tx, events))
    assert set(asks(ada)) == {prompt.prompt_id for prompt in left}


def test_undoing_a_change_leaves_the_score_before_and_hands_nothing_out(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    clock.forward(minutes=1)
    ada.undoes(ada.rates(loaded[0], 5))
    assert claims(store)[loaded[0].prompt_id] == 1
    assert loaded[0].prompt_id not in asks(ada)
    assert audit(store).differences == []


def test_whoever_undoes_a_lot_does_not_keep_it_all_from_the_others(store, make_prompts, person, clock):
    some = make_prompts(40)
    store.write(lambda tx: prompts.add(tx, some, {}))
    ada = person("ada")
    for event in [ada.rates(prompt, 3) for prompt in some[:20]]:
        ada.undoes(event)
    for _ in range(6):
        clock.forward(minutes=10)
        asks(ada)
    assert sum(claims(store).values()) <= 5
    assert audit(store).differences == []


@pytest.mark.parametrize(
    ("state", "words"), [("preparing", "not opened yet"), ("paused", "is paused"), ("closed", "is over")]
)
def test_nothing_is_handed_out_while_the_sprint_is_not_open(store, loaded, person, state, words):
    ada, bob = person("ada"), person("bob")
    held = asks(ada)
    change(store, "terminal", state=state)
    assert asks(ada) == asks(bob) == []
    assert words in reason(bob)
    change(store, "terminal", state="open")
    # What was held before is held still.
    assert set(asks(ada)) == set(held)
    assert len(asks(bob)) == 5
    assert audit(store).differences == []


def test_a_start_opens_and_an_end_closes_by_itself(store, loaded, person, clock):
    ada = person("ada")
    change(store, "terminal", starts_at=clock.now + 60_000, ends_at=clock.now + 120_000)
    assert asks(ada) == [] and "not opened" in reason(ada)
    clock.forward(minutes=1)
    assert len(asks(ada)) == 5
    clock.forward(minutes=1)
    assert asks(ada) == [] and "over" in reason(ada)


def test_many_who_ask_at_once_are_given_nothing_while_the_sprint_is_paused(store, loaded, person):
    people = [person(f"person-{n}").id for n in range(3)]
    change(store, "terminal", state="paused")

    def work(transaction):
        assignment = Assignment(transaction, people, sprints.standing(transaction))
        assignment.prepare(people)
        given = [assignment.top_up(one, 5) for one in people]
        assignment.write()
        return given

    assert store.write(work) == [[], [], []]
    assert set(claims(store).values()) == {0}
