"""Figures: drawn from the numbers beside them, well-formed whatever a source is called."""

from xml.etree import ElementTree

import pytest

from components.snapshots.figures import FIGURES
from components.snapshots.numbers import Numbers
from tests.snapshots.test_snapshot import HOSTILE

TEXT = "{http://www.w3.org/2000/svg}text"


def words_of(svg):
    return [one.text for one in ElementTree.fromstring(svg).iter(TEXT)]


def test_nothing_is_drawn_of_nothing():
    assert [figure.svg(Numbers()) for figure in FIGURES] == [None] * len(FIGURES)


def test_each_shows_its_numbers(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "out")
    shown = {one.name: words_of((folder / one.path).read_text()) for one in FIGURES}
    assert {"greetings", "2", "passages", "1"} <= set(shown["sources"])
    assert {"1 rating", "2 ratings", "5 ratings"} <= set(shown["ratings-per-prompt"])
    assert {"human (7)", "synthetic (3)"} <= set(shown["scores-by-kind"])
    assert "2026-03-01" in shown["ratings-per-day"]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_a_source_may_be_called_anything(text):
    numbers = Numbers()
    numbers.sources[text] = 3
    assert "3" in words_of(FIGURES[0].svg(numbers))
