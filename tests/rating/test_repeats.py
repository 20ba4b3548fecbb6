"""Prompts that come again: one is not told, and nothing that is counted changes by them."""

from collections import Counter
from contextlib import closing

import pytest

from components.organizing.sprint import change
from components.rating.repeats import segment
from components.records import Choice
from components.store import erasures, gold, queue, repeats
from components.store.absorption import absorb
from components.store.audit import audit
from tests.conftest import opinion_of
from tests.rating.test_recording import rating, sends
from tests.store.stores import exported, hashed, merged, new_store, published, rows, rows_of

DERIVED = (
    "ratings",
    "prompt_tallies",
    "contributor_tallies",
    "standing_tallies",
    "score_tallies",
    "hour_tallies",
    "spent_tallies",
    "coverage_tallies",
    "queue",
    "queue_levels",
)


@pytest.fixture
def repeating(store, loaded):
    """Twelve prompts, and one that comes again with every rating, once two lie in between."""
    change(store, "terminal", repeat_every=1, repeat_after=2)
    return loaded


@pytest.fixture
def ada(person):
    return person("ada")


def rates_some(ada, prompts, clock, score=4):
    """What the last of some ratings is answered with, of prompts that come again."""
    for prompt in prompts:
        clock.forward(minutes=1)
        answer = sends(ada, rating(prompt, score))
    return [prompt for prompt in answer["next"] if prompt.get("again")]


def said(store):
    with store.reading() as connection:
        return list(repeats.said(connection))


def derived(store):
    # Without its leases: she is handed what to rate next.
    store.write(
        lambda tx: queue.end(tx, [(row["contributor"], row["prompt_id"]) for row in rows(store, "leases")])
    )
    return {table: sorted(rows(store, table), key=str) for table in DERIVED}


def rates_again(ada, prompt, score):
    """What is sent, and what it is answered with."""
    item = rating(prompt, score, action="rated_again", shown_ms=5000)
    return item, sends(ada, item)


def test_a_prompt_comes_again_once_enough_ratings_lie_in_between_and_holds_no_place(
    store, repeating, ada, clock
):
    assert rates_some(ada, repeating[:2], clock) == []
    [again] = rates_some(ada, repeating[2:3], clock)
    assert again["prompt_id"] == repeating[0].prompt_id and again["text"] == repeating[0].text
    assert rows(store, "leases", f"prompt_id = '{again['prompt_id']}'") == []
    assert audit(store).differences == []


def test_what_is_said_again_is_an_event_and_changes_nothing_that_is_counted(
    store, repeating, ada, person, clock
):
    for one in (person("bob"), person("cy")):
        one.rates(repeating[0], 2)
    rates_some(ada, repeating[:3], clock)
    before = derived(store)
    item, answer = rates_again(ada, repeating[0], 2)
    assert answer["confirmed"] == [item["event_id"]]
    # It is told what any rating is told, or one would know.
    assert answer["revealed"][0]["crowd"] == {"n": 2, "counts": [0, 2, 0, 0, 0], "mean": 2.0}
    assert answer["me"]["ratings"] == 3
    assert derived(store) == before
    assert said(store) == [(ada.id, repeating[0].prompt_id, 4, 2)]
    assert sends(ada, item)["confirmed"] == [item["event_id"]] and len(said(store)) == 1
    assert audit(store).differences == []


def test_nobody_is_shown_the_same_prompt_a_third_time_nor_one_that_is_retired(store, repeating, ada, clock):
    rates_some(ada, repeating[:3], clock)
    rates_again(ada, repeating[0], 2)
    shown = Counter()
    for _ in range(5):
        shown.update(one["prompt_id"] for one in rates_some(ada, repeating[3:4], clock))
        rates_some(ada, repeating[2:3], clock)
    assert set(shown) == {repeating[1].prompt_id}


def test_days_in_between_are_waited_for_and_a_choice_is_kept_to(store, repeating, ada, clock):
    change(store, "terminal", repeat_after_days=2)
    assert rates_some(ada, repeating[:4], clock) == []
    clock.forward(minutes=2 * 24 * 60)
    assert rates_some(ada, repeating[4:5], clock) != []
    clock.forward(minutes=1)
    answer = sends(ada, rating(repeating[5], 3), choice=Choice(length="long"))
    assert not any(one.get("again") for one in answer["next"])


def test_only_what_one_has_rated_can_be_rated_again(store, repeating, ada, person):
    for one in (person("bob"), person("cy")):
        one.rates(repeating[0], 2)
    _, answer = rates_again(ada, repeating[0], 3)
    assert answer["confirmed"] == [] and answer["revealed"] == []
    assert "rated again" in answer["rejected"][0]["reason"]


def test_only_what_comes_again_to_somebody_is_taken_as_rated_again(store, repeating, ada, clock):
    rates_some(ada, repeating[:3], clock)
    item, answer = rates_again(ada, repeating[1], 4)  # too soon
    assert answer["rejected"] == [
        {
            "event_id": item["event_id"],
            "reason": "This prompt does not come again to you now; what you gave it before stands.",
        }
    ]
    assert rates_again(ada, repeating[0], 4)[1]["confirmed"] != []
    assert rates_again(ada, repeating[0], 4)[1]["confirmed"] == []  # again and again
    rates_some(ada, repeating[3:], clock)
    change(store, "terminal", repeat_every=8)
    own = [one for one in repeating[1:9] if _is_in(one, segment(ada.id, 8))]
    others = [one for one in repeating[1:9] if one not in own]
    assert all(rates_again(ada, one, 4)[1]["confirmed"] for one in own)
    assert not any(rates_again(ada, one, 4)[1]["confirmed"] for one in others) and others
    # What was offered yesterday is taken today, and nothing once nothing comes again.
    clock.forward(minutes=24 * 60)
    change(store, "terminal", repeat_every=1)
    assert rates_again(ada, others[0], 4)[1]["confirmed"] != []
    change(store, "terminal", repeat_every=0)
    assert rates_again(ada, others[1], 4)[1]["confirmed"] == []
    assert audit(store).differences == []


def test_what_was_said_again_is_taken_back_and_said_anew_in_one_request(store, repeating, ada, clock):
    rates_some(ada, repeating[:3], clock)
    first, _ = rates_again(ada, repeating[0], 2)
    undo = rating(repeating[0], None, action="undone", undoes=first["event_id"])
    anew, once_more = (rating(repeating[0], score, action="rated_again") for score in (5, 1))
    answer = sends(ada, undo, anew, once_more)
    assert answer["confirmed"] == [undo["event_id"], anew["event_id"]]
    assert [one["event_id"] for one in answer["rejected"]] == [once_more["event_id"]]
    assert said(store) == [(ada.id, repeating[0].prompt_id, 4, 5)]
    assert audit(store).differences == []


def test_what_can_come_again_is_what_is_offered_and_no_more(store, repeating, ada, clock):
    change(store, "terminal", repeat_every=4)
    offered = set()
    rates_some(ada, repeating, clock)
    for _ in range(60):
        offered.update(one["prompt_id"] for one in rates_some(ada, repeating[-1:], clock))
    # The last two are too recent.
    own = {one.prompt_id for one in repeating[:10] if _is_in(one, segment(ada.id, 4))}
    assert offered <= own and bool(offered) == bool(own)


def test_a_gold_prompt_whose_score_was_told_does_not_come_again(store, repeating, ada, clock):
    store.write(lambda tx: gold.mark(tx, "terminal", repeating[0].prompt_id, 5))
    assert rates_some(ada, repeating[:3], clock) != []
    change(store, "terminal", gold_feedback=True)
    assert rates_some(ada, repeating[2:3], clock) == []
    assert rates_again(ada, repeating[0], 5)[1]["confirmed"] == []


def _is_in(prompt, ranges):
    return any(low <= int(prompt.prompt_id, 16) <= high for low, high in ranges)


def test_an_undone_repeat_never_was_and_the_opinion_stays(store, repeating, ada, clock):
    rates_some(ada, repeating[:3], clock)
    item, _ = rates_again(ada, repeating[0], 1)
    undo = rating(repeating[0], None, action="undone", undoes=item["event_id"])
    sends(ada, undo)
    assert said(store) == []
    assert rates_again(ada, repeating[0], 3)[1]["confirmed"] != []
    assert [row[2:] for row in said(store)] == [(4, 3)]
    with store.reading() as connection:
        assert opinion_of(connection, ada.id, repeating[0].prompt_id).score == 4
    assert rows(store, "leases", f"prompt_id = '{repeating[0].prompt_id}'") == []
    assert audit(store).differences == []


def test_a_change_of_mind_afterwards_does_not_change_what_stood_before(store, repeating, ada, clock):
    rates_some(ada, repeating[:3], clock)
    rates_again(ada, repeating[0], 2)
    clock.forward(minutes=1)
    sends(ada, rating(repeating[0], 1))
    assert said(store) == [(ada.id, repeating[0].prompt_id, 4, 2)]


def test_repeats_are_exported_as_such_merged_and_erased(store, repeating, ada, clock, tmp_path):
    rates_some(ada, repeating[:3], clock)
    rates_again(ada, repeating[0], 2)
    with store.reading() as connection:
        actions = Counter(line.split(",")[4] for line in exported(connection))
        assert actions == {"rated": 3, "rated_again": 1} and len(published(connection)) == 3
    told = rows_of(store)
    with merged(tmp_path, [told, told], clock) as other:
        assert said(other) == said(store)
        assert audit(other).differences == []
    store.write(lambda tx: erasures.begin(tx, ada.id, hashed(ada.contributor.identity)))
    store.write(lambda tx: erasures.go_on(tx, ada.id, "", erasures.EVENTS_AT_ONCE))
    assert said(store) == [] and rows(store, "events", "action = 'rated_again'") == []
    assert audit(store).differences == []


def test_what_another_store_took_again_is_taken_over_with_the_score_before(
    store, repeating, ada, clock, tmp_path
):
    rates_some(ada, repeating[:3], clock)
    rates_again(ada, repeating[0], 2)
    sends(ada, rating(repeating[0], 5))
    with closing(new_store(tmp_path / "other.db", clock)) as other:
        # In whatever order: the rating of the same prompt may come later than what was said again.
        told = sorted(rows_of(store), key=lambda row: row[1].get("action") == "rated")
        other.write(lambda tx: absorb(tx, told, hashed))
        assert said(other) == [(ada.id, repeating[0].prompt_id, 4, 2)]
        assert audit(other).differences == []
