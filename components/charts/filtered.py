"""Charts under a filter: computed when asked for, at most once a second for each filter, the last ones kept as bytes."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from components.charts import filters
from components.charts.chart import Chart, Row
from components.charts.numbers import Numbers
from components.live.moment import Moment
from components.live.publisher import Published
from components.records import Filter
from components.store import cube, tallies
from components.store.store import Store

log = logging.getLogger(__name__)

# As many documents as fifty people see who each look at charts of another filter.
MOST_KEPT = 600
# So long the log is not looked at again: what is asked for meanwhile is answered as it was.
AT_MOST_EVERY_S = 1.0

Version = tuple[Mapping[str, int], Sequence[Mapping]]


class FilteredCharts:
    """What charts show of the ratings a filter leaves; belongs to one process, and many threads may ask."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._looked_at = -AT_MOST_EVERY_S
        self._version: Version | None = None
        self._kept: OrderedDict[tuple[str, Filter], tuple[Version, Published]] = OrderedDict()
        # Held while computing, so that a hundred pages of one filter compute it once, and a hundred filters
        # do not take the whole machine.
        self._computing = Lock()

    def read(self, asked: Mapping[str, Sequence[str]]) -> tuple[Filter, list[str]]:
        """The filter a link asks for, and a sentence about each part that makes no sense."""
        with self._computing:
            return filters.read(asked, self._now()[1])

    def choices(self) -> dict[str, object]:
        """What can be chosen: sources and kinds with their ratings, the most first, first and last day."""
        with self._computing:
            rated = self._now()[1]
        totals = {what: _totals(rated, what) for what in ("source", "kind")}
        return {
            "sources": totals["source"],
            "kinds": totals["kind"],
            "first": min((row["first"] for row in rated), default=None),
            "last": max((row["last"] for row in rated), default=None),
        }

    def document(self, chart: Chart, chosen: Filter) -> Published:
        """A chart under a filter; if it cannot be computed any more, the last one that could."""
        with self._computing:
            version, key = self._now(), (chart.name, chosen)
            made = self._kept.get(key)
            if made is None or made[0] is not version:
                made = self._made(chart, chosen, version, made)
                self._kept[key] = made
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return made[1]

    def rows(self, chart: Chart, chosen: Filter) -> Sequence[Row]:
        """The table of a chart under a filter."""
        with self._store.reading() as connection:
            return chart.rows(Numbers(Moment(connection)), chosen)

    def _made(
        self, chart: Chart, chosen: Filter, version: Version, before: tuple[Version, Published] | None
    ) -> tuple[Version, Published]:
        try:
            with self._store.reading() as connection:
                return version, Published(chart.document(Numbers(Moment(connection)), chosen))
        except Exception:
            if before is None:
                raise
            log.exception("The chart %s cannot be computed; the last good one stays.", chart.name)
            # Under the new version, so that it is tried again when something has changed.
            return version, before[1]

    def _now(self) -> Version:
        """What there is: the vector of the log, and the sources with ratings; the same object until it moves."""
        now = self._clock()
        if self._version is None or now - self._looked_at >= AT_MOST_EVERY_S:
            with self._store.reading() as connection:
                vector = tallies.vector(connection)
                if self._version is None or vector != self._version[0]:
                    self._version = vector, cube.rated_sources(connection)
            self._looked_at = now
        return self._version


def _totals(rated: Sequence[Mapping], what: str) -> list[dict[str, object]]:
    totals: dict[str, int] = {}
    for row in rated:
        totals[row[what]] = totals.get(row[what], 0) + int(row["ratings"])
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"name": name, "ratings": ratings} for name, ratings in ordered]
