"""Moderation over HTTP: prompts that wait for a decision, and the decisions."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.organizing.metadata import read_metadata
from components.records import FLAG_REASONS, FLAGS_TO_RETIRE, SCORES, Contributor
from components.store import gold, moderation
from components.store.moderation import LISTS
from components.store.store import Store

PER_PAGE = 20
LONGEST_WORDS = 200
LONGEST_REASON = 500
LONGEST_METADATA = 100_000
LAST_PAGE = 1_000_000


class FlaggedOut(BaseModel):
    """A prompt as a moderator sees it."""

    prompt_id: str
    text: str
    context: str | None
    source: str
    kind: str
    metadata: str = Field(description="JSON.")
    status: str = Field(description="active, kept (handed out whatever its flags) or retired.")
    status_reason: str | None
    gold: int | None = Field(description="The score it should be given, where organizers say one.")
    ratings: int
    flags: dict[str, int] = Field(description="How many flagged it, by reason.")
    held_back: bool = Field(description="Whether so many flagged it that it waits for a decision.")


class ModerationOut(BaseModel):
    """One page of prompts, and how many stand in each list."""

    counts: dict[str, int]
    total: int
    page: int
    pages: int
    rows: list[FlaggedOut]


class JudgementIn(BaseModel):
    """What becomes of a prompt."""

    status: Literal["active", "kept", "retired"]
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] | None = None


class GoldIn(BaseModel):
    """What a prompt should be given; null for nothing said."""

    score: Annotated[int, Field(ge=SCORES[0], le=SCORES[-1], strict=True)] | None


class MetadataIn(BaseModel):
    """Other metadata, and those that stood there when the moderator looked; both as JSON."""

    metadata: Annotated[str, Field(max_length=LONGEST_METADATA)]
    was: Annotated[str, Field(max_length=LONGEST_METADATA)]


def router(store: Store, account: Account) -> APIRouter:
    """What is flagged and what becomes of it; `organizing.routes` lets only organizers in."""
    routes = APIRouter(prefix="/prompts")
    Organizer = Annotated[Contributor, Depends(account.organizer)]  # noqa: N806

    def now(prompt_id: str) -> FlaggedOut:
        with store.reading() as connection:
            return shown(moderation.one(connection, prompt_id))

    @routes.get("", summary="Prompts of one of the moderators' lists")
    def prompts(
        response: Response,
        which: Literal[tuple(LISTS)] = "flagged",
        q: Annotated[
            str, Query(max_length=LONGEST_WORDS, description="Words of the prompt, or its id.")
        ] = "",
        page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    ) -> ModerationOut:
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            found = moderation.listed(connection, which, q, page, PER_PAGE)
            counts = moderation.counts(connection)
        rows = [shown(row) for row in found.rows]
        return ModerationOut(counts=counts, total=found.total, page=found.page, pages=found.pages, rows=rows)

    @routes.put("/{prompt_id}/status", summary="Retire a prompt, keep it whatever its flags, or undo either")
    def judge(prompt_id: str, body: JudgementIn, organizer: Organizer) -> FlaggedOut:
        said = body.reason.strip() or None if body.reason else None
        me = organizer.contributor_id
        store.write(lambda transaction: moderation.judge(transaction, me, prompt_id, body.status, said))
        return now(prompt_id)

    @routes.put("/{prompt_id}/gold", summary="Say what a prompt should be given, or no longer")
    def mark(prompt_id: str, body: GoldIn, organizer: Organizer) -> FlaggedOut:
        me = organizer.contributor_id
        store.write(lambda transaction: gold.mark(transaction, me, prompt_id, body.score))
        return now(prompt_id)

    @routes.put("/{prompt_id}/metadata", summary="Give a prompt other metadata; source and kind stay")
    def edit(prompt_id: str, body: MetadataIn, organizer: Organizer) -> FlaggedOut:
        metadata, was = read_metadata(body.metadata), read_metadata(body.was)
        me = organizer.contributor_id
        store.write(lambda transaction: moderation.edit(transaction, me, prompt_id, metadata, was))
        return now(prompt_id)

    return routes


def shown(row: Mapping) -> FlaggedOut:
    """A row of the store as moderators see it."""
    flags = {reason: row[reason] for reason in FLAG_REASONS if row[reason]}
    names = FlaggedOut.model_fields.keys() - {"flags", "held_back"}
    held_back = row["status"] == "active" and max(flags.values(), default=0) >= FLAGS_TO_RETIRE
    return FlaggedOut(**{name: row[name] for name in names}, flags=flags, held_back=held_back)
