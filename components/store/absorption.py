"""Absorption: rows of a foreign writer, taken into a store that is running as if its own people had sent them.

Such rows turn up in a backup: of a server that was still finishing when this one had started, or of a copy of
the sprint that runs elsewhere. They end as in a merge (`merge` has the rules), but through the way every
rating goes, so nobody has to wait for a recount. What is known already changes nothing: two stores
that absorb each other come to rest.
"""

import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from components.errors import BadEvent
from components.records import ABOUT_PROMPTS, Action, Event
from components.store import erasures, events, identities, imports, moderation, prompts, sprints
from components.store.identities import Hashed
from components.store.merge import SAYS_LESS, SPRINT_STAMP
from components.store.ratings import Group
from components.store.schema import CONTRIBUTORS, ERASURES
from components.store.sprints import TERMINAL
from components.store.transfers import complete, every
from components.store.writer import Transaction

log = logging.getLogger(__name__)

# What a person chose or is called; who is an organizer here stays for organizers here to say.
OWN_WORDS = (
    "username",
    "name",
    "picture",
    "profile",
    "daily_goal",
    "visibility",
    "nickname",
    "team",
    "sessions_valid_from",
    "events_valid_from",
    "excluded",
    "excluded_reason",
    "judged_at",
)
RENEW = text(f"""
    UPDATE contributors SET {", ".join(f"{name} = :{name}" for name in OWN_WORDS)}, also = :also,
                            writer = :writer, number = :number, changed_at = :changed_at
    WHERE contributor_id = :contributor_id
""")
FIELDS = tuple(Event.__dataclass_fields__)
EVENTS_AT_ONCE = 500


def absorb(
    transaction: Transaction, rows: Iterable[tuple[str, Mapping[str, object]]], hashed: Hashed | None = None
) -> int:
    """Take rows of another store in, each with the name of its table; returns how many events were new.

    Prompts and people that are not here are added. Events keep when they happened and were received, and their
    event_id. Those of somebody unknown, or about a prompt unknown, are passed over: they are taken when
    they come again with all they speak of.

    Args:
        hashed: The keyed hash of who somebody is: who is erased in one store is erased in all of them.

    Raises:
        StoreUnavailable: Rows that this version does not know.
    """
    taken: dict[str, list[dict]] = defaultdict(list)
    for name, row in rows:
        taken[name].append(complete(name, row))
    people = _People(transaction, taken["contributors"], taken["erasures"], hashed)
    changed = people.write()
    changed |= _take_prompts(transaction, taken["prompts"])
    changed |= _adopt_settings(transaction, taken["sprint"])
    before = transaction.number
    number = _append(transaction, list(filter(None, map(people.event, taken["events"]))))
    if changed and transaction.number == before:
        # What was changed is stamped with the next event, and there has to be one.
        payload = '{"absorbed": true}'
        transaction.append(
            Event(str(uuid.uuid4()), TERMINAL, Action.IMPORTED, transaction.now, payload=payload)
        )
    return number


class _People:
    """Who there is here and there: an id of this store stays, whoever was first seen elsewhere."""

    def __init__(
        self,
        transaction: Transaction,
        people: Sequence[dict],
        erased: Sequence[dict],
        hashed: Hashed | None,
    ) -> None:
        self._transaction = transaction
        self._own = {row["contributor_id"]: row for _, row in every(transaction.connection, "contributors")}
        self._own_erasures = {row["contributor"]: row for _, row in every(transaction.connection, "erasures")}
        all_ids = dict(self._own)
        for row in people:
            known = all_ids.get(row["contributor_id"])
            all_ids[row["contributor_id"]] = identities.joined(known, row) if known else row
        settled = identities.settle(all_ids.values(), [*self._own_erasures.values(), *erased], hashed)
        self._erasures = {row["contributor"]: row for row in settled.erasures}
        self._present = {self._id_here(person): person for person in settled.people}
        self._known_as = {
            one: here for here, person in self._present.items() for one in identities.ids_of(person)
        }

    def event(self, row: Mapping[str, object]) -> Event | None:
        """An event under the id its contributor has here; None if it says nothing, or nobody is here who said it."""
        contributor = row["contributor"]
        here = contributor if contributor == TERMINAL else self._known_as.get(contributor)
        if here is None or row["action"] in SAYS_LESS:
            return None
        told = {name: row[name] for name in FIELDS} | {"contributor": here}
        if row["target"] in self._erasures:
            told["reason"] = None
        return Event(**told)

    def write(self) -> bool:
        """Write who is erased, new or changed; returns whether anything was."""
        return self._erase() | self._renew()

    def _id_here(self, person: dict) -> str:
        ids = identities.ids_of(person)
        return next((one for one in ids if one in self._own), ids[0])

    def _erase(self) -> bool:
        new = sorted(self._erasures.keys() - self._own_erasures.keys())
        if not new:
            return False
        for contributor in new:
            if contributor in self._own:
                erasures.forget(self._transaction, contributor)
        stamp = self._transaction.stamp | {"done": False}
        rows = []
        for contributor, row in self._erasures.items():
            own = self._own_erasures.get(contributor)
            rows.append(row | ({name: own[name] for name in ("writer", "number", "done")} if own else stamp))
        self._transaction.connection.execute(ERASURES.delete())
        self._transaction.connection.execute(ERASURES.insert(), rows)
        now = self._transaction.now
        self._transaction.append(*(Event(str(uuid.uuid4()), one, Action.ERASED, now) for one in new))
        return True

    def _renew(self) -> bool:
        appointed = {row["appointed_as"] for row in self._own.values()}
        added, renewed = [], []
        for here, person in self._present.items():
            also = json.dumps(sorted(set(identities.ids_of(person)) - {here}))
            row = person | {"contributor_id": here, "also": also} | self._transaction.stamp
            own = self._own.get(here)
            if own is None:
                taken = person["appointed_as"] in appointed - {None}
                added.append(row | {"appointed_as": None, "organizer": False} if taken else row)
            elif any(own[name] != row[name] for name in (*OWN_WORDS, "also")):
                renewed.append(row)
        if added:
            self._transaction.connection.execute(CONTRIBUTORS.insert(), added)
        if renewed:
            self._transaction.connection.execute(RENEW, renewed)
        return bool(added or renewed)


def _take_prompts(transaction: Transaction, rows: Sequence[dict]) -> bool:
    changed = False
    for start in range(0, len(rows), prompts.ADD_AT_ONCE):
        some = {row["prompt_id"]: row for row in rows[start : start + prompts.ADD_AT_ONCE]}
        known = prompts.known(transaction.connection, some)
        new = [row for prompt_id, row in some.items() if prompt_id not in known]
        if new:
            prompts.enter(transaction, new)
        renewed = moderation.adopt(transaction, [some[prompt_id] for prompt_id in known])
        changed |= bool(new) or renewed
    return changed


def _adopt_settings(transaction: Transaction, rows: Sequence[dict]) -> bool:
    [(_, own)] = every(transaction.connection, "sprint")
    newest = max([own, *rows], key=SPRINT_STAMP)
    if newest["changed_at"] == 0 or all(newest[name] == own[name] for name in sprints.CHANGEABLE):
        return False
    sprints.adopt(transaction, newest)
    return True


def _append(transaction: Transaction, told: Sequence[Event]) -> int:
    """Keep what is new; returns how many events that are."""
    about_prompts = [event for event in told if event.action in ABOUT_PROMPTS]
    number = 0
    for start in range(0, len(about_prompts), EVENTS_AT_ONCE):
        some = about_prompts[start : start + EVENTS_AT_ONCE]
        imports.revive(transaction, {event.prompt_id for event in some})
        group = Group(transaction, some)
        number += sum(_keep(group, event) for event in some)
        group.write()
    others = {
        (event.contributor, event.event_id): event for event in told if event.action not in ABOUT_PROMPTS
    }
    known = events.known(transaction, list(others))
    new = [event for key, event in others.items() if key not in known]
    transaction.append(*new)
    return number + len(new)


def _keep(group: Group, event: Event) -> bool:
    try:
        return group.keep(event)
    except BadEvent as error:
        log.warning("Event %s of another store is passed over: %s", event.event_id, error)
        return False
