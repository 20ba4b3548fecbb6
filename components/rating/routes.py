"""Rating over HTTP: prompts out, events in, each answered only when it is on the disk."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, WithJsonSchema

from components.account.account import Account
from components.account.routes import OwnProgressOut
from components.rating.assignment import MOST_HELD, hand_out, top_up, why_nothing
from components.rating.recording import record
from components.rating.rules import LONGEST_REASON
from components.store import prompts, tallies
from components.store.store import Store
from components.store.writer import Transaction

MOST_EVENTS = 100


def _any(**schema: object) -> type:
    """A field that is documented strictly and taken loosely: a bad one must cost its own item only."""
    return Annotated[Any, WithJsonSchema(schema)]


class EventIn(BaseModel):
    """One thing a contributor did; sending it again confirms it and changes nothing."""

    event_id: Annotated[str, Field(max_length=64, json_schema_extra={"format": "uuid"})]
    prompt_id: _any(type="string") = None
    action: _any(type="string", enum=["rated", "skipped"]) = None
    score: _any(anyOf=[{"type": "integer", "minimum": 1, "maximum": 5}, {"type": "null"}]) = None
    shown_ms: _any(anyOf=[{"type": "integer", "minimum": 0}, {"type": "null"}]) = None
    happened_at: _any(anyOf=[{"type": "integer", "minimum": 0}, {"type": "null"}]) = None
    local_date: _any(anyOf=[{"type": "string", "format": "date"}, {"type": "null"}]) = None
    reason: _any(anyOf=[{"type": "string", "maxLength": LONGEST_REASON}, {"type": "null"}]) = None
    undoes: _any(description="Nothing can be undone yet: null.") = None


class RatingsIn(BaseModel):
    """Up to 100 events, oldest first."""

    events: Annotated[list[EventIn], Field(max_length=MOST_EVENTS)]


class NextIn(BaseModel):
    """How many prompts the card wants to hold."""

    n: Annotated[int, Field(ge=1, le=MOST_HELD, strict=True)] = MOST_HELD


class PromptOut(BaseModel):
    """A prompt as a rater may see it before rating: never its source or kind."""

    prompt_id: str
    text: str
    context: str | None


class NextOut(BaseModel):
    """The prompts this contributor holds, and if there are none, why."""

    prompts: list[PromptOut]
    reason: str | None


class RejectedOut(BaseModel):
    """An event that is not kept, and why."""

    event_id: str
    reason: str


class RevealedOut(BaseModel):
    """What was hidden until the prompt was rated."""

    prompt_id: str
    source: str
    kind: str


class SeqOut(BaseModel):
    """How far a writer of this store has come."""

    writer: str
    number: int


class RatingsOut(BaseModel):
    """What became of each event, and what to rate next."""

    confirmed: list[str]
    rejected: list[RejectedOut]
    revealed: list[RevealedOut]
    next: list[PromptOut]
    me: OwnProgressOut
    epoch: str
    seq: SeqOut
    durable_seq: SeqOut


def router(store: Store, account: Account) -> APIRouter:
    """Routes for contributors who are signed in."""
    routes = APIRouter(prefix="/api", tags=["rating"])
    unauthorized = {401: {"description": "Nobody is signed in."}}

    @routes.post("/next", summary="Lease the prompts to rate next", responses=unauthorized)
    async def next_prompts(request: Request, body: NextIn | None = None) -> NextOut:
        contributor = await account.present(request)

        def work(transaction: Transaction) -> NextOut:
            wanted = body.n if body else MOST_HELD
            held = hand_out(transaction, contributor.contributor_id, wanted)[:wanted]
            texts = prompts.texts(transaction.connection, held)
            return NextOut(prompts=texts, reason=None if texts else why_nothing(transaction))

        return await asyncio.wrap_future(store.submit(work))

    @routes.post("/ratings", summary="Send what was rated and skipped", responses=unauthorized)
    async def ratings(request: Request, body: RatingsIn) -> RatingsOut:
        contributor = await account.present(request)
        items = [event.model_dump() for event in body.events]

        def work(transaction: Transaction) -> RatingsOut:
            me = contributor.contributor_id
            receipt = record(transaction, me, items)
            new = top_up(transaction, me, MOST_HELD)
            today = own_day(items, transaction.now)
            seq = SeqOut(writer=transaction.writer, number=transaction.number)
            return RatingsOut(
                confirmed=receipt.confirmed,
                rejected=receipt.rejected,
                revealed=receipt.revealed,
                next=prompts.texts(transaction.connection, new),
                me=tallies.own_progress(transaction.connection, me, today),
                epoch=store.epoch,
                seq=seq,
                # Without a backup, what is committed is all that can be promised.
                durable_seq=seq,
            )

        return await asyncio.wrap_future(store.submit(work))

    return routes


def own_day(items: list[dict], now: int) -> str:
    """The date it is for the contributor, as the last of their events tells, else in UTC."""
    dates = [item["local_date"] for item in items if isinstance(item["local_date"], str)]
    return tallies.plausible_day(dates[-1] if dates else None, now)
