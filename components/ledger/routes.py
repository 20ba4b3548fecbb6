"""What one person did, over HTTP: for themselves, and for nobody else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from components.account import sessions
from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_SIGNED_IN
from components.errors import BadRequest
from components.ledger.download import as_csv, as_json
from components.ledger.erasing import Eraser
from components.ledger.ledger import page_of
from components.store import erasures
from components.store.store import Store
from components.store.tallies import utc_day

LONGEST_WORDS = 200
# Far beyond every ledger, and small enough for every engine's integers.
LAST_PAGE = 1_000_000
# One JSON document in each line.
PROGRESS = "application/x-ndjson"
BETWEEN_LINES_S = 0.25
# Whoever asked has seen enough after two minutes.
MOST_LINES = 480
MOST_FALLING = 20

ActionIn = Literal["", "rated", "skipped", "discarded", "flagged", "withdrawn"]


class OthersOut(BaseModel):
    """What everybody else gave a prompt."""

    n: int
    counts: list[int] = Field(description="How many gave 1, 2, 3, 4 and 5.")
    mean: float


class EarnedOut(BaseModel):
    """What ratings earn, by the public formula."""

    points: int
    why: str


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
    earned: EarnedOut | None = Field(
        description="Null for what is no rating, or if the sprint has no points."
    )


class LedgerOut(BaseModel):
    """One page of one's opinions, newest first."""

    total: int
    page: int
    pages: int
    rows: list[RowOut]
    earned: EarnedOut | None = Field(description="By all ratings together.")


class FallingOut(BaseModel):
    """A prompt that would no longer have the ratings wanted."""

    prompt_id: str
    text: str


class AccountOut(BaseModel):
    """What deleting one's account would remove."""

    username: str
    ratings: int
    events: int
    prompts_below_goal: int
    falling: list[FallingOut] = Field(description="Some of those prompts, the one rated last foremost.")


class FarewellIn(BaseModel):
    """One's own username, so that nobody deletes another account than they mean."""

    username: Annotated[str, Field(max_length=255)]


class ErasedOut(BaseModel):
    """How far it has come."""

    events: int
    left: int
    backed_up: bool | None = Field(
        None, description="In the last line: whether the backup knows of it; null if there is none."
    )


def router(
    store: Store, account: Account, eraser: Eraser, back_up: Callable[[], bool | None] = lambda: None
) -> APIRouter:
    """Routes for whoever is signed in, about themselves.

    Args:
        back_up: Backs up at once, and tells whether it is done; None if there is no backup.
    """
    routes = APIRouter(prefix="/api/my", tags=["my ratings"])

    # Not async: a search looks at every prompt one has met, and a thread can do that while others are served.
    @routes.get("/ratings", summary="What I think of each prompt, newest first", responses=NOT_SIGNED_IN)
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
        responses=NOT_SIGNED_IN | {200: {"content": {"text/csv": {}}}},
    )
    def csv(request: Request) -> StreamingResponse:
        """What could be taken for a formula has a `'` before it; the JSON has every text as it is."""
        return _download(as_csv(store, account.signed_in(request)), "text/csv; charset=utf-8", "csv")

    @routes.get(
        "/ratings.json",
        summary="Everything I did, for a program",
        response_class=StreamingResponse,
        responses=NOT_SIGNED_IN | {200: {"content": {"application/json": {}}}},
    )
    def json(request: Request) -> StreamingResponse:
        return _download(as_json(store, account.signed_in(request)), "application/json", "json")

    @routes.get("/account", summary="What deleting my account would remove", responses=NOT_SIGNED_IN)
    def what_would_go(request: Request, response: Response) -> AccountOut:
        response.headers.update(NO_STORE)
        contributor = account.signed_in(request)
        me = contributor.contributor_id
        with store.reading() as connection:
            falling = [FallingOut(**row) for row in erasures.would_fall(connection, me, MOST_FALLING)]
            counted = erasures.would_go(connection, me)
        return AccountOut(username=contributor.identity.username, falling=falling, **counted)

    @routes.delete(
        "/account",
        summary="Delete my account and all I did",
        response_class=StreamingResponse,
        responses=NOT_SIGNED_IN
        | {
            200: {"content": {PROGRESS: {"schema": ErasedOut.model_json_schema()}}},
            400: {"description": "The username is another one."},
        },
    )
    async def delete(request: Request, body: FarewellIn) -> StreamingResponse:
        """The name is gone when the answer begins; each line of it tells how much of the rest is left.

        Whoever does not listen to the end changes nothing: the sprint goes on by itself.
        """
        contributor = await account.present(request)
        if body.username.strip() != contributor.identity.username.strip():
            raise BadRequest(f"You are signed in as {contributor.identity.username}; type that name.")
        me, subject = contributor.contributor_id, account.subject_hash(contributor.identity)
        begun = store.submit(lambda transaction: erasures.begin(transaction, me, subject))
        events = await asyncio.wrap_future(begun)
        sessions.forget(request.session)
        eraser.ask(me)
        return StreamingResponse(_progress(me, events), media_type=PROGRESS, headers=NO_STORE)

    async def _progress(contributor: str, events: int) -> AsyncIterator[bytes]:
        # What a lost disk would bring back before the backup knows of it.
        backing_up = asyncio.create_task(asyncio.to_thread(back_up))
        for _ in range(MOST_LINES):
            left = await asyncio.to_thread(eraser.left, contributor)
            yield _line(events, left)
            if not left:
                break
            await asyncio.sleep(BETWEEN_LINES_S)
        yield _line(events, left, await backing_up)

    def _line(events: int, left: int, backed_up: bool | None = None) -> bytes:
        return orjson.dumps({"events": events, "left": left, "backed_up": backed_up}) + b"\n"

    def _download(pieces: Iterator[bytes], media_type: str, ending: str) -> StreamingResponse:
        name = f"my-ratings-{utc_day(store.clock())}.{ending}"
        headers = NO_STORE | {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(pieces, media_type=media_type, headers=headers)

    return routes
