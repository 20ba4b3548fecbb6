"""Roles and sessions: given and ended by organizers, and kept in the log."""

import pytest

from components.commands.running import dismiss
from components.errors import BadRequest
from components.records import Identity
from components.settings import read_settings
from components.store import contributors, roles
from components.store.contributors import sign_out
from tests.store.stores import rows

GRACE = Identity("local", "grace", "grace", "grace")


def organizes(store, person):
    return bool(rows(store, "contributors", f"contributor_id = '{person.id}'")[0]["organizer"])


def test_the_last_organizer_stays(store, person):
    grace, ada = person("grace"), person("ada")
    store.write(lambda tx: roles.give(tx, "terminal", grace.id, True))
    with pytest.raises(BadRequest, match="last organizer"):
        store.write(lambda tx: roles.give(tx, grace.id, grace.id, False))
    store.write(lambda tx: roles.give(tx, grace.id, ada.id, True))
    store.write(lambda tx: roles.give(tx, ada.id, grace.id, False))
    assert (organizes(store, grace), organizes(store, ada)) == (False, True)
    log = rows(store, "events", "action = 'role'")
    assert [(row["contributor"], row["target"]) for row in log] == [
        ("terminal", grace.id),
        (grace.id, ada.id),
        (ada.id, grace.id),
    ]


def test_who_was_named_in_the_settings_and_dismissed_stays_dismissed(store, person):
    ada = person("ada")
    store.write(lambda tx: contributors.sign_in(tx, GRACE, ("grace",)))
    store.write(lambda tx: roles.give(tx, "terminal", ada.id, True))
    grace = person("grace")
    store.write(lambda tx: roles.give(tx, ada.id, grace.id, False))
    assert not store.write(lambda tx: contributors.sign_in(tx, GRACE, ("grace",))).organizer


def test_one_person_or_everybody_is_signed_out(store, person, clock):
    ada, bob = person("ada"), person("bob")

    def valid_from(one):
        [standing] = store.write(lambda tx: contributors.standing(tx, [one.id])).values()
        with store.reading() as connection:
            identity = one.contributor.identity
            found = contributors.find(connection, identity.issuer, identity.subject)
        assert found.sessions_valid_from == standing.sessions_valid_from
        return standing.sessions_valid_from

    store.write(lambda tx: sign_out(tx, ada.id, bob.id))
    assert (valid_from(ada), valid_from(bob)) == (0, clock.now + 1)
    clock.forward(minutes=1)
    store.write(lambda tx: sign_out(tx, ada.id, None))
    assert valid_from(ada) == valid_from(bob) == valid_from(person("cy")) == clock.now + 1
    assert [row["target"] for row in rows(store, "events", "action = 'signed_out'")] == [bob.id, None]


def test_who_organizes_for_another_reason_is_not_said_to_be_dismissed(store, person):
    for one in (person("ada"), person("grace")):
        store.write(lambda tx, one=one: roles.give(tx, "terminal", one.id, True))
    told = dismiss(read_settings({"ORGANIZERS": "Grace"}), store, "grace")
    assert told.startswith("grace is no organizer any more. ORGANIZERS names them: at their next sign-in")
    told = dismiss(read_settings({}), store, "grace")
    assert told.startswith("grace was not appointed, so nothing has changed. While ORGANIZERS names nobody")
