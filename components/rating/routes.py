"""Rating over HTTP: prompts out, events in, each answered only when it is on the disk."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from components.account.account import Account
from components.account.refusals import NOT_SIGNED_IN
from components.account.routes import OwnProgressOut
from components.rating.assignment import MOST_HELD, Assignment
from components.rating.intake import Intake
from components.rating.rules import LATEST_MS
from components.records import ABOUT_PROMPTS, ANYTHING, FLAG_REASONS, LENGTHS, Choice
from components.store import prompts, sprints
from components.store.store import Store
from components.store.writer import Transaction

MOST_EVENTS = 100
EXCLUDED = "The organizers do not count your ratings any more, and hand you no prompts. Their reason:"
# Whichever of them it is, nothing of the request is kept.
REFUSED = {
    400: {"description": "The body is no JSON, or its Content-Type is another."},
    401: {"description": "Nobody is signed in, or somebody else than `key` says."},
    403: {"description": "A page of another site sent it."},
    413: {"description": "The body is too large; send fewer events at once."},
    429: {"description": "Faster than anybody can read; Retry-After says when."},
    503: {"description": "It cannot be kept at the moment; sending it again is safe."},
}


def _any(**schema: object) -> type:
    """A field that is documented strictly and taken loosely: a bad one must cost its own item only."""
    return Annotated[Any, WithJsonSchema(schema)]


class EventIn(BaseModel):
    """One thing a contributor did; sending it again confirms it and changes nothing."""

    event_id: Annotated[str, Field(max_length=64, json_schema_extra={"format": "uuid"})]
    prompt_id: _any(type="string") = None
    action: _any(type="string", enum=list(ABOUT_PROMPTS)) = None
    score: _any(
        anyOf=[{"type": "integer", "minimum": 1, "maximum": 5}, {"type": "null"}],
        description="Of a rating, and of nothing else.",
    ) = None
    shown_ms: _any(anyOf=[{"type": "integer", "minimum": 0}, {"type": "null"}]) = None
    happened_at: _any(anyOf=[{"type": "integer", "minimum": 0}, {"type": "null"}]) = None
    local_date: _any(anyOf=[{"type": "string", "format": "date"}, {"type": "null"}]) = None
    reason: _any(
        anyOf=[{"type": "string", "enum": list(FLAG_REASONS)}, {"type": "null"}],
        description="Of a flag, and of nothing else.",
    ) = None
    undoes: _any(
        anyOf=[{"type": "string", "format": "uuid"}, {"type": "null"}],
        description="Of an undo: the event_id of what never happened, about the same prompt.",
    ) = None


class ChoiceIn(BaseModel):
    """What somebody wants to rate: never by source or kind, which stay hidden until then."""

    model_config = ConfigDict(strict=True)

    length: Literal[LENGTHS] = "any"
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] | None = Field(
        None, description="A lower-case code; null for any language."
    )
    skipped: bool = Field(False, description="Only prompts this person skipped before, oldest skip first.")

    def record(self) -> Choice:
        """The same as a record."""
        return Choice(self.length, self.language, self.skipped)


class RatingsIn(BaseModel):
    """Up to 100 events, oldest first, and what to rate next."""

    events: Annotated[list[EventIn], Field(max_length=MOST_EVENTS)]
    choice: ChoiceIn | None = None
    key: str | None = Field(
        None,
        description="Whose events these are, as `key` of `/api/session` names them: pages share a cookie, and "
        "somebody else may have signed in meanwhile, who must not be given them.",
    )
    sent_at: _any(examples=[1772323200000]) = Field(
        None,
        description="What time it is on the device, in epoch milliseconds: if its clock is wrong by minutes, every "
        f"`happened_at` is set right by them. What is no whole number from 0 to {LATEST_MS} is passed over and "
        "refuses nothing: no rating is lost to a broken clock.",
    )
    local_date: _any(anyOf=[{"type": "string", "format": "date"}, {"type": "null"}]) = Field(
        None,
        description="What date it is for the contributor now, which `me` goes by; else that of the last event.",
    )

    @property
    def chosen(self) -> Choice:
        """What to rate next: anything, if nothing is said of it."""
        return self.choice.record() if self.choice else ANYTHING

    def behind_ms(self, now: int) -> int:
        """How far the device's clock is behind ours; none, as far as nothing usable is said of it."""
        return now - self.sent_at if type(self.sent_at) is int and 0 <= self.sent_at <= LATEST_MS else 0


class NextIn(BaseModel):
    """How many prompts the card wants to hold, and which; those held that do not fit are given back."""

    n: Annotated[int, Field(ge=1, le=MOST_HELD, strict=True)] = MOST_HELD
    choice: ChoiceIn | None = None


class PromptOut(BaseModel):
    """A prompt as a rater may see it before rating: never its source or kind."""

    prompt_id: str
    text: str
    context: str | None
    language: str | None = Field(description="A lower-case code such as `de`, where it is known.")
    again: bool = Field(
        False, description="Whether one has rated it before: its score is sent as `rated_again` then."
    )


class NextOut(BaseModel):
    """The prompts this contributor holds, and if there are none, why."""

    prompts: list[PromptOut]
    reason: str | None
    skipped: bool = Field(
        False, description="Where there are none: whether something they skipped could be shown again."
    )


class RejectedOut(BaseModel):
    """An event that is not kept, and why."""

    event_id: str
    reason: str


class CrowdOut(BaseModel):
    """What the others gave a prompt."""

    n: int
    counts: list[int] = Field(description="How many gave 1, 2, 3, 4 and 5.")
    mean: float


class RevealedOut(BaseModel):
    """What was hidden until the prompt was rated."""

    prompt_id: str
    source: str
    kind: str
    score: int
    gold: int | None = Field(description="What organizers would give, if they say it and let it be told.")
    crowd: CrowdOut | None = Field(description="Null if fewer than two others have rated it.")


class SeqOut(BaseModel):
    """A writer of this store, and a number that the events of the request do not exceed."""

    writer: str
    number: int


class RatingsOut(BaseModel):
    """What became of each event, and what to rate next."""

    confirmed: list[str]
    rejected: list[RejectedOut]
    revealed: list[RevealedOut]
    next: list[PromptOut]
    me: OwnProgressOut
    epoch: str
    seq: SeqOut
    durable_seq: int | None = Field(
        description="Up to which number the events of that writer would outlive this machine; -1 while that is "
        "not known, null if none ever does. The view `durable` tells it as well."
    )
    retry_after_ms: int | None = Field(
        description="When to send those events again that are neither confirmed nor rejected: they came "
        "faster than anybody can read."
    )


def router(store: Store, account: Account, intake: Intake) -> APIRouter:
    """Routes for contributors who are signed in."""
    routes = APIRouter(prefix="/api", tags=["rating"])

    @routes.post("/next", summary="Lease the prompts to rate next", responses=NOT_SIGNED_IN)
    async def next_prompts(request: Request, body: NextIn | None = None) -> NextOut:
        asking = await account.present(request)
        contributor = asking.contributor_id
        if asking.excluded_because is not None:
            return NextOut(prompts=[], reason=f"{EXCLUDED} {asking.excluded_because}")
        wanted = body.n if body else MOST_HELD
        choice = body.choice.record() if body and body.choice else ANYTHING

        def work(transaction: Transaction) -> NextOut:
            sprint = sprints.standing(transaction)
            assignment = Assignment(transaction, [contributor], sprint, intake.expiry)
            assignment.give_back(contributor, choice)
            assignment.top_up(contributor, wanted, choice)
            assignment.write()
            held = assignment.held(contributor)[:wanted]
            if not held:
                reason = assignment.why_nothing(contributor, choice)
                return NextOut(
                    prompts=[], reason=reason, skipped=assignment.may_look_again(contributor, choice)
                )
            shown = prompts.shown_to(transaction, held)
            return NextOut(prompts=[shown[prompt_id] for prompt_id in held], reason=None)

        return await asyncio.wrap_future(store.submit(work))

    # The server lets these requests in by its express lane, which reads the same models and hands them
    # to the same intake; what stands here documents them, and takes them where there is no such lane.
    @routes.post(
        "/ratings",
        summary="Send what was rated, skipped, discarded, flagged, withdrawn and undone",
        responses=REFUSED,
    )
    async def ratings(request: Request, body: RatingsIn) -> RatingsOut:
        return RatingsOut(**await intake.take(request.headers.get("cookie", "").encode("latin-1"), body))

    return routes
