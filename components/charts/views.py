"""The charts as live views, of all ratings: one for each of the catalog, under the chart's name."""

from collections.abc import Callable

from components.charts.catalog import CHARTS
from components.charts.chart import Chart
from components.charts.numbers import Numbers
from components.live.moment import Moment
from components.live.raters import Raters
from components.live.view import View


def views(raters: Raters) -> tuple[View, ...]:
    """The views of this room."""
    return tuple(View(chart.name, _compute(chart, raters)) for chart in CHARTS)


def _compute(chart: Chart, raters: Raters) -> Callable[[Moment], dict]:
    return lambda moment: chart.document(Numbers(moment, raters=raters))
