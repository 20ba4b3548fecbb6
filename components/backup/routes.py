"""The backup over HTTP: how it stands, for organizers, and how far a sprint is brought back, for everybody."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_FOR_ALL
from components.backup.backup import Backup, Progress
from components.backup.drill import Drills
from components.errors import BadRequest


class ComparedOut(BaseModel):
    """One table of a drill: rows in the store and in the restored one, and whether those in both agree."""

    table: str
    rows: int
    restored_rows: int
    same: bool


class DrillOut(BaseModel):
    """The last time a restore was tried, or the one that is being tried."""

    running: bool
    share: float | None
    at: int | None
    same: bool | None
    seconds: float | None
    tables: list[ComparedOut]
    waiting: int = Field(description="Events that were not backed up yet.")
    lost: int = Field(description="Events that the backup had confirmed and did not hold.")
    error: str | None


class BackupOut(BaseModel):
    """How the backup stands; moments are epoch milliseconds."""

    to: str | None = Field(description="In words: `the bucket org/name`; null if nothing is backed up.")
    state: Literal["off", "ok", "behind", "failing"]
    last_confirmed_at: int | None = Field(description="When the place last confirmed that it has everything.")
    waiting: int = Field(description="Events that are not in the backup yet.")
    ratings_waiting: int = Field(description="Ratings among them.")
    error: str | None
    error_at: int | None
    retry_at: int | None
    segments: int = Field(description="Files of events beside the base.")
    bytes: int = Field(description="Written since this server started.")
    every_s: float | None = Field(description="Seconds between two writes, while something happens.")
    store_error: str | None = Field(None, description="Why what is sent cannot be kept at all at the moment.")
    last_drill: DrillOut | None


class RestoringOut(BaseModel):
    """How far a sprint is brought back from its backup."""

    place: str
    share: float | None = Field(description="From 0 to 1; null if that is not known.")
    sentence: str
    error: str | None = Field(description="Why the last attempt failed, and what to do; it is tried again.")


def router(
    account: Account,
    backup: Backup | None,
    drills: Drills | None,
    restoring: Callable[[], dict | None],
    trouble: Callable[[], str] = lambda: "",
) -> APIRouter:
    """Routes of the backup.

    Args:
        restoring: Tells how far the sprint is brought back, or None.
        trouble: Tells why the store cannot be written, if it cannot.
    """
    routes = APIRouter(prefix="/api", tags=["backup"])

    @routes.get("/backup", summary="How the backup stands", responses=NOT_FOR_ALL)
    def standing(request: Request, response: Response) -> BackupOut:
        account.organizer(request)
        response.headers.update(NO_STORE)
        progress = backup.progress() if backup else Progress()
        tried = drills.document() if drills else None
        return BackupOut(**asdict(progress), store_error=trouble() or None, last_drill=tried)

    @routes.post(
        "/backup/drill",
        summary="Try a restore: into a store that is compared with this one and deleted",
        status_code=202,
        responses=NOT_FOR_ALL | {400: {"description": "One is under way, or there is no backup."}},
    )
    def begin_drill(request: Request) -> DrillOut:
        account.organizer(request)
        if drills is None:
            raise BadRequest("Nothing is backed up here: set BACKUP_TO first.")
        drills.begin()
        return DrillOut(**drills.document())

    @routes.get("/restoring", summary="How far the sprint is brought back, if it is")
    async def bringing_back(response: Response) -> RestoringOut | None:
        response.headers.update(NO_STORE)
        document = restoring()
        return RestoringOut(**document) if document else None

    return routes
