"""Progress beside the page: the forecast for other goals, badge, picture, big screen and the card for other sites."""

import threading
import time
from pathlib import Path
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from components.errors import UnknownView
from components.live.publisher import IDENTITY, Publisher
from components.live.routes import served
from components.progress.badge import STARTING, badge
from components.progress.outlook import hours_of, prospects
from components.progress.pages import Pages
from components.progress.picture import picture
from components.progress.question import MOST_RATINGS, asked_about, prompts_asked_about
from components.progress.sharing import PICTURE
from components.store import sprints, tallies
from components.store.store import Store

# Sites that show badges ask again and again, and keep what they got for a while.
SHORTLY_S = 60


class PaceOut(BaseModel):
    """Ratings a day over the last full days."""

    per_day: float
    days: int


class FinishOut(BaseModel):
    """When the last wanted rating is likely to be there, in epoch milliseconds."""

    earliest: int
    likely: int
    latest: int | None = Field(description="Null if the pace is too uneven to name one.")


class ByEndOut(BaseModel):
    """How many further ratings are likely until the end, and whether they are enough."""

    fewest: int
    likely: int
    most: int
    verdict: Literal["likely", "open", "unlikely"]


class ForecastOut(BaseModel):
    """What the pace of the last days makes likely. In 8 of 10 such sprints the band holds what happens."""

    missing: int = Field(description="Ratings that are still wanted.")
    pace: PaceOut | None = Field(description="Null before there are three full days with ratings.")
    finish: FinishOut | None
    by_end: ByEndOut | None


def router(store: Store, publisher: Publisher, assets: Path, address: str, title: str) -> APIRouter:
    """Routes for everybody.

    Args:
        assets: The folder of the pages' files.
        address: The one visitors use, or empty.
        title: What the sprint is called until it is known better.
    """
    routes = APIRouter(tags=["progress"])
    pages = Pages(assets, address)
    drawn = Picture(publisher)

    @routes.get("/api/forecast", summary="What is likely for another goal, more prompts, another end")
    def forecast(
        ratings_per_prompt: Annotated[
            str | None, Query(description=f"A whole number up to {MOST_RATINGS}.")
        ] = None,
        prompts: Annotated[str | None, Query(description="As if there were so many.")] = None,
        last_day: Annotated[
            str | None, Query(description="Such as 2026-03-15, in UTC; empty for no end.")
        ] = None,
    ) -> ForecastOut:
        """A question that makes no sense is refused with a sentence that says why."""
        with store.reading() as connection:
            sprint = sprints.current(connection)
            coverage, hours = tallies.coverage(connection), hours_of(tallies.hours(connection))
        now = store.clock()
        asked = asked_about(sprint, now, ratings_per_prompt, last_day)
        return ForecastOut(**prospects(asked, coverage, hours, now, prompts_asked_about(prompts)))

    @routes.head("/badge.svg", include_in_schema=False)
    @routes.get("/badge.svg", summary="How far the sprint is, as a badge", response_class=Response)
    def badge_svg(request: Request) -> Response:
        try:
            progress = standing(publisher)
        except UnknownView:
            drawn = badge(None, STARTING)
            return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})
        content = badge(progress["share_done"], progress["state"]).encode()
        return _shortly(request, content, "image/svg+xml")

    @routes.head(PICTURE, include_in_schema=False)
    @routes.get(PICTURE, summary="The picture beside a shared link", response_class=Response)
    def og_png(request: Request) -> Response:
        return _shortly(request, drawn.content(), "image/png")

    @routes.head("/screen", include_in_schema=False)
    @routes.get("/screen", include_in_schema=False)
    def big_screen() -> Response:
        return page("screen")

    @routes.head("/embed", include_in_schema=False)
    @routes.get("/embed", include_in_schema=False)
    def embedded() -> Response:
        return page("embed")

    def page(name: str) -> Response:
        try:
            return pages.answer(name, standing(publisher)["title"])
        except UnknownView:
            return pages.answer(name, title, "The sprint is starting.")

    return routes


def standing(publisher: Publisher) -> dict:
    """The latest version of the view `progress`."""
    return orjson.loads(publisher.document("progress").encoded(IDENTITY))


class Picture:
    """The picture of shared links, drawn when asked for, and then kept for a while."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        # Held while drawing, so that a hundred who ask at once have it drawn once.
        self._drawing = threading.Lock()
        self._content = b""
        self._good_until = 0.0

    def content(self) -> bytes:
        """A PNG, at most a minute old."""
        with self._drawing:
            if time.monotonic() >= self._good_until:
                self._content = picture(standing(self._publisher))
                self._good_until = time.monotonic() + SHORTLY_S
            return self._content


def _shortly(request: Request, content: bytes, media_type: str) -> Response:
    """Answer with what others may keep for a minute, or that they have it already."""
    return served(request, content, media_type, {"Cache-Control": f"public, max-age={SHORTLY_S}"})
