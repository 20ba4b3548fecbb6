"""What organizers change while the sprint runs."""

import json
from dataclasses import replace

import pytest

from components.errors import BadSetting
from components.organizing.sprint import change, dates_in_words, described, read_moment, read_quota
from components.records import HOUR_MS, Quota
from components.store.audit import audit

NOON = 1_772_366_400_000  # 2026-03-01T12:00:00Z, where the clock stands


@pytest.mark.parametrize(
    ("words", "quota"),
    [
        ("kind=human:500", Quota(500, kind="human")),
        ("source=ultrachat:300", Quota(300, source="ultrachat")),
        ("source=a:b, c=d,kind=synthetic:0", Quota(0, "a:b, c=d", "synthetic")),
    ],
)
def test_a_quota_is_read_as_it_is_written(words, quota):
    assert read_quota(words) == quota


@pytest.mark.parametrize(
    "words", ["", "human:5", "kind=alien:5", ":5", "kind=human", "kind=human:-1", "kind=human:x"]
)
def test_what_is_no_quota_is_refused_with_an_example(words):
    with pytest.raises(BadSetting, match="kind=human:500"):
        read_quota(words)


def test_a_change_is_logged_with_who_made_it(store, person):
    ada = person("ada")
    change(store, ada.id, title=" Better ", ratings_per_prompt=5, quotas=[Quota(7, kind="human")])
    now = store.sprint()
    assert (now.title, now.ratings_per_prompt, now.quotas) == ("Better", 5, (Quota(7, kind="human"),))
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT contributor, payload FROM events WHERE action = 'setting'")
        contributor, payload = rows.fetchall()[-1]
    assert contributor == ada.id
    assert json.loads(payload) == {
        "from": {"title": "A test sprint", "ratings_per_prompt": 3, "quotas": []},
        "to": {
            "title": "Better",
            "ratings_per_prompt": 5,
            "quotas": [{"ratings": 7, "source": None, "kind": "human"}],
        },
    }


def test_changing_nothing_logs_nothing(store):
    before = store.vector()
    assert change(store, "terminal") == store.sprint()
    assert change(store, "terminal", title="A test sprint", quotas=[]) == store.sprint()
    assert store.vector() == before


@pytest.mark.parametrize(
    "values", [{"title": " "}, {"ratings_per_prompt": 0}, {"ratings_per_prompt": 101}, {"state": "over"}]
)
def test_values_that_cannot_be_are_refused(store, values):
    with pytest.raises(BadSetting):
        change(store, "terminal", **values)


def test_switching_the_extra_rating_moves_contested_prompts_and_audits_clean(store, loaded, person):
    def levels():
        with store.reading() as connection:
            return dict(connection.exec_driver_sql("SELECT prompt_id, level FROM queue").fetchall())

    person("ada").rates(loaded[0], 1)
    person("bob").rates(loaded[0], 4)
    assert levels()[loaded[0].prompt_id] == 2
    change(store, "terminal", extra_rating=True)
    assert levels()[loaded[0].prompt_id] == 1
    assert audit(store).differences == []
    person("cy").rates(loaded[1], 1)
    person("dora").rates(loaded[1], 5)
    assert levels()[loaded[1].prompt_id] == 1
    assert audit(store).differences == []
    change(store, "terminal", extra_rating=False)
    assert levels()[loaded[0].prompt_id] == 2
    assert audit(store).differences == []


def test_the_sprint_is_described_in_words(store):
    quotas = [Quota(1500, kind="human"), Quota(3, "arena", "synthetic"), Quota(4, "arena")]
    words = described(change(store, "terminal", extra_rating=True, quotas=quotas), None, NOON)
    assert "scores are 3 or more apart: yes" in words
    assert "at most 1,500 ratings for human prompts\n" in words
    assert "at most 3 ratings for synthetic prompts of arena\n" in words
    assert words.endswith("at most 4 ratings for prompts of arena")


@pytest.mark.parametrize(
    ("words", "end", "moment"),
    [
        ("never", False, None),
        ("2026-03-01", False, NOON - 12 * HOUR_MS),
        ("2026-03-01", True, NOON + 12 * HOUR_MS),
        ("2026-03-01T12:00", True, NOON),
        (" 2026-03-01T13:30+01:30 ", False, NOON),
        ("2026-03-01T12:00Z", False, NOON),
    ],
)
def test_a_moment_is_read_as_it_is_written(words, end, moment):
    assert read_moment(words, end) == moment


@pytest.mark.parametrize("words", ["", "soon", "2026-02-30", "15.3.2026", "1772366400"])
def test_what_is_no_moment_is_refused_with_an_example(words):
    with pytest.raises(BadSetting, match="2026-03-15T18:00"):
        read_moment(words)


def test_state_and_dates_are_changed_logged_and_told(store):
    changed = change(store, "terminal", state="paused", starts_at=NOON - HOUR_MS, ends_at=NOON + HOUR_MS)
    assert (changed.state, changed.starts_at, changed.ends_at) == ("paused", NOON - HOUR_MS, NOON + HOUR_MS)
    assert store.sprint() == changed
    with store.reading() as connection:
        payload = connection.exec_driver_sql("SELECT payload FROM events ORDER BY number DESC").scalar()
    assert json.loads(payload)["to"]["ends_at"] == NOON + HOUR_MS
    assert "state: paused\nstarts: 1 March 2026, 11:00 UTC\nends: 1 March 2026, 13:00 UTC\n" in described(
        changed, None, NOON
    )
    assert change(store, "terminal", ends_at=None).ends_at is None


@pytest.mark.parametrize(
    ("dates", "state", "told"),
    [
        (
            {"ends_at": read_moment("2026-02-27", end=True)},
            "closed",
            "The sprint ended on 27 February 2026, 24:00 UTC: it is closed.",
        ),
        (
            {"starts_at": NOON + HOUR_MS},
            "preparing",
            "The sprint begins on 1 March 2026, 13:00 UTC: until then it is in preparation.",
        ),
        ({}, "open", ""),
    ],
)
def test_a_state_that_dates_have_made_is_told_as_it_is_now(store, dates, state, told):
    changed = change(store, "terminal", **dates)
    assert f"state: {state}\n" in described(changed, None, NOON)
    assert dates_in_words(changed, NOON) == told
    if "ends_at" in dates:
        assert "ends: 27 February 2026, 24:00 UTC\n" in described(changed, None, NOON)


def test_an_end_before_the_start_is_refused(store):
    change(store, "terminal", starts_at=NOON)
    with pytest.raises(BadSetting, match="before it starts"):
        change(store, "terminal", ends_at=NOON - 1)
    assert store.sprint().ends_at is None


def test_a_sprint_that_has_ended_is_not_opened_without_a_later_end(store, clock):
    change(store, "terminal", ends_at=NOON + 1)
    clock.forward(minutes=1)
    with pytest.raises(BadSetting, match="ended on 1 March 2026, 12:00 UTC"):
        change(store, "terminal", state="open")
    assert change(store, "terminal", state="open", ends_at=None).state_at(clock.now) == "open"


@pytest.mark.parametrize(
    ("state", "starts_in", "ends_in", "now"),
    [
        ("open", None, None, "open"),
        ("preparing", None, None, "preparing"),
        ("preparing", 1, None, "preparing"),
        ("preparing", 0, None, "open"),
        ("open", 1, 2, "preparing"),
        ("open", -1, 1, "open"),
        ("open", -2, 0, "closed"),
        ("preparing", None, -1, "closed"),
        ("paused", 1, 2, "paused"),
        ("paused", -2, -1, "closed"),
        ("closed", -1, 1, "closed"),
    ],
)
def test_dates_open_and_close_the_sprint_by_themselves(store, state, starts_in, ends_in, now):
    at = [None if hours is None else NOON + hours * HOUR_MS for hours in (starts_in, ends_in)]
    sprint = replace(store.sprint(), state=state, starts_at=at[0], ends_at=at[1])
    assert sprint.state_at(NOON) == now
