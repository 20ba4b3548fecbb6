"""The ledger: everything somebody did, found again, and nothing of it told too early."""

import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.ledger.ledger import PER_PAGE, page_of
from components.records import Prompt
from components.store import prompts
from components.store.store import Store
from tests.conftest import Clock, Person


def ledger(store, person, **asked):
    with store.reading() as connection:
        return page_of(connection, person.id, **asked)


def bring(store, *texts, **fields):
    made = [Prompt(text, "a source", "human", **fields) for text in texts]
    store.write(lambda tx: prompts.add(tx, made, {"file": "test"}))
    return made


def test_the_newest_opinion_stands_first(store, loaded, person, clock):
    ada = person("ada")
    for prompt in loaded[:3]:
        clock.forward(minutes=1)
        ada.rates(prompt, 4)
    clock.forward(minutes=1)
    ada.rates(loaded[0], 2)
    found = ledger(store, ada)
    assert [row["text"] for row in found.rows] == [loaded[n].text for n in (0, 2, 1)]
    assert found.rows[0]["score"] == 2 and found.rows[0]["decided_at"] == clock.now
    assert (found.total, found.page, found.pages) == (3, 1, 1)


def test_nobody_sees_what_others_did(store, loaded, person):
    ada, bob = person("ada"), person("bob")
    bob.rates(loaded[0], 4)
    assert ledger(store, ada).rows == []


def test_where_a_prompt_comes_from_is_told_only_of_prompts_one_rated(store, loaded, person):
    ada, bob, eve = person("ada"), person("bob"), person("eve")
    for other in (bob, eve):
        other.rates(loaded[0], 1)
        other.rates(loaded[1], 1)
    ada.rates(loaded[0], 5)
    ada.skips(loaded[1])
    rows = {row["text"]: row for row in ledger(store, ada).rows}
    rated, skipped = rows[loaded[0].text], rows[loaded[1].text]
    assert (rated["source"], rated["kind"]) == (loaded[0].source, loaded[0].kind)
    assert rated["others"] == {"n": 2, "counts": [2, 0, 0, 0, 0], "mean": 1.0}
    assert (skipped["source"], skipped["kind"], skipped["others"]) == (None, None, None)


def test_a_single_other_rater_is_not_given_away(store, loaded, person):
    ada, bob = person("ada"), person("bob")
    ada.rates(loaded[0], 5)
    bob.rates(loaded[0], 5)
    assert ledger(store, ada).rows[0]["others"] is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("HAIKU", {"Write a haiku"}),
        ("straße", {"Die STRASSE nach Süden"}),
        ("süden", {"Die STRASSE nach Süden"}),
        ("МОСКВА", {"москва ждёт"}),
        ("100%", {"What is 100% of 7?"}),
        ("_", {"snake_case"}),
        ("%", {"What is 100% of 7?"}),
        ("\\", {"a \\ b"}),
        ("'; DROP TABLE ratings", set()),
        ("  haiku  ", {"Write a haiku"}),
    ],
)
def test_words_are_found_in_any_case_and_as_they_are_typed(store, person, words, found):
    texts = (
        "Write a haiku",
        "Die STRASSE nach Süden",
        "москва ждёт",
        "What is 100% of 7?",
        "snake_case",
        "a \\ b",
    )
    ada = person("ada")
    for prompt in bring(store, *texts):
        ada.rates(prompt, 3)
    assert {row["text"] for row in ledger(store, ada, words=words).rows} == found


def test_only_one_kind_of_opinion(store, loaded, person):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    ada.skips(loaded[1])
    ada.rates(loaded[2], None, action="flagged", reason="spam")
    ada.rates(loaded[3], None, action="discarded")
    for action, prompt in (("rated", 0), ("skipped", 1), ("flagged", 2), ("discarded", 3)):
        assert [(row["action"], row["text"]) for row in ledger(store, ada, action=action).rows] == [
            (action, loaded[prompt].text)
        ]
    assert ledger(store, ada, action="flagged").rows[0]["reason"] == "spam"
    assert ledger(store, ada, action="withdrawn").rows == []
    assert ledger(store, ada, action="skipped", words=loaded[0].text).total == 0


def test_a_withdrawn_score_can_be_seen_and_rated_anew(store, loaded, person, clock):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    clock.forward(minutes=1)
    ada.rates(loaded[0], None, action="withdrawn")
    row = ledger(store, ada).rows[0]
    assert (row["action"], row["score"], row["source"]) == ("withdrawn", None, None)
    clock.forward(minutes=1)
    again = ada.rates(loaded[0], 2)
    assert ledger(store, ada).rows[0]["score"] == 2
    ada.undoes(again)
    assert ledger(store, ada).rows[0]["action"] == "withdrawn"


def test_what_was_undone_is_not_in_the_ledger(store, loaded, person):
    ada = person("ada")
    ada.undoes(ada.rates(loaded[0], 4))
    assert ledger(store, ada).rows == []


def test_past_the_last_page_stands_the_last_page(store, person, clock):
    ada = person("ada")
    for prompt in bring(store, *(f"Prompt {n}" for n in range(PER_PAGE + 1))):
        clock.forward(minutes=1)
        ada.rates(prompt, 3)
    last = ledger(store, ada, page=9)
    assert (last.page, last.pages, [row["text"] for row in last.rows]) == (2, 2, ["Prompt 0"])


@settings(max_examples=25, deadline=None)
@given(
    done=st.lists(
        st.tuples(st.integers(0, 119), st.sampled_from([None, 1, 5]), st.integers(0, 9)), max_size=160
    ),
    words=st.sampled_from(["", "odd", "EVEN"]),
    action=st.sampled_from(["", "rated", "skipped"]),
)
def test_all_pages_together_are_all_opinions_once_each(done, words, action):
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        store = Store(f"sqlite:///{Path(folder) / 'sprint.db'}", clock).open()
        try:
            made = bring(store, *(f"{('Even', 'Odd')[n % 2]} {n}" for n in range(120)))
            ada = Person(store, "ada")
            current = {}
            for place, score, minutes in done:
                clock.forward(minutes)
                event = ada.rates(made[place], score, event_id=str(uuid.uuid4()))
                weighed = (score is not None, event.decided_at, event.event_id)
                current[place] = max(current.get(place, ((False,), None)), (weighed, event))
            wanted = sorted(
                (weighed[1:], event)
                for place, (weighed, event) in current.items()
                if action in ("", event.action) and words.casefold() in made[place].text.casefold()
            )
            first = ledger(store, ada, words=words, action=action)
            rows = [
                row
                for page in range(1, first.pages + 1)
                for row in ledger(store, ada, words=words, action=action, page=page).rows
            ]
            assert [row["event_id"] for row in rows] == [event.event_id for _, event in reversed(wanted)]
            assert first.total == len(wanted) and len(first.rows) <= PER_PAGE
        finally:
            store.close()
