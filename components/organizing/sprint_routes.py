"""The sprint's settings over HTTP."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.errors import BadRequest
from components.organizing.sprint import change, dates_in_words
from components.rating.guidelines import default_guidelines, to_page
from components.records import STATES, Contributor, Quota, Sprint
from components.store import sprints
from components.store.contributors import sign_out
from components.store.store import Store

LONGEST_MARKDOWN = 20_000


class QuotaIO(BaseModel):
    """At most so many ratings for prompts of a source, of a kind, or of a kind of a source."""

    model_config = ConfigDict(extra="forbid")

    ratings: Annotated[int, Field(strict=True)]
    source: str | None = None
    kind: str | None = None


class SettingsIn(BaseModel):
    """Some settings of the sprint."""

    model_config = ConfigDict(strict=True, extra="forbid")

    title: str = ""
    description: str = ""
    guidelines: str | None = Field(None, description="Markdown; null for those that come with the sprint.")
    state: Literal[STATES] = "open"
    starts_at: int | None = Field(None, description="UTC epoch milliseconds, or null.")
    ends_at: int | None = None
    ratings_per_prompt: int = 3
    extra_rating: bool = False
    quotas: list[QuotaIO] = []
    ratings_per_minute: int = Field(60, description="Of one person; 0 for any number.")
    ratings_per_contributor: int = Field(0, description="So many are enough of one person; 0 for never.")
    repeat_every: int = Field(0, description="One prompt in so many comes again; 0 for none.")
    repeat_after: int = Field(50, description="So many ratings lie in between.")
    repeat_after_days: int = 0
    gold_feedback: bool = False
    points: bool = True
    teams: bool = True
    ranking: bool = True

    def given(self) -> dict[str, Any]:
        """What was given of them, as the sprint has it."""
        values = {name: getattr(self, name) for name in self.model_fields_set}
        if "quotas" in values:
            values["quotas"] = tuple(Quota(**dict(one)) for one in values["quotas"])
        return values


class ChangeIn(BaseModel):
    """Settings to change, and what stood there when the organizer looked at them."""

    to: SettingsIn
    was: SettingsIn


class SettingsOut(BaseModel):
    """Everything organizers can change of the sprint."""

    title: str
    description: str
    guidelines: str | None
    state: str
    starts_at: int | None
    ends_at: int | None
    ratings_per_prompt: int
    extra_rating: bool
    quotas: list[QuotaIO]
    ratings_per_minute: int
    ratings_per_contributor: int
    repeat_every: int
    repeat_after: int
    repeat_after_days: int
    gold_feedback: bool
    points: bool
    teams: bool
    ranking: bool
    default_guidelines: str
    dates: str = Field(description="What the dates have made of the state; empty if it is as it was set.")


class MarkdownIn(BaseModel):
    """Guidelines as somebody is writing them."""

    markdown: Annotated[str, Field(max_length=LONGEST_MARKDOWN)]


class HtmlOut(BaseModel):
    """How they would stand beside the card."""

    html: str


def router(store: Store, account: Account) -> APIRouter:
    """What the sprint wants; `organizing.routes` lets only organizers in."""
    routes = APIRouter()
    Organizer = Annotated[Contributor, Depends(account.organizer)]  # noqa: N806

    def standing() -> SettingsOut:
        with store.reading() as connection:
            sprint: Sprint = sprints.current(connection)
            own = sprints.guidelines(connection)
        values = {name: getattr(sprint, name) for name in SettingsIn.model_fields if name != "guidelines"}
        values["quotas"] = [
            QuotaIO(ratings=one.ratings, source=one.source, kind=one.kind) for one in sprint.quotas
        ]
        return SettingsOut(
            **values,
            guidelines=own,
            default_guidelines=default_guidelines(),
            dates=dates_in_words(sprint, store.clock()),
        )

    @routes.get("/sprint", summary="What organizers can change of the sprint, as it stands")
    def settings(response: Response) -> SettingsOut:
        response.headers.update(NO_STORE)
        return standing()

    @routes.put("/sprint", summary="Change settings; nothing that somebody else changed since is overwritten")
    def change_settings(body: ChangeIn, organizer: Organizer) -> SettingsOut:
        to, was = body.to.given(), body.was.given()
        if to.keys() - was.keys():
            raise BadRequest("`was` must name what stood there, of each setting in `to`.")
        change(store, organizer.contributor_id, was, **to)
        return standing()

    @routes.post("/preview", summary="Guidelines as they would stand beside the card")
    def preview(body: MarkdownIn) -> HtmlOut:
        return HtmlOut(html=to_page(body.markdown))

    @routes.post("/sign-out", summary="Sign everybody out, oneself too", status_code=204)
    def sign_everybody_out(organizer: Organizer) -> None:
        store.write(lambda transaction: sign_out(transaction, organizer.contributor_id, None))

    return routes
