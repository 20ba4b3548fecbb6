"""The schedule: snapshots that are due are pushed, once, and not before."""

import time

import pytest

from components.errors import BadSetting, PlaceUnreachable
from components.prompt_sources.jobs import Jobs
from components.records import DAY_MS, HOUR_MS, Milestone
from components.snapshots import schedule
from components.snapshots.publishing import target
from components.store import milestones, publications
from components.store.sprints import TERMINAL

TO = "sprint/prompts"


class Pushes:
    """Where pushes end up, instead of on the Hub."""

    def __init__(self, store):
        self.store = store
        self.to = []
        self.fails = False

    def __call__(self, wanted, contributor, job):
        if self.fails:
            raise PlaceUnreachable("The Hub does not answer.")
        self.to.append(wanted.to)
        self.store.write(lambda tx: publications.add(tx, contributor, {"to": wanted.to, "version": "v1"}))


@pytest.fixture
def pushes(store):
    return Pushes(store)


def looking(store, pushes, alone=True):
    jobs = Jobs(store.clock)
    made = schedule.Schedule(store, jobs, pushes, alone)

    def look():
        begun = made.look()
        deadline = time.monotonic() + 10
        while (job := jobs.last("push")) and job.running and time.monotonic() < deadline:
            time.sleep(0.005)
        return begun

    return look


def follow(store, every):
    schedule.follow(store, TERMINAL, schedule.plan(every, target(TO, private=True)))


def test_every_hour_means_an_hour_after_the_last(store, pushes, clock):
    look = looking(store, pushes)
    assert not look()
    follow(store, "hour")
    assert schedule.current(store).target.private
    assert look() and not look()
    clock.now += HOUR_MS - 1
    assert not look()
    clock.now += 1
    assert look() and pushes.to == [TO, TO]


def test_a_milestone_is_pushed_once(store, pushes, clock):
    look = looking(store, pushes)
    follow(store, "milestone")
    assert not look()
    clock.now += 1000
    store.write(lambda tx: milestones.add(tx, [Milestone("ratings", 100, None, clock.now)]))
    clock.now += 1000
    assert look() and not look()


def test_one_of_two_servers_pushes(store, pushes, clock):
    from components.store.store import Store

    other = Store(store.database._engine.reading.url.render_as_string(hide_password=False), clock).open()
    try:
        follow(store, "day")
        assert [looking(one, pushes, alone=False)() for one in (store, other)] == [True, False]
    finally:
        other.close()


def test_what_failed_is_tried_again_sooner(store, pushes, clock):
    look = looking(store, pushes)
    follow(store, "day")
    pushes.fails = True
    assert look() and not look()
    pushes.fails = False
    clock.now += schedule.RETRY_MS
    assert look() and pushes.to == [TO]
    clock.now += DAY_MS - 1
    assert not look()


def test_it_can_be_stopped_and_remembers_where_to(store):
    with pytest.raises(BadSetting, match="There is no schedule yet"):
        schedule.stop(store, TERMINAL)
    follow(store, "day")
    assert str(schedule.stop(store, TERMINAL)) == f"No snapshot is pushed by itself; they went to {TO}."
    assert schedule.current(store).every == "off"
    with pytest.raises(BadSetting, match="not 'minute'"):
        schedule.plan("minute", target(TO))
