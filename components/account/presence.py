"""How others see somebody, and which team they are in, over HTTP: theirs to say, and nobody else's."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_SIGNED_IN
from components.account.visibility import (
    LONGEST_NICKNAME,
    LONGEST_TEAM,
    NICKNAME,
    checked_nickname,
    checked_team,
    face_of,
    given_nickname,
)
from components.errors import BadRequest
from components.records import Contributor
from components.store import contributors, sprints, standings
from components.store.store import Store
from components.store.writer import Transaction

# Longer ones are refused with a sentence, much longer ones unread.
LONGEST_READ = 4


class PresenceOut(BaseModel):
    """How others see the signed-in person."""

    visibility: Literal["", "name", "nickname", "hidden"] = Field(
        description="Empty as long as they have not said; until then they are seen under a nickname."
    )
    shown_as: str | None = Field(description="What others read; null if they are hidden.")
    key: str | None = Field(description="Names them in standings, as long as they are seen like this.")
    nickname: str = Field(description="The one they took, or the one they are given.")
    team: str = Field(description="Empty for none.")


class VisibilityIn(BaseModel):
    """How somebody wants to be seen."""

    visibility: Literal["name", "nickname", "hidden"]
    nickname: Annotated[str, Field(max_length=LONGEST_READ * LONGEST_NICKNAME)] | None = Field(
        None, description="Left out, the one they have stays; empty, they are given one."
    )


class TeamIn(BaseModel):
    """The team somebody wants to be in; empty for none."""

    team: Annotated[str, Field(max_length=LONGEST_READ * LONGEST_TEAM)]


def presence_of(contributor: Contributor) -> PresenceOut:
    """How others see a contributor."""
    face = face_of(
        contributor.contributor_id, contributor.identity, contributor.visibility, contributor.nickname
    )
    return PresenceOut(
        visibility=contributor.visibility,
        shown_as=face and face.name,
        key=face and face.key,
        nickname=contributor.nickname or given_nickname(contributor.contributor_id),
        team=contributor.team,
    )


def router(store: Store, account: Account, changed: Callable[[], None]) -> APIRouter:
    """Routes for whoever is signed in, about themselves.

    Args:
        changed: Called before the answer: whatever is shown to others is to follow at once.
    """
    routes = APIRouter(prefix="/api/my", tags=["account"])
    refused = NOT_SIGNED_IN | {400: {"description": "It cannot be used; the sentence says why."}}

    @routes.put("/visibility", summary="Say how others may see me", responses=refused)
    async def visibility(request: Request, response: Response, body: VisibilityIn) -> PresenceOut:
        contributor = await account.present(request)
        me = contributor.contributor_id

        def work(transaction: Transaction) -> None:
            nickname = contributor.nickname
            if body.visibility == NICKNAME:
                wanted = nickname if body.nickname is None else body.nickname.strip()
                taken = standings.names_of_others(transaction.connection, me)
                own = wanted in ("", given_nickname(me))
                nickname = "" if own else checked_nickname(wanted, taken)
            contributors.show_as(transaction, me, body.visibility, nickname)

        return await told(request, response, work)

    @routes.put("/team", summary="Join a team, or leave one", responses=refused)
    async def team(request: Request, response: Response, body: TeamIn) -> PresenceOut:
        contributor = await account.present(request)

        def work(transaction: Transaction) -> None:
            if body.team.strip() and not sprints.standing(transaction).teams:
                raise BadRequest("This sprint has no teams.")
            named = checked_team(body.team, standings.teams(transaction.connection))
            contributors.set_team(transaction, contributor.contributor_id, named)

        return await told(request, response, work)

    async def told(request: Request, response: Response, work: Callable[[Transaction], None]) -> PresenceOut:
        await asyncio.wrap_future(store.submit(work))
        await asyncio.to_thread(changed)
        response.headers.update(NO_STORE)
        return presence_of(await account.present(request))

    return routes
