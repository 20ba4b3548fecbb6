"""Signing in and out over HTTP, and who is signed in."""

import asyncio
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, ValidationError

from components.account import local, sessions
from components.account.account import Account
from components.account.addresses import HOME, NO_STORE, local_path
from components.account.hub import Provider, SignInFailed
from components.account.identity import browser_key, typed
from components.account.presence import PresenceOut, presence_of
from components.account.progress import own_progress
from components.account.refusals import NOT_SIGNED_IN
from components.errors import BadRequest, StoreUnavailable
from components.records import Contributor, Identity
from components.settings import Settings
from components.store import contributors, sprints, tallies
from components.store.store import Store

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

LOCAL_DATE = Query(None, description="The asking person's own date, such as 2026-03-01; UTC's if left out.")
NEXT_PATH = Query(HOME, description="Path of this sprint to go on to.")


class OwnProgressOut(BaseModel):
    """What the signed-in person has done."""

    ratings: int
    today: int
    streak: int = Field(description="Days in a row with a rating, in the person's own time zone.")
    daily_goal: int = Field(description="Ratings a day this person wants to give.")
    milestone: int = Field(description="The last round number of ratings reached, such as 10, 50, 100; or 0.")
    enough: int = Field(
        description="So many ratings of one person are enough, as organizers wish, and they are reached; or 0."
    )


class DailyGoalIn(BaseModel):
    """How many ratings a day somebody wants to give."""

    daily_goal: Annotated[int, Field(ge=1, le=1000, strict=True)]


class SessionOut(BaseModel):
    """Who is signed in, and how one signs in here."""

    signed_in: bool
    username: str | None = None
    name: str | None = None
    picture: str | None = Field(None, description="Address of a picture, if there is one.")
    organizer: bool = False
    sign_in: Literal["local", "provider", "none"] = Field(
        description="By typing a name, with a provider such as the Hub at `/login`, or not at all."
    )
    key: str | None = Field(
        None,
        description="Names this person in their own browser; another person has another, whatever the username.",
    )
    me: OwnProgressOut | None = None
    presence: PresenceOut | None = Field(None, description="How others see this person.")


class SignedOutOut(BaseModel):
    """Nobody is signed in any more."""

    signed_in: Literal[False] = False


class LocalSignInIn(BaseModel):
    """The name somebody signs in with, and for a form the path to go on to."""

    name: str
    next: str = HOME


BODY_SCHEMA = {"schema": LocalSignInIn.model_json_schema()}
BODY = {"required": True, "content": {"application/json": BODY_SCHEMA, FORMS[0]: BODY_SCHEMA}}


def router(store: Store, settings: Settings, account: Account) -> APIRouter:
    """Routes that anybody may call."""
    routes = APIRouter(tags=["account"])
    provider = Provider(settings) if settings.provider_sign_in else None
    sent_on = {303: {"description": "On to a page of the sprint."}}

    def session_out(request: Request, contributor: Contributor | None, local_date: str | None) -> SessionOut:
        sign_in = _way_in(request, settings)
        if contributor is None:
            return SessionOut(signed_in=False, sign_in=sign_in)
        return SessionOut(
            signed_in=True,
            username=contributor.identity.username,
            name=contributor.identity.name,
            picture=contributor.identity.picture or None,
            organizer=account.is_organizer(contributor),
            sign_in=sign_in,
            key=browser_key(contributor.identity),
            me=progress_of(contributor, local_date),
            presence=presence_of(contributor),
        )

    def progress_of(contributor: Contributor, local_date: str | None) -> OwnProgressOut:
        today = tallies.plausible_day(local_date, store.clock())
        with store.reading() as connection:
            days = tallies.days(connection, contributor.contributor_id)
            goal = contributors.daily_goal(connection, contributor.contributor_id)
            enough = sprints.current(connection).ratings_per_contributor
        return OwnProgressOut(**own_progress(days, today, goal, enough))

    async def sign_in(request: Request, identity: Identity) -> Contributor:
        now = store.clock()
        contributor = await asyncio.wrap_future(account.join(identity, now))
        if contributor is None:
            raise StoreUnavailable("Your account was deleted in this very moment; sign in again.")
        sessions.remember(request.session, identity, now)
        return contributor

    # Not async: it may have to wait for the disk, and a thread can do that while others are served.
    @routes.get("/api/session", summary="Who is signed in")
    def session(request: Request, response: Response, local_date: str | None = LOCAL_DATE) -> SessionOut:
        response.headers.update(NO_STORE)
        return session_out(request, account.contributor_of(request), local_date)

    @routes.get("/login", summary="Begin to sign in", status_code=303, response_class=RedirectResponse)
    async def login(request: Request, next: str = NEXT_PATH) -> RedirectResponse:
        """Sends a browser to the provider's page, or to the page's own form where a name is enough."""
        if provider is None:
            way_in = _way_in(request, settings)
            return _to_page({"sign_in": way_in} if way_in == "local" else {"sign_in_error": "closed"})
        try:
            return await provider.send_out(request, next)
        except SignInFailed as failed:
            return _to_page({"sign_in_error": failed.code})

    @routes.get(
        "/login/callback",
        summary="Come back from the provider",
        status_code=303,
        response_class=RedirectResponse,
    )
    async def callback(request: Request) -> RedirectResponse:
        """Ends the sign-in that `/login` began; what fails is told by `sign_in_error` in the address."""
        if provider is None:
            return _to_page({"sign_in_error": "closed"})
        try:
            identity, target = await provider.take_back(request)
        except SignInFailed as failed:
            return _to_page({"sign_in_error": failed.code})
        await sign_in(request, identity)
        return RedirectResponse(target, 303, NO_STORE)

    @routes.post(
        "/login/local",
        summary="Sign in by name, on one's own machine",
        response_model=SessionOut,
        responses=sent_on
        | {
            400: {"description": "That is no name."},
            403: {"description": "Signing in by name is not open here."},
        },
        openapi_extra={"requestBody": BODY},
    )
    async def login_local(
        request: Request, response: Response, local_date: str | None = LOCAL_DATE
    ) -> object:
        """JSON is answered with the new session, a form with a redirect."""
        local.require(request, settings)
        asked = await _local_sign_in(request)
        contributor = await sign_in(request, typed(asked.name))
        if _is_form(request):
            return RedirectResponse(local_path(asked.next), 303, NO_STORE)
        response.headers.update(NO_STORE)
        return session_out(request, contributor, local_date)

    @routes.post("/logout", summary="Sign out", response_model=SignedOutOut, responses=sent_on)
    async def logout(request: Request, response: Response) -> object:
        """A form is answered with a redirect to the first page."""
        sessions.forget(request.session)
        if _is_form(request):
            return RedirectResponse(HOME, 303, NO_STORE)
        response.headers.update(NO_STORE)
        return SignedOutOut()

    @routes.put(
        "/api/my/goal",
        summary="Say how many ratings a day one wants to give",
        responses=NOT_SIGNED_IN,
    )
    async def goal(
        request: Request, body: DailyGoalIn, local_date: str | None = LOCAL_DATE
    ) -> OwnProgressOut:
        contributor = await account.present(request)
        await asyncio.wrap_future(
            store.submit(
                lambda tx: contributors.set_daily_goal(tx, contributor.contributor_id, body.daily_goal)
            )
        )
        return await asyncio.to_thread(progress_of, contributor, local_date)

    return routes


def _way_in(request: Request, settings: Settings) -> str:
    if settings.provider_sign_in:
        return "provider"
    return "local" if local.allowed(request, settings) else "none"


def _to_page(query: dict[str, str]) -> RedirectResponse:
    return RedirectResponse(f"{HOME}?{urlencode(query)}", 303, NO_STORE)


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith(FORMS)


async def _local_sign_in(request: Request) -> LocalSignInIn:
    try:
        sent = dict(await request.form()) if _is_form(request) else await request.json()
        return LocalSignInIn.model_validate(sent)
    except (ValidationError, ValueError, RecursionError):
        raise BadRequest('Send the name to sign in with, as {"name": "Ada"} or as a form.') from None
