"""Agreement over HTTP: how everybody rates and how far chosen contributors agree, for organizers; methods, for everybody."""

import json
from itertools import combinations
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from components.account.account import Account
from components.account.addresses import NO_STORE
from components.account.refusals import NOT_FOR_ALL
from components.agreement.analysis import Analysis
from components.agreement.kappa import weighted_kappa
from components.agreement.known import KnownOut, known
from components.agreement.matrix import FEWEST_CHECKED
from components.agreement.methods import POLICY, page
from components.agreement.numerals import counted
from components.records import SCORES
from components.store import findings, opinions, people
from components.store.people import NOBODY
from components.store.store import Store

MOST_PEOPLE = 100
# A pair takes milliseconds; of eight people there are 28.
MOST_COMPARED = 8


class ProgressOut(BaseModel):
    """How far the numbers are that are being computed now."""

    doing: str
    done: int
    total: int


class RaterOut(KnownOut):
    """How somebody rates, and who it is."""

    contributor_id: str
    username: str


class HeadlineOut(BaseModel):
    """A number with the ratings of the busiest contributor, and without; null where it is undefined."""

    name: str
    value: float | None
    without: float | None


class MeanOut(BaseModel):
    """The mean score of a kind of prompts, with the busiest contributor and without."""

    kind: str
    value: float | None
    without: float | None


class RestOut(BaseModel):
    """What every headline is without the busiest contributor."""

    username: str
    ratings: int = Field(description="That are left.")
    headlines: list[HeadlineOut]
    means: list[MeanOut]
    sentence: str


class AgreementOut(BaseModel):
    """How everybody rates, the busiest first."""

    made_at: int | None = Field(description="UTC epoch milliseconds; null if nothing was computed yet.")
    progress: ProgressOut | None = Field(
        description="Null if this server computes nothing now; another may be at it."
    )
    total: int
    rows: list[RaterOut]
    rest: RestOut | None = Field(description="Null with fewer than two contributors.")


class PairOut(BaseModel):
    """How far two contributors agree."""

    first: str
    second: str
    value: float | None = Field(
        description="Cohen's kappa with squared distances; null where it is undefined."
    )
    prompts: int = Field(description="Rated by both.")
    why: str | None


class KappaOut(BaseModel):
    """How far every two of some contributors agree."""

    names: dict[str, str]
    pairs: list[PairOut]


def router(store: Store, account: Account, analysis: Analysis) -> APIRouter:
    """Routes for organizers, where whoever else asks is refused before anything of the request is read; and one page."""
    routes = APIRouter(
        prefix="/api/organize/agreement",
        tags=["organizing"],
        dependencies=[Depends(account.organizer)],
        responses=NOT_FOR_ALL,
    )

    @routes.get("", summary="How everybody rates, as far as it was computed")
    def contributors(response: Response) -> AgreementOut:
        response.headers.update(NO_STORE)
        now = analysis.progress
        with store.reading() as connection:
            made_at, told = known(connection)
            rest = json.loads(findings.content(connection, "without_busiest") or "null")
            names = people.names(connection, told.keys())
        # Somebody may have left since.
        here = [(who, one) for who, one in told.items() if names[who] != NOBODY]
        here.sort(key=lambda one: (-one[1].ratings, names[one[0]]))
        return AgreementOut(
            made_at=made_at,
            progress=ProgressOut(doing=now.doing, done=now.done, total=now.total) if now else None,
            total=len(here),
            rows=[
                RaterOut(contributor_id=who, username=names[who], **dict(one))
                for who, one in here[:MOST_PEOPLE]
            ],
            rest=RestOut(username=names[rest["who"]], **rest)
            if rest and names.get(rest["who"], NOBODY) != NOBODY
            else None,
        )

    @routes.get("/kappa", summary="How far chosen contributors agree, every two of them")
    def kappa(
        response: Response,
        contributor: Annotated[
            list[str], Query(max_length=MOST_COMPARED, description="Their ids; two or more make a pair.")
        ] = (),
    ) -> KappaOut:
        response.headers.update(NO_STORE)
        chosen = list(dict.fromkeys(contributor))
        with store.reading() as connection:
            names = people.names(connection, chosen)
            pairs = []
            for first, second in combinations(chosen, 2):
                both = np.zeros((len(SCORES), len(SCORES)), np.int64)
                for (one, other), prompts in opinions.both(connection, first, second).items():
                    both[one - 1, other - 1] = prompts
                value, why = _kappa(both, NOBODY in (names[first], names[second]))
                pairs.append(
                    PairOut(first=first, second=second, value=value, prompts=int(both.sum()), why=why)
                )
        return KappaOut(names=names, pairs=pairs)

    def _kappa(both: np.ndarray, gone: bool) -> tuple[float | None, str | None]:
        if gone:
            return None, "There is no contributor of one of these ids."
        found = weighted_kappa(both)
        if found.value is not None and found.prompts < FEWEST_CHECKED:
            return None, f"They share {counted(found.prompts, 'prompt')}; it takes {FEWEST_CHECKED}."
        return found.value, found.why

    whole = APIRouter()
    whole.include_router(routes)

    @whole.head("/methods", include_in_schema=False)
    @whole.get("/methods", include_in_schema=False)
    def methods() -> Response:
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
        return Response(page(), media_type="text/html", headers=headers)

    return whole
