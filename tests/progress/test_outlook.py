"""The outlook: coverage by source and kind for any goal, what came when, and what that makes likely."""

import json
from dataclasses import replace

import pytest

from components.live.moment import Moment
from components.organizing.sprint import change
from components.progress import outlook
from components.progress.activity import Activity
from components.progress.outlook import MOST_GROUPS, document, groups, prospects
from components.records import DAY_MS, HOUR_MS, Prompt
from components.store import prompts, tallies
from components.store.audit import audit


@pytest.fixture
def told(store, clock):
    def told(people=0):
        activity = Activity()
        with store.reading() as connection:
            activity.read(connection, clock.now)
            return json.loads(json.dumps(document(Moment(connection, clock.now), people, activity)))

    return told


def test_an_empty_sprint_has_nothing_to_tell_and_says_so(told):
    assert told() == {
        "groups": [],
        "ratings": {"total": 0, "today": 0, "last_hour": 0, "surplus": 0, "late": 0},
        "people": {"joined": 0, "rated": 0, "active": 0, "active_minutes": 5},
        "missing": 0,
        "pace": None,
        "finish": None,
        "by_end": None,
        "milestones": [],
    }


def test_coverage_of_each_source_and_kind_follows_the_goal(store, loaded, person, told):
    for name, ratings in (("ada", 8), ("bob", 4), ("cyd", 2)):
        for prompt in loaded[:ratings]:
            person(name).rates(prompt, 4)
    by_source = {
        row["source"]: (row["kind"], row["prompts"], row["done"], row["ratings"]) for row in told()["groups"]
    }
    assert by_source == {
        "source-0": ("human", 4, 1, 6),
        "source-1": ("synthetic", 4, 1, 5),
        "source-2": ("unknown", 4, 0, 3),
    }
    change(store, "terminal", ratings_per_prompt=1)
    assert [row["done"] for row in told()["groups"]] == [3, 3, 2]
    assert audit(store).differences == []


def test_prompts_of_one_source_are_told_by_kind_whatever_their_length_and_language(store, told):
    some = [
        Prompt("short", "s", "human"),
        Prompt("long " * 200, "s", "human"),
        Prompt("kurz", "s", "human", metadata={"language": "de"}),
        Prompt("other", "s", "synthetic"),
    ]
    store.write(lambda tx: prompts.add(tx, some, {}))
    assert [(row["kind"], row["prompts"]) for row in told()["groups"]] == [("human", 3), ("synthetic", 1)]


def test_small_groups_are_told_together():
    rows = groups({(f"s{n}", "human"): {0: 100 - n, 3: 1} for n in range(MOST_GROUPS + 5)}, 3)
    assert len(rows) == MOST_GROUPS + 1
    assert rows[0]["source"] == "s0"
    assert (rows[-1]["source"], rows[-1]["others"], rows[-1]["done"]) == (None, 5, 5)


def test_ratings_of_the_day_are_those_of_utc_and_of_the_hour_those_given_in_it(
    store, loaded, person, clock, told
):
    ada = person("ada")
    for place, hours in enumerate((13, 12, 2, 1, 0)):  # it is noon
        ada.rates(loaded[place], 4, happened_at=clock.now - hours * HOUR_MS)
    ratings = told()["ratings"]
    assert (ratings["total"], ratings["today"], ratings["last_hour"]) == (5, 4, 1)


def hours_of(days, now, per_day=240):
    """So many full days of ratings before now, the same number in each hour."""
    return {now // HOUR_MS - 1 - hour: per_day // 24 for hour in range(days * 24)}


def test_pace_and_finish(store, clock):
    sprint = store.sprint()
    told = prospects(sprint, {0: 400}, hours_of(7, clock.now), clock.now)
    assert told["missing"] == 1200
    assert told["pace"] == {"per_day": 240, "days": 7}
    finish = told["finish"]
    assert finish["likely"] == clock.now + 5 * DAY_MS
    assert clock.now < finish["earliest"] < finish["likely"] < finish["latest"]
    assert told["by_end"] is None


def test_what_is_told_does_not_move_by_the_second(store, clock):
    hours = hours_of(7, clock.now)
    at_noon = prospects(store.sprint(), {0: 400}, hours, clock.now)
    assert prospects(store.sprint(), {0: 400}, hours, clock.now + HOUR_MS - 1) == at_noon


def test_the_end_of_the_sprint_is_compared_with_what_is_missing(store, clock):
    hours = hours_of(7, clock.now)
    verdicts = {}
    for days in (2, 5, 9):
        sprint = replace(store.sprint(), ends_at=clock.now + days * DAY_MS)
        told = prospects(sprint, {0: 400}, hours, clock.now)["by_end"]
        assert told["fewest"] < told["likely"] == days * 240 < told["most"]
        verdicts[days] = told["verdict"]
    assert verdicts == {2: "unlikely", 5: "open", 9: "likely"}


@pytest.mark.parametrize("why", ["two days", "no ratings", "closed", "reached"])
def test_where_nothing_can_be_said_nothing_is(store, clock, why):
    sprint = replace(store.sprint(), state="closed" if why == "closed" else "open")
    hours = {} if why == "no ratings" else hours_of(2 if why == "two days" else 7, clock.now)
    told = prospects(sprint, {3: 400} if why == "reached" else {0: 400}, hours, clock.now)
    assert told["finish"] is None


def test_views_change_by_themselves_at_the_next_hour(store, clock):
    clock.forward(minutes=10)
    with store.reading() as connection:
        moment = Moment(connection, clock.now)
        document(moment, 0, Activity())
    assert moment.until == clock.now + 50 * 60_000


def test_late_ratings_are_counted_apart(store, loaded, person, told):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    ada.rates(loaded[1], 4, payload='{"late": true}')
    assert told()["ratings"] | {"today": 0, "last_hour": 0} == {
        "total": 2,
        "today": 0,
        "last_hour": 0,
        "surplus": 0,
        "late": 1,
    }
    with store.reading() as connection:
        assert tallies.late(connection) == 1
    assert audit(store).differences == []


def test_the_pace_is_not_told_by_what_came_before_the_last_week(clock):
    old = {hour - 1000: 5 for hour in hours_of(7, clock.now)}
    assert outlook.pace_of(outlook.last_days(old, clock.now // HOUR_MS)) is None
