"""The charts on the page: a filter for all of them, and each a figure that redraws itself when its numbers change."""

import gradio as gr

from components.charts.catalog import CHARTS
from components.charts.colours import KIND_COLOURS
from components.charts.plotly_script import plotly_address
from components.live.element import element
from components.records import KINDS

KIND_BOXES = "".join(
    f"""<label><input type="checkbox" name="kind" value="{kind}">
    <span class="filter-kind" style="--kind:{KIND_COLOURS[kind]}">{kind}</span></label>"""
    for kind in KINDS
)

FILTER = f"""
<form class="chart-filter" aria-label="Filter all charts">
  <details class="filter-sources">
    <summary>All sources</summary>
    <div class="filter-list">
      <label class="filter-find"><span>Find a source</span>
        <input type="search" maxlength="200" autocomplete="off" spellcheck="false"></label>
      <ul></ul>
    </div>
  </details>
  <fieldset class="filter-kinds"><legend class="hidden-heading">Kinds of prompts</legend>{KIND_BOXES}</fieldset>
  <fieldset class="filter-days"><legend class="hidden-heading">Days in UTC</legend>
    <label><span>From</span> <input type="date" name="from"></label>
    <label><span>to</span> <input type="date" name="to"></label>
  </fieldset>
  <p class="filter-all" hidden>
    <button type="button" class="quiet filter-reset">Show everything</button>
    <button type="button" class="quiet filter-link">Copy the link</button>
  </p>
  <p class="filter-notice" role="status"></p>
</form>
"""

CHART = """
<figure class="chart">
  <figcaption>
    <h3 class="chart-title">{question}</h3>
    <p class="chart-subtitle">&nbsp;</p>
    <p class="chart-late"></p>
  </figcaption>
  <div class="chart-plot"></div>
  <div class="chart-table" tabindex="0" role="region" hidden></div>
  <p class="chart-empty" hidden></p>
  <details class="chart-text" hidden><summary>In words</summary><p></p></details>
  <p class="chart-files" hidden>Download
    <a class="chart-numbers" download>CSV</a>
    <button type="button" class="quiet" data-format="png">PNG</button>
    <button type="button" class="quiet" data-format="svg">SVG</button>
    <span class="chart-state" role="status"></span></p>
</figure>
"""


def panel() -> None:
    """The filter, and every chart of the catalog in its order."""
    with gr.Column(elem_classes="charts"):
        gr.HTML('<h2 class="hidden-heading">Charts</h2>', apply_default_css=False)
        element("chart_filter.js", FILTER)
        for chart in CHARTS:
            element(
                "charts.js", CHART.format(question=chart.question), chart=chart.name, plotly=plotly_address()
            )
