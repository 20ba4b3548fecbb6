"""Places on a double of the Hub."""

from collections.abc import Callable

import pytest

from components.backup.bucket import Bucket
from components.backup.dataset import Dataset
from components.backup.hub import HubPlace
from tests.doubles.hub.server import Hub

# Long enough for the double on a slow machine, and short enough to wait for in a test.
PATIENCE_S = 2.0


@pytest.fixture(params=[Bucket, Dataset])
def open_on_hub(request: pytest.FixtureRequest, hub: Hub) -> Callable[..., HubPlace]:
    """Open a bucket, or a dataset, on the double."""

    def opens(token: str = "hf_alice", name: str = "sprint/backup", **named: object) -> HubPlace:
        return request.param(name, token, **({"endpoint": hub.address, "patience_s": PATIENCE_S} | named))

    return opens
