"""What one person did, over HTTP: for themselves, and for nobody else."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.ledger.download import as_csv, as_json
from components.ledger.ledger import page_of
from components.store.store import Store
from components.store.tallies import utc_day

LONGEST_WORDS = 200
# Far beyond every ledger, and small enough for every engine's integers.
LAST_PAGE = 1_000_000

ActionIn = Literal["", "rated", "skipped", "discarded", "flagged", "withdrawn"]


class OthersOut(BaseModel):
    """What everybody else gave a prompt."""

    n: int
    counts: list[int] = Field(description="How many gave 1, 2, 3, 4 and 5.")
    mean: float


class RowOut(BaseModel):
    """What one thinks of a prompt now; where it comes from is told of prompts one has rated."""

    prompt_id: str
    text: str
    context: str | None
    action: str
    score: int | None
    reason: str | None = Field(description="Of a flag.")
    decided_at: int = Field(description="UTC epoch milliseconds.")
    event_id: str
    source: str | None
    kind: str | None
    others: OthersOut | None = Field(description="Null as long as fewer than two others rated the prompt.")


class LedgerOut(BaseModel):
    """One page of one's opinions, newest first."""

    total: int
    page: int
    pages: int
    rows: list[RowOut]


def router(store: Store, account: Account) -> APIRouter:
    """Routes for whoever is signed in, about themselves."""
    routes = APIRouter(prefix="/api/my", tags=["my ratings"])
    unauthorized = {401: {"description": "Nobody is signed in."}}

    # Not async: a search looks at every prompt one has met, and a thread can do that while others are served.
    @routes.get("/ratings", summary="What I think of each prompt, newest first", responses=unauthorized)
    def ratings(
        request: Request,
        response: Response,
        q: Annotated[str, Query(max_length=LONGEST_WORDS, description="Words of the prompt.")] = "",
        action: Annotated[ActionIn, Query(description="Only what was last done so.")] = "",
        page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    ) -> LedgerOut:
        """50 a page; after the last page the last one is told again."""
        response.headers.update(NO_STORE)
        contributor = account.signed_in(request)
        with store.reading() as connection:
            found = page_of(connection, contributor.contributor_id, q, action, page)
        return LedgerOut(**asdict(found))

    @routes.get(
        "/ratings.csv",
        summary="Everything I did, for a spreadsheet",
        response_class=StreamingResponse,
        responses=unauthorized | {200: {"content": {"text/csv": {}}}},
    )
    def csv(request: Request) -> StreamingResponse:
        """What could be taken for a formula has a `'` before it; the JSON has every text as it is."""
        return _download(as_csv(store, account.signed_in(request)), "text/csv; charset=utf-8", "csv")

    @routes.get(
        "/ratings.json",
        summary="Everything I did, for a program",
        response_class=StreamingResponse,
        responses=unauthorized | {200: {"content": {"application/json": {}}}},
    )
    def json(request: Request) -> StreamingResponse:
        return _download(as_json(store, account.signed_in(request)), "application/json", "json")

    def _download(pieces: Iterator[bytes], media_type: str, ending: str) -> StreamingResponse:
        name = f"my-ratings-{utc_day(store.clock())}.{ending}"
        headers = NO_STORE | {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(pieces, media_type=media_type, headers=headers)

    return routes
