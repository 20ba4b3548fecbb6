"""People as organizers see them."""

from components.store import people


def seen(store):
    with store.reading() as connection:
        _, _, _, rows = people.listed(connection, "everybody", "", "last_seen", 1, 50)
    return {row["username"]: row["last_seen"] for row in rows}


def test_last_seen_is_when_somebody_last_did_something_and_orders_the_list(store, loaded, person, clock):
    ada, bob = person("ada"), person("bob")
    joined = clock.now
    clock.forward(minutes=3)
    bob.rates(loaded[0], 4)
    clock.forward(minutes=60 * 30)
    ada.skips(loaded[1])
    assert list(seen(store).items()) == [("ada", clock.now), ("bob", joined + 3 * 60_000)]
