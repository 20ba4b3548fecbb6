"""The charts as live views, of all ratings: one for each of the catalog, under the chart's name."""

from collections.abc import Callable

from components.charts.catalog import CHARTS
from components.charts.chart import Chart
from components.charts.columns import Columns
from components.charts.metadata import METADATA
from components.charts.numbers import Numbers
from components.live.moment import Moment
from components.live.raters import Raters
from components.live.view import View

# When not everything could be counted, so soon it goes on.
SOON_MS = 500


def views(raters: Raters, columns: Columns) -> tuple[View, ...]:
    """The views of this room."""
    return tuple(View(chart.name, _compute(chart, raters, columns)) for chart in CHARTS)


def _compute(chart: Chart, raters: Raters, columns: Columns) -> Callable[[Moment], dict]:
    def compute(moment: Moment) -> dict:
        if chart is METADATA and moment.read(columns.follow):
            moment.holds_until(moment.now + SOON_MS)
        return chart.document(Numbers(moment, raters=raters, columns=columns))

    return compute
