"""The charts on the page: each a figure that redraws itself when its numbers change."""

import gradio as gr

from components.charts.catalog import CHARTS
from components.charts.plotly_script import plotly_address
from components.live.element import element

HTML = """
<figure class="chart">
  <figcaption>
    <h3 class="chart-title">&nbsp;</h3>
    <p class="chart-subtitle">&nbsp;</p>
  </figcaption>
  <div class="chart-plot"></div>
  <p class="chart-empty" hidden></p>
  <details class="chart-text" hidden><summary>In words</summary><p></p></details>
</figure>
"""


def panel() -> None:
    """Every chart of the catalog, in its order."""
    with gr.Column(elem_classes="charts"):
        gr.HTML('<h2 class="hidden-heading">Charts</h2>', apply_default_css=False)
        for chart in CHARTS:
            element("charts.js", HTML, view=chart.name, plotly=plotly_address())
