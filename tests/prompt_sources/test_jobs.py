"""Jobs: one at a time, watched, cancelled, and never silent about why they failed."""

import threading

import pytest

from components.errors import BadRequest, ImportCancelled
from components.prompt_sources.jobs import Jobs


@pytest.fixture
def jobs(clock):
    return Jobs(clock)


def ended(job):
    """The job, once its thread has let go of it."""
    for thread in threading.enumerate():
        if thread.name == job.kind:
            thread.join(5)
    assert not job.running
    return job


def wait_for_cancel(job):
    while not job.cancelled:
        threading.Event().wait(0.01)
    raise ImportCancelled("The import was cancelled; nothing of it came in.")


def test_one_runs_at_a_time_until_it_is_cancelled(jobs):
    first = jobs.begin("import", "a.csv", wait_for_cancel)
    with pytest.raises(BadRequest, match=r"a\.csv is under way"):
        jobs.begin("duplicates", "The comparison", lambda job: None)
    jobs.cancel("import")
    assert ended(first).error == "The import was cancelled; nothing of it came in."
    with pytest.raises(BadRequest, match="Nothing is under way"):
        jobs.cancel("import")
    second = jobs.begin("duplicates", "The comparison", lambda job: 7)
    assert ended(second).result == 7 and jobs.last("duplicates") is second


def test_it_tells_how_far_it_is_and_a_mistake_of_ours_as_one(jobs, caplog):
    def fails(job):
        job.progressed("reading", "B")(3, 10)
        raise ZeroDivisionError

    job = ended(jobs.begin("import", "a.csv", fails))
    assert (job.doing, job.unit, job.done, job.total) == ("reading", "B", 3, 10)
    assert "mistake of ours" in job.error and "A job failed." in caplog.text
    assert ended(jobs.begin("import", "b.csv", lambda job: ["done"])).result == ["done"]
