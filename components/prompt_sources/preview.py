"""A look at what would come in, before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

from components.errors import UnreadablePrompts
from components.prompt_sources.guess import columns_of, guessed
from components.prompt_sources.hub_dataset import HubDataset
from components.prompt_sources.importing import reading
from components.prompt_sources.origin import File, Paste, rows_of
from components.prompt_sources.plan import Plan
from components.prompt_sources.rows import Rejection, Row
from components.prompt_sources.selection import Filters
from components.records import Prompt

ROWS = 5
# So many are read to see what filters leave out.
LOOKED_AT = 200
# What a kind is as long as nobody says.
NO_KIND = "unknown"


@dataclass(frozen=True)
class Preview:
    """What was seen in the first rows.

    Attributes:
        name: Of the origin.
        shape: What its rows look like.
        columns: All there are.
        plan: The plan that was asked for, with what it left open guessed.
        prompts: Of the first rows that filters do not leave out, as they would come in, or why they cannot.
        ratings: How many ratings came with each of these.
        looked_at: How many rows were looked at.
        left_out: How many of these the filters leave out, for each reason.
    """

    name: str
    shape: str
    columns: tuple[str, ...]
    plan: Plan
    prompts: tuple[Prompt | Rejection, ...]
    ratings: tuple[int, ...]
    looked_at: int
    left_out: Mapping[str, int]

    def sentences(self) -> list[str]:
        """What the filters and the sample do."""
        told = []
        if self.plan.filters:
            total = sum(self.left_out.values())
            why = ", ".join(f"{number:,} {reason}" for reason, number in self.left_out.items())
            none = (
                "none is left out"
                if not total
                else f"{total:,} {'is' if total == 1 else 'are'} left out: {why}"
            )
            told.append(f"Of the first {self.looked_at:,} rows {none}.")
        if self.plan.sample:
            told.append(
                f"The sample of {self.plan.sample:,} is drawn when all of it is brought in; these rows need not be in it."
            )
        return told


def preview(origin: File | Paste | HubDataset, plan: Plan, token: str = "") -> Preview:
    """Read the first rows of an origin and guess what nobody said.

    Raises:
        UnreadablePrompts: It cannot be read, or holds no rows.
        BadRequest: The plan names what is not there.
    """
    plan.check()
    with rows_of(origin, token) as opened, reading(opened.name) as read:
        unread = read(opened.rows)
        first = list(islice(unread, ROWS))
        more = list(islice(unread, LOOKED_AT - len(first))) if plan.filters else []
    rows = [row for row in first if isinstance(row, Row)]
    if not first:
        raise UnreadablePrompts(f"{opened.name} holds no rows.")
    shape = plan.shape_for(rows, opened.name)
    values = [row.values for row in rows]
    if not plan.shape and not any(shape.takes(one) for one in values):
        plan = _completed(plan, values, opened.name)
    filters = Filters(plan)
    prompts, ratings = [], []
    for row in chain(first, more):
        outcome = plan.prompt(row, shape)
        if isinstance(outcome, Rejection):
            prompt, number = outcome, 0
        else:
            prompt, number = outcome[0], len(outcome[1].ratings)
            if not filters.takes(prompt):
                continue
        if len(prompts) < ROWS:
            prompts.append(prompt)
            ratings.append(number)
    # A rejection carries no place in a list of five: their order says it.
    return Preview(
        opened.name,
        shape.name,
        tuple(columns_of(values)),
        plan,
        tuple(prompts),
        tuple(ratings),
        len(first) + len(more),
        dict(filters.left_out),
    )


def _completed(plan: Plan, values: list, name: str) -> Plan:
    columns = {ours: column for ours, column in guessed(values).items() if ours not in plan.constants}
    columns |= plan.columns
    constants = {"kind": NO_KIND, "source": name} | dict(plan.constants)
    constants = {
        ours: value for ours, value in constants.items() if ours in plan.constants or ours not in columns
    }
    return replace(plan, columns=columns, constants=constants)
