"""Duplicates over HTTP, for organizers: compare, read what was found, decide, take the list away."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_FOR_ALL
from components.errors import BadRequest
from components.prompt_sources.duplicates import ALIKE, Compared, Duplicates, Pair, as_rows, find
from components.prompt_sources.jobs import Job, Jobs
from components.prompt_sources.routes import JobOut, job_out
from components.records import Contributor, Status
from components.spreadsheet import MARK, harmless
from components.store import duplicates
from components.store.store import Store

KIND = "duplicates"
PAGE = 20


class ComparedOut(BaseModel):
    """One prompt of a pair."""

    prompt_id: str
    text: str
    context: str | None
    source: str
    kind: str
    status: str
    ratings: int


class PairOut(BaseModel):
    """Two prompts that are alike; `first` came first."""

    first: ComparedOut
    second: ComparedOut
    similarity: float = Field(description="1 if they say exactly the same.")
    decision: Literal["keep", "merge", "retire"] | None


class DuplicatesOut(BaseModel):
    """What was found when prompts were compared last."""

    job: JobOut | None
    at: int | None = None
    prompts: int = 0
    exact: int = 0
    near: int = 0
    undecided: int = 0
    pairs: list[PairOut] = []
    further: int = Field(0, description="Pairs after those on this page.")


class CompareIn(BaseModel):
    """How alike prompts have to be."""

    alike: float = Field(ALIKE, gt=0.3, le=1)


class DecisionIn(BaseModel):
    """What becomes of the second of two prompts."""

    decision: Literal["keep", "merge", "retire"]
    first: str
    second: str


def router(store: Store, account: Account, jobs: Jobs) -> APIRouter:
    """Routes of duplicates."""
    routes = APIRouter(
        prefix="/api/duplicates",
        tags=["imports"],
        dependencies=[Depends(account.organizer)],
        responses=NOT_FOR_ALL,
    )
    Organizer = Annotated[Contributor, Depends(account.organizer)]  # noqa: N806

    def found() -> Duplicates | None:
        job = jobs.last(KIND)
        return job.result if job and isinstance(job.result, Duplicates) else None

    def as_decided(found: Iterable[Pair]) -> list[Pair]:
        """What was found, as it stands now."""
        with store.reading() as connection:
            decided, statuses = duplicates.decided(connection), duplicates.not_active(connection)

        def now(one: Compared) -> Compared:
            return replace(one, status=statuses.get(one.prompt_id, Status.ACTIVE))

        pairs = (
            Pair(
                now(one.first),
                now(one.second),
                one.similarity,
                decided.get(frozenset((one.first.prompt_id, one.second.prompt_id))),
            )
            for one in found
        )
        # The import that brought one of them may have been taken back since.
        return [one for one in pairs if Status.UNDONE not in (one.first.status, one.second.status)]

    @routes.get("", summary="Pairs that are alike, as they were found last, a page at a time")
    def listed(
        response: Response,
        which: Literal["undecided", "near", "exact"] = "undecided",
        start: int = Query(0, ge=0),
    ) -> DuplicatesOut:
        response.headers.update(NO_STORE)
        job, outcome = job_out(jobs.last(KIND)), found()
        if outcome is None:
            return DuplicatesOut(job=job)
        near, exact = as_decided(outcome.near), as_decided(outcome.exact)
        undecided = [one for one in (*near, *exact) if not one.settled]
        wanted = {"undecided": undecided, "near": near, "exact": exact}[which]
        shown = wanted[start : start + PAGE]
        return DuplicatesOut(
            job=job,
            at=outcome.at,
            prompts=outcome.prompts,
            exact=len(exact),
            near=len(near) + outcome.more,
            undecided=len(undecided),
            pairs=[PairOut(**asdict(one)) for one in shown],
            further=max(0, len(wanted) - start - len(shown)),
        )

    @routes.post("", summary="Compare all prompts with each other", status_code=202)
    def begin(told: CompareIn) -> JobOut:

        def work(job: Job) -> Duplicates:
            return find(store, told.alike, job.progressed("comparing", " prompts"), lambda: job.cancelled)

        return job_out(jobs.begin(KIND, "The comparison", work))

    @routes.delete("/job", summary="Cancel the comparison that is under way")
    def cancel() -> JobOut:
        jobs.cancel(KIND)
        return job_out(jobs.last(KIND))

    @routes.post("/decisions", summary="Keep both, rate only the first, or retire the second")
    def decide(organizer: Organizer, told: DecisionIn) -> DecisionIn:
        if told.first == told.second:
            raise BadRequest("These are one prompt; a decision needs two.")
        store.write(
            lambda tx: duplicates.decide(tx, organizer.contributor_id, told.decision, told.first, told.second)
        )
        return told

    @routes.get("/file", summary="All pairs as CSV", response_class=StreamingResponse)
    def file() -> StreamingResponse:
        name = {"Content-Disposition": 'attachment; filename="duplicates.csv"'}
        outcome = found()
        rows = as_csv(as_decided((*outcome.near, *outcome.exact)) if outcome else [])
        return StreamingResponse(rows, media_type="text/csv", headers=name | NO_STORE)

    return routes


def as_csv(pairs: list[Pair]) -> Iterator[str]:
    """Pairs as a file that spreadsheets read rightly, and nothing in it is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write(MARK)
    for number, row in enumerate(as_rows(pairs)):
        if not number:
            writer.writerow(row)
        writer.writerow(map(harmless, row.values()))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    if text.tell():
        yield text.getvalue()
