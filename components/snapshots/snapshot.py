"""The dataset as it stands at one moment, written into a folder that `datasets.load_dataset` reads."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection

from components.records import HOUR_MS
from components.snapshots import card, citation, folder
from components.snapshots.configurations import EVENTS
from components.snapshots.difference import Difference, Earlier
from components.snapshots.figures import FIGURES, Figure
from components.snapshots.numbers import Numbers
from components.snapshots.options import Options
from components.snapshots.reading import Material, OnProgress, read
from components.snapshots.scores import Scores, scores_of
from components.snapshots.tables import part_of
from components.snapshots.writing import Files
from components.store import contributors, exports, sprints
from components.store.store import Store

GUIDELINES = Path(__file__).parent.parent.parent / "assets" / "guidelines.md"


@dataclass(frozen=True)
class Snapshot:
    """What was written.

    Attributes:
        prompts: Rows of the default configuration.
        contributors: How many people gave the ratings in it.
        card: The text of its card.
    """

    folder: Path
    numbers: Numbers
    facts: card.Facts
    card: str

    @property
    def prompts(self) -> int:
        return self.numbers.rows

    @property
    def ratings(self) -> int:
        return self.numbers.ratings

    @property
    def contributors(self) -> int:
        return self.numbers.contributors

    @property
    def events(self) -> int:
        return self.numbers.events

    @property
    def version(self) -> str:
        """Its tag, or empty."""
        return self.facts.version

    @property
    def difference(self) -> Difference | None:
        """What changed since the last one; None if there was none."""
        return self.facts.difference

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
        made = datetime.fromtimestamp(self.facts.made_at / 1000, UTC)
        return f"prompt-sprint-{made:%Y-%m-%dT%H%M}"


@dataclass(frozen=True)
class Place:
    """What a snapshot is to tell of where it will be.

    Attributes:
        public_address: Where the sprint can be visited.
        repository: Its name on the Hub, or empty.
        version: Its tag there, or empty.
        since: What to call the snapshot before, whose events stand in the file `earlier`.
        told: A difference to tell again, of a version that is there already.
    """

    public_address: str = ""
    repository: str = ""
    version: str = ""
    since: str = ""
    earlier: Path | None = None
    told: Difference | None = None


def write_snapshot(
    store: Store,
    target: Path,
    options: Options | None = None,
    on_progress: OnProgress | None = None,
    public_address: str = "",
) -> Snapshot:
    """Write the dataset as it is now into a folder: its tables and the card that declares them.

    Args:
        target: Made if it is missing; an earlier snapshot in it is replaced as a whole, and compared with.
        public_address: Where the sprint can be visited, for the card.

    Raises:
        BadFolder: The folder holds something else, or cannot be written.
        StoreUnavailable: The store cannot be read.
    """
    target = Path(target).expanduser().resolve()
    folder.check(target)
    earlier = target / EVENTS.path
    place = Place(public_address)
    if earlier.exists():
        place = Place(public_address, since="the snapshot before", earlier=earlier)
    with folder.replaced(target) as staging:
        made = fill(store, staging, options or Options(), place, on_progress)
    return replace(made, folder=target)


def fill(
    store: Store,
    staging: Path,
    options: Options,
    place: Place | None = None,
    on_progress: OnProgress | None = None,
) -> Snapshot:
    """Write the dataset as it is now into an empty folder, at one moment of the store.

    Raises:
        StoreUnavailable: The store cannot be read.
    """
    place = place or Place()
    filter_ = options.filter
    with store.scanning() as connection, TemporaryDirectory(dir=staging, prefix=".") as scratch:
        sprint = sprints.current(connection)
        show = on_progress or (lambda done, total: None)
        scores = scores_of(connection, show) if options.scores else None
        material = read(connection, Path(scratch), show)
        # No moment of the clock: as long as nothing happens, the card stays the same.
        made_at = material.last_change or sprint.created_at // HOUR_MS * HOUR_MS
        numbers = _begin(connection, material)
        difference = _compared(place)
        with Files(staging, options.formats, options.include_unrated, filter_, options.scores) as files:
            _write(connection, material, files, numbers, difference, place.earlier, scores)
            credits = _credits(connection)
            files.write_credits(credits)
        guidelines = sprints.guidelines(connection)
        changed = sprints.last_change(connection, "guidelines")
        rated_before = changed is not None and exports.rated_before(connection, changed[1])
    (staging / folder.GUIDELINES).write_text(
        guidelines or GUIDELINES.read_text("utf-8"), "utf-8", newline="\n"
    )
    facts = card.Facts(
        sprint=sprint,
        made_at=made_at,
        written=files.written,
        include_unrated=options.include_unrated,
        filter=filter_.words if filter_ else "",
        figures=_draw(numbers, staging),
        others=options.formats,
        credits=credits,
        difference=difference,
        scores=options.scores,
        own_guidelines=guidelines is not None,
        guidelines_since=changed[1] if changed else None,
        rated_before_them=rated_before,
    )
    return describe(Snapshot(staging, numbers, facts, ""), place)


def describe(snapshot: Snapshot, place: Place) -> Snapshot:
    """Write the card of a snapshot, and how it is cited; what was written before is replaced."""
    difference = snapshot.facts.difference
    if difference is None or difference.is_empty:
        # What is published again, unchanged, tells what it told before.
        difference = place.told
    facts = replace(
        snapshot.facts,
        public_address=place.public_address,
        version=place.version,
        repository=place.repository,
    )
    text = card.render(card.template(), snapshot.numbers, replace(facts, difference=difference))
    title = " ".join(facts.sprint.title.split())
    made = datetime.fromtimestamp(facts.made_at / 1000, UTC).date()
    for name, content in (
        (folder.CARD, text),
        (citation.CITATION, citation.cff(title, made, place.version, place.public_address)),
    ):
        (snapshot.folder / name).write_text(content, "utf-8", newline="\n")
    return Snapshot(snapshot.folder, snapshot.numbers, facts, text)


def _begin(connection: Connection, material: Material) -> Numbers:
    return Numbers(
        joined=contributors.count(connection) - int(material.elsewhere.sum()),
        erased=exports.erased(connection),
        removed=material.removed,
        excluded=exports.excluded(connection),
        by_person=np.zeros(len(material.pseudonyms), np.int64),
        elsewhere=material.elsewhere,
    )


def _compared(place: Place) -> Difference | None:
    return Difference(place.since) if place.earlier else None


def _write(
    connection: Connection,
    material: Material,
    files: Files,
    numbers: Numbers,
    difference: Difference | None,
    earlier: Path | None,
    scores: Scores | None,
) -> None:
    standing = partial(material.standing, connection)
    before = None
    if difference is not None:
        before = Earlier(earlier)
    try:
        for shelf in range(material.shelves):
            taken = material.take(shelf)
            part = part_of(*taken, material.pseudonyms, material.elsewhere, standing)
            if scores is not None:
                part = scores.beside(part)
            files.write(part, numbers)
            if difference is not None:
                difference.count(part, before.before(material.bound(shelf)))
            material.advance(sum(table.num_rows for table in taken))
            pa.default_memory_pool().release_unused()
    finally:
        if before is not None:
            before.close()


def _credits(connection: Connection) -> list[dict[str, str | None]]:
    """Who wants to be named, as they want to be seen, in an order that says nothing about what they did."""
    named = []
    for one in exports.credits(connection):
        if one.visibility == "nickname":
            named.append({"name": one.nickname, "username": None, "profile": None})
        else:
            named.append({"name": one.name, "username": one.username, "profile": one.profile or None})
    return sorted(named, key=lambda one: (one["name"].casefold(), one["username"] or ""))


def _draw(numbers: Numbers, staging: Path) -> list[Figure]:
    """Draw every figure of which there is something to draw; returns those."""
    drawn = []
    for figure in FIGURES:
        svg = figure.svg(numbers)
        if svg is not None:
            path = staging / figure.path
            path.parent.mkdir(exist_ok=True)
            path.write_text(svg, "utf-8", newline="\n")
            drawn.append(figure)
    return drawn
