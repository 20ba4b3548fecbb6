"""The charts there are, in the order of the page: a new one is a file with a `Chart`, named here."""

from components.charts import (
    activity,
    concentration,
    coverage,
    heatmap,
    means,
    metadata,
    over_time,
    scores,
    sources,
    spent,
)
from components.charts.chart import Chart
from components.errors import UnknownView

CHARTS: tuple[Chart, ...] = (
    coverage.COVERAGE,
    over_time.RATINGS_OVER_TIME,
    over_time.CUMULATIVE,
    scores.BY_KIND,
    scores.BY_LENGTH,
    spent.SPENT,
    scores.BY_SOURCE,
    means.BY_SOURCE,
    heatmap.BY_SOURCE,
    metadata.METADATA,
    activity.ACTIVITY,
    concentration.CONCENTRATION,
    sources.SOURCES,
)


def chart_named(name: str) -> Chart:
    """The chart of a name.

    Raises:
        UnknownView: There is none.
    """
    found = next((chart for chart in CHARTS if chart.name == name), None)
    if found is None:
        known = ", ".join(chart.name for chart in CHARTS)
        raise UnknownView(f"There is no chart named {name[:60]}; there are {known}.")
    return found
