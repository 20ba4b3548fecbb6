"""The leaderboard over HTTP: every contributor a page at a time, one's own place, portraits and cards to share."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.progress import MILESTONES, milestones
from components.account.refusals import NOT_SIGNED_IN
from components.errors import StoreUnavailable, UnknownPerson
from components.leaderboard.avatars import Avatars
from components.leaderboard.boards import Board, Boards
from components.leaderboard.card import Cards
from components.leaderboard.periods import LONGEST_WORDS, PERIODS, USUAL
from components.leaderboard.standings import Entry
from components.leaderboard.teams import totals
from components.live.routes import served
from components.store.paging import paged

PER_PAGE = 50
NAMES = tuple(period.name for period in PERIODS)
NOT_COUNTED_YET = "The sprint is not open yet; try again in a moment."
# A picture is asked for again each time: whoever hides is gone at once, and else the answer is short.
ASK_AGAIN = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


class TotalOut(BaseModel):
    """What some people did together in the period."""

    ratings: int
    completed: int = Field(description="Ratings that brought their prompt to the goal.")
    points: int | None = Field(None, description="Null if the sprint has no points.")


class RowOut(TotalOut):
    """Somebody on the leaderboard."""

    rank: int = Field(description="Equal points share a rank.")
    moved: int | None = Field(description="Ranks risen since yesterday, or sunk if less than 0; null if new.")
    key: str = Field(description="Names this row as long as its person is seen like this.")
    name: str
    profile: str = Field(description="Address of a page of theirs, or empty.")
    avatar: bool = Field(description="Whether there is a portrait.")
    team: str | None = None
    days: int = Field(description="Days of the period with a rating.")
    streak: int = Field(description="Days in a row with a rating, up to now.")


class HeadingOut(BaseModel):
    """Which period it is, and what everybody did in it."""

    first_day: str | None = Field(description="In UTC; null for a period without a beginning.")
    last_day: str | None
    state: str = Field(description="Of the sprint: preparing, open, paused or closed.")
    ranking: bool = Field(description="Whether there is a leaderboard at all.")
    points: bool
    teams_on: bool
    people: int = Field(description="Everybody who rated, hidden or not.")
    listed: int
    total: TotalOut


class StandingsOut(HeadingOut):
    """One page of a leaderboard."""

    notices: list[str] = Field(description="What of the question was not understood, and ignored.")
    period: str
    found: int
    page: int
    pages: int
    rows: list[RowOut]


class MilestoneOut(BaseModel):
    """A round number of ratings, and the day on which somebody reached it."""

    number: int
    day: str


class OwnStandingOut(BaseModel):
    """Where the signed-in person stands."""

    period: str
    rank: int | None = Field(description="Null before the first rating of the period, or without a ranking.")
    of: int = Field(description="How many are listed.")
    hidden: bool = Field(description="Counted, but not listed; the rank is the one it would be.")
    own: TotalOut = Field(description="In the period.")
    rows: list[RowOut] = Field(description="Oneself between those next to one; empty if one is not listed.")
    milestones: list[MilestoneOut]
    next_milestone: int | None
    thin: int = Field(description="How many of one's ratings of the period served a thin source.")


def router(boards: Boards, account: Account, avatars: Avatars, cards: Cards) -> APIRouter:
    """Routes for everybody, and one for whoever is signed in."""
    routes = APIRouter(tags=["leaderboard"])
    unknown = {404: {"description": "Nobody is seen under this key now."}}

    @routes.get("/api/leaderboard", summary="Every contributor, a page at a time")
    def standings(
        response: Response,
        period: Annotated[str, Query(description=f"One of {', '.join(NAMES)}.")] = USUAL,
        q: Annotated[str, Query(description="Words of a name or a team.")] = "",
        page: Annotated[str, Query(description=f"From 1; {PER_PAGE} a page.")] = "1",
    ) -> StandingsOut:
        """What is not understood is ignored, and `notices` says so; after the last page the last one is told again."""
        response.headers.update(NO_STORE)
        named, notices = _period(period)
        number = _whole(page)
        if number is None:
            notices.append(f"There is no page {page[:20]!r}; this is the first one.")
        board = _latest(boards, named)
        words = q.strip()[:LONGEST_WORDS]
        found = board.containing(words) if words else board.listed
        number, pages, here = paged(len(found), number or 1, PER_PAGE)
        return StandingsOut(
            **board.heading(),
            notices=notices,
            period=named,
            found=len(found),
            page=number,
            pages=pages,
            rows=_rows(board, found[here]),
        )

    @routes.get(
        "/api/my/standing",
        summary="Where I stand, with those next to me",
        responses=NOT_SIGNED_IN,
    )
    async def own(
        request: Request,
        response: Response,
        period: Annotated[str, Query(description=f"One of {', '.join(NAMES)}.")] = USUAL,
    ) -> OwnStandingOut:
        contributor = await account.present(request)
        response.headers.update(NO_STORE)
        named, _ = _period(period)
        board, ever = _latest(boards, named), _latest(boards, "all")
        me = contributor.contributor_id
        entry = board.standings.everybody.get(me)
        ratings = ever.standings.everybody.get(me)
        days: dict[str, int] = {}
        for day in ratings.rater.days if ratings else ():
            days[day.day] = days.get(day.day, 0) + day.ratings
        reached = milestones(days)
        shown = board.sprint.ranking
        listed = shown and entry is not None and entry.face is not None
        return OwnStandingOut(
            period=named,
            rank=board.standings.rank(entry) if shown and entry else None,
            of=len(board.listed),
            hidden=entry is not None and entry.face is None,
            own=TotalOut(**totals(entry.counts, board.sprint.points))
            if entry
            else TotalOut(ratings=0, completed=0),
            rows=_rows(board, board.standings.around(entry)) if listed else [],
            milestones=[MilestoneOut(**one) for one in reached],
            next_milestone=next((one for one in MILESTONES if one > sum(days.values())), None),
            thin=entry.counts.thin if entry else 0,
        )

    @routes.get(
        "/api/leaderboard/{key}/avatar",
        summary="The portrait of somebody who is listed",
        response_class=Response,
        responses=unknown | {200: {"content": {"image/png": {}}}},
    )
    async def avatar(key: str, request: Request) -> Response:
        """A small picture made here of the one their provider has; initials stand in for one that cannot be had."""
        _, entry = _person(boards, key)
        content = await avatars.of(entry.face.picture)
        if content is None:
            raise UnknownPerson("There is no portrait of this person.")
        return served(request, content, "image/png", ASK_AGAIN)

    @routes.get(
        "/api/leaderboard/{key}/card.png",
        summary="A picture of what somebody did, to be shared",
        response_class=Response,
        responses=unknown | {200: {"content": {"image/png": {}}}},
    )
    async def card(key: str, request: Request) -> Response:
        board, entry = _person(boards, key)
        content = await asyncio.to_thread(cards.of, board, entry)
        return served(request, content, "image/png", ASK_AGAIN)

    return routes


def _period(name: str) -> tuple[str, list[str]]:
    """A period that there is, and a notice if another one was asked for."""
    if name in NAMES:
        return name, []
    return USUAL, [f"There is no period {name[:20]!r}; this is the {USUAL}."]


def _whole(words: str) -> int | None:
    """A page number, or None for what is none."""
    return int(words[:9]) if words.isascii() and words.isdigit() and int(words[:9]) > 0 else None


def _latest(boards: Boards, period: str) -> Board:
    board = boards.latest(period)
    if board is None:
        raise StoreUnavailable(NOT_COUNTED_YET)
    return board


def _person(boards: Boards, key: str) -> tuple[Board, Entry]:
    found = boards.person(key)
    if found is None:
        raise UnknownPerson("Nobody is seen under this key now.")
    return found


def _rows(board: Board, entries: Sequence[Entry]) -> list[RowOut]:
    return [RowOut(**board.row(entry)) for entry in entries]
