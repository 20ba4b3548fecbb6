"""The numbers of a sprint as they are shown: those of its ratings, exactly, and a sentence for whatever is missing."""

import json

import numpy as np
import pytest

from components.agreement.alpha import alpha
from components.agreement.checks import read_checks
from components.agreement.contributors import contributors
from components.agreement.document import document
from components.agreement.matrix import Matrix
from components.agreement.patterns import patterns_of
from components.agreement.reading import PARTS, kinds_and_sources, read
from components.records import KINDS, Prompt
from components.store import exclusions, moderation, prompts
from components.store.sprints import TERMINAL
from tests.conftest import Person, keep


def quiet(doing: str, done: int, total: int) -> None:
    """Nobody looks how far it is."""


def told(store, **how) -> dict:
    with store.reading() as connection:
        reading = read(connection, **how)
    found = document(reading, 1, quiet)
    return json.loads(json.dumps(found, allow_nan=False))


def people_of(store) -> dict:
    with store.reading() as connection:
        reading = read(connection)
        checks = read_checks(connection, reading.given)
    return json.loads(json.dumps(contributors(reading, checks), allow_nan=False))


def rate(store, given: list[tuple[Person, Prompt, int]]) -> None:
    store.write(lambda tx: keep(tx, [who.event(prompt, score) for who, prompt, score in given]))


@pytest.fixture
def crowd(store) -> tuple[list[Person], list[Prompt], list]:
    """Ten people, of whom the first rates half of all, and 120 prompts of six sources; two weeks."""
    rng = np.random.default_rng(2)
    some = [
        Prompt(f"Prompt number {n} {'long ' * (n % 40)}", f"source-{n % 6}", KINDS[n % 6 // 3])
        for n in range(120)
    ]
    store.write(lambda tx: prompts.add(tx, some, {"file": "test"}))
    people = [Person(store, f"person-{n}") for n in range(10)]
    worth = rng.normal(3.2, 0.8, len(some))
    given = []
    for place, prompt in enumerate(some):
        others = rng.choice(np.arange(1, 10), rng.integers(0, 3), replace=False)
        for who in (0, *others) if place % 2 else others:
            score = int(np.clip(np.rint(worth[place] + rng.normal(0, 0.7)), 1, 5))
            given.append((people[who], prompt, score))
    half = len(given) // 2
    rate(store, given[:half])
    store.clock.forward(minutes=9 * 24 * 60)
    rate(store, given[half:])
    return people, some, given


def alpha_of(given: list) -> float:
    ids = sorted({prompt.prompt_id for _, prompt, _ in given})
    names = sorted({who.id for who, _, _ in given})
    rows = [(ids.index(prompt.prompt_id), names.index(who.id), score) for who, prompt, score in given]
    return alpha(patterns_of(Matrix(*np.array(rows).T, len(ids), len(names)).counts())).value


def test_alpha_is_that_of_the_ratings_over_all_and_in_every_group(store, crowd):
    _, _, given = crowd
    found = told(store)
    assert found["alpha"]["value"] == pytest.approx(alpha_of(given))
    assert found["alpha"]["low"] < found["alpha"]["value"] < found["alpha"]["high"]
    assert (found["ratings"], found["contributors"]) == (len(given), 10)
    for name, of in (
        ("source", lambda prompt: prompt.source),
        ("kind", lambda prompt: prompt.kind),
        ("length", lambda prompt: prompt.length_class),
    ):
        for group in found["by"][name]:
            some = [one for one in given if of(one[1]) == group["name"]]
            assert group["value"] == pytest.approx(alpha_of(some)), group
        assert sum(group["pairs"] for group in found["by"][name]) == found["alpha"]["pairs"]
    assert [week["name"] for week in found["by"]["week"]] == ["2026-02-23", "2026-03-09"]
    half = len(given) // 2
    for week, some in zip(found["by"]["week"], (given[:half], given[half:]), strict=True):
        assert week["value"] == pytest.approx(alpha_of(some))


def test_equal_ratings_have_equal_intervals_whatever_they_are_grouped_by(store):
    kinds = {"one": "human", "two": "synthetic"}
    some = [Prompt(f"Prompt {n}", source, kinds[source]) for n in range(15) for source in kinds]
    store.write(lambda tx: prompts.add(tx, some, {"file": "test"}))
    people = [Person(store, name) for name in ("ada", "bob")]
    scores = np.random.default_rng(5).integers(1, 6, (len(people), len(some))).tolist()
    rate(
        store,
        [(who, *one) for who, row in zip(people, scores, strict=True) for one in zip(some, row, strict=True)],
    )
    by = told(store)["by"]
    for source, kind in zip(sorted(by["source"], key=lambda one: one["name"]), by["kind"], strict=True):
        assert kind["low"] is not None
        assert source | {"name": kind["name"]} == kind


def test_a_prompt_with_one_rating_more_changes_no_alpha(store, crowd):
    people, some, given = crowd
    before = told(store)["alpha"]
    rated = {prompt.prompt_id for _, prompt, _ in given}
    unrated = next(prompt for prompt in some if prompt.prompt_id not in rated)
    people[1].rates(unrated, 1)
    after = told(store)
    assert after["alpha"] == before and after["ratio"]["single"] > 0


def test_every_headline_without_the_busiest_is_what_it_is_when_they_are_excluded(store, crowd):
    people, _, given = crowd
    rest = told(store)["without_busiest"]
    agreed, difference = rest["headlines"]
    assert agreed["without"] == pytest.approx(alpha_of([one for one in given if one[0] is not people[0]]))
    assert rest["who"] == people[0].id
    assert rest["sentence"].startswith("Without the busiest contributor α is ")
    store.write(lambda tx: exclusions.exclude(tx, TERMINAL, people[0].id, "spam"))
    while store.write(lambda tx: exclusions.go_on(tx, people[0].id)):
        pass
    found = told(store)
    assert found["alpha"]["value"] == pytest.approx(agreed["without"])
    assert found["ratings"] == rest["ratings"]
    assert found["claims"][-1]["value"] == pytest.approx(difference["without"])
    assert "The ratings of one excluded contributor count in none of these numbers." in found["notes"]
    assert people[0].id not in people_of(store)


def test_of_a_large_sprint_chance_chooses_prompts_and_the_page_says_so(store, crowd):
    everything = told(store)
    with store.reading() as connection:
        reading = read(connection, most_ratings=everything["ratings"] // 2)
    assert 0 < len(reading.matrix) < everything["ratings"]
    assert reading.share == pytest.approx(0.5, abs=1 / PARTS)
    found = told(store, most_ratings=everything["ratings"] // 2)
    assert found["alpha"] == everything["alpha"]
    assert any("which chance chose" in note for note in found["notes"])


def test_of_hundreds_of_sources_the_small_ones_are_one_together(store):
    some = [Prompt(f"Prompt {n}", f"source-{min(n, 150)}", "human") for n in range(160)]
    store.write(lambda tx: prompts.add(tx, some, {"file": "test"}))
    ada = Person(store, "ada")
    rate(store, [(ada, prompt, 3) for prompt in some])
    with store.reading() as connection:
        reading = read(connection)
    _, sources = kinds_and_sources(reading)
    assert np.bincount(sources).tolist() == [10] + [1] * 98 + [52]
    names = [group["name"] for group in told(store)["by"]["source"]]
    assert names[0] == "source-150" and names[-1] == "other (140)" and len(names) == 12


def test_what_was_removed_is_in_no_number_and_said(store, crowd):
    _, _, given = crowd
    gone = given[0][1]
    store.write(lambda tx: moderation.judge(tx, TERMINAL, gone.prompt_id, "retired", "spam"))
    left = [one for one in given if one[1] is not gone]
    found = told(store)
    assert found["alpha"]["value"] == pytest.approx(alpha_of(left))
    assert (found["ratings"], sum(one["ratings"] for one in people_of(store).values())) == (len(left),) * 2
    assert any("removed or set aside" in note for note in found["notes"])


def test_nobody_is_judged_on_few_ratings(store, crowd):
    found = people_of(store)
    judged = [one for one in found.values() if one["severity"]["value"] is not None]
    assert [one["shared"] >= 30 for one in judged] == [True] * len(judged) and judged
    for one in found.values():
        assert (one["severity"]["value"] is None) == (one["shared"] < 30) == bool(one["why"])


def test_no_overlap_has_a_sentence(store, loaded):
    ada, bob = Person(store, "ada"), Person(store, "bob")
    rate(store, [(ada, loaded[0], 3), (bob, loaded[1], 4)])
    found = told(store)
    assert found["alpha"]["value"] is None and found["alpha"]["sentence"].startswith(
        "No prompt has two ratings"
    )
    assert found["ratio"] == {"value": None, "prompts": 0, "single": 2}
    assert "2 contributors gave a single rating" in found["notes"][0]
    assert all(one["why"] for one in found["factors"]) and all(one["why"] for one in found["claims"])


def test_all_equal_has_a_sentence(store, loaded):
    people = [Person(store, name) for name in ("ada", "bob")]
    rate(store, [(who, prompt, 4) for who in people for prompt in loaded])
    found = told(store)
    assert found["alpha"]["value"] is None and "same score" in found["alpha"]["sentence"]
    assert found["without_busiest"]["headlines"] == [
        {"name": "Agreement (α)", "value": None, "without": None}
    ]
    assert "kinds" not in found["without_busiest"]["sentence"]
    assert found["concentration"]["conclusions"] == ""
    assert all(one["value"] is None and "same score" in one["why"] for one in found["claims"])
    assert all(one["share"] is None for one in found["factors"])


def test_one_contributor_has_a_sentence(store, loaded):
    ada = Person(store, "ada")
    rate(store, [(ada, prompt, 1 + n % 5) for n, prompt in enumerate(loaded)])
    found = told(store)
    assert found["without_busiest"] is None
    assert any("All ratings are one contributor's" in note for note in found["notes"])


def test_a_store_without_a_rating_has_a_sentence(store, loaded):
    found = told(store)
    assert found["alpha"]["value"] is None and found["alpha"]["sentence"]
    assert found["concentration"]["sentence"] == "No rating counts at the moment."
    assert people_of(store) == {}
