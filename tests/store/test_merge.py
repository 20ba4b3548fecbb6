"""Merging: whatever stores said, in whatever pieces and order it comes, one store that audits clean."""

import tempfile
import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from components.errors import BadRequest, StoreUnavailable
from components.records import FLAG_REASONS, KINDS, SCORES, Action, Event, Identity, Prompt, Status
from components.store import contributors, erasures, exclusions, moderation, prompts, sprints
from components.store.audit import audit
from components.store.fingerprint import fingerprint
from components.store.merge import Merge
from tests.conftest import Clock, Person, keep
from tests.store.stores import hashed, merged, names, new_store, rows, rows_of, segment
from tests.store.test_audit import state

PROMPTS = [Prompt(f"Prompt number {n}", f"source-{n % 2}", KINDS[n % 3]) for n in range(4)]
PEOPLE = ("ada", "bob", "cyd")
# What an organizer decides of a prompt.
DECISIONS = (Status.ACTIVE, Status.KEPT, Status.RETIRED)

STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "store": st.integers(0, 2),
            "person": st.sampled_from(PEOPLE),
            "prompt": st.integers(0, len(PROMPTS) - 1),
            "said": st.sampled_from(
                [
                    *SCORES,
                    *SCORES,
                    "skipped",
                    "withdrawn",
                    "undone",
                    "spam",
                    "erased",
                    "cut",
                    "cut",
                    "goal",
                    *DECISIONS,
                    "excluded",
                    "readmitted",
                ]
            ),
            # To which other server the browser sends it too, and how much later it comes there.
            "again": st.none() | st.tuples(st.integers(0, 2), st.integers(0, 3)),
            "happened_at": st.none() | st.integers(-50, 50),
        }
    ),
    max_size=40,
)


JUDGE = {
    "excluded": lambda tx, who: exclusions.exclude(tx, sprints.TERMINAL, who, "a reason"),
    "readmitted": lambda tx, who: exclusions.readmit(tx, sprints.TERMINAL, who),
}


class Several:
    """Three stores of one sprint who do not know each other, and one who hears all that is said."""

    def __init__(self, folder, number=3):
        self.clock = Clock()
        self.stores = [new_store(folder / f"{n}.db", self.clock) for n in range(number)]
        self.all = new_store(folder / "all.db", self.clock)
        self.people = []
        for store in [*self.stores, self.all]:
            self.clock.forward(minutes=1)
            store.write(lambda tx: prompts.add(tx, PROMPTS, {}))
            self.people.append({name: Person(store, name) for name in PEOPLE})
        self.cut_at = [0] * number
        self.segments = []
        self.heard = []
        self.gone = set()

    def play(self, steps, ids):
        for step in steps:
            self.clock.forward(minutes=1)
            self.do(step, str(uuid.UUID(int=ids.getrandbits(128))))
        for place in range(len(self.stores)):
            self.cut(place)
        for person in sorted(self.gone):
            store, one = self.all, self.people[-1][person]
            store.write(lambda tx, one=one, person=person: erasures.begin(tx, one.id, hash_of(person)))
        for event, person in sorted(self.heard, key=lambda told: told[0].received_at):
            if person not in self.gone:
                here = replace(event, contributor=self.people[-1][person].id)
                self.all.write(lambda tx, here=here: keep(tx, [here]))
        with self.all.reading() as connection:
            pending = exclusions.pending(connection)
        for who in pending:
            while self.all.write(lambda tx, who=who: exclusions.go_on(tx, who)):
                pass
        for person in sorted(self.gone):
            while (
                self.all.write(lambda tx, who=self.people[-1][person].id: erasures.go_on(tx, who)) is not None
            ):
                pass

    def do(self, step, event_id):
        place, person, said = step["store"], step["person"], step["said"]
        store, one = self.stores[place], self.people[place][person]
        if said == "cut":
            self.cut(place)
        elif said == "goal":
            changes = {"ratings_per_prompt": step["prompt"] + 1, "extra_rating": step["prompt"] % 2 == 0}
            store.write(lambda tx: sprints.change(tx, sprints.TERMINAL, changes))
            self.all.write(lambda tx: sprints.change(tx, sprints.TERMINAL, changes))
        elif said in DECISIONS:
            prompt_id = PROMPTS[step["prompt"]].prompt_id
            self.decide(store, lambda tx, _: moderation.judge(tx, sprints.TERMINAL, prompt_id, said), person)
        elif person in names(store).values():
            if said in ("excluded", "readmitted"):
                self.decide(store, JUDGE[said], person)
            elif said == "erased":
                store.write(lambda tx: erasures.begin(tx, one.id, hash_of(person)))
                if step["again"]:  # some of it goes now, or nothing yet
                    store.write(lambda tx: erasures.go_on(tx, one.id, "", 2))
                self.gone.add(person)
            else:
                self.tell(step, event_id)

    def decide(self, store, work, person):
        """What an organizer decides in one store, the one who hears all does, too, if it changes something."""
        before = store.writer.number
        here = self.people[self.stores.index(store)][person].id
        with suppress(BadRequest):
            store.write(lambda tx: work(tx, here))
        if store.writer.number > before:
            with suppress(BadRequest):
                self.all.write(lambda tx: work(tx, self.people[-1][person].id))

    def tell(self, step, event_id):
        place, person, prompt_id = step["store"], step["person"], PROMPTS[step["prompt"]].prompt_id
        now = self.clock()
        event = Event(event_id, "", step["said"], now, prompt_id=prompt_id)
        if step["happened_at"] is not None:
            event = replace(event, happened_at=now + step["happened_at"] * 60_000)
        if step["said"] in SCORES:
            event = replace(event, action=Action.RATED, score=step["said"])
        elif step["said"] in FLAG_REASONS:
            event = replace(event, action=Action.FLAGGED, reason=step["said"])
        elif step["said"] == "undone":
            told = [
                one
                for one, who in self.heard
                if who == person and one.prompt_id == prompt_id and one.action != Action.UNDONE
            ]
            event = replace(event, target=told[-1].event_id if told else str(uuid.UUID(int=7)))
        self.send(place, person, event)
        if step["again"]:
            other, later = step["again"]
            if person in names(self.stores[other]).values():
                self.send(other, person, replace(event, received_at=now + later * 1000))

    def send(self, place, person, event):
        one = self.people[place][person]
        [kept] = one.store.write(lambda tx: keep(tx, [replace(event, contributor=one.id)]))
        assert kept in (True, False)
        self.heard.append((event, person))

    def cut(self, place):
        store = self.stores[place]
        if store.writer.number > self.cut_at[place]:
            self.segments.append(segment(store, self.cut_at[place]))
            self.cut_at[place] = store.writer.number

    def close(self):
        for store in [*self.stores, self.all]:
            store.close()


def hash_of(person):
    return hashed(Identity("local", person, person, person))


def told_by_name(store):
    """What is derived, with names in place of ids; and without those who are gone."""
    known = names(store)
    found = state(store)
    for table in ("ratings", "contributor_tallies", "standing_tallies"):
        found[table] = sorted((known.get(row[0], row[0]), *map(str, row[1:])) for row in found[table])
    return found


def whole(store):
    with store.reading() as connection:
        log = sorted(map(str, rows(store, "events")))
        return fingerprint(connection), log, sorted(map(str, rows(store, "writers"))), state(store)


def without_epoch(some):
    return [(name, {k: v for k, v in row.items() if k != "epoch"}) for name, row in some]


@given(steps=STEPS, seed=st.integers(0, 2**32))
@settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
)
def test_any_segments_in_any_order_give_the_state_of_one_who_heard_it_all(steps, seed):
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        several = Several(folder)
        try:
            several.play(steps, random)
            once = several.segments
            shuffled = random.sample(once, len(once)) + random.choices(once, k=3)
            shuffled = [random.sample(one, len(one)) for one in shuffled]
            with merged(folder, once, several.clock) as store:
                assert audit(store).differences == []
                first, base = whole(store), rows_of(store)
                expected, found = told_by_name(several.all), told_by_name(store)
                assert found == expected
            with merged(folder, shuffled, several.clock) as store:
                assert whole(store) == first
                assert without_epoch(rows_of(store)) == without_epoch(base)
            half = len(once) // 2
            with merged(folder, once[:half], several.clock) as store:
                partly = rows_of(store)
            with merged(folder, [*random.sample(once, len(once)), partly, base], several.clock) as store:
                assert whole(store) == first
        finally:
            several.close()


@pytest.fixture
def other(tmp_path, clock, loaded):
    """Another store of the same sprint, a minute younger."""
    clock.forward(minutes=1)
    opened = new_store(tmp_path / "other.db", clock)
    opened.write(lambda tx: prompts.add(tx, loaded, {}))
    yield opened
    opened.close()


def test_a_restored_store_is_the_same_sprint_in_a_new_epoch(store, loaded, person, tmp_path, clock):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    changes = {"title": "Changed", "ratings_per_prompt": 7}
    store.write(lambda tx: sprints.change(tx, sprints.TERMINAL, changes))
    with merged(tmp_path, [rows_of(store)], clock) as restored:
        before, after = store.sprint(), restored.sprint()
        assert after == replace(before, epoch=after.epoch) and after.epoch != before.epoch
        assert restored.epoch == after.epoch
        assert restored.vector() == store.vector()
        again = Person(restored, "ada")
        assert again.id == ada.id
        again.rates(loaded[1], 5)
        assert audit(restored).differences == []


def test_what_was_leased_is_handed_out_anew(store, loaded, person, tmp_path, clock):
    ada = person("ada")
    ada.undoes(ada.rates(loaded[0], 4))
    assert len(rows(store, "leases")) == 1
    with merged(tmp_path, [rows_of(store)], clock) as restored:
        assert rows(restored, "leases") == [] and audit(restored).differences == []


def test_a_person_of_two_stores_is_the_one_first_seen_with_all_they_said(
    store, other, loaded, person, tmp_path, clock
):
    ada, again = person("ada"), Person(other, "ada")
    ada.rates(loaded[0], 4)
    again.rates(loaded[1], 2)
    clock.forward(minutes=1)
    other.write(lambda tx: contributors.set_daily_goal(tx, again.id, 7))
    other.write(lambda tx: contributors.show_as(tx, again.id, "hidden", "Moth"))
    other.write(lambda tx: contributors.set_team(tx, again.id, "Reds"))
    first, second = sorted((ada, again), key=lambda one: one.id)
    with merged(tmp_path, [rows_of(other), rows_of(store)], clock) as both:
        [row] = rows(both, "contributors")
        assert row["contributor_id"] == first.id and second.id in row["also"]
        assert row["pseudonym"] == first.contributor.pseudonym
        assert row["daily_goal"] == 7  # said last
        assert (row["visibility"], row["nickname"], row["team"]) == ("hidden", "Moth", "Reds")
        assert [one["contributor"] for one in rows(both, "ratings")] == [first.id] * 2
        base = rows_of(both)
    after = other.writer.number
    again.rates(loaded[2], 3)
    # The base knows their other id, although the later segment does not say whose it is.
    with merged(tmp_path, [segment(other, after), base], clock) as later:
        assert [one["contributor"] for one in rows(later, "ratings")] == [first.id] * 3
        assert audit(later).differences == []


def test_a_rating_that_two_servers_took_counts_once_and_leaves_no_gap(
    store, other, loaded, person, tmp_path, clock
):
    ada, again = person("ada"), Person(other, "ada")
    said = again.rates(loaded[0], 4)
    ada.send(replace(said, contributor=ada.id, received_at=said.received_at + 1))
    with merged(tmp_path, [rows_of(store), rows_of(other)], clock) as both:
        [rating] = rows(both, "ratings")
        assert rating["decided_at"] == said.received_at
        [repeated] = rows(both, "events", "action = 'repeated'")
        assert (repeated["writer"], repeated["target"]) == (store.writer.name, said.event_id)
        assert repeated["score"] is None
        assert audit(both).differences == []


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_copies_the_one_received_first_counts(store, loaded, person, tmp_path, clock, first):
    """Also if both servers, having been restored, know the person under one id."""
    ada = person("ada")
    before = store.writer.number
    with merged(tmp_path, [rows_of(store)], clock) as restored:
        again = Person(restored, "ada")
        said = again.rates(loaded[0], 4)
        ada.send(replace(said, received_at=said.received_at + 1))
        some = [rows_of(restored), segment(store, before)]
    with merged(tmp_path, [some[first], some[1 - first]], clock) as both:
        assert [row["decided_at"] for row in rows(both, "ratings")] == [said.received_at]
        assert [row["writer"] for row in rows(both, "events", "action = 'repeated'")] == [store.writer.name]
        assert audit(both).differences == []


@pytest.mark.parametrize("first", [0, 1])
def test_an_erasure_wins_over_rows_from_before_it(store, loaded, person, tmp_path, clock, first):
    ada = person("ada")
    ada.rates(loaded[0], 4)
    before = rows_of(store)
    store.write(lambda tx: erasures.begin(tx, ada.id, hash_of("ada")))
    some = [before, rows_of(store)]
    with merged(tmp_path, [some[first], some[1 - first]], clock) as restored:
        assert rows(restored, "contributors") == rows(restored, "ratings") == []
        assert {row["action"] for row in rows(restored, "events", f"contributor = '{ada.id}'")} == {"erased"}
        with restored.reading() as connection:
            assert erasures.unfinished(connection) == [ada.id]
        assert restored.write(lambda tx: erasures.go_on(tx, ada.id)) is None
        assert audit(restored).differences == []


def test_who_came_back_after_an_erasure_stays(store, loaded, person, tmp_path, clock):
    gone = person("ada")
    gone.rates(loaded[0], 4)
    before = rows_of(store)
    store.write(lambda tx: erasures.begin(tx, gone.id, hash_of("ada")))
    clock.forward(minutes=1)
    back = person("ada")
    back.rates(loaded[0], 2)
    with merged(tmp_path, [before, rows_of(store), before], clock) as restored:
        assert list(names(restored)) == [back.id]
        assert [row["score"] for row in rows(restored, "ratings")] == [2]
        store.write(lambda tx: erasures.begin(tx, back.id, hash_of("ada")))
    with merged(tmp_path, [before, rows_of(store), before], clock) as restored:
        assert rows(restored, "ratings") == [] and len(rows(restored, "erasures")) == 2
        with restored.reading() as connection:
            assert erasures.of(connection, hash_of("ada")).contributor == back.id


def test_a_fresh_copy_does_not_reset_what_organizers_decided(store, other, loaded, tmp_path, clock):
    retired = (
        f"UPDATE prompts SET status = 'retired', changed_at = 5 WHERE prompt_id = '{loaded[0].prompt_id}'"
    )
    store.write(lambda tx: tx.connection.exec_driver_sql(retired))
    store.write(lambda tx: sprints.change(tx, sprints.TERMINAL, {"title": "Changed"}))
    with merged(tmp_path, [rows_of(store), rows_of(other)], clock) as both:
        assert both.sprint().title == "Changed"
        assert [row["prompt_id"] for row in rows(both, "prompts", "status = 'retired'")] == [
            loaded[0].prompt_id
        ]
        assert len(rows(both, "queue")) == 11 and audit(both).differences == []


def test_one_name_makes_one_organizer(store, other, tmp_path, clock):
    for place, name in ((store, "ada"), (other, "eve")):
        clock.forward(minutes=1)
        identity = Identity("local", name, "chief", name)
        place.write(lambda tx, identity=identity: contributors.sign_in(tx, identity, ["chief"]))
    with merged(tmp_path, [rows_of(other), rows_of(store)], clock) as both:
        found = {
            row["subject"]: (row["organizer"], row["appointed_as"]) for row in rows(both, "contributors")
        }
        assert found == {"ada": (1, "chief"), "eve": (0, None)}


def test_a_missing_segment_is_seen(store, loaded, person, tmp_path, clock):
    ada = person("ada")
    for prompt in loaded:
        ada.rates(prompt, 3)
    with merged(tmp_path, [segment(store, 0, 5), segment(store, 8)], clock) as holed:
        assert any("no gaps" in str(difference) for difference in audit(holed).differences)


def test_rows_of_a_newer_version_are_one_sentence(store, tmp_path, clock):
    with (
        pytest.raises(StoreUnavailable, match="newer version"),
        merged(tmp_path, [[("prompts", {"prompt_id": "p", "colour": "blue"})]], clock),
    ):
        pass


def test_progress_is_told(store, loaded):
    told = []
    with store.database.writing() as connection:
        Merge(connection).finish(lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)
