"""Who stands where: contributors by their points, or by their ratings where there are no points."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from components.account.visibility import Face, face_of
from components.points import points
from components.store.standings import Rater

NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Counts:
    """What somebody did in a period, or several people together."""

    ratings: int = 0
    completed: int = 0
    thin: int = 0

    @property
    def points(self) -> int:
        """By the public formula."""
        return points(self.ratings, self.completed, self.thin)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.ratings + other.ratings, self.completed + other.completed, self.thin + other.thin)


NOTHING = Counts()


def counts_of(rater: Rater, first: int, last: int) -> Counts:
    """What somebody did from a day to another, both in UTC since the epoch and included."""
    ratings = completed = thin = 0
    for day in rater.days:
        if first <= day.utc_day <= last:
            ratings += day.ratings
            completed += day.completed
            thin += day.thin
    return Counts(ratings, completed, thin)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody with their place in standings.

    Attributes:
        face: None for somebody who is hidden: counted, and in nobody's way.
        value: What the standings go by.
        before: The same, as it stood a day ago.
        order: Least for whoever stands first.
    """

    rater: Rater
    face: Face | None
    counts: Counts
    value: int
    before: int
    order: tuple


@dataclass(frozen=True)
class Standings:
    """The standings of one period at one moment; nothing in it changes any more.

    Attributes:
        first, last: Days of the period, in UTC since the epoch.
        by_points: Whether they go by points.
        entries: Those who are listed, the first foremost.
        values: Theirs, with a minus, so that they ascend.
        before: What the same people had a day ago, likewise; without those who had nothing.
        everybody: Who did something in the period, hidden or not, by contributor_id.
    """

    first: int
    last: int
    by_points: bool
    entries: list[Entry]
    values: list[int]
    before: list[int]
    everybody: Mapping[str, Entry]

    def total(self) -> Counts:
        """What everybody did together."""
        counts = [entry.counts for entry in self.everybody.values()]
        return Counts(*(sum(map(attrgetter(name), counts)) for name in ("ratings", "completed", "thin")))

    def rank(self, entry: Entry) -> int:
        """From 1; equal values share a rank, and the next is left free. Whoever is hidden takes none from others."""
        return bisect_left(self.values, -entry.value) + 1

    def moved(self, entry: Entry) -> int | None:
        """How many ranks somebody has risen in a day, or sunk if less than 0; None if they had none."""
        return bisect_left(self.before, -entry.before) + 1 - self.rank(entry) if entry.before else None

    def around(self, entry: Entry) -> list[Entry]:
        """Somebody who is listed, between those next to them."""
        place = bisect_left(self.entries, entry.order, key=attrgetter("order"))
        return self.entries[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]

    def containing(self, words: str) -> list[Entry]:
        """Those whose name or team has these words in it, in whatever case."""
        wanted = words.casefold()
        return [entry for entry in self.entries if wanted in _found_by(entry)]


class Standing:
    """Keeps the standings of one period from moment to moment: only those who changed are counted again."""

    def __init__(self) -> None:
        self._days = (0, 0, 0, 0)
        self._by_points = True
        self._known: dict[str, Entry] = {}
        self._listed: list[Entry] = []

    def renewed(
        self,
        raters: Mapping[str, Rater],
        days: tuple[int, int],
        days_before: tuple[int, int],
        by_points: bool,
    ) -> Standings:
        """The standings as they are now.

        Args:
            raters: Everybody who ever rated; whoever did nothing since is the same object.
            days, days_before: First and last day of the period, and of the same a day ago.
        """
        if (self._days, self._by_points) != ((*days, *days_before), by_points):
            self._days, self._by_points, self._known = (*days, *days_before), by_points, {}
        known, entries, changed = self._known, {}, []
        for who, rater in raters.items():
            entry = known.get(who)
            if entry is None or entry.rater is not rater:
                entry = self._entry(rater)
                changed.append(entry)
            entries[who] = entry
        present = map(entries.get, map(attrgetter("rater.contributor_id"), self._listed))
        # Nearly in order already, which sorting makes good use of.
        kept = [old for old, new in zip(self._listed, present, strict=True) if old is new]
        kept += [entry for entry in changed if entry.face is not None and entry.counts.ratings]
        kept.sort(key=attrgetter("order"))
        self._known, self._listed = entries, kept
        return Standings(
            *days,
            by_points,
            kept,
            [-entry.value for entry in kept],
            sorted(-entry.before for entry in kept if entry.before),
            {who: entry for who, entry in entries.items() if entry.counts.ratings},
        )

    def _entry(self, rater: Rater) -> Entry:
        counts = counts_of(rater, *self._days[:2])
        before = counts_of(rater, *self._days[2:])
        value = counts.points if self._by_points else counts.ratings
        face = face_of(rater.contributor_id, rater, rater.visibility, rater.nickname)
        name = face.name.casefold() if face else ""
        return Entry(
            rater,
            face,
            counts,
            value,
            before.points if self._by_points else before.ratings,
            (-value, -counts.ratings, name, rater.contributor_id),
        )


def _found_by(entry: Entry) -> str:
    return f"{entry.face.name}\n{entry.face.username}\n{entry.rater.team}".casefold()
