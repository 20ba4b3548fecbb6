"""What a place holds, as its file names and the manifests of its bases tell."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from components.backup.place import Place
from components.backup.segments import EVENTS, Head, Segment, segment_named
from components.errors import DamagedBackup, PlaceUnreachable
from components.store.transfers import TABLES

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
# Files are removed every few minutes at most, and looking takes less.
MOST_LOOKS = 5
BASES, VIEWS = "base", "views"


@dataclass(frozen=True)
class Base:
    """A whole sprint as it stood at one moment.

    Attributes:
        vector: Up to which number it holds each writer's events.
        absorbed: Up to which number it holds those of other sprints' writers under numbers of its own.
        files: Of each its name, sha256 and rows.
    """

    base_id: str
    made_at: int
    vector: Mapping[str, int]
    absorbed: Mapping[str, int]
    files: tuple[Mapping, ...]

    @property
    def manifest(self) -> str:
        """Where it says what it holds; without it, there is no base."""
        return f"{BASES}/{self.base_id}/{MANIFEST}"

    @property
    def reach(self) -> dict[str, int]:
        """Up to which number each writer's events are in it, under whatever number."""
        return greater(self.vector, self.absorbed)

    def document(self) -> bytes:
        """What its manifest says."""
        return orjson.dumps(
            {
                "vector": self.vector,
                "absorbed": self.absorbed,
                "files": self.files,
                "made_at": self.made_at,
            }
        )


@dataclass
class Inventory:
    """What a place holds.

    Attributes:
        bases: Those that are whole, the oldest first.
        segments: In order.
        views: Files of the last views, the oldest first.
        unfinished: Parts of bases that have no manifest, or miss a file that others stand for, by the base's id.
        lacking: Names of files that bases consist of and that are not there.
    """

    bases: list[Base] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    unfinished: dict[str, list[str]] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is no sprint in it."""
        return not (self.bases or self.segments)

    @property
    def names(self) -> frozenset[str]:
        """The names of its segments."""
        return frozenset(segment.name for segment in self.segments)

    @property
    def everything(self) -> frozenset[str]:
        """The names of its segments and of all that its bases consist of."""
        of_bases = (
            name for base in self.bases for name in (base.manifest, *(file["name"] for file in base.files))
        )
        return self.names.union(of_bases)

    @property
    def of_events(self) -> list[Segment]:
        """Its segments of events, in order."""
        return [segment for segment in self.segments if segment.table == EVENTS]

    @property
    def reach(self) -> dict[str, int]:
        """Up to which number everything of each writer is there."""
        reach: dict[str, int] = {}
        for base in self.bases:
            reach = greater(reach, base.reach)
        return self._followed(reach)

    @property
    def own_reach(self) -> dict[str, int]:
        """The same, counting only what is there under the writer's own numbers."""
        reach: dict[str, int] = {}
        for base in self.bases:
            reach = greater(reach, base.vector)
        return self._followed(reach)

    def add(self, names: Iterable[str]) -> None:
        """Note files that were written since."""
        for name in names:
            segment = segment_named(name)
            if segment:
                self.segments.append(segment)
            elif name.startswith(f"{VIEWS}/"):
                self.views.append(name)
        self.segments.sort()
        self.views.sort()

    def is_of(self, vector: Mapping[str, int]) -> bool:
        """Whether the sprint in it, if any, is one that has a writer of this vector."""
        writers = {segment.writer for segment in self.segments}.union(*(base.reach for base in self.bases))
        return self.is_empty or not writers.isdisjoint(vector)

    def lost_since(self, before: "Inventory") -> int:
        """How many files are gone that were there before, though no base stands for them, or are missing in a base."""
        names = self.names
        covered: dict[str, int] = {}
        for base in self.bases:
            covered = greater(covered, base.reach)
        segments = sum(
            segment.last > covered.get(segment.writer, 0)
            for segment in before.segments
            if segment.name not in names
        )
        bases = sum(len(base.files) for base in before.bases if not covers(covered, base.reach))
        return segments + bases + len(self.lacking)

    def needed(self) -> list[Segment]:
        """The segments that say more than the bases do."""
        covered: dict[str, int] = {}
        for base in self.bases:
            covered = greater(covered, base.vector)
        return [segment for segment in self.segments if segment.last > covered.get(segment.writer, 0)]

    def check(self) -> None:
        """See to it that nothing is missing in between.

        Raises:
            DamagedBackup: A file of a base is gone, or a segment that others follow.
        """
        for name in self.lacking:
            raise DamagedBackup(f"The backup lacks {name}: put the missing files back.")
        # Whatever a segment is of, it was written when all before it had been confirmed.
        self.check_known(({segment.writer: segment.first - 1}, segment.name) for segment in self.segments)

    def check_known(self, told: Iterable[tuple[Mapping[str, int], str]]) -> None:
        """See to it that events are there of which files tell.

        Args:
            told: Up to which number the place had confirmed those of writers, and the name of who says so.

        Raises:
            DamagedBackup: Some are not.
        """
        reaches = self.reach
        for known, name in told:
            for writer, number in known.items():
                reach = reaches.get(writer, 0)
                if reach < number:
                    raise DamagedBackup(
                        f"The backup lacks the events {reach + 1} to {number} of writer {writer}, "
                        f"of which {name} tells: put the missing files back."
                    )

    def check_beside(self, heads: Iterable[Head]) -> None:
        """See to it that all is there which segments of events name.

        Raises:
            DamagedBackup: A segment is gone.
        """
        there, of_events = self.names, self.of_events
        for head in heads:
            segment = segment_named(head.name)
            # What was missed once and written again, with more, stands for what it lacks.
            if any(_holds_more(other, segment) for other in of_events):
                continue
            for table in head.beside:
                name = segment._replace(table=table).name
                if name not in there:
                    raise DamagedBackup(f"The backup lacks {name}: put the missing files back.")

    def _followed(self, reach: dict[str, int]) -> dict[str, int]:
        absorbed: dict[str, int] = {}
        for base in self.bases:
            absorbed = greater(absorbed, base.absorbed)
        for segment in self.of_events:
            so_far = reach.get(segment.writer, 0)
            # What is absorbed is about to be removed, and half of it may be gone.
            if segment.first <= so_far + 1 and segment.last > absorbed.get(segment.writer, 0):
                reach[segment.writer] = max(so_far, segment.last)
        return reach


def _holds_more(one: Segment, other: Segment) -> bool:
    return one != other and one.writer == other.writer and one.first <= other.first and one.last >= other.last


def inventory_of(place: Place) -> Inventory:
    """Look what a place holds.

    Raises:
        PlaceUnreachable: It could not be looked at now.
        PlaceRefused: It cannot be looked at until somebody does something.
        DamagedBackup: A file of it is none of ours, though it lies where ours lie.
    """
    found = Inventory()
    parts: dict[str, list[str]] = {}
    names = _names(place)
    found.add(names)
    for name in sorted(names):
        top, _, rest = name.partition("/")
        if segment_named(name) or top == VIEWS:
            continue
        if top == BASES and rest.count("/") == 1:
            parts.setdefault(rest.partition("/")[0], []).append(name)
        elif top in TABLES or top == BASES:
            raise DamagedBackup(f"{name} is no file of a backup: take it away from there.")
        else:
            log.info("%s in %s is not ours and stays.", name, place.title)
    for base_id, names in parts.items():
        manifest = f"{BASES}/{base_id}/{MANIFEST}"
        if manifest in names:
            found.bases.append(_base(base_id, manifest, place.read(manifest)))
        else:
            found.unfinished[base_id] = names
    for base in tuple(found.bases):
        lacking = sorted({file["name"] for file in base.files} - set(parts[base.base_id]))
        others = [other for other in found.bases if other is not base]
        if lacking and any(covers(other.reach, base.reach) for other in others):
            found.bases, found.unfinished[base.base_id] = others, parts[base.base_id]
        else:
            found.lacking += lacking
    return found


def _names(place: Place) -> list[str]:
    """Files that belong together, though looking takes a while in which another server may write and remove.

    What it adds meanwhile is left out if it is events, whose prompts may have been missed. Where something
    vanished, the base that holds it now may have been missed: that is looked at again.
    """
    before = set(place.names())
    for _ in range(MOST_LOOKS):
        names = place.names()
        late = set(names) - before
        if before <= set(names):
            return [name for name in names if not (name in late and name.startswith(f"{EVENTS}/"))]
        before = set(names)
    raise PlaceUnreachable(f"Others keep changing what is in {place.title}; it is looked at again later.")


def greater(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """The greater number of each writer."""
    return {writer: max(one.get(writer, 0), other.get(writer, 0)) for writer in (*one, *other)}


def covers(reach: Mapping[str, int], vector: Mapping[str, int]) -> bool:
    """Whether the first holds all that the second does."""
    return all(reach.get(writer, 0) >= number for writer, number in vector.items())


def _base(base_id: str, manifest: str, content: bytes) -> Base:
    try:
        said = orjson.loads(content)
        return Base(base_id, said["made_at"], said["vector"], said.get("absorbed", {}), tuple(said["files"]))
    except (ValueError, KeyError, TypeError):
        raise DamagedBackup(f"{manifest} is damaged: put a good copy of it in its place.") from None
