"""What only a bucket does."""

import pytest

from components.backup.bucket import Bucket
from components.errors import PlaceUnreachable
from tests.backup.conftest import PATIENCE_S
from tests.doubles.hub.exchange import Fault
from tests.doubles.hub.server import Hub

PEOPLE = "contributors/one/000000000001-000000000002.jsonl.zst"
FIRST = "events/one/000000000001-000000000002.jsonl.zst"
# So many requests a free account has in five minutes.
QUOTA = 1000


@pytest.fixture
def bucket(hub: Hub) -> Bucket:
    made = Bucket("sprint/backup", "hf_alice", hub.address, PATIENCE_S)
    made.names()
    return made


def test_events_never_appear_before_what_they_refer_to(hub, bucket):
    hub.goes_wrong(Fault("/batch", "reset", times=100, skips=1))
    with pytest.raises(PlaceUnreachable):
        bucket.write({PEOPLE: b"ada", FIRST: b"one"})
    assert bucket.names() == [PEOPLE]
    hub.is_well()
    bucket.write({PEOPLE: b"ada", FIRST: b"one"})
    assert bucket.names() == [PEOPLE, FIRST]


def test_the_manifest_of_a_base_comes_last_and_alone(hub, bucket):
    hub.goes_wrong(Fault("/batch", "reset", times=100, skips=1))
    base = {f"base/1/events-{part:04d}.jsonl.zst": b"%d" % part for part in range(3)}
    with pytest.raises(PlaceUnreachable):
        bucket.write(base | {"base/1/manifest.json": b"{}"})
    assert bucket.names() == list(base)


def test_writing_all_day_stays_within_the_quota(hub, bucket):
    before = len(hub.requests())
    bucket.write({PEOPLE: b"ada", FIRST: b"one", "views/000000000000001-one.json.zst": b"{}"})
    bucket.remove(["views/000000000000000-one.json.zst"])
    requests = len(hub.requests()) - before
    assert requests * 300 / bucket.every_s < QUOTA


def test_files_the_hub_does_not_take_are_not_called_written(hub, bucket, tmp_path):
    hub.goes_wrong(Fault("xet-write-token", "storage", times=100, address=f"local://{tmp_path}"))
    with pytest.raises(PlaceUnreachable, match="took a part of the files only"):
        bucket.write({FIRST: b"one"})
    assert bucket.names() == []
