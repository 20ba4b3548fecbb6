"""Publishing: the dataset as it is now, put onto the Hub as one commit and one tag, or not at all."""

import random
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from components.errors import BadSetting, PlaceRefused, PlaceUnreachable
from components.snapshots import folder
from components.snapshots.configurations import EVENTS
from components.snapshots.difference import Difference, Earlier
from components.snapshots.hub import Moved, Repository, Standing, lost
from components.snapshots.options import Options
from components.snapshots.reading import OnProgress
from components.snapshots.snapshot import Place, Snapshot, describe, fill
from components.store import publications
from components.store.store import Store

# Others that commit in between, and storms, let a commit fail; so often it is made again.
ATTEMPTS = 6
PAUSE_S = 0.3
TAGS = ("number", "date")
NOT_OURS = (".gitattributes",)


@dataclass(frozen=True)
class Target:
    """Where a snapshot goes, and how.

    Attributes:
        to: ORG/NAME.
        private: None leaves it as it is; a new one is then private.
        tags: One of `TAGS`: v1, v2, ... or the date.
    """

    to: str
    private: bool | None = None
    tags: str = "number"
    options: Options = Options()


@dataclass(frozen=True)
class Change:
    """What a push does to a repository, or would do.

    Attributes:
        version: The tag; of a push that changes nothing, the one that is there.
        private: Whether only some see it now; a new one, as it was or would be made.
        added, removed: Files that are new or have another content, with their bytes; files that go.
        becomes: "private" or "public" if that changes.
        url: Where the result is; empty as long as it was not pushed.
    """

    to: str
    version: str
    is_new: bool
    private: bool
    added: dict[str, int]
    removed: tuple[str, ...]
    unchanged: int
    becomes: str
    snapshot: Snapshot
    url: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything is there already."""
        return not self.added and not self.removed and not self.becomes

    def __str__(self) -> str:
        if self.is_empty:
            return f"Nothing has changed since {self.version or 'the last push'} of {self.to}; nothing is pushed."
        made, snapshot = bool(self.url), self.snapshot
        size = sum(self.added.values()) / 1e6
        lines = [
            f"{self.to} {'is' if made else 'would be'} {self.version}: prompts {snapshot.prompts:,}, "
            f"ratings {snapshot.ratings:,}, contributors {snapshot.contributors:,}."
        ]
        if self.is_new:
            shown = "private" if self.private else "public"
            before = "It did not exist before, and is" if made else "It does not exist yet, and would be made"
            lines.append(f"{before} {shown}.")
        if self.becomes:
            lines.append(f"It {'was made' if made else 'would become'} {self.becomes}.")
        lines.append(
            f"Files written {len(self.added)} ({size:.1f} MB), removed {len(self.removed)}, unchanged {self.unchanged}."
        )
        if snapshot.difference is not None:
            told = asdict(snapshot.difference)
            for words, name in CHANGES:
                lines.append(f"{words}: {told[name]:,}")
        if made:
            lines.append(self.url)
        return "\n".join(lines)


CHANGES = (
    ("Prompts added", "prompts_added"),
    ("Prompts no longer there", "prompts_removed"),
    ("Ratings added", "ratings_added"),
    ("Ratings changed", "ratings_changed"),
    ("Ratings taken back", "ratings_taken_back"),
    ("Ratings gone with their prompts", "ratings_removed"),
    ("Means that moved by 0.5 or more", "means_moved"),
)


def target(
    to: str, private: bool | None = None, tags: str = "number", options: Options | None = None
) -> Target:
    """A target that can be used.

    Raises:
        BadSetting: One of its words cannot.
    """
    if tags not in TAGS:
        raise BadSetting(f"A version is named by {' or '.join(TAGS)}, not by {tags!r}.")
    return Target(to.strip(), private, tags, options or Options())


def preview(
    store: Store,
    repository: Repository,
    wanted: Target,
    public_address: str = "",
    on_progress: OnProgress | None = None,
) -> Change:
    """What a push would do; nothing is changed, neither there nor here.

    Raises:
        PlaceRefused: It cannot be pushed there until somebody does something.
        PlaceUnreachable: The Hub does not answer, or not now.
    """
    # Somebody else's private dataset looks like none; what a push could not write is not previewed.
    repository.owner()
    with TemporaryDirectory(prefix="prompt-sprint-") as scratch:
        staged = _Staged(store, repository, wanted, public_address, Path(scratch), on_progress)
        standing = repository.standing()
        _check(repository, standing)
        return staged.change(standing)


def publish(
    store: Store,
    repository: Repository,
    wanted: Target,
    contributor: str,
    public_address: str = "",
    on_progress: OnProgress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Change:
    """Push the dataset as it is now: everything in one commit that nobody sees half of, then its tag.

    Args:
        contributor: Who does it, for the log.

    Raises:
        PlaceRefused: It cannot be pushed there until somebody does something.
        PlaceUnreachable: The Hub does not answer, or others commit again and again.
    """
    is_new = False
    failed: Exception | None = None
    with TemporaryDirectory(prefix="prompt-sprint-") as scratch:
        staged = _Staged(store, repository, wanted, public_address, Path(scratch), on_progress)
        for attempt in range(ATTEMPTS):
            sleep(random.uniform(0.5, 1) * PAUSE_S * (2**attempt - 1))
            try:
                standing = repository.standing()
                _check(repository, standing)
                if standing is None:
                    # What fails here, or is cancelled, leaves no empty dataset behind.
                    staged.change(None)
                    repository.make(wanted.private is not False)
                    is_new, standing = True, repository.standing()
                    if standing is None:
                        raise PlaceRefused(
                            f"There is a dataset {wanted.to} already that HF_TOKEN may not see: name another one, or set "
                            "the token of somebody who may."
                        )
                change = staged.change(standing)
                commit = standing.head
                if change.becomes == "private":
                    # Before anything new is there for everybody to see.
                    repository.show_to(True)
                if change.added or change.removed:
                    files = {path: staged.folder / path for path in change.added}
                    message = f"Snapshot {change.version}"
                    staged.was_sent = True
                    commit = repository.commit(standing.head, files, change.removed, message)
                elif not staged.was_sent:
                    return _shown(repository, wanted, change)
            except Moved as error:
                failed, staged.was_sent = error.sentence, error.may_be_done
                continue
            except PlaceUnreachable as error:
                if not (lost(error) or error.retry_after_s is not None):
                    raise
                failed = error
                continue
            return _finish(store, repository, wanted, contributor, staged.sent(change, is_new), commit, sleep)
    raise failed


class _Staged:
    """A snapshot on this disk, compared with what a repository has.

    Attributes:
        folder: Where it is.
        was_sent: Whether a commit was tried that may have come through.
    """

    def __init__(
        self,
        store: Store,
        repository: Repository,
        wanted: Target,
        public_address: str,
        scratch: Path,
        on_progress: OnProgress | None,
    ) -> None:
        self.folder = scratch / "snapshot"
        self.was_sent = False
        self._store = store
        self._repository = repository
        self._wanted = wanted
        self._public_address = public_address
        self._scratch = scratch
        self._on_progress = on_progress
        self._made: Snapshot | None = None
        self._first: Change | None = None
        self._compared_with: str | None = None

    def change(self, standing: Standing | None) -> Change:
        """What is left to do at a commit; the snapshot is made when it is first needed."""
        there = standing.files.get(EVENTS.path) if standing else None
        compared_with = there.blob_id if there else ""
        if self._made is None or (compared_with != self._compared_with and not self.was_sent):
            self._fill(standing)
            self._compared_with = compared_with
        change = self._differs(standing, self._made.version)
        self._first = self._first or change
        return change

    def sent(self, change: Change, is_new: bool) -> Change:
        """The change that was made, also if its answer was lost and it is there now."""
        told = self._first if self.was_sent and not (change.added or change.removed) else change
        return replace(told, is_new=is_new)

    def _fill(self, standing: Standing | None) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        with self._store.reading() as connection:
            last = publications.latest_to(connection, self._wanted.to)
        known = last.told["version"] if last and standing and last.told["version"] in standing.tags else ""
        place = Place(
            self._public_address,
            self._wanted.to,
            known or self._next(standing),
            known or "the snapshot before",
            self._earlier(standing),
            _told(last.told["difference"]) if known else None,
        )
        self._made = fill(self._store, self.folder, self._wanted.options, place, self._on_progress)
        if known and self._news(standing):
            place = replace(place, version=self._next(standing), told=None)
            self._made = describe(self._made, place)

    def _next(self, standing: Standing | None) -> str:
        if self._wanted.tags == "number":
            return f"v{standing.next_number if standing else 1}"
        today = f"{datetime.fromtimestamp(self._store.clock() / 1000, UTC):%Y-%m-%d}"
        taken = standing.tags if standing else ()
        return next(name for name in _of_day(today) if name not in taken)

    def _earlier(self, standing: Standing | None) -> Path | None:
        """The events of the snapshot that is there, if it can be read."""
        if standing is None or EVENTS.path not in standing.files:
            return None
        path = self._repository.download(EVENTS.path, standing.head, self._scratch / "earlier")
        try:
            Earlier(path).close()
        except (pa.ArrowInvalid, KeyError):
            return None
        return path

    def _news(self, standing: Standing) -> bool:
        """Whether anything is other than it was in the last version."""
        change = self._differs(standing, "")
        return bool(change.added or change.removed)

    def _differs(self, standing: Standing | None, version: str) -> Change:
        files = {
            path.relative_to(self.folder).as_posix(): path
            for path in self.folder.rglob("*")
            if path.is_file()
        }
        added = {
            name: path.stat().st_size
            for name, path in sorted(files.items())
            if standing is None or not standing.holds(name, path)
        }
        there = standing.files if standing else {}
        private = standing.private if standing else self._wanted.private is not False
        wanted = self._wanted.private
        return Change(
            to=self._wanted.to,
            version=version,
            is_new=standing is None,
            private=private,
            added=added,
            removed=tuple(sorted(name for name in folder.OWN & there.keys() if name not in files)),
            unchanged=len(files) - len(added),
            becomes="" if wanted in (None, private) else "private" if wanted else "public",
            snapshot=self._made,
        )


def _check(repository: Repository, standing: Standing | None) -> None:
    """Make sure that a snapshot may go there: missing, empty, or an earlier snapshot.

    Raises:
        PlaceRefused: It holds something else.
    """
    if standing is None:
        return
    strangers = sorted(standing.files.keys() - set(NOT_OURS))
    if not strangers:
        return
    if folder.CARD not in standing.files or folder.MARK not in repository.text(folder.CARD, standing.head):
        raise PlaceRefused(
            f"The dataset {repository.name} holds something that is no snapshot of a sprint ({strangers[0]}); "
            "name another one, or empty it first."
        )


def _shown(repository: Repository, wanted: Target, change: Change) -> Change:
    """Show it to whom it is meant for, where nothing else is to do."""
    if change.becomes:
        repository.show_to(wanted.private)
        return replace(change, url=repository.address)
    return change


def _finish(
    store: Store,
    repository: Repository,
    wanted: Target,
    contributor: str,
    change: Change,
    commit: str,
    sleep: Callable[[float], None],
) -> Change:
    """Name the commit, and note in the log that it was made."""
    url = f"{repository.address}/tree/{change.version}"
    difference = change.snapshot.difference
    told = {
        "to": wanted.to,
        "version": change.version,
        "revision": commit,
        "url": url,
        "prompts": change.snapshot.prompts,
        "ratings": change.snapshot.ratings,
        "difference": asdict(difference) if difference else None,
    }
    try:
        _again(lambda: repository.tag(change.version, commit), sleep)
        if change.becomes:
            _again(lambda: repository.show_to(wanted.private), sleep)
    finally:
        # It is there for everybody to see, even if its name is not.
        store.write(lambda transaction: publications.add(transaction, contributor, told))
    return replace(change, url=url)


def _again(ask: Callable[[], None], sleep: Callable[[float], None]) -> None:
    """Ask for something that does no harm when it is done twice, until it is done."""
    for attempt in range(ATTEMPTS):
        try:
            return ask()
        except PlaceUnreachable:
            if attempt + 1 == ATTEMPTS:
                raise
            sleep(random.uniform(0.5, 1) * PAUSE_S * 2**attempt)
    return None


def _of_day(today: str):  # noqa: ANN202
    yield today
    yield from (f"{today}.{number}" for number in range(2, 10_000))


def _told(difference: dict | None) -> Difference | None:
    return Difference(**difference) if difference else None
