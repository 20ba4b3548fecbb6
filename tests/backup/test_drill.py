"""A drill holds the backup against what the store has now."""

from components.backup.drill import drill
from components.backup.inventory import inventory_of


def rows(outcome, table):
    [found] = [one for one in outcome.tables if one.table == table]
    return found.rows, found.restored_rows, found.same


def test_what_is_not_backed_up_yet_is_counted_and_no_difference(store, person, loaded, backup, place):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    backup.write_all()
    ada.rates(loaded[1], 4)
    person("bo").rates(loaded[1], 2)
    outcome = drill(store, place)
    assert (outcome.same, outcome.waiting, outcome.lost) == (True, 3, 0)
    assert rows(outcome, "ratings") == (3, 1, True)
    assert rows(outcome, "contributors") == (2, 1, True)
    assert "Not backed up yet: 3 events." in str(outcome)


def test_what_was_confirmed_and_is_gone_is_a_difference(store, person, loaded, backup, place):
    ada = person("ada")
    for prompt in loaded[:2]:
        ada.rates(prompt, 4)
        backup.write_all()
    confirmed = dict(inventory_of(place).reach)
    ada.rates(loaded[2], 4)
    (place.folder / inventory_of(place).of_events[-1].name).unlink()
    outcome = drill(store, place, confirmed=lambda: confirmed)
    assert (outcome.same, outcome.waiting, outcome.lost) == (False, 1, 1)
    assert rows(outcome, "ratings") == (3, 1, True)
