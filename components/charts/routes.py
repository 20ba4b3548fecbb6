"""Charts over HTTP: under a filter, as a file, and the script that draws them."""

import csv
import io
from typing import Annotated

import orjson
import plotly
from fastapi import APIRouter, Depends, Query, Request, Response

from components.charts import filters
from components.charts.catalog import chart_named
from components.charts.columns import Columns
from components.charts.filtered import FilteredCharts
from components.charts.plotly_script import COMPRESSORS, PATH, PlotlyFile
from components.live.answers import OFFERED, best_encoding, is_known
from components.live.publisher import Published, Publisher
from components.live.routes import response
from components.records import EVERYTHING
from components.spreadsheet import MARK, harmless
from components.store.store import Store

FOR_EVER = "public, max-age=31536000, immutable"
NO_CHART = {404: {"description": "There is no such chart."}}
NOT_MODIFIED = {304: {"description": "Nothing changed since the version named in If-None-Match."}}


def _asked(
    source: Annotated[list[str] | None, Query(description="Only prompts of these sources.")] = None,
    kind: Annotated[list[str] | None, Query(description="Only prompts of these kinds.")] = None,
    first: Annotated[
        list[str] | None, Query(alias="from", description="First day in UTC, such as 2026-03-01.")
    ] = None,
    last: Annotated[list[str] | None, Query(alias="to", description="Last day in UTC.")] = None,
) -> dict[str, list[str]]:
    return {"source": source or [], "kind": kind or [], "from": first or [], "to": last or []}


Asked = Annotated[dict[str, list[str]], Depends(_asked)]


def router(store: Store, publisher: Publisher, columns: Columns) -> APIRouter:
    """The routes of charts. Plotly's goes before the static files of /assets, which do not hold it."""
    routes = APIRouter(tags=["charts"])
    charts = FilteredCharts(store, lambda: publisher.index().etag, columns)
    script = PlotlyFile()

    @routes.get("/api/charts", summary="What charts can be filtered by, and what a filter means")
    def choices(asked: Asked) -> dict:
        chosen, notices = charts.read(asked)
        return charts.choices() | {"filter": filters.as_query(chosen), "notices": notices}

    @routes.head("/api/charts/{name}.csv", include_in_schema=False)
    @routes.get(
        "/api/charts/{name}.csv",
        summary="The numbers of a chart as a file, under a filter",
        responses={200: {"content": {"text/csv": {}}}} | NO_CHART,
        response_class=Response,
    )
    def numbers(name: str, asked: Asked) -> Response:
        chart = chart_named(name)
        chosen, _ = charts.read(asked)
        rows = [row.cells() for row in charts.rows(chart, chosen)]
        headers = {
            "Content-Disposition": f'attachment; filename="{chart.name}.csv"',
            "Cache-Control": "no-cache",
        }
        return Response(_as_csv(rows), media_type="text/csv", headers=headers)

    @routes.head("/api/charts/{name}", include_in_schema=False)
    @routes.get(
        "/api/charts/{name}",
        summary="One chart as a JSON document, under a filter",
        description="As `GET /api/views/{name}`, of the ratings the filter leaves. What of the filter makes no "
        "sense is left out, and `notices` says so.",
        responses=NOT_MODIFIED | NO_CHART,
        response_class=Response,
    )
    def document(
        request: Request,
        name: str,
        asked: Asked,
    ) -> Response:
        chart = chart_named(name)
        chosen, notices = charts.read(asked)
        # Of all ratings the live view has it ready.
        made = publisher.document(chart.name) if chosen == EVERYTHING else charts.document(chart, chosen)
        if notices:
            made = Published(orjson.loads(made.encoded("identity")) | {"notices": notices})
        return response(request, made)

    @routes.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    def plotly_js(request: Request, v: str = "") -> Response:
        encoding = best_encoding(request.headers.get("accept-encoding", ""), OFFERED)
        etag = f'"plotly-{plotly.__version__}-{encoding}"'
        headers = {
            "ETag": etag,
            "Vary": "Accept-Encoding",
            "Cache-Control": FOR_EVER if v == plotly.__version__ else "no-cache",
        }
        if is_known(etag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        if encoding in COMPRESSORS:
            headers["Content-Encoding"] = encoding
        return Response(script.content(encoding), media_type="text/javascript", headers=headers)

    return routes


def _as_csv(rows: list[dict[str, object]]) -> bytes:
    """A CSV file; names of sources come from files anybody may have written."""
    buffer = io.StringIO(newline="")
    buffer.write(MARK)
    if rows:
        writer = csv.DictWriter(buffer, [*rows[0]])
        writer.writeheader()
        writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue().encode()
