"""The audit: silent about a sound store whatever was sent to it, and by name about each kind of damage."""

from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.records import FLAG_REASONS, KINDS, SCORES, Action, Event, Identity, Prompt
from components.store import contributors, prompts, queue
from components.store.audit import audit
from components.store.store import Store
from tests.conftest import keep

NOON = 1_772_366_400_000  # 2026-03-01T12:00:00Z
MINUTE = 60_000
PROMPTS = [Prompt(f"Prompt number {n}", f"source-{n % 2}", KINDS[n % 3]) for n in range(4)]
PEOPLE = ("ada", "bob", "cyd")

# Days around midnight UTC, clocks that are wrong both ways, and events that arrive long after they happened.
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from(PEOPLE),
            "prompt": st.sampled_from(PROMPTS),
            "said": st.sampled_from(
                [*SCORES, *SCORES, "skipped", "discarded", "withdrawn", "undone", "spam", "broken"]
            ),
            # Which of the others an undo is about.
            "target": st.integers(0, 5),
            "received_at": st.integers(0, 2000).map(lambda minutes: NOON + minutes * MINUTE),
            "happened_at": st.none() | st.integers(-100_000, 3000).map(lambda m: NOON + m * MINUTE),
            "shown_ms": st.none() | st.sampled_from([0, 999, 1000, 59_999, 86_400_000]),
            "local_date": st.sampled_from([None, "2026-03-01", "2026-03-02", "1999-12-31"]),
            "payload": st.sampled_from([None, '{"late": true}', '{"completes": true, "thin": true}']),
            "event_id": st.uuids(version=4).map(str),
        }
    ),
    unique_by=lambda fields: fields["event_id"],
    max_size=30,
)


@pytest.fixture(scope="module")
def template(databases):
    """A store of four prompts and three people whose ids are their names, so that copies can be compared."""
    url = databases.new()
    opened = Store(url, lambda: NOON).open()
    opened.write(lambda tx: prompts.add(tx, PROMPTS, {}))
    for name in PEOPLE:
        opened.write(lambda tx, name=name: contributors.sign_in(tx, Identity("local", name, name, name), ()))
    for statement in (
        "UPDATE contributors SET contributor_id = username",
        "UPDATE events SET contributor = 'ada' WHERE action = 'joined'",
    ):
        opened.write(lambda tx, statement=statement: tx.connection.exec_driver_sql(statement))
    opened.close()
    return url


@contextmanager
def copied(databases, template):
    opened = Store(databases.copy(template), lambda: NOON).open()
    try:
        yield opened
    finally:
        opened.close()


def events_of(some):
    """The events of these fields; an undo is about an event of the same person on the same prompt, if any."""
    made = []
    for fields in some:
        fields = dict(fields)
        said, target = fields.pop("said"), fields.pop("target")
        about = {"contributor": fields.pop("person"), "prompt_id": fields.pop("prompt").prompt_id}
        if said in SCORES:
            about |= {"action": Action.RATED, "score": said}
        elif said in FLAG_REASONS:
            about |= {"action": Action.FLAGGED, "reason": said}
        elif said == "undone":
            own = [one for one in some if one["prompt"].prompt_id == about["prompt_id"]]
            own = [one for one in own if one["person"] == about["contributor"]]
            about |= {"action": Action.UNDONE, "target": own[target % len(own)]["event_id"]}
        else:
            about |= {"action": said}
        made.append(Event(**about, **fields))
    return made


def send(store, sent, together):
    """Keep events, so many in each transaction."""
    for first in range(0, len(sent), together):
        store.write(lambda tx, some=sent[first : first + together]: keep(tx, some, NOON))


DERIVED = {
    "ratings": "SELECT * FROM ratings",
    "prompt_tallies": "SELECT * FROM prompt_tallies",
    "contributor_tallies": "SELECT * FROM contributor_tallies WHERE ratings + skips + discards + flags <> 0",
    "standing_tallies": "SELECT * FROM standing_tallies WHERE ratings <> 0",
    "score_tallies": "SELECT * FROM score_tallies WHERE ratings <> 0",
    "hour_tallies": "SELECT * FROM hour_tallies WHERE ratings <> 0",
    "spent_tallies": "SELECT * FROM spent_tallies WHERE ratings <> 0",
    "coverage_tallies": "SELECT * FROM coverage_tallies WHERE prompts <> 0",
    "queue": "SELECT * FROM queue",
    "queue_levels": "SELECT * FROM queue_levels WHERE prompts <> 0 OR claims <> 0",
}


def state(store):
    with store.reading() as connection:
        return {
            table: sorted(map(tuple, connection.exec_driver_sql(rows))) for table, rows in DERIVED.items()
        }


@given(some=EVENTS, random=st.randoms(use_true_random=False), together=st.integers(1, 30))
@settings(max_examples=15, deadline=None)
def test_any_events_in_any_order_sent_twice_give_one_state_that_audits_clean(
    databases, template, some, random, together
):
    sent = events_of(some)
    shuffled = random.sample(sent, len(sent))
    with copied(databases, template) as one, copied(databases, template) as other:
        send(one, sent, together)
        send(one, shuffled, 30)  # a browser that heard no answer sends again
        send(other, shuffled, 1)
        for store in (one, other):  # who undid something holds the prompt until now
            store.write(queue.end_expired)
        assert audit(one).differences == []
        assert audit(other).differences == []
        assert state(one) == state(other)


def lease(store, person, some, until):
    """Hand prompts that nobody claims to somebody."""

    def work(transaction):
        leases = queue.Leases(transaction)
        for prompt in some:
            leases.add(person.id, queue.Waiting(prompt.prompt_id, prompt.cell.cell_id, 0, 0), until)
        leases.write()

    store.write(work)


def test_leases_count_as_claims_until_they_end(store, loaded, person, clock):
    ada, bob = person("ada"), person("bob")
    lease(store, ada, loaded[:5], clock.now + 1)
    ada.rates(loaded[0], 4)
    bob.rates(loaded[1], 2)
    assert audit(store).differences == []
    clock.forward(minutes=1)
    store.write(queue.end_expired)
    assert audit(store).differences == []


def test_it_says_how_much_it_counted(store, loaded, person):
    ada, bob = person("ada"), person("bob")
    ada.rates(loaded[0], 4)
    ada.rates(loaded[0], 5)
    bob.skips(loaded[0])
    outcome = audit(store)
    assert (outcome.events, outcome.ratings, outcome.prompts) == (3, 1, 12)
    assert str(outcome) == "Everything agrees. Counted again: events 3, ratings 1, prompts 12."


def test_an_empty_store_audits_clean(store):
    assert audit(store).differences == []


def test_several_writers_over_time_audit_clean(url, make_prompts):
    for start in range(3):
        opened = Store(url).open()
        opened.write(lambda tx, start=start: prompts.add(tx, make_prompts(start + 1), {}))
        assert audit(opened).differences == []
        opened.close()


DAMAGE = (
    # The statement, then what the audit has to name: table, a part of the row's key, kept, recounted.
    ("UPDATE events SET score = 1 WHERE score = 5", "ratings", "contributor=", "rated 5", "rated 1"),
    ("UPDATE events SET score = 9 WHERE score = 5", "ratings", "contributor=", "rated 5", "rated 9"),
    ("DELETE FROM events WHERE score = 5", "ratings", "contributor=", "rated 5", "nothing"),
    ("DELETE FROM events WHERE number = 2", "events", "writer=", "numbered 1 to", "no gaps"),
    (
        "UPDATE events SET prompt_id = 'f0f0' WHERE score = 5",
        "events",
        "prompt_id=f0f0",
        "",
        "no such prompt",
    ),
    ("UPDATE events SET prompt_id = NULL WHERE score = 5", "events", "prompt_id=", "", "no such prompt"),
    (
        "UPDATE events SET contributor = 'eve' WHERE score = 5",
        "events",
        "contributor=eve",
        "1 events",
        "no such",
    ),
    ("UPDATE ratings SET score = 1 WHERE score = 5", "ratings", "contributor=", "rated 1", "rated 5"),
    ("UPDATE ratings SET decided_at = 7 WHERE score = 5", "ratings", "contributor=", "at 7 ", "at 17"),
    ("DELETE FROM ratings WHERE score = 5", "ratings", "contributor=", "nothing", "rated 5"),
    ("UPDATE prompt_tallies SET n2 = n2 + 1 WHERE n5 = 1", "prompt_tallies", "prompt_id=", "n2=1", "n2=0"),
    ("DELETE FROM prompt_tallies WHERE n5 = 1", "prompt_tallies", "prompt_id=", "nothing", "n5=1"),
    ("UPDATE contributor_tallies SET skips = 4", "contributor_tallies", "counted=skips", "4", "1"),
    ("DELETE FROM contributor_tallies", "contributor_tallies", "counted=ratings", "0", "1"),
    ("UPDATE score_tallies SET ratings = 6 WHERE score = 5", "score_tallies", "score=5", "6", "1"),
    (
        "UPDATE hour_tallies SET ratings = 6",
        "hour_tallies",
        "hour=492324 source=source-0 kind=human",
        "6",
        "2",
    ),
    ("UPDATE hour_tallies SET late = 1", "hour_tallies", "source=source-0 kind=human late=1", "2", "0"),
    ("UPDATE spent_tallies SET ratings = 6", "spent_tallies", "from_s=3", "6", "1"),
    ("UPDATE ratings SET late = 1 WHERE score = 5", "ratings", "contributor=", "rated 5 late", "rated 5"),
    ("UPDATE coverage_tallies SET prompts = 6 WHERE ratings = 0", "coverage_tallies", "ratings=0", "6", "4"),
    ("UPDATE queue SET claims = claims + 1", "queue", "prompt_id=", "claims=1", "claims=0"),
    ("UPDATE queue SET level = level + 1", "queue", "prompt_id=", "level=1", "level=0"),
    ("UPDATE queue SET shuffle = 5", "queue", "prompt_id=", "shuffle=5", "shuffle="),
    ("DELETE FROM queue", "queue", "prompt_id=", "nothing", "claims=2"),
    ("UPDATE queue_levels SET prompts = 99 WHERE level = 0", "queue_levels", "counted=prompts", "99", ""),
    ("UPDATE queue_levels SET claims = 99 WHERE level = 2", "queue_levels", "counted=claims", "99", "2"),
    ("UPDATE cells SET language = 'tlh'", "cells", "cell=", "tlh", "source"),
    ("UPDATE prompt_tallies SET cell = 7", "prompt_tallies", "prompt_id=", "cell=7", "cell="),
    ("UPDATE leases SET prompt_id = 'f0f0'", "leases", "prompt_id=f0f0", "rows", "no such prompt"),
    ("DELETE FROM leases", "queue", "prompt_id=", "claims=1", "claims=0"),
    ("UPDATE writers SET number = number + 1 WHERE number > 0", "writers", "number", "10", "9"),
    ("UPDATE prompts SET source = 'elsewhere'", "score_tallies", "source=elsewhere", "0", "1"),
    (
        "DELETE FROM contributors WHERE username = 'bob'",
        "events",
        "contributor=",
        "events",
        "no such contributor",
    ),
)


@pytest.mark.parametrize(
    ("statement", "where", "key", "kept", "recounted"), DAMAGE, ids=[row[0] for row in DAMAGE]
)
def test_damage_is_found_and_named(store, loaded, person, statement, where, key, kept, recounted):
    ada, bob = person("ada"), person("bob")
    lease(store, ada, [loaded[3]], store.clock() + MINUTE)
    ada.rates(loaded[0], 5, shown_ms=4_999)
    bob.rates(loaded[0], 3)
    ada.skips(loaded[1])
    bob.rates(loaded[2], 3)
    bob.skips(loaded[2])
    found = damaged(store, statement)
    assert any(
        difference.where == where
        and key in difference.key
        and kept in difference.kept
        and recounted in difference.recounted
        for difference in found
    ), found
    assert all(
        str(difference).count("\n") == 0 and difference.where in str(difference) for difference in found
    )


def damaged(store, statement):
    assert audit(store).differences == []
    changed = store.write(lambda tx: tx.connection.exec_driver_sql(statement).rowcount)
    assert changed
    return audit(store).differences
