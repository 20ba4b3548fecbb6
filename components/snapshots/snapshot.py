"""The dataset as it stands at one moment, written into a folder that `datasets.load_dataset` reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from components.snapshots import card, folder, rows
from components.snapshots.formats import DEFAULT, EVENTS, PROMPTS, ParquetTable
from components.snapshots.numbers import Numbers
from components.store import contributors, events, prompts, ratings, sprints
from components.store.store import Store

# Rows written so far, and about how many there are: the log also holds events that are not exported.
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Snapshot:
    """What was written.

    Attributes:
        made_at: The moment of the store it shows.
        prompts: Rows of the default configuration.
        contributors: How many people gave the ratings in it.
        every_prompt: Prompts of the sprint, rated or not.
    """

    folder: Path
    made_at: int
    prompts: int
    ratings: int
    contributors: int
    events: int
    every_prompt: int

    def __str__(self) -> str:
        told = (
            f"The dataset is in {self.folder}: prompts {self.prompts:,}, ratings {self.ratings:,}, "
            f"contributors {self.contributors:,}, events {self.events:,}."
        )
        if not self.prompts:
            told += " Nobody has rated anything yet, and `load_dataset` refuses a table without rows."
        return told

    @property
    def file_name(self) -> str:
        """A name for it that sorts by time."""
        made = datetime.fromtimestamp(self.made_at / 1000, UTC)
        return f"prompt-sprint-{made:%Y-%m-%dT%H%M}"


def write_snapshot(
    store: Store,
    target: Path,
    include_unrated: bool = False,
    on_progress: OnProgress | None = None,
    public_address: str = "",
) -> Snapshot:
    """Write the dataset as it is now into a folder: three Parquet files and the card that declares them.

    Args:
        target: Made if it is missing; an earlier snapshot in it is replaced as a whole.
        include_unrated: Whether prompts nobody rated are in the default configuration too.
        public_address: Where the sprint can be visited, for the card.

    Raises:
        BadFolder: The folder holds something else, or cannot be written.
        StoreUnavailable: The store cannot be read.
    """
    target = Path(target).expanduser().resolve()
    folder.check(target)
    template = card.template()
    with folder.replaced(target) as staging, store.reading() as connection:
        sprint = sprints.current(connection)
        made_at = store.clock()
        numbers = Numbers(joined=contributors.count(connection))
        advance = _progress(connection, on_progress or (lambda done, total: None))
        _write_prompts(connection, staging, numbers, include_unrated, advance)
        _write_events(connection, staging, numbers, advance)
        text = card.render(template, numbers, sprint, made_at, include_unrated, public_address)
        (staging / folder.CARD).write_text(text, "utf-8", newline="\n")
    return Snapshot(
        folder=target,
        made_at=made_at,
        prompts=numbers.rows,
        ratings=numbers.ratings,
        contributors=len(numbers.contributors),
        events=numbers.events,
        every_prompt=numbers.every_prompt,
    )


def _write_prompts(
    connection: Connection,
    staging: Path,
    numbers: Numbers,
    include_unrated: bool,
    advance: Callable[[], None],
) -> None:
    both = rows.with_ratings(prompts.every(connection), ratings.every_score(connection))
    with ParquetTable(DEFAULT, staging) as rated, ParquetTable(PROMPTS, staging) as every:
        for prompt, given in both:
            every.append(rows.prompt_row(prompt))
            numbers.every_prompt += 1
            if given or include_unrated:
                row = rows.rated_prompt(prompt, given)
                rated.append(row)
                numbers.count(row, rows.metadata_of(prompt))
            advance()


def _write_events(
    connection: Connection, staging: Path, numbers: Numbers, advance: Callable[[], None]
) -> None:
    with ParquetTable(EVENTS, staging) as table:
        for event in events.exported(connection):
            table.append(rows.event_row(event))
            numbers.events += 1
            advance()


def _progress(connection: Connection, on_progress: OnProgress) -> Callable[[], None]:
    total = prompts.count(connection) + events.count(connection)
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        on_progress(done, total)

    return advance
