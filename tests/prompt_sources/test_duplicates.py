"""Duplicates: found within and across sources, told with both texts, and not told again once decided."""

import csv
import io

import pytest

from components.errors import ImportCancelled
from components.prompt_sources.duplicate_routes import as_csv
from components.prompt_sources.duplicates import find
from components.records import Prompt
from components.store import duplicates, prompts
from components.store.sprints import TERMINAL
from tests.conftest import Person

LONG = "Describe in a few sentences how a bicycle stays upright while it is moving along a straight road."
ALIKE = LONG.replace("a straight road", "the straight road")
OTHER = "Name the three largest rivers of the continent and the seas that they flow into at last."
SOME = (
    Prompt(LONG, "atlas", "human"),
    Prompt(OTHER, "atlas", "human"),
    Prompt(LONG.upper(), "mirror", "unknown"),
    Prompt(ALIKE, "forum", "synthetic"),
    Prompt("=1+1", "atlas", "human"),
    Prompt("=1+1", "forum", "human"),
    Prompt("Sum it up.", "atlas", "human", context="A passage about rivers, and all that swims in them."),
    Prompt(
        "Sum it up.", "forum", "human", context="Another one, about the mountains and whoever climbs them."
    ),
)


@pytest.fixture
def several(store):
    for one in SOME:
        store.write(lambda tx, one=one: prompts.add(tx, [one], {}))
        store.clock.forward(minutes=1)


def told(pairs):
    return [(pair.first.text, pair.second.text) for pair in pairs]


def test_copies_and_near_copies_are_found_whatever_their_source(store, several):
    seen = []
    found = find(store, on_progress=lambda done, total: seen.append((done, total)))
    assert told(found.exact) == [(LONG, LONG.upper()), ("=1+1", "=1+1")]
    assert told(found.near) == [(LONG, ALIKE)]
    assert 0.8 < found.near[0].similarity < 1
    # Of exact copies only the first is rated; whether to rate both of the others somebody has to say.
    assert [pair.settled for pair in (*found.exact, *found.near)] == [True, True, False]
    assert seen[-1] == (8, 8)
    assert str(found).startswith("Prompts compared: 8. Exact copies: 2. Pairs that are nearly the same: 1.")


def test_a_lower_threshold_finds_more_and_a_higher_one_less(store, several):
    assert find(store, alike=0.99).near == ()
    assert len(find(store, alike=0.35).near) >= 1


def test_what_is_decided_is_not_asked_again(store, several):
    ada = Person(store, "ada")
    ada.rates(SOME[3], 4)
    first, second = SOME[0].prompt_id, SOME[3].prompt_id
    store.write(lambda tx: duplicates.decide(tx, TERMINAL, "keep", first, second))
    (pair,) = find(store).near
    assert (pair.decision, pair.settled, pair.second.ratings) == ("keep", True, 1)
    store.write(lambda tx: duplicates.decide(tx, TERMINAL, "retire", first, second))
    assert find(store).near == ()


def test_it_can_be_cancelled(store):
    many = [Prompt(f"Prompt number {n}", "s", "human") for n in range(600)]
    store.write(lambda tx: prompts.add(tx, many, {}))
    with pytest.raises(ImportCancelled):
        find(store, cancelled=lambda: True)


def test_the_file_has_both_texts_and_no_formula(store, several):
    found = find(store)
    rows = list(
        csv.DictReader(io.StringIO("".join(as_csv([*found.exact, *found.near])).removeprefix("\ufeff")))
    )
    assert [row["first_text"] for row in rows] == [LONG, "'=1+1", LONG]
    assert rows[2]["second_text"] == ALIKE and rows[2]["second_source"] == "forum"
