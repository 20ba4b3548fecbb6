"""The review over HTTP: accounts that organizers may want to look at, and what that rests on."""

import json

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from components.account.addresses import NO_STORE
from components.agreement.known import SORTS
from components.store import findings, people
from components.store.store import Store


class AccountOut(BaseModel):
    """An account that a finding is about."""

    contributor_id: str
    username: str


class FindingOut(BaseModel):
    """Something to look at; nothing follows from it by itself."""

    sort: str
    accounts: list[AccountOut]
    told: str


class ReviewOut(BaseModel):
    """Everything there is to look at."""

    made_at: int | None = Field(description="UTC epoch milliseconds; null if nothing was computed yet.")
    sorts: dict[str, str] = SORTS
    rows: list[FindingOut]


def review(store: Store) -> ReviewOut:
    """The findings of accounts that are still here and still count."""
    with store.reading() as connection:
        made = findings.latest(connection, "review")
        found = json.loads(findings.content(connection, "review") or "[]")
        counting = people.counting(connection)
    rows = [
        FindingOut(
            sort=one["sort"],
            accounts=[AccountOut(contributor_id=who, username=counting[who]) for who in one["contributors"]],
            told=one["told"],
        )
        for one in found
        if all(who in counting for who in one["contributors"])
    ]
    return ReviewOut(made_at=made and made.made_at, rows=rows)


def router(store: Store) -> APIRouter:
    """What to look at; `organizing.routes` lets only organizers in."""
    routes = APIRouter()

    @routes.get(
        "/review", summary="Accounts that behave as one, bursts, answers that are nearly all the same"
    )
    def findings_of_review(response: Response) -> ReviewOut:
        response.headers.update(NO_STORE)
        return review(store)

    return routes
