"""Milestones: what is reached, when, and that nothing forgets it."""

from components.live.moment import Moment
from components.live.publisher import Publisher
from components.live.raters import Raters
from components.progress.milestones import reached_now, unknown
from components.progress.views import views
from components.records import HOUR_MS, Milestone
from components.store import milestones, prompts
from components.store.audit import audit
from components.store.store import Store

NOW = 1_772_366_400_000
HOUR = NOW // HOUR_MS


def names(found):
    return [(one.kind, one.number, one.ratings_per_prompt) for one in found]


def test_nothing_is_reached_by_an_empty_sprint():
    assert list(reached_now({}, 0, {}, 3, NOW)) == []
    assert list(reached_now({}, 0, {0: 5}, 3, NOW)) == []


def test_the_first_rating_is_the_first_milestone():
    assert list(reached_now({HOUR: 1}, 1, {0: 9, 1: 1}, 3, NOW)) == [Milestone("ratings", 1, None, NOW)]


def test_numbers_of_ratings_were_passed_in_the_hour_that_passed_them():
    found = [one for one in reached_now({1: 60, 5: 60, 9: 400}, 3, {}, 3, NOW) if one.kind == "ratings"]
    assert [(one.number, one.reached_at // HOUR_MS) for one in found] == [
        (1, 2),
        (100, 6),
        (250, 10),
        (500, 10),
    ]


def test_shares_and_levels_of_coverage():
    assert names(reached_now({}, 0, {1: 3, 2: 5, 3: 2}, 3, NOW)) == [("every", 1, None)]
    assert names(reached_now({}, 0, {2: 5, 3: 3, 4: 2}, 3, NOW)) == [
        ("share", 25, 3),
        ("share", 50, 3),
        ("every", 1, None),
        ("every", 2, None),
    ]
    all_done = names(reached_now({}, 0, {3: 3, 4: 2}, 3, NOW))
    assert all_done == [("share", share, 3) for share in (25, 50, 75, 100)] + [
        ("every", 1, None),
        ("every", 2, None),
    ]


def test_people_are_counted_in_rounds_of_their_own():
    found = reached_now({}, 120, {}, 3, NOW)
    assert names(found) == [
        ("people", 10, None),
        ("people", 25, None),
        ("people", 50, None),
        ("people", 100, None),
    ]


def test_what_is_known_is_not_new_whenever_it_was_reached():
    known = [Milestone("ratings", 1, None, 5)]
    assert unknown(iter([Milestone("ratings", 1, None, 9), Milestone("people", 10, None, 9)]), known) == [
        Milestone("people", 10, None, 9)
    ]


def noting(store):
    """A publisher that has milestones kept, as the server has it."""

    def note(reached):
        if reached:
            store.write(lambda transaction: milestones.add(transaction, reached))

    return Publisher(store, views(lambda: None, Raters(), note))


def kept(store):
    with store.reading() as connection:
        return milestones.every(connection)


def test_they_are_noted_once_with_their_moment_and_outlive_a_restart_and_an_undo(
    store, loaded, person, clock, url
):
    said = person("ada").rates(loaded[0], 4)
    publisher = noting(store)
    publisher.refresh()
    first = kept(store)
    assert first == [Milestone("ratings", 1, None, clock.now)]
    clock.forward(minutes=90)
    person("ada").undoes(said)
    person("bob").rates(loaded[1], 4)
    publisher.refresh()
    assert kept(store) == first
    store.close()
    again = Store(url, clock).open()
    noting(again).refresh()
    assert kept(again) == first
    assert audit(again).differences == []
    again.close()


def test_two_processes_that_see_the_same_note_it_once(store):
    one = Milestone("people", 10, None, NOW)
    for moment in (NOW, NOW + 1000):
        later = Milestone("people", 10, None, moment)
        store.write(lambda transaction, later=later: milestones.add(transaction, [later, one]))
    assert kept(store) == [one]


def test_a_larger_number_never_stands_before_a_smaller_one_though_ratings_arrive_late(store):
    noted = [Milestone("ratings", number, None, NOW + at) for number, at in ((1, 0), (250, 7), (100, 9))]
    other = Milestone("people", 10, None, NOW + 8)
    store.write(lambda transaction: milestones.add(transaction, [*noted, other]))
    assert kept(store) == [
        Milestone("ratings", 1, None, NOW),
        Milestone("ratings", 100, None, NOW + 7),
        Milestone("ratings", 250, None, NOW + 7),
        other,
    ]


def test_they_stand_in_the_view_in_the_order_they_were_reached(store, make_prompts, person):
    some = make_prompts(4)
    store.write(lambda tx: prompts.add(tx, some, {}))
    for name in ("ada", "bob", "cyd"):
        for prompt in some:
            person(name).rates(prompt, 5)
    publisher = noting(store)
    publisher.refresh()
    with store.reading() as connection:
        [outlook] = [view for view in publisher._views if view.name == "outlook"]
        told = outlook.compute(Moment(connection, store.clock()))["milestones"]
    assert [(one["kind"], one["number"]) for one in told] == [
        ("every", 1),
        ("every", 2),
        ("ratings", 1),
        ("share", 25),
        ("share", 50),
        ("share", 75),
        ("share", 100),
    ]
