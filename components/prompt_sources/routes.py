"""Bringing prompts in over HTTP, for organizers: look, bring in, watch, cancel, undo."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_FOR_ALL
from components.errors import BadRequest
from components.prompt_sources.catalog import READERS, SHAPES
from components.prompt_sources.hub_dataset import HubDataset
from components.prompt_sources.importing import import_prompts
from components.prompt_sources.jobs import Job, Jobs
from components.prompt_sources.origin import File, Paste, unit_of
from components.prompt_sources.plan import Plan
from components.prompt_sources.preview import Preview, preview
from components.prompt_sources.rows import Rejection
from components.prompt_sources.uploads import Uploads
from components.records import Contributor
from components.store import imports
from components.store.store import Store

# A preview shows what a prompt is about, not all of it.
SHOWN = 1000


class OriginIn(BaseModel):
    """Where prompts come from: one of an upload, a dataset on the Hub, or what was pasted."""

    upload: str = Field("", description="Its id, as the upload answered.")
    dataset: str = Field("", max_length=200, examples=["ORG/NAME"])
    configuration: str = Field("", max_length=200)
    split: str = Field("", max_length=200)
    revision: str = Field("", max_length=200)
    paste: str = ""


class PlanIn(BaseModel):
    """What the columns mean, what all rows have in common, and which are wanted."""

    shape: str = ""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    metadata: list[str] | None = None
    shortest: int = Field(0, ge=0)
    longest: int | None = Field(None, ge=0)
    languages: list[str] = []
    sample: int | None = Field(None, ge=1)
    each_copy: bool = False

    def plan(self) -> Plan:
        """The plan."""
        told = self.model_dump()
        kept = None if self.metadata is None else tuple(self.metadata)
        return Plan(**told | {"metadata": kept, "languages": tuple(self.languages)})


class ImportIn(BaseModel):
    """What to bring in, and how."""

    origin: OriginIn
    plan: PlanIn = PlanIn()


class SeenOut(BaseModel):
    """One of the first rows: as it would come in, or why it cannot."""

    prompt: str | None = None
    source: str | None = None
    kind: str | None = None
    context: str | None = None
    id: str | None = None
    metadata: dict = {}
    ratings: int = 0
    rejected: str | None = None


class PreviewOut(BaseModel):
    """A look at an origin before anything is stored."""

    name: str
    shape: str
    columns: list[str]
    plan: PlanIn
    rows: list[SeenOut]
    sentences: list[str] = Field([], description="What filters and a sample do.")


class JobOut(BaseModel):
    """A job that runs, or the last that did."""

    name: str
    running: bool
    doing: str
    unit: str
    done: int
    total: int | None
    ended_at: int | None
    error: str | None
    sentences: list[str] = Field([], description="What came of it.")


class ImportOut(BaseModel):
    """An import there was."""

    id: str
    at: int
    by: str | None
    file: str
    added: int
    copies: int
    ratings: int
    sources: dict[str, int]
    undone_at: int | None


class ImportsOut(BaseModel):
    """What was brought in, and what can be."""

    job: JobOut | None
    imports: list[ImportOut]
    shapes: list[str]
    endings: list[str]


def router(store: Store, account: Account, jobs: Jobs, token: str) -> APIRouter:
    """Routes of imports.

    Args:
        token: Of the Hub, for what is private there.
    """
    routes = APIRouter(
        prefix="/api/imports",
        tags=["imports"],
        dependencies=[Depends(account.organizer)],
        responses=NOT_FOR_ALL,
    )
    Organizer = Annotated[Contributor, Depends(account.organizer)]  # noqa: N806
    uploads = Uploads()

    def origin_of(told: OriginIn) -> File | Paste | HubDataset:
        if told.upload:
            return uploads.file(told.upload)
        if told.dataset.strip():
            name = told.dataset.strip().removeprefix("https://huggingface.co/datasets/").strip("/")
            if name.count("/") != 1:
                raise BadRequest(f"{told.dataset} is no dataset of the Hub; write ORG/NAME.")
            return HubDataset(name, told.configuration.strip(), told.split.strip(), told.revision.strip())
        return Paste(told.paste)

    @routes.get("", summary="What was brought in, and how far an import is")
    def standing(response: Response) -> ImportsOut:
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            known = imports.every(connection)
        return ImportsOut(
            job=job_out(jobs.last("import")),
            imports=[_import_out(one) for one in known],
            shapes=[shape.name for shape in SHAPES],
            endings=[ending for reader in READERS for ending in reader.endings],
        )

    @routes.put("/upload", summary="Send a file, to be looked at and brought in; answers its id")
    async def upload(request: Request, name: str = Query(max_length=1000)) -> dict[str, str]:
        return {"upload": await uploads.receive(name, request.stream())}

    @routes.post("/preview", summary="Look at the first rows; nothing is stored")
    def look(told: ImportIn) -> PreviewOut:
        return _preview_out(preview(origin_of(told.origin), told.plan.plan(), token))

    @routes.post("", summary="Bring prompts in: all of it, or nothing", status_code=202)
    def begin(organizer: Organizer, told: ImportIn) -> JobOut:
        origin, plan = origin_of(told.origin), told.plan.plan()
        plan.check()

        def work(job: Job) -> list[str]:
            report = import_prompts(
                store,
                origin,
                plan=plan,
                contributor=organizer.contributor_id,
                token=token,
                on_progress=job.progressed("reading", unit_of(origin)),
                on_keeping=job.progressed("keeping", " prompts"),
                cancelled=lambda: job.cancelled,
            )
            uploads.forget(told.origin.upload)
            return report.sentences()

        return job_out(jobs.begin("import", _name_of(origin), work))

    @routes.delete("/job", summary="Cancel the import that is under way: nothing of it comes in")
    def cancel() -> JobOut:
        jobs.cancel("import")
        return job_out(jobs.last("import"))

    @routes.post("/{import_id}/undo", summary="Take an import back, as long as nobody has rated any of it")
    def undo(organizer: Organizer, import_id: str) -> dict[str, int]:
        return {"prompts": store.write(lambda tx: imports.undo(tx, organizer.contributor_id, import_id))}

    return routes


def job_out(job: Job | None) -> JobOut | None:
    """A job as the page is told of it."""
    if job is None:
        return None
    told = {name: getattr(job, name) for name in JobOut.model_fields if name != "sentences"}
    return JobOut(**told, sentences=job.result if isinstance(job.result, list) else [])


def _name_of(origin: File | Paste | HubDataset) -> str:
    if isinstance(origin, Paste):
        return "What was pasted"
    return origin.name if isinstance(origin, File) else str(origin)


def _import_out(one: imports.Import) -> ImportOut:
    told = one.details
    return ImportOut(
        id=one.import_id,
        at=one.at,
        by=one.by,
        file=told.get("file", ""),
        added=told.get("added", 0),
        copies=told.get("copies", 0),
        ratings=told.get("ratings", 0),
        sources=told.get("sources", {}),
        undone_at=one.undone_at,
    )


def _preview_out(seen: Preview) -> PreviewOut:
    rows = []
    for prompt, ratings in zip(seen.prompts, seen.ratings, strict=True):
        if isinstance(prompt, Rejection):
            rows.append(SeenOut(rejected=prompt.reason))
            continue
        rows.append(
            SeenOut(
                prompt=prompt.text[:SHOWN],
                source=prompt.source,
                kind=prompt.kind,
                context=prompt.context and prompt.context[:SHOWN],
                id=prompt.own_id,
                metadata={name: str(value)[:SHOWN] for name, value in prompt.metadata.items()},
                ratings=ratings,
            )
        )
    plan = PlanIn(**{name: value for name, value in asdict(seen.plan).items() if value is not None})
    return PreviewOut(
        name=seen.name,
        shape=seen.shape,
        columns=list(seen.columns),
        plan=plan,
        rows=rows,
        sentences=seen.sentences(),
    )
