"""Snapshots over HTTP: organizers download, preview and push them, and say when that happens by itself."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_FOR_ALL
from components.errors import BadFolder, BadRequest, BadSetting, StoreUnavailable
from components.prompt_sources.jobs import Job, Jobs
from components.records import Contributor
from components.settings import Settings
from components.snapshots import schedule
from components.snapshots.archive import zipped
from components.snapshots.choosing import BEST
from components.snapshots.formats import MORE
from components.snapshots.options import Options, options
from components.snapshots.publishing import TAGS, Change, Target, target
from components.snapshots.pushing import Pushing
from components.snapshots.snapshot import Snapshot, write_snapshot
from components.store import credits, publications
from components.store.store import Store

MOST_TOLD = 10


class TargetIn(BaseModel):
    """Where a snapshot goes, and how it is made."""

    to: str = Field(max_length=200, description="ORG/NAME, a dataset of the Hub.")
    private: bool | None = Field(None, description="null leaves it as it is; a new one is then private.")
    tags: str = Field("number", max_length=20, description=f"One of {', '.join(TAGS)}.")
    include_unrated: bool = False
    best: str = Field(BEST, max_length=400, description="The filter of `best`, or none.")
    formats: list[Annotated[str, Field(max_length=20)]] = Field([], max_length=10)
    scores: bool = Field(False, description="Whether the aggregated scores stand beside the ratings.")

    def read(self) -> Target:
        """The same, if it can be used."""
        chosen = _usable(lambda: options(self.include_unrated, self.best, self.formats, self.scores))
        return _usable(lambda: target(self.to, self.private, self.tags, chosen))


class PlanIn(TargetIn):
    """When snapshots go by themselves, and where."""

    every: str = Field(max_length=20, description=f"One of {', '.join(schedule.EVERY)}.")


class JobOut(BaseModel):
    """A preview or a push that runs, or the last one that did."""

    kind: str
    name: str
    doing: str
    done: int
    total: int | None
    running: bool
    ended_at: int | None
    error: str | None
    words: str | None = Field(description="What it does, or would do, line by line.")
    card: str | None
    url: str | None


class PublicationOut(BaseModel):
    """One snapshot that was pushed."""

    at: int
    to: str
    version: str
    url: str
    prompts: int
    ratings: int


class SnapshotsOut(BaseModel):
    """How publishing stands."""

    can_push: bool = Field(description="Whether HF_TOKEN is set.")
    to: str = Field(description="The dataset that is meant unless another is named; may be empty.")
    formats: list[str]
    best: str
    plan: PlanIn | None
    job: JobOut | None
    publications: list[PublicationOut]


class CreditBody(BaseModel):
    """Whether somebody wants to be named in the published dataset."""

    credit: bool


def router(store: Store, account: Account, settings: Settings, jobs: Jobs, pushing: Pushing) -> APIRouter:
    """Routes of snapshots."""
    routes = APIRouter(prefix="/api", tags=["snapshots"])
    organizing = APIRouter(dependencies=[Depends(account.organizer)], responses=NOT_FOR_ALL)
    Organizer = Annotated[Contributor, Depends(account.organizer)]  # noqa: N806
    # One at a time: two at once would only make each other, and everybody's ratings, slower.
    making = asyncio.Lock()

    @organizing.get(
        "/snapshot",
        summary="The dataset as it is now, as a zip of its files and their card (organizers)",
        response_class=StreamingResponse,
        responses={200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def snapshot(
        include_unrated: bool = False,
        best: Annotated[str, Query(max_length=400)] = BEST,
        formats: Annotated[list[str], Query(max_length=10)] = [],  # noqa: B006
        scores: bool = False,
    ) -> StreamingResponse:
        chosen = _usable(lambda: options(include_unrated, best, formats, scores))
        async with making:
            return await run_in_threadpool(_download, store, chosen, settings.public_address)

    @organizing.get("/snapshots", summary="How publishing stands")
    def standing(response: Response) -> SnapshotsOut:
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            told = publications.latest(connection, MOST_TOLD)
        known = schedule.current(store)
        return SnapshotsOut(
            can_push=bool(settings.hf_token),
            to=settings.dataset,
            formats=list(MORE),
            best=BEST,
            plan=_plan(known) if known else None,
            job=_job(_newest(jobs)),
            publications=[PublicationOut(at=one.at, **_named(one.told)) for one in told],
        )

    @organizing.post(
        "/snapshots/preview",
        summary="Find out what a push would do, the card first; nothing is changed",
        status_code=202,
    )
    def begin_preview(wanted: TargetIn) -> JobOut:
        goal = wanted.read()
        pushing.check(goal)
        return _job(jobs.begin("preview", goal.to, lambda job: pushing.preview(goal, job)))

    @organizing.post("/snapshots/push", summary="Push a snapshot to the Hub", status_code=202)
    def begin_push(organizer: Organizer, wanted: TargetIn) -> JobOut:
        goal = wanted.read()
        pushing.check(goal)
        by = organizer.contributor_id
        return _job(jobs.begin("push", goal.to, lambda job: pushing.publish(goal, by, job)))

    @organizing.post("/snapshots/cancel", summary="Cancel the preview or push that runs")
    def cancel() -> JobOut:
        running = next((kind for kind in KINDS if (job := jobs.last(kind)) and job.running), KINDS[0])
        jobs.cancel(running)
        return _job(jobs.last(running))

    @organizing.put("/snapshots/schedule", summary="Say when snapshots go by themselves")
    def follow(organizer: Organizer, wanted: PlanIn) -> PlanIn:
        made = _usable(lambda: schedule.plan(wanted.every, wanted.read()))
        if made.every != "off":
            pushing.check(made.target)
        schedule.follow(store, organizer.contributor_id, made)
        return _plan(made)

    @routes.get("/my/credit", summary="Whether you want to be named in the published dataset")
    def credit(request: Request, response: Response) -> CreditBody:
        contributor = account.signed_in(request)
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            return CreditBody(credit=credits.wanted(connection, contributor.contributor_id))

    @routes.put("/my/credit", summary="Say whether you want to be named in the published dataset")
    def want_credit(request: Request, wanted: CreditBody) -> CreditBody:
        contributor = account.signed_in(request)
        store.write(lambda transaction: credits.want(transaction, contributor.contributor_id, wanted.credit))
        return wanted

    routes.include_router(organizing)
    return routes


KINDS = ("push", "preview")
PUBLISHED = ("to", "version", "url", "prompts", "ratings")


def _usable(read: Callable) -> object:
    """What somebody sent over HTTP, or why it cannot be used: their mistake, not the server's."""
    try:
        return read()
    except BadSetting as error:
        raise BadRequest(str(error)) from None


def _named(told: dict) -> dict:
    return {name: told[name] for name in PUBLISHED}


def _plan(known: schedule.Plan) -> PlanIn:
    fields = asdict(known.target)
    return PlanIn(every=known.every, **fields.pop("options"), **fields)


def _newest(jobs: Jobs) -> Job | None:
    known = [job for kind in KINDS if (job := jobs.last(kind))]
    return max(known, key=lambda job: (job.running, job.ended_at or 0), default=None)


def _job(job: Job | None) -> JobOut | None:
    if job is None:
        return None
    change: Change | None = job.result
    return JobOut(
        **{name: getattr(job, name) for name in JobOut.model_fields if hasattr(job, name)},
        words=str(change) if change else None,
        card=change.snapshot.card if change and job.kind == "preview" else None,
        url=(change.url or None) if change else None,
    )


def _download(store: Store, chosen: Options, public_address: str) -> "Download":
    try:
        place = TemporaryDirectory(prefix="prompt-sprint-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(error) from error
    try:
        folder = Path(place.name) / "snapshot"
        return Download(place, write_snapshot(store, folder, chosen, public_address=public_address))
    except BadFolder as error:
        place.cleanup()
        raise _no_room(error.__cause__) from error
    except BaseException:
        place.cleanup()
        raise


def _no_room(reason: BaseException | None) -> StoreUnavailable:
    return StoreUnavailable(f"The server has no room to make a snapshot ({reason}); free some and try again.")


class Download(StreamingResponse):
    """A snapshot on its way, whose files are gone when it is over, however it ends."""

    def __init__(self, place: TemporaryDirectory, snapshot: Snapshot) -> None:
        super().__init__(
            zipped(snapshot.folder),
            media_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{snapshot.file_name}.zip"',
                "Cache-Control": "no-store",
            },
        )
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Not a background task: those do not run when the client has gone away.
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._place.cleanup()
