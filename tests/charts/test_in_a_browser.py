"""The charts as plotly.js draws them in Chromium, on a phone and on a desk: seen, uncut, and nothing runs."""

import html
import json
import os
import re
import shutil
import subprocess

import pytest
from plotly.offline import get_plotlyjs

from components.charts.catalog import CHARTS
from tests.charts.conftest import numbers_at

DRAWN = [chart for chart in CHARTS if chart.name != "sources"]
CHROMIUM = shutil.which(os.environ.get("CHROMIUM") or "chromium")
PAGE = """<!doctype html><meta charset="utf-8"><title>charts</title>
<style>body { margin: 0; width: %dpx; font-family: sans-serif }</style><body><pre></pre>
<script src="plotly.min.js"></script><script>
const charts = %s, found = {};
async function look() {
  for (const [name, figure] of Object.entries(charts)) {
    const element = document.body.appendChild(document.createElement("div"));
    await Plotly.newPlot(element, figure.data, figure.layout, {responsive: true, displayModeBar: false});
    const edge = element.getBoundingClientRect();
    const texts = [...element.querySelectorAll(".annotation-text, .xtick text, .ytick text")];
    found[name] = {
      bars: [...element.querySelectorAll(".point path")].filter((bar) => bar.getBoundingClientRect().width > 0).length,
      inside: element.querySelectorAll(".bartext").length,
      texts: texts.map((text) => text.textContent),
      cut: texts.filter((text) => {
        const box = text.getBoundingClientRect();
        return box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1;
      }).map((text) => text.textContent),
    };
  }
  found.title = document.title;
  found.links = document.querySelectorAll("a, img").length;
  document.querySelector("pre").textContent = JSON.stringify(found);
}
look();
</script>"""


@pytest.fixture(params=[360, 1100])
def seen(request, tmp_path, many) -> dict:
    """What a browser of a width shows of every chart."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium here")
    with many.reading() as connection:
        figures = {chart.name: chart.document(numbers_at(connection))["figure"] for chart in DRAWN}
    script = json.dumps(figures).replace("<", "\\u003c")
    (tmp_path / "plotly.min.js").write_text(get_plotlyjs())
    (tmp_path / "charts.html").write_text(PAGE % (request.param, script))
    switches = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--dump-dom",
        "--virtual-time-budget=20000",
    ]
    page = subprocess.run(
        [
            CHROMIUM,
            *switches,
            f"--user-data-dir={tmp_path}",
            f"file://{tmp_path}/charts.html",
        ],
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    return json.loads(html.unescape(re.search("<pre>(.+?)</pre>", page, re.DOTALL)[1]))


def test_every_chart_is_seen_whole_and_names_are_shown_as_they_are(seen):
    assert seen["coverage"]["bars"] == 4
    assert seen["ratings_over_time"]["bars"] >= 3 * 19
    assert seen["scores_by_kind"]["bars"] == 15 and seen["scores_by_kind"]["inside"] == 15
    assert seen["scores_by_source"]["bars"] >= 55
    assert [text for chart in DRAWN for text in seen[chart.name]["cut"]] == []

    labels = " ".join(seen["scores_by_source"]["texts"])
    for name in ("<b>bold</b>", "a &lt;b&gt; &amp; c", "{{7*7}} %{x} ${y} $x^2$", "2026-03-01"):
        assert name in labels
    assert seen["title"] == "charts" and seen["links"] == 0
