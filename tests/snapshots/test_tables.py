"""The tables of a snapshot, whatever happened before it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
from hypothesis import given, settings

from components.snapshots.configurations import EVENTS
from components.snapshots.snapshot import write_snapshot
from tests.store.stores import rows
from tests.store.test_audit import EVENTS as ANY_EVENTS
from tests.store.test_audit import copied, events_of, send, template  # noqa: F401


@given(some=ANY_EVENTS)
@settings(max_examples=15, deadline=None)
def test_what_is_current_is_what_the_store_has_as_opinions(databases, template, some):  # noqa: F811
    with copied(databases, template) as store, TemporaryDirectory() as folder:
        send(store, events_of(some), 30)
        write_snapshot(store, Path(folder) / "out")
        told = pq.read_table(Path(folder) / "out" / EVENTS.path).to_pylist()
        pseudonyms = {row["contributor_id"]: row["pseudonym"] for row in rows(store, "contributors")}
        shown = {row["prompt_id"] for row in told}
        opinions = sorted(
            (row["prompt_id"], pseudonyms[row["contributor"]], row["action"], row["score"] or 0)
            for row in rows(store, "ratings")
            if row["prompt_id"] in shown
        )
    current = [row for row in told if row["is_current"]]
    assert opinions == sorted(
        (row["prompt_id"], row["user_id"], row["action"], row["score"] or 0) for row in current
    )
