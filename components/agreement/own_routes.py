"""How one rates oneself, over HTTP: for that contributor alone."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_SIGNED_IN
from components.agreement.known import KnownOut, known
from components.agreement.matrix import FEWEST_CHECKED, FEWEST_SHARED
from components.store import sprints
from components.store.store import Store


class OwnOut(BaseModel):
    """How one rates, as far as it was computed."""

    made_at: int | None = Field(description="UTC epoch milliseconds; null if nothing was computed yet.")
    known: KnownOut | None = Field(description="Null if one had no rating then, or none that counts.")
    repeats: bool = Field(description="Whether prompts one has rated come again now and then.")
    fewest_shared: int = FEWEST_SHARED
    fewest_checked: int = FEWEST_CHECKED


def router(store: Store, account: Account) -> APIRouter:
    """A route for whoever is signed in, about themselves."""
    routes = APIRouter(prefix="/api/my", tags=["my ratings"])

    @routes.get(
        "/reliability",
        summary="How I rate: beside others, and beside myself",
        responses=NOT_SIGNED_IN,
    )
    def reliability(request: Request, response: Response) -> OwnOut:
        """What gold prompts say is told only where organizers tell contributors what those should be given."""
        response.headers.update(NO_STORE)
        contributor = account.signed_in(request)
        me = contributor.contributor_id
        with store.reading() as connection:
            made_at, told = known(connection, [me])
            sprint = sprints.current(connection)
        own = told.get(me)
        if own and not sprint.gold_feedback:
            own = own.model_copy(update={"gold": None})
        return OwnOut(made_at=made_at, known=own, repeats=sprint.repeat_every > 0)

    return routes
