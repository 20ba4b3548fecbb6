"""Copying: the same sprint in another database, of either engine, or nothing."""

import pytest

from components.errors import BadSetting, StoreUnavailable
from components.store import contributors, standings, tallies
from components.store.copying import copy
from components.store.fingerprint import fingerprint
from components.store.store import Store
from tests.conftest import Files, Person


@pytest.fixture
def other_url(engine, request, tmp_path):
    """An empty database of the other engine."""
    if engine == "postgresql":
        return Files(tmp_path).new()
    return request.getfixturevalue("postgresql").new()


@pytest.fixture
def busy(store, loaded, person, clock):
    """A store in which people rated, changed their minds, undid and skipped."""
    ada, bob = person("ada"), person("bob")
    for place, prompt in enumerate(loaded[:8]):
        ada.rates(prompt, place % 5 + 1, local_date="2026-03-02")
        clock.forward(minutes=1)
        said = bob.rates(prompt, 3 if place % 2 else None)
        if place % 3 == 0:
            bob.undoes(said)
        ada.send(ada.event(prompt, 5 - place % 5).marked(completes=place % 2 == 0, thin=True))
    store.write(lambda tx: contributors.show_as(tx, ada.id, "nickname", "Moth"))
    store.write(lambda tx: contributors.set_team(tx, ada.id, "Reds"))
    return store


def test_a_copy_holds_the_same_and_goes_on_by_itself(busy, other_url, loaded):
    told = []
    outcome = copy(busy, other_url, lambda done, total: told.append((done, total)))
    assert outcome.differences == [] and outcome.ratings == tallied(busy)
    assert told[-1][0] == told[-1][1]
    other = Store(other_url, busy.clock).open()
    with busy.reading() as ours, other.reading() as theirs:
        assert fingerprint(ours) == fingerprint(theirs)
        assert tallies.coverage(ours) == tallies.coverage(theirs)
        assert standings.everybody(ours) == standings.everybody(theirs)
    assert other.epoch != busy.epoch
    Person(other, "cy").rates(loaded[0], 4)
    other.close()


def test_there_and_back_again_nothing_has_changed(busy, other_url, databases):
    copy(busy, other_url)
    there, back = Store(other_url, busy.clock).open(), databases.new()
    copy(there, back)
    there.close()
    home = Store(back, busy.clock).open()
    with busy.reading() as ours, home.reading() as theirs:
        assert fingerprint(ours) == fingerprint(theirs)
    home.close()


def tallied(store):
    with store.reading() as connection:
        return sum(number * prompts for number, prompts in tallies.coverage(connection).items())


def test_a_database_that_holds_a_sprint_is_left_alone(busy, other_url):
    other = Store(other_url, busy.clock).open("Theirs")
    with pytest.raises(BadSetting, match="holds a sprint already"):
        copy(busy, other_url)
    assert other.sprint().title == "Theirs"
    other.close()


def test_a_sprint_that_goes_on_meanwhile_is_not_copied_by_half(busy, other_url, loaded, person):
    cy = person("cy")

    def meanwhile(done, total):
        if done == total:
            cy.rates(loaded[0], 1)

    with pytest.raises(StoreUnavailable, match="copy again"):
        copy(busy, other_url, meanwhile)
    copy(busy, other_url)


def test_a_password_is_not_told(busy):
    with pytest.raises(StoreUnavailable) as refused:
        copy(busy, "postgresql://somebody:secret@127.0.0.1:9/none")
    assert "secret" not in str(refused.value)
