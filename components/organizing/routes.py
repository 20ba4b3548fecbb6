"""Running the sprint over HTTP: settings, moderation, contributors and the activity log, for organizers."""

from fastapi import APIRouter, Depends

from components.account.account import Account
from components.account.refusals import NOT_FOR_ALL
from components.organizing import (
    activity_routes,
    contributor_routes,
    moderation_routes,
    review_routes,
    sprint_routes,
)
from components.organizing.excluding import Excluder
from components.store.store import Store


def router(store: Store, account: Account, excluder: Excluder) -> APIRouter:
    """Routes for organizers; whoever else asks is refused before anything of the request is read."""
    routes = APIRouter(
        prefix="/api/organize",
        tags=["organizing"],
        dependencies=[Depends(account.organizer)],
        responses=NOT_FOR_ALL
        | {409: {"description": "Somebody else changed it meanwhile; nothing was changed."}},
    )
    routes.include_router(sprint_routes.router(store, account))
    routes.include_router(moderation_routes.router(store, account))
    routes.include_router(contributor_routes.router(store, account, excluder))
    routes.include_router(review_routes.router(store))
    routes.include_router(activity_routes.router(store))
    return routes
