"""Bringing a file of prompts into the store, a group at a time."""

import uuid
from collections.abc import Iterator
from typing import Protocol

from components.prompt_sources.catalog import reader_for
from components.prompt_sources.opening import OpenedFile, opened
from components.prompt_sources.report import ImportReport
from components.prompt_sources.rows import Damaged, Rejection, Row, prompt_of
from components.records import Prompt
from components.store import prompts
from components.store.store import Store

# A group ends when it holds this many characters, however few prompts they are.
CHARACTERS_AT_ONCE = 4_000_000


class OnProgress(Protocol):
    """Told how many bytes of a file were read, and how many it has, None if unknown."""

    def __call__(self, read: int, total: int | None) -> None: ...


def import_prompts(
    store: Store, path: str, *, token: str = "", on_progress: OnProgress | None = None
) -> ImportReport:
    """Bring in every row of a file that is a prompt; bringing in the same file again changes nothing.

    Between two groups the writer is free for contributors who rate meanwhile.

    Args:
        path: On this machine, or `hf://datasets/ORG/NAME/path` on the Hub.
        token: Of the Hub, for what is private there; empty for none.

    Raises:
        UnreadablePrompts: The file cannot be opened, or is in no format the sprint reads.
        StoreUnavailable: The store could not keep a group. Those before it are in.
    """
    with opened(path, token) as source:
        report = ImportReport(source.name)
        origin = {"import": str(uuid.uuid4()), "file": source.name}
        for group in _groups(_rows(source, report, on_progress), report):
            report.count(
                store.write(lambda transaction, group=group: prompts.add(transaction, group, origin))
            )
    return report


def _rows(
    source: OpenedFile, report: ImportReport, on_progress: OnProgress | None
) -> Iterator[Row | Rejection]:
    """The rows of a file up to its end or its damage, telling how far it was read."""
    told, place = -1, None
    try:
        for row in reader_for(source.name).rows(source.file, source.name):
            place = row.place
            yield row
            if on_progress is not None and source.bytes_read != told:
                told = source.bytes_read
                on_progress(told, source.size)
    except Damaged as damage:
        report.break_off(place, str(damage))
    if on_progress is not None:
        on_progress(source.bytes_read, source.size)


def _groups(rows: Iterator[Row | Rejection], report: ImportReport) -> Iterator[list[Prompt]]:
    """The prompts among the rows, as many at a time as the store takes; rejections go to the report."""
    group: list[Prompt] = []
    characters = 0
    for row in rows:
        outcome = prompt_of(row) if isinstance(row, Row) else row
        if isinstance(outcome, Rejection):
            report.reject(outcome)
            continue
        group.append(outcome)
        characters += len(outcome.text) + len(outcome.context or "") + len(str(outcome.metadata))
        if len(group) == prompts.ADD_AT_ONCE or characters >= CHARACTERS_AT_ONCE:
            yield group
            group, characters = [], 0
    if group:
        yield group
