"""The charts as live views: one for each of the catalog, under the chart's name."""

from components.charts.catalog import CHARTS
from components.live.view import View

VIEWS = tuple(View(chart.name, chart.document) for chart in CHARTS)
