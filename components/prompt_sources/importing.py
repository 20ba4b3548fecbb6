"""Bringing prompts in: read and choose first, then keep all of them or none."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Protocol

from components.errors import ImportCancelled, UnreadablePrompts
from components.prompt_sources.hub_dataset import HubDataset
from components.prompt_sources.incoming import Incoming, Waiting
from components.prompt_sources.origin import File, Paste, Rows, origin_named, rows_of
from components.prompt_sources.plan import Plan
from components.prompt_sources.report import ImportReport
from components.prompt_sources.rows import Damaged, Rejection, Row
from components.prompt_sources.selection import Filters, Sample
from components.records import Status
from components.store import imports, prompts
from components.store.imports import Given
from components.store.sprints import TERMINAL
from components.store.store import Store
from components.store.writer import Transaction

# So many rows tell what all of them look like.
LOOKED_AT = 5
EVERYTHING = Plan()
# Names of people that are ids already leave as they are.
SOMEBODY = uuid.UUID("0c2d9c52-5c39-4f0e-8a73-8d5a3f3f1f6e")


class OnProgress(Protocol):
    """Told how much of an origin was read, and of how much, None if unknown."""

    def __call__(self, read: int, total: int | None) -> None: ...


def _unseen(read: int, total: int | None) -> None: ...


def import_prompts(
    store: Store,
    origin: str | File | Paste | HubDataset,
    *,
    plan: Plan = EVERYTHING,
    contributor: str = TERMINAL,
    token: str = "",
    on_progress: OnProgress | None = None,
    on_keeping: Callable[[int, int], None] = lambda kept, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Bring in every row that is a prompt and is wanted; bringing in the same again changes nothing.

    All of it comes in at one moment, or, whatever goes wrong, nothing.

    Args:
        origin: As a path on this machine, `hf://datasets/ORG/NAME/path` or `hf://datasets/ORG/NAME`.
        contributor: Who does it.
        token: Of the Hub, for what is private there; empty for none.
        on_keeping: Told how many prompts are kept, and of how many.
        cancelled: Asked again and again whether to give up.

    Raises:
        UnreadablePrompts: The origin cannot be read to its end, or is in no format the sprint reads.
        BadRequest: The plan cannot be followed.
        ImportCancelled: It was given up.
        StoreUnavailable: The store could not keep it.
    """
    plan.check()
    origin = origin_named(origin) if isinstance(origin, str) else origin
    with rows_of(origin, token) as opened, Waiting() as waiting:
        report = ImportReport(opened.name)
        filters = Filters(plan)
        sample = Sample(plan.sample) if plan.sample else None
        for incoming, rated in _prompts(opened, plan, report, on_progress or _unseen, cancelled):
            if not filters.takes(incoming.prompt):
                continue
            if sample:
                sample.offer(incoming)
            else:
                waiting.add(incoming, rated)
        report.left_out = dict(filters.left_out)
        if sample:
            for incoming in sample.chosen():
                waiting.add(incoming, bool(incoming.ratings))
            if sample.left_out:
                report.left_out[f"not in a sample of {plan.sample:,}"] = sample.left_out
        import_id = str(uuid.uuid4())
        told = {"file": opened.name} | ({"commit": opened.commit} if opened.commit else {})
        keeping = Keeping(import_id, contributor, told, waiting, plan.each_copy, on_keeping, cancelled)
        kept = store.submit(keeping, weight=max(1, waiting.number)).result()
        report.kept(kept)
        report.import_id = import_id if kept["added"] else None
    return report


class Keeping:
    """The work of keeping what waits, in one transaction; it may be done more than once, and counts once."""

    def __init__(
        self,
        import_id: str,
        contributor: str,
        told: dict,
        waiting: Waiting,
        each_copy: bool,
        on_keeping: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._import_id = import_id
        self._contributor = contributor
        self._told = told
        self._waiting = waiting
        self._each_copy = each_copy
        self._on_keeping = on_keeping
        self._cancelled = cancelled

    def __call__(self, transaction: Transaction) -> dict:
        """Keep everything; returns how much: added, already_there, copies, ratings, people, sources."""
        counted: Counter[str] = Counter()
        sources: Counter[str] = Counter()
        people: set[str] = set()
        pseudonyms: dict[str, str] = {}
        done = 0
        for group in self._waiting.groups(prompts.ADD_AT_ONCE):
            if self._cancelled():
                raise ImportCancelled("The import was cancelled; nothing of it came in.")
            some = [incoming.prompt for incoming in group]
            statuses = prompts.bring(transaction, some, self._import_id, self._each_copy)
            for prompt, status in zip(some, statuses, strict=True):
                counted["already_there" if status is None else "added"] += 1
                counted["copies"] += status == Status.DUPLICATE
                sources[prompt.source] += status is not None
            given = self._given(group, pseudonyms)
            if given:
                people.update(one.subject for one in given)
                counted["ratings"] += imports.give(transaction, self._import_id, given)
            done += len(group)
            self._on_keeping(done, self._waiting.number)
        kept = {name: counted[name] for name in ("added", "already_there", "copies", "ratings")}
        if kept["added"] or kept["ratings"]:
            told = self._told | kept | {"sources": {name: n for name, n in sources.items() if n}}
            imports.log(transaction, self._contributor, self._import_id, told)
        return kept | {"people": len(people)}

    def _given(self, group: Sequence[Incoming], pseudonyms: dict[str, str]) -> list[Given]:
        given = []
        for incoming in group:
            prompt_id = incoming.prompt.prompt_id if incoming.ratings else ""
            for place, rating in enumerate(incoming.ratings):
                subject, pseudonym = _somebody(rating.user_id, self._told["file"])
                pseudonym = pseudonyms.setdefault(subject, pseudonym)
                given.append(Given(prompt_id, subject, pseudonym, rating.score, place, rating.at))
        return given


def _somebody(user_id: str, file: str) -> tuple[str, str]:
    """Who gave a score: an id of theirs in the store, and the pseudonym they leave under in an export.

    An id that says nothing of a person is both. A number or an address is neither: another project has
    the same number for somebody else, and an address is nobody's business.
    """
    try:
        known = str(uuid.UUID(user_id))
    except ValueError:
        return str(uuid.uuid5(SOMEBODY, f"{file} {user_id}")), str(uuid.uuid4())
    return known, known


def _prompts(
    opened: Rows, plan: Plan, report: ImportReport, on_progress: OnProgress, cancelled: Callable[[], bool]
) -> Iterator[tuple[Incoming, bool]]:
    """The prompts among the rows, and whether each is of a dataset of ratings; rejections go to the report."""
    told = None
    with reading(opened.name) as read:
        rows = read(opened.rows)
        first = list(islice(rows, LOOKED_AT))
        shape = plan.shape_for([row for row in first if isinstance(row, Row)], opened.name)
        for row in chain(first, rows):
            if cancelled():
                raise ImportCancelled("The import was cancelled; nothing of it came in.")
            outcome = plan.prompt(row, shape)
            if isinstance(outcome, Rejection):
                report.reject(outcome)
            else:
                prompt, record = outcome
                yield Incoming(prompt, record.ratings), record.rated
            if (now := opened.done()) != told:
                told = now
                on_progress(*told)
    on_progress(*opened.done())


@contextmanager
def reading(name: str) -> Iterator[Callable[[Iterator[Row | Rejection]], Iterator[Row | Rejection]]]:
    """Read rows so that damage among them is a sentence that says how far they could be read."""
    place = None

    def read(rows: Iterator[Row | Rejection]) -> Iterator[Row | Rejection]:
        nonlocal place
        for row in rows:
            place = row.place
            yield row

    try:
        yield read
    except Damaged as damage:
        where = f" further than {place}" if place else ""
        raise UnreadablePrompts(
            f"{name} could not be read{where} ({damage}); nothing of it was brought in."
        ) from damage
