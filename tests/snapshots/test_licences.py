"""Licences: what sources state, put side by side, and what follows for the whole."""

from components.snapshots.licences import UNKNOWN, UNSTATED, by_source, consequences, on_the_hub


def test_what_is_narrowest_comes_first():
    found = consequences(
        {
            ("a", "MIT"): 3,
            ("b", "CC-BY-SA-4.0"): 1,
            ("c", "cc-by-nc-4.0"): 1,
            ("d", ""): 2,
            ("e", "My own"): 1,
        }
    )
    assert "commercially" in found[0] and "their own licence" in found[1]
    assert found[2:] == [UNSTATED, UNKNOWN, "name the sources when you pass them on"]


def test_nothing_follows_from_what_is_given_away():
    assert consequences({("a", "CC0-1.0"): 3}) == []


def test_the_hub_is_told_a_licence_that_all_share():
    assert on_the_hub({("a", "Apache-2.0"): 3, ("b", "apache-2.0"): 1}) == "apache-2.0"
    assert on_the_hub({("a", "Apache-2.0"): 3, ("b", "mit"): 1}) == "other"
    assert on_the_hub({("a", "configs: []"): 3}) == on_the_hub({}) == "other"


def test_sources_stand_in_the_order_of_their_prompts():
    assert by_source({("a", "MIT"): 1, ("b", "MIT"): 1, ("b", ""): 2}) == [
        ("b", [("", 2), ("MIT", 1)]),
        ("a", [("MIT", 1)]),
    ]
