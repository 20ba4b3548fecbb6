"""What was computed of how somebody rates, as it goes over the wire: to organizers, and to each about themselves."""

import json
from collections.abc import Collection

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from components.store import findings

# What each sort is called, foremost what is least likely to be innocent.
SORTS = {
    "alike": "Rate as one",
    "sequence": "The same scores in the same order",
    "moments": "Rate at the same moments",
    "constant": "Nearly always one score",
    "burst": "Very many ratings in a minute",
}


class IntervalOut(BaseModel):
    """A number with its 95 % interval: its ends null where there is none, all null where nothing can be said."""

    value: float | None
    low: float | None
    high: float | None


class CheckOut(BaseModel):
    """What came of prompts that somebody was checked with."""

    n: int
    same: int = Field(description="Of how many both scores are the same.")
    consistency: IntervalOut = Field(description="A weighted kappa of the two scores.")
    apart: IntervalOut = Field(description="How many points they are apart, on average.")


class SpeedOut(IntervalOut):
    """The median time on a prompt, in seconds, of so many that were looked at."""

    n: int


class KnownOut(BaseModel):
    """How somebody rates. What an older version has not computed is left out."""

    ratings: int
    shared: int = Field(description="Of those compared, ratings of prompts that others rated, too.")
    severity: IntervalOut = Field(description="Points above others on the same prompts; negative: below.")
    consistency: IntervalOut = Field(description="A weighted kappa with all others. 1: always their score.")
    score: int = Field(description="The one they give most often; 0 if none was compared.")
    share: float = Field(description="How often they give it.")
    run: int = Field(description="How often at most in a row.")
    scores: list[int] = Field([], description="How often they gave 1, 2, 3, 4 and 5.")
    others: list[float] | None = Field(None, description="How others rated the same prompts, in shares.")
    gold: CheckOut | None = Field(None, description="With what organizers say.")
    repeats: CheckOut | None = Field(None, description="With themselves, on prompts that came again.")
    seconds: SpeedOut | None = None
    why: str | None = Field(description="Why nothing is said of them, as a sentence.")


def known(
    connection: Connection, contributors: Collection[str] | None = None
) -> tuple[int | None, dict[str, KnownOut]]:
    """When it was computed, in epoch milliseconds, and what, by contributor_id; None and nothing if never.

    Args:
        contributors: Of whom; None for everybody.
    """
    made = findings.latest(connection, "contributors")
    told = json.loads(findings.content(connection, "contributors") or "{}")
    asked = told if contributors is None else [who for who in contributors if who in told]
    return made and made.made_at, {who: KnownOut(**told[who]) for who in asked}
