"""The ledger: what a contributor currently says of every prompt they met, searchable, a page at a time."""

from dataclasses import dataclass

from sqlalchemy import Connection

from components.points import points, reckoning
from components.records import SCORES, Action
from components.store import exclusions, ledger, sprints, tallies
from components.store.paging import paged
from components.store.ratings import others

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a ledger.

    Attributes:
        total: Opinions on all pages.
        page: Which one this is, from 1.
        rows: See `row_of`.
        earned: What all of their ratings earn together, as `earned` says it.
    """

    total: int
    page: int
    pages: int
    rows: list[dict]
    earned: dict | None


def page_of(
    connection: Connection, contributor: str, words: str = "", action: str = "", page: int = 1
) -> Page:
    """The page of a contributor's ledger that was asked for, or the last one if there are fewer.

    Args:
        words: Only prompts with these words in their text, in whatever case; empty for all.
        action: Only opinions of this kind; empty for all.
        page: From 1.
    """
    words = words.strip()
    found = ledger.containing(connection, contributor, action, words) if words else None
    total = ledger.count(connection, contributor, action) if found is None else len(found)
    page, pages, here = paged(total, page, PER_PAGE)
    if found is None:
        shown = ledger.newest(connection, contributor, action, PER_PAGE, here.start)
    else:
        shown = found[here]
    has_points = sprints.current(connection).points
    through = exclusions.counted_out(connection).get(contributor)
    rows = [
        row_of(opinion, has_points, through is None or opinion["prompt_id"] > through)
        for opinion in ledger.opinions(connection, contributor, shown)
    ]
    ratings, completed, thin = tallies.earned(connection, contributor)
    together = earned(ratings, completed, thin) if has_points and ratings else None
    return Page(total, page, pages, rows, together)


def earned(ratings: int, completed: int, thin: int) -> dict:
    """What some ratings earn: points, and why."""
    return {"points": points(ratings, completed, thin), "why": reckoning(ratings, completed, thin)}


def row_of(opinion: dict, has_points: bool, counts: bool) -> dict:
    """An opinion as its own contributor may see it: where the prompt comes from, and what the rating earns, only if they rated it.

    Args:
        counts: Whether it is among the scores its prompt was given.
    """
    own = opinion["score"] if counts else None
    rated = opinion["action"] == Action.RATED
    names = ("prompt_id", "text", "context", "action", "score", "reason", "decided_at", "event_id")
    return {name: opinion[name] for name in names} | {
        "source": opinion["source"] if rated else None,
        "kind": opinion["kind"] if rated else None,
        "others": others([opinion[f"n{score}"] for score in SCORES], own) if rated else None,
        "earned": earned(1, opinion["completes"], opinion["thin"]) if rated and has_points else None,
    }
