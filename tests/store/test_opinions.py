"""Opinions as numbers: patterns and who gave which, without what was removed and who is excluded."""

import pytest

from components.store import exclusions, findings, moderation, opinions
from components.store.findings import Made
from components.store.sprints import TERMINAL
from tests.conftest import Person


@pytest.fixture
def rated(store, loaded):
    """Three people: ada rated ten prompts 4, bob five of them 2, cleo one 5."""
    ada, bob, cleo = (Person(store, name) for name in ("ada", "bob", "cleo"))
    for prompt in loaded[:10]:
        ada.rates(prompt, 4)
    for prompt in loaded[:5]:
        bob.rates(prompt, 2)
    cleo.rates(loaded[0], 5)
    bob.skips(loaded[11])
    return ada, bob, cleo


def counted(store) -> dict[tuple[int, ...], int]:
    """How many prompts have each pattern, in all cells together."""
    found = {}
    with store.reading() as connection:
        for (_, *pattern), number in opinions.patterns(connection, opinions.removed(connection)).items():
            found[tuple(pattern)] = found.get(tuple(pattern), 0) + number
    return found


def test_prompts_with_the_same_scores_are_one_pattern(store, rated):
    assert counted(store) == {(0, 1, 0, 1, 1): 1, (0, 1, 0, 1, 0): 4, (0, 0, 0, 1, 0): 5}
    with store.reading() as connection:
        left_out = opinions.removed(connection)
        given = opinions.given(connection, left_out)
        by_ada = opinions.rated_by(connection, rated[0].id, left_out)
        both = opinions.both(connection, rated[0].id, rated[1].id)
    assert given == {person.id: number for person, number in zip(rated, (10, 5, 1), strict=True)}
    assert sum(by_ada.values()) == 10 and {score for _, score in by_ada} == {4}
    assert both == {(4, 2): 5}


def test_removed_prompts_are_in_none_of_it(store, loaded, rated):
    store.write(lambda tx: moderation.judge(tx, TERMINAL, loaded[0].prompt_id, "retired", "spam"))
    assert counted(store) == {(0, 1, 0, 1, 0): 4, (0, 0, 0, 1, 0): 5}
    with store.reading() as connection:
        left_out = opinions.removed(connection)
        assert left_out.ratings == 3 and left_out.prompts == {loaded[0].prompt_id}
        assert opinions.given(connection, left_out) == {rated[0].id: 9, rated[1].id: 4}
        assert opinions.both(connection, rated[0].id, rated[1].id) == {(4, 2): 4}
        assert sum(opinions.rated_by(connection, rated[0].id, left_out).values()) == 9


def test_who_is_excluded_is_in_none_of_it(store, rated):
    store.write(lambda tx: exclusions.exclude(tx, TERMINAL, rated[1].id, "spam"))
    while store.write(lambda tx: exclusions.go_on(tx, rated[1].id)):
        pass
    assert counted(store) == {(0, 0, 0, 1, 1): 1, (0, 0, 0, 1, 0): 9}
    with store.reading() as connection:
        assert rated[1].id not in opinions.given(connection, opinions.removed(connection))


def test_findings_are_kept_instead_of_earlier_ones_and_grow_old_with_the_next_rating(store, loaded, person):
    with store.reading() as connection:
        before = findings.version(connection)
        assert findings.latest(connection, "agreement") is None
    for number in (1, 2):
        made = Made(before, number, 10)
        store.write(
            lambda tx, made=made: findings.keep(tx, made, {"agreement": f'{{"number": {made.made_at}}}'})
        )
    with store.reading() as connection:
        assert findings.version(connection) == before
        assert findings.latest(connection, "agreement") == Made(before, 2, 10)
        assert findings.content(connection, "agreement") == '{"number": 2}'
    person("ada").rates(loaded[0], 3)
    with store.reading() as connection:
        assert findings.version(connection) != before
