"""Figures can be read: on a light and on a dark page, with and without colours."""

import pytest

from components.charts import figures
from components.charts.colours import ACCENT, KIND_COLOURS, NEUTRAL, SCORE_COLOURS, contrast, text_on
from components.records import KINDS
from tests.conftest import ROOT


@pytest.mark.parametrize("colour", SCORE_COLOURS.values())
def test_text_on_every_score_colour_can_be_read(colour):
    assert contrast(text_on(colour), colour) >= 4.5


@pytest.mark.parametrize("page", ["#FFFFFF", "#1B1E23"])
@pytest.mark.parametrize("colour", [ACCENT, NEUTRAL])
def test_bars_stand_out_from_a_light_and_a_dark_page(colour, page):
    assert contrast(colour, page) >= 3


def test_contrast_is_that_of_the_standard():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_kinds_are_told_apart_without_colours():
    patterns = [figures.kind_marker(kind).get("pattern", {}).get("shape") for kind in KINDS]
    assert len({*patterns}) == len(KINDS) == len({*KIND_COLOURS.values()})


@pytest.mark.parametrize("mode", [":root {", "body.dark {"])
def test_the_page_s_ink_can_be_read_on_every_cell_of_a_heatmap(mode):
    style = (ROOT / "assets" / "style.css").read_text()
    block = style[style.index(mode) :].partition("}")[0]
    colours = {
        name: block.partition(f"--{name}: ")[2].partition(";")[0] for name in ("ink", "heat-low", "heat-high")
    }
    assert contrast(colours["ink"], colours["heat-low"]) >= 4.5
    assert contrast(colours["ink"], colours["heat-high"]) >= 4.5
