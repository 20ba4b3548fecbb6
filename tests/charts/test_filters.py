"""Filters: one form for one choice, and a sentence about what makes no sense."""

import pytest

from components.charts.filters import as_query, read, words_of
from components.records import EVERYTHING, Filter

RATED = [
    {"source": source, "kind": kind, "first": "2026-03-02", "last": "2026-03-20", "ratings": 5}
    for source, kind in (("a", "human"), ("b", "synthetic"), ("c", "synthetic"))
]


def asked(**values: list[str]) -> dict[str, list[str]]:
    return {name.rstrip("_"): value for name, value in values.items()}


def test_the_order_and_repetition_of_values_do_not_matter():
    one, _ = read(asked(source=["b", "a", "b"], kind=["human"]), RATED)
    other, _ = read(asked(kind=["human", "human"], source=["a", "b"]), RATED)
    assert one == other == Filter(("a", "b"), ("human",))


def test_what_does_not_restrict_is_no_filter():
    everything = asked(
        source=["a", "b", "c"], kind=["human", "synthetic"], from_=["2026-03-01"], to=["2026-03-20"]
    )
    assert read(everything, RATED) == (EVERYTHING, [])
    assert read({}, RATED) == (EVERYTHING, [])
    assert read(asked(source=[""], kind=[], from_=[""]), [])[0] == EVERYTHING


@pytest.mark.parametrize(
    ("values", "part"),
    [
        (asked(source=["nowhere"]), 'No source "nowhere" has ratings'),
        (asked(kind=["divine"]), 'No kind "divine" is known'),
        (asked(from_=["yesterday"]), '"yesterday" is no day such as 2026-03-01'),
        (asked(to=["2026-02-30"]), '"2026-02-30" is no day'),
        (asked(from_=["20260305"]), '"20260305" is no day'),
        (asked(from_=["2026-03-09"], to=["2026-03-08"]), "The first day lies after the last one"),
    ],
)
def test_nonsense_is_left_out_with_a_sentence(values, part):
    chosen, [notice] = read(values, RATED)
    assert chosen == EVERYTHING and notice.startswith(part)


def test_what_makes_sense_stays_beside_what_does_not():
    chosen, notices = read(asked(source=["a", "x" * 5000], kind=["human"], from_=["2026-03-05"]), RATED)
    assert chosen == Filter(("a",), ("human",), "2026-03-05") and len(notices) == 1 and len(notices[0]) < 100


def test_a_thousand_mistakes_are_few_sentences():
    _, notices = read(asked(source=[f"s{n}" for n in range(1000)]), RATED)
    assert len(notices) == 6 and "995 more" in notices[-1]


def test_a_filter_reads_what_it_writes():
    chosen = Filter(("a", "b"), ("human",), "2026-03-05", "2026-03-06")
    assert read(as_query(chosen), RATED) == (chosen, [])


def test_a_filter_is_told_in_words():
    assert words_of(EVERYTHING) == []
    assert words_of(Filter(("a", "b", "c"), ("human",), "2026-03-05", "2026-03-05")) == [
        "only \u2068a\u2069, \u2068b\u2069 and 1 other source",
        "only human prompts",
        "5 March 2026 (UTC)",
    ]
    assert words_of(Filter(first="2026-03-05")) == ["from 5 March 2026 (UTC)"]
