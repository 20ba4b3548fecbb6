"""Every fault, for a few rounds: what was confirmed is there, once, the books balance, and memory stays flat."""

import pytest

from tests.chaos.catalog import SCENARIOS
from tests.chaos.scenario import Skipped


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_was_confirmed_is_there_once(scenario, tmp_path):
    try:
        outcome = scenario.run(tmp_path, range(scenario.short))
    except Skipped as reason:
        pytest.skip(str(reason))
    assert outcome.failures == []
    assert outcome.confirmed == outcome.found > 20
