"""Transfers: each thing a writer did leaves with all it speaks of, however the log is cut."""

import orjson
import pytest

from components.errors import StoreUnavailable
from components.records import Identity
from components.store import contributors, erasures, prompts, sprints
from components.store.schema import CONTRIBUTORS, ERASURES, EVENTS, PROMPTS, SPRINT
from components.store.store import Store
from components.store.transfers import TABLES, changed, complete, totals
from tests.store.stores import hashed, rows, rows_of, segment
from tests.store.test_database import first_version_store


def kinds(some):
    return [name for name, _ in some]


def test_everything_leaves_in_an_order_that_speaks_of_nothing_unknown(store, loaded, person):
    person("ada").rates(loaded[0], 4)
    some = rows_of(store)
    assert list(dict.fromkeys(kinds(some))) == [name for name in TABLES if name != "erasures"]
    with store.reading() as connection:
        assert totals(connection) == {name: kinds(some).count(name) for name in TABLES}
    for name, row in some:
        assert orjson.loads(orjson.dumps(row)) == row and complete(name, row) == row


def test_a_segment_holds_its_events_and_the_rows_they_made(store, loaded, person):
    ada = person("ada")
    after = store.writer.number
    assert segment(store, after) == []
    bob = person("bob")
    bob.rates(loaded[0], 4)
    store.write(lambda tx: contributors.set_daily_goal(tx, ada.id, 5))
    assert kinds(segment(store, after)) == ["contributors", "contributors", "events", "events", "events"]
    assert kinds(segment(store, after, after + 2)).count("events") == 2
    with store.reading() as connection:
        assert list(changed(connection, "another writer", 0, 99)) == []


def test_a_row_that_was_changed_again_later_is_not_missing(store, loaded, person):
    """Else it would be lost with a server that dies between two segments."""
    ada = person("ada")
    joined = store.writer.number
    store.write(lambda tx: contributors.set_daily_goal(tx, ada.id, 5))
    assert [row["daily_goal"] for name, row in segment(store, 0, joined) if name == "contributors"] == [5]


def test_each_change_that_matters_is_found(store, make_prompts, clock):
    steps = (
        ("prompts", lambda tx: prompts.add(tx, make_prompts(3), {})),
        ("contributors", lambda tx: contributors.sign_in(tx, ADA, ())),
        ("contributors", lambda tx: contributors.sign_in(tx, Identity("local", "ada", "ada", "Ada L."), ())),
        (
            "contributors",
            lambda tx: contributors.sign_in(tx, Identity("local", "ada", "ada", "Ada L."), ["ada"]),
        ),
        ("sprint", lambda tx: sprints.change(tx, sprints.TERMINAL, {"title": "New"})),
        ("erasures", lambda tx: erasures.begin(tx, rows(store, "contributors")[0]["contributor_id"], "h")),
    )
    for table, work in steps:
        clock.forward(minutes=1)
        after = store.writer.number
        store.write(work)
        found = segment(store, after)
        assert set(kinds(found)) == {table, "events"}
        assert all(after < row["number"] <= store.writer.number for _, row in found)


ADA = Identity("local", "ada", "ada", "Ada")


def test_signing_in_again_unchanged_is_no_event(store, clock):
    store.write(lambda tx: contributors.sign_in(tx, ADA, ()))
    after = store.vector()
    clock.forward(minutes=1)
    store.write(lambda tx: contributors.sign_in(tx, ADA, ()))
    assert store.vector() == after
    [row] = rows(store, "contributors")
    assert row["last_seen"] == clock()


def test_whoever_has_other_ids_is_erased_under_all_of_them(store, person):
    ada = person("ada")
    store.write(
        lambda tx: tx.connection.exec_driver_sql("""UPDATE contributors SET also = '["elsewhere"]'""")
    )
    store.write(lambda tx: erasures.begin(tx, ada.id, hashed(ADA)))
    assert {row["contributor"] for row in rows(store, "erasures")} == {ada.id, "elsewhere"}
    with store.reading() as connection:
        assert erasures.of(connection, hashed(ADA)).contributor == ada.id


def test_rows_of_a_newer_version_are_refused():
    with pytest.raises(StoreUnavailable, match="newer version"):
        complete("prompts", {"prompt_id": "p", "colour": "blue"})
    with pytest.raises(StoreUnavailable, match="newer version"):
        complete("friends", {})


@pytest.mark.parametrize(
    "table", [PROMPTS, CONTRIBUTORS, ERASURES, SPRINT, EVENTS], ids=lambda table: table.name
)
def test_a_column_that_older_rows_lack_has_a_default(table):
    """Whoever adds a column to these tables gives it a default: backups of older versions are read for ever."""
    of_the_first_backup = set(FIRST_BACKUP[table.name].split())
    for column in table.c:
        assert column.name in of_the_first_backup or column.nullable or column.default is not None


STAMP = " writer number changed_at"
FIRST_BACKUP = {
    "prompts": "prompt_id text context source kind metadata text_hash length_class status status_reason added_at"
    + STAMP,
    "contributors": "contributor_id issuer subject username name picture profile pseudonym organizer appointed_as "
    "first_seen last_seen sessions_valid_from events_valid_from daily_goal also" + STAMP,
    "erasures": "subject_hash contributor erased_at done writer number",
    "sprint": "sprint_id epoch title state ratings_per_prompt created_at extra_rating quotas" + STAMP,
    "events": "writer number event_id contributor prompt_id action score reason target shown_ms happened_at "
    "local_date received_at payload",
}


def test_rows_from_before_stamps_are_in_the_first_backup(url, make_prompts):
    store = Store(first_version_store(url, make_prompts(3))).open()
    try:
        with store.reading() as connection:
            # The sprint is given what a setting says that it is older than.
            own = changed(connection, store.writer.name, 0, store.writer.number)
            found = [*changed(connection, "w", 0, 2), *own]
        assert kinds(found).count("prompts") == 3 and kinds(found).count("contributors") == 1
        assert kinds(found).count("sprint") == 1
    finally:
        store.close()
