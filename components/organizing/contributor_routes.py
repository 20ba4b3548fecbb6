"""Contributors over HTTP, for organizers: who does how much, roles, exclusions, sessions."""

from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.agreement.concentration import concentration
from components.agreement.known import KnownOut, known
from components.organizing.excluding import Excluder
from components.records import Contributor
from components.store import erasures, exclusions, people, roles, sprints
from components.store.contributors import sign_out
from components.store.people import ORDERS, WHICH
from components.store.store import Store
from components.store.writer import Transaction

PER_PAGE = 50
LONGEST_WORDS = 200
LONGEST_REASON = 500
LAST_PAGE = 1_000_000


class PersonOut(BaseModel):
    """A contributor as organizers see them."""

    contributor_id: str
    username: str
    name: str
    organizer: bool
    excluded: bool
    excluded_reason: str | None
    counting: bool = Field(description="Whether their ratings are being counted out, or in again.")
    first_seen: int = Field(description="UTC epoch milliseconds.")
    last_seen: int
    ratings: int
    skips: int
    discards: int
    flags: int
    days: int = Field(description="On how many days they did something.")
    median_ms: int | None = Field(description="How long they look at a prompt before they rate it.")
    known: KnownOut | None = Field(description="How they rate, as far as it was computed.")


class PeopleOut(BaseModel):
    """One page of contributors."""

    total: int
    page: int
    pages: int
    rows: list[PersonOut]


class ConcentrationOut(BaseModel):
    """How far the ratings that count rest on a few people, and whom organizers wish for fewer from."""

    contributors: int = Field(description="With a rating.")
    effective: float = Field(description="So many who all give the same number would weigh as evenly.")
    share: float = Field(description="Of all ratings, what the busiest gave.")
    enough: int = Field(description="So many of one person are enough; 0 if any number is welcome.")
    above: int = Field(description="Contributors who gave more than that.")
    above_share: float = Field(description="Of all ratings, what they gave.")


class WouldGoOut(BaseModel):
    """What excluding somebody would take out of all counts."""

    ratings: int
    prompts_below_goal: int


class ReasonIn(BaseModel):
    """Why somebody is excluded; they are told."""

    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON, pattern=r"\S")]


class RoleIn(BaseModel):
    """Whether somebody is an organizer."""

    organizer: Annotated[bool, Field(strict=True)]


def router(store: Store, account: Account, excluder: Excluder) -> APIRouter:
    """Who takes part; `organizing.routes` lets only organizers in."""
    routes = APIRouter(prefix="/contributors")
    Organizer = Annotated[Contributor, Depends(account.organizer)]  # noqa: N806

    @routes.get("", summary="Everybody who takes part, a page at a time")
    def contributors(
        response: Response,
        which: Literal[tuple(WHICH)] = "everybody",
        q: Annotated[str, Query(max_length=LONGEST_WORDS, description="Part of a name.")] = "",
        order: Literal[tuple(ORDERS)] = "ratings",
        page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    ) -> PeopleOut:
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            total, page, pages, rows = people.listed(connection, which, q, order, page, PER_PAGE)
            pending = set(exclusions.pending(connection))
            _, told = known(connection, [row["contributor_id"] for row in rows])
        shown = [
            PersonOut(
                **row,
                counting=row["contributor_id"] in pending,
                known=None if row["excluded"] else told.get(row["contributor_id"]),
            )
            for row in rows
        ]
        return PeopleOut(total=total, page=page, pages=pages, rows=shown)

    @routes.get("/concentration", summary="How far the ratings rest on a few people")
    def resting_on(response: Response) -> ConcentrationOut:
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            given = np.array(people.given(connection), np.int64)
            enough = sprints.current(connection).ratings_per_contributor
        found = concentration(given)
        above = given[given > enough] if enough else given[:0]
        return ConcentrationOut(
            contributors=found.contributors,
            effective=found.effective,
            share=found.share,
            enough=enough,
            above=len(above),
            above_share=float(above.sum() / max(given.sum(), 1)),
        )

    @routes.get("/{contributor}/exclusion", summary="What excluding somebody would take out of all counts")
    def would_go(contributor: str, response: Response) -> WouldGoOut:
        response.headers.update(NO_STORE)
        with store.reading() as connection:
            counted = erasures.would_go(connection, contributor)
        return WouldGoOut(ratings=counted["ratings"], prompts_below_goal=counted["prompts_below_goal"])

    @routes.put("/{contributor}/exclusion", summary="Have somebody's ratings count nowhere", status_code=204)
    def exclude(contributor: str, body: ReasonIn, organizer: Organizer) -> None:
        me, reason = organizer.contributor_id, body.reason.strip()
        store.write(lambda transaction: exclusions.exclude(transaction, me, contributor, reason))
        excluder.ask(contributor)

    @routes.delete("/{contributor}/exclusion", summary="Have their ratings count again", status_code=204)
    def readmit(contributor: str, organizer: Organizer) -> None:
        me = organizer.contributor_id
        store.write(lambda transaction: exclusions.readmit(transaction, me, contributor))
        excluder.ask(contributor)

    @routes.put("/{contributor}/role", summary="Appoint or dismiss an organizer", status_code=204)
    def give_role(contributor: str, body: RoleIn, organizer: Organizer) -> None:
        me = organizer.contributor_id

        def work(transaction: Transaction) -> None:
            roles.give(transaction, me, contributor, body.organizer)

        store.write(work)

    @routes.post("/{contributor}/sign-out", summary="End all sessions of somebody", status_code=204)
    def sign_somebody_out(contributor: str, organizer: Organizer) -> None:
        store.write(lambda transaction: sign_out(transaction, organizer.contributor_id, contributor))

    return routes
