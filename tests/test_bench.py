"""The benchmarks run and print tables of plausible figures; how good these are is nobody's test."""

import subprocess
import sys
from contextlib import closing

import pytest

from components.store.audit import audit
from tests.bench.__main__ import BENCHMARKS
from tests.bench.bulk import rated
from tests.bench.stock import opened, stock
from tests.conftest import ROOT

# Each in its smallest form.
SMALLEST = {
    "closed": "rating --raters 2 --prompts 5000 --seconds 1 --loops closed",
    "think": "rating --raters 2 --prompts 300 --think-seconds 2 --loops think",
    "memory": "memory --ratings 150 --every 50 --raters 3 --prompts 300",
    "picking": "picking --prompts 400 --answered 100 --times 120",
    "restoring": "restoring --prompts 300 --events 200 500",
    "snapshot": "snapshot 300:900:20",
    "browser": "browser --keys 3 --pause 0.3 --prompts 100 --delays 0 200",
    "agreement": "agreement alpha bootstrap --divided-by 1000 --runs 1",
    "asking": "watching --prompts 50 --connections 2 --seconds 0.2 --watching-seconds 0",
    "watching": "watching --prompts 300 --seconds 0 --watchers 5 --raters 5 --watching-seconds 6",
}


def table(name: str) -> list[dict[str, str]]:
    """What a benchmark prints: a dictionary for each row of its table."""
    printed = run(SMALLEST[name])
    assert "times:" not in printed, f"something else than confirmations came back: {printed}"
    lines = [line for line in printed.splitlines() if line.startswith("|")]
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [dict(zip(head, row, strict=True)) for row in rows]


def run(words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", *words.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def value(text: str) -> float:
    return float(text.replace(",", "").removeprefix("≤"))


def test_rating_stands_beside_the_yardstick():
    yardstick, closed = table("closed")
    assert (yardstick["route"], closed["route"]) == ("yardstick", "rating")
    ratio = value(closed["ratings/s"]) / value(yardstick["ratings/s"])
    assert value(closed["of yardstick"]) == pytest.approx(ratio, abs=0.01)
    for row in (yardstick, closed):
        assert 0 < value(row["p50 ms"]) <= value(row["p95 ms"]) < 1000
        assert value(row["server CPU ms/rating"]) > 0
        assert 20 < value(row["server RSS MB"]) < 2000
        seconds = value(row["ratings"]) / value(row["ratings/s"])
        assert seconds == pytest.approx(1, rel=0.1)


@pytest.mark.slow
def test_raters_who_think_rate_slowly():
    (think,) = table("think")
    assert (think["loop"], think["of yardstick"]) == ("think", "–")
    assert value(think["ratings/s"]) < 10


@pytest.mark.slow
def test_memory_is_told_each_time_so_many_ratings_more_are_kept():
    rows = table("memory")
    assert [row["ratings kept"] for row in rows] == ["0", "50", "100", "150"]
    assert all(50 < value(row["server RSS MB"]) < 2000 for row in rows)


@pytest.mark.slow
def test_picking_is_measured_in_every_case():
    rows = table("picking")
    assert [row["case"] for row in rows] == ["usual", "least rated", "all theirs", "short ones", "skipped"]
    assert {row["answered"] for row in rows} == {"100"}
    for row in rows:
        assert 0 < value(row["p50 ms"]) <= value(row["p99 ms"]) <= value(row["most ms"])


@pytest.mark.slow
def test_restoring_tells_how_long_each_step_takes():
    rows = table("restoring")
    assert [row["events"] for row in rows] == ["200", "500"]
    for row in rows:
        steps = value(row["take in s"]) + value(row["derive s"])
        assert value(row["both s"]) == pytest.approx(steps, abs=0.11)
        assert value(row["audit s"]) >= 0 and value(row["most MB"]) > 20


@pytest.mark.slow
def test_a_browser_tells_from_key_to_paint():
    fast, slow = table("browser")
    assert (fast["added delay ms"], slow["added delay ms"]) == ("0", "200")
    for row in (fast, slow):
        assert row["keys"] == "3"
        assert 1 < value(row["two frames: median ms"]) <= value(row["most ms"])


@pytest.mark.slow
def test_refreshing_tells_of_every_view():
    ended = run("refreshing --prompts 50 --contributors 5 --ratings 60")
    assert "leaderboard" in ended and "scores_by_source" in ended


@pytest.mark.slow
def test_importing_tells_how_long_a_file_takes(tmp_path):
    file = tmp_path / "prompts.jsonl"
    file.write_text('{"prompt": "One", "source": "s", "kind": "human"}\n')
    assert "again" in run(f"importing {file} --runs 1")


@pytest.mark.slow
def test_watching_stands_beside_a_bare_route():
    for row in table("asking"):
        ratio = value(row["sprint/s"]) / value(row["bare/s"])
        assert value(row["of bare"]) == pytest.approx(ratio, abs=0.02)
        assert (row["bytes"] == "0") == (row["already known"] == "yes")


@pytest.mark.slow
def test_watching_tells_how_soon_pages_move():
    [row] = table("watching")
    assert 0 <= value(row["fresh p50 s"]) <= value(row["fresh max s"]) < 6
    assert value(row["polls/s"]) == pytest.approx(2.5, abs=1)


@pytest.mark.slow
def test_a_snapshot_tells_how_fast_it_was_and_how_large():
    [row] = table("snapshot")
    assert (row["prompts"], row["ratings"]) == ("300", "900")
    assert value(row["ratings/CPU s"]) > 100 and 20 < value(row["MB before"]) <= value(row["most MB"]) < 1000


@pytest.mark.slow
def test_agreement_tells_what_numbers_cost_and_how_often_intervals_hold():
    ended = run(SMALLEST["agreement"])
    assert "| alpha |" in ended and "score of the graded model" in ended


@pytest.mark.slow
def test_agreement_tells_what_raters_feel():
    ended = run("agreement --divided-by 10000 --runs 0 --store 300:900:20 --raters 5 --seconds 2")
    assert ended.count("the numbers |") == 2


def test_no_benchmark_is_left_out_here():
    tried = {words.split()[0] for words in SMALLEST.values()} | {"refreshing", "importing"}
    assert tried == {name for name, _ in BENCHMARKS}


def test_a_store_that_was_filled_in_bulk_counts_up(tmp_path):
    with stock(tmp_path) as stores, closing(opened(rated(stores, 300, 3100, 20))) as store:
        outcome = audit(store)
    assert (outcome.ratings, outcome.differences) == (3100, [])
