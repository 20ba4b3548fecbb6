"""Merging: whatever stores said, in whatever pieces and order it comes, one store that audits clean."""

import tempfile
import uuid
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from components.records import FLAG_REASONS, KINDS, SCORES, Action, Event, Identity, Prompt
from components.store import erasures, prompts, sprints
from components.store.audit import audit
from components.store.fingerprint import fingerprint
from tests.conftest import Clock, Person, keep
from tests.store.stores import hashed, merged, names, new_store, rows, rows_of, segment
from tests.store.test_audit import state

PROMPTS = [Prompt(f"Prompt number {n}", f"source-{n % 2}", KINDS[n % 3]) for n in range(4)]
PEOPLE = ("ada", "bob", "cyd")

STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "store": st.integers(0, 2),
            "person": st.sampled_from(PEOPLE),
            "prompt": st.integers(0, len(PROMPTS) - 1),
            "said": st.sampled_from(
                [*SCORES, *SCORES, "skipped", "withdrawn", "undone", "spam", "erased", "cut", "cut", "goal"]
            ),
            # To which other server the browser sends it too, and how much later it comes there.
            "again": st.none() | st.tuples(st.integers(0, 2), st.integers(0, 3)),
            "happened_at": st.none() | st.integers(-50, 50),
        }
    ),
    max_size=40,
)


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
                self.people[-1][person].send(replace(event, contributor=self.people[-1][person].id))
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
        elif person in names(store).values():
            if said == "erased":
                store.write(lambda tx: erasures.begin(tx, one.id, hash_of(person)))
                if step["again"]:  # some of it goes now, or nothing yet
                    store.write(lambda tx: erasures.go_on(tx, one.id, "", 2))
                self.gone.add(person)
            else:
                self.tell(step, event_id)

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
    for table in ("ratings", "contributor_tallies"):
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
    max_examples=int(__import__("os").environ.get("N", "40")),
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
