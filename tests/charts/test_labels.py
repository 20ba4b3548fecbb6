"""Numbers and names as a chart writes them."""

import pytest

from components.charts.labels import count, full_name, listed, percent, seconds, short_name, tight_percent


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 7, "0 %"),
        (7, 7, "100 %"),
        (1, 1000, "under 1 %"),
        (999, 1000, "over 99 %"),
        (5, 8, "63 %"),
        (1, 3, "33 %"),
    ],
)
def test_a_share_is_nothing_or_all_only_if_it_is(part, whole, words):
    assert percent(part, whole) == words


def test_numbers_agree_with_their_nouns():
    assert [count(n, "prompt") for n in (0, 1, 2, 12345)] == [
        "no prompts",
        "1 prompt",
        "2 prompts",
        "12,345 prompts",
    ]


def test_long_names_lose_their_middle_only_where_there_is_no_room():
    name = "organization/a-dataset-with-a-long-name#subset"
    short = short_name(name).strip("\u2068\u2069")
    assert short == "organization/a…ng-name#subset"
    assert len(short_name("漢" * 40)) < len(short)
    assert full_name(name).replace("<br>", "") == name
    assert full_name("a few words that are longer than a line of a hover box").count("<br>") == 1


def test_where_there_is_little_room_shares_are_told_in_signs():
    assert [tight_percent(part, 1000) for part in (1, 999, 500)] == ["<1 %", ">99 %", "50 %"]


def test_lists_and_times_are_told_as_people_say_them():
    assert listed(["a"]) == "a" and listed(["a", "b", "c"]) == "a, b and c"
    assert [seconds(number) for number in (1, 45, 60, 90, 600)] == ["1 s", "45 s", "1 min", "90 s", "10 min"]
