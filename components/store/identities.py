"""Identities in a merge: which ids are one person, and who is erased. Nothing here touches a store."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from components.records import Identity
from components.store.erasures import rekeyed

Row = Mapping[str, object]
# A keyed hash of who somebody is, as erasures have it.
Hashed = Callable[[Identity], str]

STAMP = itemgetter("changed_at", "writer", "number")
# What belongs to an id; the rest of a row belongs to the person.
OF_AN_ID = ("contributor_id", "pseudonym", "first_seen")
AT_THEIR_LATEST = ("last_seen", "sessions_valid_from", "events_valid_from")
# What organizers decided of somebody, and when: a name that changed later elsewhere does not undo it.
DECIDED = {
    "judged_at": ("excluded", "excluded_reason", "judged_at"),
    "role_at": ("organizer", "appointed_as", "role_at"),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """Who there is after a merge.

    Attributes:
        people: One row for each person.
        erasures: One row for each erased id.
        known_as: For each other id of a person the one that stays.
    """

    people: list[dict]
    erasures: list[dict]
    known_as: dict[str, str]


def joined(one: Row, other: Row) -> dict:
    """Two rows of a person as one, in whichever order they come."""
    newer = max(one, other, key=STAMP)
    first = min(one, other, key=itemgetter("first_seen", "contributor_id"))
    ids = set(ids_of(one)) | set(ids_of(other))
    also = json.dumps(sorted(ids - {first["contributor_id"]}))
    latest = {name: max(one[name], other[name]) for name in AT_THEIR_LATEST}
    for at, names in DECIDED.items():
        decided = max(one, other, key=lambda row, at=at: (row[at], *STAMP(row)))
        latest |= {name: decided[name] for name in names}
    return dict(newer) | {name: first[name] for name in OF_AN_ID} | latest | {"also": also}


def ids_of(person: Row) -> list[str]:
    """All ids a person is known by."""
    return [person["contributor_id"], *json.loads(person["also"])]


def settle(people: Collection[Row], erasures: Iterable[Row], hashed: Hashed | None = None) -> Settled:
    """Find out who is one person, and leave out who is erased.

    Args:
        people: One row for each id.
        hashed: Without it, an erasure reaches the ids it names and those known to be the same person's.
            With it, also ids that the person had in another store before they deleted their account.
    """
    gone = {one["contributor"]: one for one in _normalised(erasures)}
    people = sorted(people, key=itemgetter("contributor_id"))
    hashes = {one["contributor_id"]: hashed(_identity(one)) for one in people} if hashed and gone else {}
    by_hash: dict[str, dict] = {}
    for one in gone.values():
        for base in one["hashes"]:
            by_hash[base] = max(by_hash.get(base, one), one, key=itemgetter("erased_at", "contributor"))
    reached = True
    while reached:
        reached = False
        for person in people:
            erasure = _erasure_of(person, gone, by_hash.get(hashes.get(person["contributor_id"])))
            for one in ids_of(person) if erasure else ():
                if one not in gone:
                    keys = {rekeyed(base, one) for base in erasure["hashes"]}
                    gone[one] = erasure | {"contributor": one, "hashes": keys}
                    reached = True
    present: dict[tuple, dict] = {}
    for person in people:
        if person["contributor_id"] not in gone:
            key = person["issuer"], person["subject"]
            present[key] = joined(present[key], person) if key in present else dict(person)
    known_as = {one: row["contributor_id"] for row in present.values() for one in ids_of(row)[1:]}
    return Settled(_appointed_once(present.values()), list(_keyed(gone.values())), known_as)


def _identity(person: Row) -> Identity:
    return Identity(person["issuer"], person["subject"], person["username"], person["name"])


def _erasure_of(person: Row, gone: Mapping[str, dict], by_hash: dict | None) -> dict | None:
    """The erasure that reaches a person, if any."""
    reaching = [gone[one] for one in ids_of(person) if one in gone]
    # Whoever comes back after they deleted their account joins anew.
    if by_hash is not None and person["first_seen"] <= by_hash["erased_at"]:
        reaching.append(by_hash)
    return max(reaching, key=itemgetter("erased_at", "contributor"), default=None)


def _normalised(erasures: Iterable[Row]) -> list[dict]:
    """One erasure for each id, with `hashes`: what it was remembered under before any later one took that place."""
    rows = list(erasures)
    hashes: dict[str, set[str]] = {}
    merged: dict[str, dict] = {}
    for row in sorted(rows, key=itemgetter("erased_at", "writer", "number")):
        contributor = row["contributor"]
        hashes.setdefault(contributor, set()).add(row["subject_hash"])
        done = row["done"] or merged.get(contributor, row)["done"]
        merged[contributor] = dict(row) | {"done": done}
    for contributor, own in hashes.items():
        moved = {rekeyed(one, contributor) for one in own}
        merged[contributor]["hashes"] = own - moved
    return list(merged.values())


def _keyed(erasures: Iterable[dict]) -> Iterable[dict]:
    """Rows for the store: of several erasures of one person the last has their own key."""
    taken: set[str] = set()
    latest_first = sorted(erasures, key=itemgetter("erased_at", "contributor"), reverse=True)
    for one in latest_first:
        for base in sorted(one["hashes"]):
            key = rekeyed(base, one["contributor"]) if base in taken else base
            taken.add(base)
            yield {name: value for name, value in one.items() if name != "hashes"} | {"subject_hash": key}


def _appointed_once(people: Iterable[dict]) -> list[dict]:
    """A name in ORGANIZERS belongs to who came first under it; nobody else has the role by it."""
    appointed: set[str] = set()
    settled = []
    for person in sorted(people, key=itemgetter("first_seen", "contributor_id")):
        name = person["appointed_as"]
        taken = name is not None and name in appointed
        settled.append(person | {"appointed_as": None, "organizer": False} if taken else person)
        appointed.add(name)
    return settled
