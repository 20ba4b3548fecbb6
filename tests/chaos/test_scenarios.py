"""Every fault, for a few rounds: what was confirmed is there, once, the books balance, and memory stays flat."""

import pytest

from tests.chaos.catalog import SCENARIOS
from tests.chaos.scenario import Skipped

# What the others break, tests of the rooms break as well.
EVERY_DAY = ("kill-sqlite", "stop")


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(one, id=one.name, marks=() if one.name in EVERY_DAY else pytest.mark.slow)
        for one in SCENARIOS
    ],
)
def test_what_was_confirmed_is_there_once(scenario, tmp_path):
    try:
        outcome = scenario.run(tmp_path, range(scenario.short))
    except Skipped as reason:
        pytest.skip(str(reason))
    assert outcome.failures == []
    assert outcome.confirmed == outcome.found > 20
