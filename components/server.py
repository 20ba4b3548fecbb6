"""The application around the page: the boundary, the session, the routes of every room, start and end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp

from components import dashboard, errors
from components.account import presence, sessions
from components.account import routes as account_routes
from components.account.account import Account
from components.account.refusals import tell_refusals
from components.agreement import own_routes
from components.agreement import routes as agreement_routes
from components.agreement import views as agreement_views
from components.agreement.analysis import Analysis
from components.backup import routes as backup_routes
from components.backup import views as backup_views
from components.backup.backup import Backup
from components.backup.catalog import place_of
from components.backup.drill import Drills, drill
from components.backup.durability import Durability, durable_when
from components.backup.place import Place
from components.boundary import HEADERS, Boundary
from components.charts import routes as chart_routes
from components.charts import views as chart_views
from components.charts.columns import Columns
from components.coalesced import Coalesced
from components.express import NO_JSON, Express, Lane
from components.gate import Gate
from components.leaderboard import routes as leaderboard_routes
from components.leaderboard import views as leaderboard_views
from components.leaderboard.avatars import Avatars
from components.leaderboard.boards import Boards
from components.leaderboard.card import Cards
from components.ledger import routes as ledger_routes
from components.ledger.erasing import Eraser
from components.lifespan import Lifespan, address_of, hashed_by, store_of
from components.live import routes as live_routes
from components.live.element import ASSETS
from components.live.needs import Needs
from components.live.publisher import Publisher
from components.live.raters import Raters
from components.live.watching import Watching
from components.organizing import routes as organizing_routes
from components.organizing.excluding import Excluder
from components.progress import routes as progress_routes
from components.progress import views as progress_views
from components.progress.sharing import Preview, head_tags
from components.prompt_sources import duplicate_routes
from components.prompt_sources import routes as import_routes
from components.prompt_sources.jobs import Jobs
from components.rating import reading
from components.rating import routes as rating_routes
from components.rating import views as rating_views
from components.rating.intake import Intake
from components.rating.routes import RatingsIn
from components.records import Milestone
from components.settings import Settings
from components.snapshots import routes as snapshot_routes
from components.snapshots.pushing import Pushing
from components.snapshots.schedule import Schedule
from components.store import duties, milestones
from components.store.chore import Chore
from components.store.store import Store

ASSETS_FOLDER = Path(__file__).parent.parent / "assets"

# After so long, another replica goes on with the backup of one that died.
SHORTEST_DUTY_S = 60.0

# Whoever deletes an account waits so long for the backup to know of it.
DELETED_WITHIN_S = 8.0

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

RATINGS = "/api/ratings"

# The first class an error belongs to decides what HTTP calls it.
STATUS = (
    (errors.NotSignedIn, 401),
    (errors.NotAllowed, 403),
    (errors.UnknownView, 404),
    (errors.UnknownPrompt, 404),
    (errors.UnknownPerson, 404),
    (errors.RequestTooLarge, 413),
    (errors.TooFast, 429),
    (errors.ChangedMeanwhile, 409),
    (errors.BadRequest, 400),
    (errors.UnreadablePrompts, 400),
    (errors.BadSetting, 400),
    (errors.StoreUnavailable, 503),
    (errors.SprintError, 500),
)


class PageFiles(StaticFiles):
    """Styles and scripts of the page; a browser asks whether they changed, so no old one meets a new page."""

    def file_response(self, *arguments: object, **named: object) -> Response:
        """Serve one file, or say that the browser has it already."""
        response = super().file_response(*arguments, **named)
        response.headers["Cache-Control"] = "no-cache"
        return response


@dataclass(frozen=True)
class Built:
    """A sprint put together.

    Attributes:
        app: The ASGI application: what stands in front of the framework, and the framework.
        demo: The Gradio page in it.
        lifespan: What starts and ends with the process.
        protocol: Makes what reads a connection, for uvicorn.
    """

    app: ASGIApp
    demo: gr.Blocks
    lifespan: Lifespan
    protocol: Callable[..., asyncio.Protocol]


def build(settings: Settings) -> Built:
    """Put the application together; nothing is opened before it starts.

    Raises:
        BadSetting: A setting names something this version cannot use.
    """
    store = store_of(settings)
    place = place_of(settings)
    lifespan = Lifespan(settings, store, place)
    raters, columns, needs = Raters(), Columns(), Needs()
    avatars = Avatars(settings.openid_provider_url if settings.provider_sign_in else "")
    boards = Boards(raters, avatars.shows)
    durability = Durability(durable_when(settings))
    publisher = Publisher(
        store,
        (
            *progress_views.views(lifespan.importing, raters, lambda reached: _note(store, reached)),
            *rating_views.VIEWS,
            *leaderboard_views.views(boards, needs),
            *chart_views.views(raters, columns),
            *agreement_views.VIEWS,
            *backup_views.views(durability),
        ),
    )
    account = Account(store, settings)
    intake = Intake(store, account, durability.of, lifespan.prompts_coming, lambda: needs.thin)
    eraser, excluder = Eraser(store, publisher.outdate), Excluder(store, publisher.outdate)
    jobs = Jobs(store.clock)
    pushing = Pushing(store, settings)
    schedule = Schedule(store, jobs, pushing.publish, alone=settings.on_sqlite)
    analysis = Analysis(store, address_of(settings), publisher.outdate, alone=settings.on_sqlite)
    chores = (eraser, excluder, schedule, analysis)
    backup = drills = None
    if place is not None:
        hashed = hashed_by(settings)
        on_duty = (lambda: True) if settings.on_sqlite else partial(_is_on_duty, store, place)
        backup = Backup(
            store, place, durability, publisher.contents, on_duty, hashed, began_here=lifespan.began_here
        )
        drills = Drills(
            lambda on_share: drill(store, place, hashed, on_share, lambda: durability.writers), store.clock
        )
    lifespan.on_import_change(publisher.outdate)
    lifespan.on_open(
        publisher.refresh, *(chore.start for chore in chores), *([backup.start] if backup else [])
    )
    lifespan.on_views(publisher.show)
    durability.on_change(publisher.outdate)

    app = FastAPIOffline(
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        static_url="/api/docs-assets",
        title="Prompt Sprint",
        version="1",
        description="Rate prompts together. Fields may be added to what these routes answer; none changes.",
        lifespan=_lifespan(lifespan, publisher, (*chores, jobs), backup),
    )
    describe = app.openapi
    app.openapi = lambda: tell_refusals(describe())
    app.add_middleware(SessionMiddleware, **sessions.middleware_options(settings))
    for kind in (errors.SprintError, RequestValidationError):
        app.add_exception_handler(kind, _refuse)
    _add_routes(app, settings, store, publisher, columns, account, intake, eraser, lifespan, backup)
    app.include_router(import_routes.router(store, account, jobs, settings.hf_token))
    app.include_router(duplicate_routes.router(store, account, jobs))
    app.include_router(snapshot_routes.router(store, account, settings, jobs, pushing))
    app.include_router(organizing_routes.router(store, account, excluder))
    app.include_router(agreement_routes.router(store, account, analysis))
    app.include_router(own_routes.router(store, account))
    app.include_router(
        backup_routes.router(account, backup, drills, lifespan.restoring, lambda: store.writer.trouble)
    )
    app.include_router(leaderboard_routes.router(boards, account, avatars, Cards(settings.public_address)))
    # After all of ours, and before Gradio, which would answer in its own way.
    app.add_route("/api/{path:path}", _nothing_there, list(METHODS), include_in_schema=False)

    demo = dashboard.build()
    gr.mount_gradio_app(
        app,
        demo,
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        show_error=False,
        theme=dashboard.theme(),
        head=dashboard.HEAD,
    )
    lanes = {RATINGS: Lane(RatingsIn, intake.take, intake.put)}
    # In front of the framework, whose own layers cost a rating more than all that is done for it here.
    preview = Preview(app, lambda: _head_tags(publisher, settings))
    express = Express(preview, lanes, _refusal)
    boundary = Boundary(Gate(express, lifespan.shut), settings.own_hosts)
    protocol = partial(
        Coalesced,
        path=RATINGS,
        answer=boundary.answer_directly,
        headers=HEADERS,
        hold=intake.expect,
    )
    return Built(Watching(boundary, publisher, HEADERS), demo, lifespan, protocol)


def _add_routes(
    app: FastAPI,
    settings: Settings,
    store: Store,
    publisher: Publisher,
    columns: Columns,
    account: Account,
    intake: Intake,
    eraser: Eraser,
    lifespan: Lifespan,
    backup: Backup | None,
) -> None:
    @app.head("/healthz", include_in_schema=False)
    @app.get("/healthz", tags=["health"], summary="Whether the sprint is up and its store can be read")
    def healthz() -> dict[str, str]:
        # Up, too, while it is brought back: a host that kills it for that would begin again and again.
        if lifespan.restoring():
            return {"status": "restoring"}
        return {"status": "ok", "epoch": store.sprint().epoch}

    app.include_router(account_routes.router(store, settings, account))
    app.include_router(presence.router(store, account, publisher.refresh))
    app.include_router(rating_routes.router(store, account, intake))
    app.include_router(
        ledger_routes.router(
            store, account, eraser, lambda: backup.write_now(DELETED_WITHIN_S) if backup else None
        )
    )
    app.include_router(reading.router(store))
    app.include_router(live_routes.router(publisher))
    app.include_router(
        progress_routes.router(
            store, publisher, ASSETS_FOLDER, settings.public_address, settings.sprint_title
        )
    )
    app.include_router(chart_routes.router(store, publisher, columns))
    app.mount(ASSETS, PageFiles(directory=ASSETS_FOLDER), name="assets")


def _is_on_duty(store: Store, place: Place) -> bool:
    """Whether this process is the one of several with the same store that writes the backup now."""
    for_ms = round(1000 * max(SHORTEST_DUTY_S, 2 * place.every_s))
    with store.database.writing() as connection:
        return duties.take(connection, "backup", store.writer.name, store.clock(), for_ms)


def _head_tags(publisher: Publisher, settings: Settings) -> str:
    """What the page says of the sprint before it is there; before its store is open, what the settings say."""
    try:
        told = progress_routes.standing(publisher)
    except errors.UnknownView:
        return head_tags(settings.sprint_title, settings.public_address)
    # Of a view from before a restore it may be missing.
    return head_tags(told["title"], settings.public_address, description=told.get("description", ""))


def _note(store: Store, reached: Collection[Milestone]) -> None:
    """Have milestones kept. Nobody waits for it: what could not be kept now is noted with the next refresh."""
    if reached:
        store.submit(lambda transaction: milestones.add(transaction, reached))


def _lifespan(
    lifespan: Lifespan,
    publisher: Publisher,
    chores: Sequence[Chore | Jobs | Schedule | Analysis],
    backup: Backup | None,
):  # noqa: ANN202
    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        try:
            lifespan.open()
            publisher.refresh()
            publisher.start()
            yield
        finally:
            until = lifespan.stop_by
            await publisher.stop()
            for chore in chores:
                await asyncio.to_thread(chore.close)
            # What was taken is in the store before the last of it goes to the backup.
            await asyncio.to_thread(lifespan.store.writer.close)
            if backup:
                await asyncio.to_thread(backup.close, until)
            await asyncio.to_thread(lifespan.close)

    return run


async def _nothing_there(request: Request) -> Response:
    said = f"There is no {request.method} {request.url.path} here; /api/docs lists what there is."
    return JSONResponse({"detail": said}, status_code=404)


async def _refuse(request: Request, error: Exception) -> Response:
    return _refusal(error)


def _refusal(error: Exception) -> Response:
    """What a person should read of an error, as HTTP says it."""
    if not isinstance(error, errors.SprintError):
        return JSONResponse({"detail": _first_of(error.errors())}, status_code=422)
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, errors.TooFast) else None
    said = error.sentence if isinstance(error, errors.Outage) else str(error)
    return JSONResponse({"detail": said}, status_code=status, headers=headers)


def _first_of(found: Sequence[Mapping]) -> str:
    """The first thing that is wrong with a request, as one sentence."""
    first = found[0]
    # Of a field inside another one, the field itself is what somebody filled in.
    where = next(
        (str(part) for part in reversed(first["loc"]) if isinstance(part, str) and part != "body"), ""
    )
    where = where.replace("_", " ") or "the request body"
    sentences = {
        "json_invalid": NO_JSON,
        "model_type": f"{where} must be a JSON object.",
        "model_attributes_type": f"{where} must be a JSON object.",
        "string_unicode": f"{where} must be text that can be written in UTF-8.",
        "missing": f"{where} is missing.",
        "too_long": f"{where} may hold {first.get('ctx', {}).get('max_length')} at most; send the rest later.",
    }
    # "Input should be ...", as most are: the field is what should be so.
    what, should, so = first["msg"].partition(" should ")
    said = (
        f"{where} should {so}." if should and what.isalpha() else f"{where} cannot be used: {first['msg']}."
    )
    return sentences.get(first["type"], said)
