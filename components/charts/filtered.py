"""Charts under a filter: computed when asked for, at most once for each state of the live views, the last ones kept as bytes."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import orjson
from sqlalchemy import Connection

from components.charts import filters
from components.charts.chart import Chart, Row
from components.charts.columns import Columns
from components.charts.numbers import Numbers
from components.live.moment import Moment
from components.live.publisher import IDENTITY, Published
from components.records import Filter
from components.store import cube
from components.store.store import Store

log = logging.getLogger(__name__)

# As many documents as fifty people see who each look at charts of another filter.
MOST_KEPT = 600


@dataclass(frozen=True)
class _Made:
    """A document, the version it belongs to, and when it could last be computed."""

    version: str
    good_at: int
    document: Published


class FilteredCharts:
    """What charts show of the ratings a filter leaves; belongs to one process, and many threads may ask."""

    def __init__(
        self, store: Store, version: Callable[[], str], columns: Columns, most: int = MOST_KEPT
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            version: Says something else after each change of the live views. A page asks for filtered charts
                when it has seen those move, and must not be given what was before.
            columns: What the live views have counted of the prompts' metadata.
            most: So many documents are kept.
        """
        self._store = store
        self._version = version
        self._columns = columns
        self._most = most
        self._rated: tuple[str, Sequence[Mapping]] | None = None
        self._kept: OrderedDict[tuple[str, Filter], _Made] = OrderedDict()
        # Held while computing, so that a hundred pages of one filter compute it once, and a hundred filters
        # do not take the whole machine.
        self._computing = Lock()

    def read(self, asked: Mapping[str, Sequence[str]]) -> tuple[Filter, list[str]]:
        """The filter a link asks for, and a sentence about each part that makes no sense."""
        return filters.read(asked, self._rated_sources())

    def choices(self) -> dict[str, object]:
        """What can be chosen: sources and kinds with their ratings, the most first, first and last day."""
        rated = self._rated_sources()
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
            version, key = self._version(), (chart.name, chosen)
            made = self._kept.get(key)
            if made is None or made.version != version:
                made = self._made(chart, chosen, version, made)
                self._kept[key] = made
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return made.document

    def rows(self, chart: Chart, chosen: Filter) -> Sequence[Row]:
        """The table of a chart under a filter."""
        with self._store.reading() as connection:
            return chart.rows(self._numbers(connection), chosen)

    def _made(self, chart: Chart, chosen: Filter, version: str, before: "_Made | None") -> "_Made":
        now = self._store.clock()
        try:
            with self._store.reading() as connection:
                return _Made(version, now, Published(chart.document(self._numbers(connection), chosen)))
        except Exception:
            if before is None:
                raise
            log.exception("The chart %s cannot be computed; the last good one stays.", chart.name)
            marked = orjson.loads(before.document.encoded(IDENTITY)) | {"as_of": before.good_at}
            # Under the new version, so that it is tried again when something has changed.
            return _Made(version, before.good_at, Published(marked))

    def _numbers(self, connection: Connection) -> Numbers:
        return Numbers(Moment(connection), columns=self._columns)

    def _rated_sources(self) -> Sequence[Mapping]:
        with self._computing:
            version = self._version()
            if self._rated is None or self._rated[0] != version:
                with self._store.reading() as connection:
                    self._rated = version, cube.rated_sources(connection)
            return self._rated[1]


def _totals(rated: Sequence[Mapping], what: str) -> list[dict[str, object]]:
    totals: dict[str, int] = {}
    for row in rated:
        totals[row[what]] = totals.get(row[what], 0) + int(row["ratings"])
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"name": name, "ratings": ratings} for name, ratings in ordered]
