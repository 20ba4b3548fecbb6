"""Raters: what is kept from one reading to the next equals a count of everything."""

import random

import pytest

from components.live.raters import Raters
from components.records import SCORES, Event, Identity
from components.store import contributors
from components.store.standings import Rater
from components.store.store import Store


def read(raters: Raters, store) -> dict[str, Rater]:
    """Everybody who rated, by username."""
    with store.reading() as connection:
        return {one.username: one for one in raters.read(connection).values()}


def counted(store) -> dict[str, Rater]:
    """Everybody, by somebody who remembers nothing."""
    return read(Raters(), store)


def test_whatever_happens_between_readings_nobody_is_miscounted(store, loaded, person, clock):
    chance, raters = random.Random(3), Raters()
    people = [person(f"person-{number}") for number in range(9)]
    for _ in range(25):
        for _ in range(chance.randrange(4)):
            clock.forward(minutes=1)
            chance.choice(people).rates(chance.choice(loaded), chance.choice((*SCORES, None)))
        assert read(raters, store) == counted(store)
    assert counted(store)


def take_back(store, contributor: str, action: str) -> None:
    """Let an event of somebody's leave nobody a rating."""

    def work(transaction):
        transaction.connection.exec_driver_sql("UPDATE standing_tallies SET ratings = 0")
        transaction.append(Event("e", contributor, action, 0))

    store.write(work)


def test_somebody_whose_only_rating_was_taken_back_is_gone(store, loaded, person):
    raters, ada = Raters(), person("ada")
    ada.rates(loaded[0], 4)
    assert read(raters, store).keys() == {"ada"}
    take_back(store, ada.id, "skipped")
    assert read(raters, store) == {}


def test_only_those_who_did_something_are_counted_again(store, loaded, person):
    raters, ada, bob = Raters(), person("ada"), person("bob")
    ada.rates(loaded[0], 4)
    bob.rates(loaded[0], 4)
    before = read(raters, store)
    ada.rates(loaded[1], 4)
    after = read(raters, store)
    assert after["bob"] is before["bob"] and after["ada"].ratings == 2
    bob.rates(loaded[1], 4)
    assert read(raters, store)["ada"] is after["ada"]


def test_what_another_process_records_is_counted(store, loaded, person, url):
    raters, ada = Raters(), person("ada")
    read(raters, store)
    other = Store(url, store.clock).open()
    type(ada)(other, "bob").rates(loaded[0], 4)
    other.close()
    assert read(raters, store).keys() == {"bob"}


def test_a_new_name_shows_with_the_next_rating(store, loaded, person):
    raters, ada = Raters(), person("ada")
    ada.rates(loaded[0], 4)
    read(raters, store)
    renamed = Identity("local", "ada", "ada-l", "Ada L.")
    store.write(lambda transaction: contributors.sign_in(transaction, renamed, ()))
    ada.rates(loaded[1], 4)
    assert [(one.username, one.name) for one in read(raters, store).values()] == [("ada-l", "Ada L.")]


def test_how_somebody_is_seen_and_their_team_show_at_the_next_reading(store, loaded, person):
    raters, ada = Raters(), person("ada")
    ada.rates(loaded[0], 4)
    read(raters, store)
    store.write(lambda transaction: contributors.show_as(transaction, ada.id, "hidden", "Moth"))
    store.write(lambda transaction: contributors.set_team(transaction, ada.id, "Reds"))
    seen = read(raters, store)["ada"]
    assert (seen.visibility, seen.nickname, seen.team) == ("hidden", "Moth", "Reds")


def test_after_an_action_that_is_unknown_here_everybody_is_counted(store, loaded, person):
    raters, ada = Raters(), person("ada")
    ada.rates(loaded[0], 4)
    read(raters, store)
    take_back(store, "an-organizer", "excluded")
    assert read(raters, store) == {}


def test_when_the_log_is_another_one_everybody_is_counted(store, loaded, person, tmp_path):
    raters, ada = Raters(), person("ada")
    ada.rates(loaded[0], 4)
    read(raters, store)
    other = Store(f"sqlite:///{tmp_path / 'other.db'}", store.clock).open()
    assert read(raters, other) == {}
    other.close()


@pytest.mark.parametrize("most", [1, 2, 3])
def test_many_who_act_at_once_are_counted_all_the_same(store, loaded, person, most):
    raters, people = Raters(most), [person(name) for name in ("ada", "bob", "cy")]
    people[0].rates(loaded[0], 4)
    read(raters, store)
    for one in people:
        one.rates(loaded[1], 4)
    assert {name: one.ratings for name, one in read(raters, store).items()} == {"ada": 2, "bob": 1, "cy": 1}
