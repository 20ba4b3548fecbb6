"""Recording: each item of a request stands or falls alone, and the later of two opinions is the newer."""

import json
import random
import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from components.errors import NotSignedIn, StoreUnavailable, TooFast
from components.organizing.sprint import change
from components.rating.pace import Pace
from components.rating.recording import Submission, record
from components.records import ANYTHING, Prompt
from components.store import prompts, sprints, tallies
from components.store.audit import audit
from tests.conftest import opinion_of


def rating(prompt, score, **fields):
    return {
        "event_id": str(uuid.uuid4()),
        "prompt_id": prompt.prompt_id,
        "action": "rated",
        "score": score,
        "local_date": None,
        **fields,
    }


def sends(person, *items, choice=ANYTHING, pace=None, behind_ms=0):
    """What a contributor is answered who sends these items in one request."""
    submission = Submission(person.id, 0, items, choice, behind_ms)
    [answer] = person.store.write(lambda tx: record(tx, [submission], pace or Pace()))
    return answer


@pytest.fixture
def ada(person):
    return person("ada")


def test_today_is_the_day_it_is_for_the_contributor_not_that_of_what_waited(store, loaded, ada, clock):
    today, yesterday = "2026-03-02", "2026-03-01"
    clock.now = 1000 * int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp())
    waited = rating(loaded[0], 4, local_date=yesterday, happened_at=clock.now - 86_400_000)
    submission = Submission(ada.id, 0, [waited], local_date=today)
    [answer] = store.write(lambda tx: record(tx, [submission], Pace()))
    assert (answer["me"]["ratings"], answer["me"]["today"], answer["me"]["streak"]) == (1, 0, 1)
    # Who tells no day is asked of their last event.
    assert sends(ada, waited)["me"]["today"] == 1


def test_good_items_stand_when_others_fall(store, loaded, ada):
    good, bad = rating(loaded[0], 4), rating(loaded[1], 9)
    answer = sends(ada, bad, good, good)
    assert answer["confirmed"] == [good["event_id"]] * 2
    assert [item["event_id"] for item in answer["rejected"]] == [bad["event_id"]]
    assert answer["revealed"][0] == {
        "prompt_id": loaded[0].prompt_id,
        "source": "source-0",
        "kind": "human",
        "score": 4,
        "gold": None,
        "crowd": None,
    }


@pytest.mark.parametrize("ahead", [None, 86_400_000])
def test_of_two_opinions_in_one_request_the_later_counts(store, loaded, ada, clock, ahead):
    """Also for a device that tells no time, or whose clock runs a day ahead."""
    told = {} if ahead is None else {"happened_at": clock.now + ahead}
    for prompt in loaded:
        items = [rating(prompt, 1, **told), rating(prompt, 5, **told)]
        sends(ada, *items)
    with store.reading() as connection:
        scores = {opinion_of(connection, ada.id, prompt.prompt_id).score for prompt in loaded}
    assert scores == {5}


WRONG_CLOCKS = pytest.mark.parametrize("behind_ms", [86_400_000, 600_000, -3_600_000, -86_400_000])


@WRONG_CLOCKS
def test_a_second_device_with_a_wrong_clock_has_the_last_word_if_it_speaks_last(
    store, loaded, ada, clock, behind_ms
):
    sends(ada, rating(loaded[0], 1, happened_at=clock.now))
    clock.now += 200
    sends(ada, rating(loaded[0], 5, happened_at=clock.now - 100 - behind_ms), behind_ms=behind_ms)
    with store.reading() as connection:
        said = opinion_of(connection, ada.id, loaded[0].prompt_id)
    assert said.score == 5 and said.decided_at <= clock.now


def test_a_device_that_is_ahead_may_send_what_it_said_in_any_order(store, loaded, ada, clock):
    ahead = clock.now + 86_400_000
    clock.now += 2000
    sends(ada, rating(loaded[0], 5, happened_at=ahead + 1000), behind_ms=-86_400_000)
    sends(ada, rating(loaded[0], 1, happened_at=ahead), behind_ms=-86_400_000 + 900)
    with store.reading() as connection:
        assert opinion_of(connection, ada.id, loaded[0].prompt_id).score == 5


@WRONG_CLOCKS
def test_an_outbox_of_hours_is_welcome_whatever_the_clock_of_its_device(
    store, ada, make_prompts, clock, behind_ms
):
    some = make_prompts(300)
    store.write(lambda tx: prompts.add(tx, some, {}))
    store.write(lambda tx: sprints.change(tx, "terminal", {"ratings_per_minute": 60}))
    moments = [clock.now - 6000 * (300 - n) - behind_ms for n in range(300)]
    items = [rating(prompt, 3, happened_at=at) for prompt, at in zip(some, moments, strict=True)]
    pace = Pace()
    for start in (0, 100, 200):
        answer = sends(ada, *items[start : start + 100], pace=pace, behind_ms=behind_ms)
        assert len(answer["confirmed"]) == 100


def test_a_clock_that_is_set_right_in_between_makes_no_other_event(loaded, ada, clock):
    item = rating(loaded[0], 4, happened_at=clock.now - 86_400_000)
    sends(ada, item, behind_ms=86_400_000)
    again = sends(ada, item)
    assert (again["confirmed"], again["rejected"]) == ([item["event_id"]], [])


def test_what_others_gave_is_shown_after_the_rating_and_only_if_there_are_two(store, loaded, person, ada):
    prompt = loaded[0]
    person("bob").rates(prompt, 2)
    alone = rating(loaded[1], 4)
    assert sends(ada, alone)["revealed"][0]["crowd"] is None
    first = sends(ada, rating(prompt, 4))
    assert first["revealed"][0]["crowd"] is None
    person("cy").rates(prompt, 3)
    shown = sends(ada, rating(prompt, 5))["revealed"][0]
    assert shown["score"] == 5
    assert shown["crowd"] == {"n": 2, "counts": [0, 1, 1, 0, 0], "mean": 2.5}


def test_what_was_rated_before_its_prompt_is_there_waits_as_long_as_prompts_come_in(store, ada, loaded):
    some = [Prompt("Still to come", "s", "human"), loaded[0]]
    items = [rating(loaded[1], 2), *(rating(prompt, 4) for prompt in some)]

    def sends_while(coming, *those):
        submission = Submission(ada.id, 0, those)
        [answer] = store.write(lambda tx: record(tx, [submission], Pace(), coming))
        return answer

    assert sends_while(True, *items)["confirmed"] == [items[0]["event_id"]]
    assert isinstance(sends_while(True, *items[1:]), StoreUnavailable)
    store.write(lambda tx: prompts.add(tx, some, {}))
    assert sends_while(True, *items)["confirmed"] == [item["event_id"] for item in items]
    nowhere = rating(Prompt("Nowhere", "s", "human"), 4)
    assert [one["event_id"] for one in sends_while(False, nowhere)["rejected"]] == [nowhere["event_id"]]


def test_what_is_not_rated_stays_hidden(loaded, ada):
    for action in ("skipped", "discarded", "withdrawn"):
        assert sends(ada, rating(loaded[0], None, action=action))["revealed"] == []


def test_whoever_is_too_fast_keeps_what_fits_and_hears_when_the_rest_does(store, ada, make_prompts, clock):
    some = make_prompts(130)
    store.write(lambda tx: prompts.add(tx, some, {}))
    store.write(lambda tx: sprints.change(tx, "terminal", {"ratings_per_minute": 60}))
    items, pace = [rating(prompt, 3, happened_at=clock.now) for prompt in some], Pace()
    answer = sends(ada, *items, pace=pace)
    assert answer["confirmed"] == [item["event_id"] for item in items[:100]]
    assert answer["rejected"] == [] and answer["retry_after_ms"] > 0
    refused = sends(ada, *items[100:], pace=pace)
    assert isinstance(refused, TooFast) and "Nothing is lost" in str(refused)
    # What is kept already is confirmed however often it is sent.
    assert sends(ada, *items[:100], pace=pace)["confirmed"] == answer["confirmed"]
    clock.now += answer["retry_after_ms"]
    assert sends(ada, *items[100:], pace=pace)["confirmed"][:10] == [
        item["event_id"] for item in items[100:110]
    ]


def test_ten_thousand_events_of_a_long_outage_are_all_kept_in_pages(store, ada, make_prompts, clock):
    some = make_prompts(1000)
    store.write(lambda tx: prompts.add(tx, some, {}))
    # Every prompt ten times, one each second, in the hours before now; pages come in any order.
    items = [
        rating(some[n % 1000], n // 1000 % 5 + 1, happened_at=clock.now - (10_000 - n) * 1000)
        for n in range(10_000)
    ]
    pages = [items[start : start + 100] for start in range(0, 10_000, 100)]
    random.Random(4).shuffle(pages)
    store.write(lambda tx: sprints.change(tx, "terminal", {"ratings_per_minute": 60}))
    pace = Pace()
    for page in pages:
        answer = sends(ada, *page, pace=pace)
        assert answer["confirmed"] == [item["event_id"] for item in page]
    with store.reading() as connection:
        assert {opinion_of(connection, ada.id, prompt.prompt_id).score for prompt in some} == {5}
        assert tallies.coverage(connection) == {1: 1000}
    assert audit(store).differences == []


def test_somebody_unknown_or_signed_out_is_told_and_costs_nobody_else(store, loaded, person, ada):
    bob = person("bob")
    store.write(
        lambda tx: tx.connection.exec_driver_sql(
            "UPDATE contributors SET sessions_valid_from = 50 WHERE username = 'bob'"
        )
    )
    item = rating(loaded[0], 3)
    some = [
        Submission(ada.id, 0, [item]),
        Submission(bob.id, 49, [item]),
        Submission("nobody", 99, [item]),
    ]
    first, *others = store.write(lambda tx: record(tx, some, Pace()))
    assert first["confirmed"] == [item["event_id"]]
    assert all(isinstance(answer, NotSignedIn) for answer in others)
    assert audit(store).events == 1


def test_people_in_one_group_are_given_different_prompts(store, person, make_prompts):
    some = make_prompts(400)
    store.write(lambda tx: prompts.add(tx, some, {}))
    people = [person(f"person-{n}") for n in range(60)]
    answers = store.write(lambda tx: record(tx, [Submission(one.id, 0, []) for one in people], Pace()))
    given = [prompt["prompt_id"] for answer in answers for prompt in answer["next"]]
    assert len(given) == len(set(given)) == 300
    assert audit(store).differences == []


def payload_of(store, event_id):
    with store.reading() as connection:
        asked = text("SELECT payload FROM events WHERE event_id = :event_id")
        found = connection.execute(asked, {"event_id": event_id}).scalar()
    return json.loads(found) if found else None


def test_what_comes_in_after_the_end_is_kept_and_marked_late(store, loaded, ada, clock):
    change(store, "terminal", ends_at=clock.now + 1)
    in_time, late, skip = (
        rating(loaded[0], 4),
        rating(loaded[1], 4),
        rating(loaded[2], None, action="skipped"),
    )
    assert sends(ada, in_time)["confirmed"] == [in_time["event_id"]]
    clock.forward(minutes=1)
    # Said before the end, and heard after it: late all the same.
    late["happened_at"] = clock.now - 120_000
    answer = sends(ada, late, skip)
    assert answer["confirmed"] == [late["event_id"], skip["event_id"]] and answer["next"] == []
    assert answer["me"]["ratings"] == 2
    assert payload_of(store, in_time["event_id"]) is None
    assert payload_of(store, late["event_id"]) == payload_of(store, skip["event_id"]) == {"late": True}
    with store.reading() as connection:
        assert (tallies.late(connection), tallies.coverage(connection)) == (1, {0: 10, 1: 2})
    assert audit(store).differences == []


def test_a_late_rating_sent_again_changes_nothing_and_one_taken_back_is_counted_no_more(
    store, loaded, ada, clock
):
    on_time = rating(loaded[0], 2)
    sends(ada, on_time)
    change(store, "terminal", state="closed")
    clock.forward(minutes=1)
    better = rating(loaded[0], 5)
    assert sends(ada, on_time)["confirmed"] == [on_time["event_id"]]
    assert payload_of(store, on_time["event_id"]) is None
    sends(ada, better)
    sends(ada, better)
    with store.reading() as connection:
        assert tallies.late(connection) == 1
    sends(ada, rating(loaded[0], None, action="undone", undoes=better["event_id"]))
    with store.reading() as connection:
        assert tallies.late(connection) == 0
        assert sum(row["ratings"] for row in tallies.hours(connection)) == 1
    assert audit(store).differences == []


def test_a_late_change_of_mind_after_seeing_the_others_keeps_both_marks(store, loaded, ada, person, clock):
    for name in ("bob", "cyd"):
        person(name).rates(loaded[0], 4)
    sends(ada, rating(loaded[0], 2))
    change(store, "terminal", state="closed")
    clock.forward(minutes=1)
    changed = rating(loaded[0], 4)
    sends(ada, changed)
    assert payload_of(store, changed["event_id"]) == {
        "late": True,
        "crowd_shown": True,
        "completes": True,
    }


def earned(store, person):
    with store.reading() as connection:
        return tallies.earned(connection, person.id)


def test_the_rating_that_reaches_the_goal_completes_its_prompt_and_the_log_proves_it(store, loaded, person):
    """Of three wanted the third; not the second, and not one beyond the goal."""
    people = [person(name) for name in ("ada", "bob", "cyd", "dan")]
    for one in people:
        sends(one, rating(loaded[0], 4))
    assert [earned(store, one) for one in people] == [(1, 0, 0), (1, 0, 0), (1, 1, 0), (1, 0, 0)]
    assert audit(store).differences == []
    store.write(lambda tx: tx.connection.exec_driver_sql("UPDATE standing_tallies SET completed = 1"))
    assert {one.where for one in audit(store).differences} == {"standing_tallies"}


def test_a_prompt_of_a_thin_source_earns_more(store, loaded, ada):
    submission = Submission(ada.id, 0, [rating(loaded[0], 4), rating(loaded[1], 4)])
    store.write(lambda tx: record(tx, [submission], Pace(), thin=[loaded[1].source]))
    assert earned(store, ada) == (2, 0, 1)
    assert audit(store).differences == []


def test_nobody_earns_more_by_changing_their_mind_or_by_giving_a_rating_again(
    store, loaded, person, ada, clock
):
    """Who rated first may not wait until a prompt is nearly full, and then complete it again and again."""
    first = rating(loaded[0], 4)
    sends(ada, first)
    person("bob").rates(loaded[0], 4)
    person("cyd").rates(loaded[0], 4)
    clock.forward(minutes=1)
    sends(ada, rating(loaded[0], 5))
    assert earned(store, ada) == (1, 0, 0)
    clock.forward(minutes=1)
    taken_back = rating(loaded[0], None, action="withdrawn")
    sends(ada, taken_back, rating(loaded[0], 5))
    assert earned(store, ada) == (1, 0, 0)


def test_what_somebody_earned_stays_with_the_rating_when_they_change_it_and_goes_when_they_withdraw_it(
    store, loaded, person, ada, clock
):
    person("bob").rates(loaded[0], 4)
    person("cyd").rates(loaded[0], 4)
    sends(ada, rating(loaded[0], 4))
    clock.forward(minutes=1)
    sends(ada, rating(loaded[0], 5))
    assert earned(store, ada) == (1, 1, 0)
    clock.forward(minutes=1)
    sends(ada, rating(loaded[0], None, action="withdrawn"))
    assert earned(store, ada) == (0, 0, 0)
    assert audit(store).differences == []


@pytest.mark.parametrize("state", ["preparing", "paused"])
def test_what_comes_in_while_the_sprint_waits_is_kept_like_any_other(store, loaded, ada, state):
    change(store, "terminal", state=state)
    item = rating(loaded[0], 4)
    answer = sends(ada, item)
    assert (answer["confirmed"], answer["next"]) == ([item["event_id"]], [])
    assert payload_of(store, item["event_id"]) is None


@pytest.mark.parametrize("together", [True, False])
def test_an_undo_of_what_was_said_of_another_prompt_is_refused(store, loaded, ada, together):
    said = rating(loaded[0], 4)
    undo = rating(loaded[1], None, action="undone", undoes=said["event_id"])
    answer = sends(ada, said, undo) if together else (sends(ada, said), sends(ada, undo))[1]
    assert [one["event_id"] for one in answer["rejected"]] == [undo["event_id"]]
    assert "send it with the prompt_id of" in answer["rejected"][0]["reason"]
    right = rating(loaded[0], None, action="undone", undoes=said["event_id"])
    assert sends(ada, right, right)["confirmed"] == [right["event_id"]] * 2
    with store.reading() as connection:
        assert opinion_of(connection, ada.id, loaded[0].prompt_id) is None


def test_an_undo_of_what_is_not_known_yet_is_kept_and_confirmed_again(store, loaded, ada):
    said = rating(loaded[0], 4)
    undo = rating(loaded[1], None, action="undone", undoes=said["event_id"])
    for items in ((undo,), (said,), (undo,)):
        assert sends(ada, *items)["confirmed"] == [items[0]["event_id"]]
    assert audit(store).differences == []
