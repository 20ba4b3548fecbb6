"""The activity log over HTTP."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from components.account.addresses import NO_STORE
from components.organizing.activity import log_of
from components.store.store import Store

LAST_PAGE = 1_000_000


class ActOut(BaseModel):
    """One thing an organizer did."""

    who: str
    at: int = Field(description="UTC epoch milliseconds.")
    what: str = Field(description="A sentence without them, such as `excluded ada`.")
    details: list[str] = Field(description="What changed, from what to what.")
    reason: str | None
    prompt_id: str | None


class LogOut(BaseModel):
    """One page of the log, the last act first."""

    total: int
    page: int
    pages: int
    rows: list[ActOut]


def router(store: Store) -> APIRouter:
    """Who did what, and when; `organizing.routes` lets only organizers in."""
    routes = APIRouter()

    @routes.get("/activity", summary="What organizers did, the last act first")
    def activity(response: Response, page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1) -> LogOut:
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            return LogOut(**asdict(log_of(connection, page)))

    return routes
