"""Who stands where: contributors by their points, or by their ratings where there are no points."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from components.account.visibility import Face
from components.folding import folded
from components.points import points
from components.store.standings import Rater

NEIGHBOURS = 2
# If more than one in so many changed, it is quicker to sort everybody.
ONE_MOVED_IN = 8


class Counts(NamedTuple):
    """What somebody did in a period, or several people together."""

    ratings: int = 0
    completed: int = 0
    thin: int = 0

    @property
    def points(self) -> int:
        """By the public formula."""
        return points(*self)

    def with_(self, other: "Counts", times: int = 1) -> "Counts":
        """These and others, or without them (-1)."""
        return Counts(
            self.ratings + times * other.ratings,
            self.completed + times * other.completed,
            self.thin + times * other.thin,
        )


NOTHING = Counts()


def counts_of(rater: Rater, first: int, last: int) -> Counts:
    """What somebody did from a day to another, both in UTC since the epoch and included."""
    if last < rater.days[0].utc_day:
        return NOTHING
    if first <= rater.days[0].utc_day:
        ratings, completed, thin = rater.ratings, rater.completed, rater.thin
        for day in reversed(rater.days):
            if day.utc_day <= last:
                break
            ratings, completed, thin = ratings - day.ratings, completed - day.completed, thin - day.thin
        return Counts(ratings, completed, thin)
    ratings = completed = thin = 0
    for day in reversed(rater.days):
        if day.utc_day < first:
            break
        if day.utc_day <= last:
            ratings, completed, thin = ratings + day.ratings, completed + day.completed, thin + day.thin
    return Counts(ratings, completed, thin)


class Entry(NamedTuple):
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


ORDER = attrgetter("order")


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
        total: What everybody did together.
        teams: For each team as somebody spells it, what its people did, and how many they are.
    """

    first: int
    last: int
    by_points: bool
    entries: list[Entry]
    values: list[int]
    before: list[int]
    everybody: Mapping[str, Entry]
    total: Counts
    teams: Mapping[str, tuple[Counts, int]]

    def rank(self, entry: Entry) -> int:
        """From 1; equal values share a rank, and the next is left free. Whoever is hidden takes none from others."""
        return bisect_left(self.values, -entry.value) + 1

    def moved(self, entry: Entry) -> int | None:
        """How many ranks somebody has risen in a day, or sunk if less than 0; None if they had none."""
        return bisect_left(self.before, -entry.before) + 1 - self.rank(entry) if entry.before else None

    def around(self, entry: Entry) -> list[Entry]:
        """Somebody who is listed, between those next to them."""
        place = bisect_left(self.entries, entry.order, key=ORDER)
        return self.entries[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]

    def containing(self, words: str) -> list[Entry]:
        """Those whose name or team has these words in it, in whatever case, with or without accents."""
        wanted = folded(words)
        return [entry for entry in self.entries if wanted in _found_by(entry)]


class Standing:
    """Keeps the standings of one period from moment to moment: only those who changed are counted again."""

    def __init__(self, face: Callable[[Rater], Face | None]) -> None:
        """Begin with nobody.

        Args:
            face: What others see of somebody.
        """
        self._face = face
        self._raters: Mapping[str, Rater] = {}
        self._latest: Standings | None = None
        self._days = (0, 0, 0, 0)

    @property
    def raters(self) -> Mapping[str, Rater]:
        """Who was there when the standings were renewed last."""
        return self._raters

    def renewed(
        self,
        raters: Mapping[str, Rater],
        changed: Mapping[str, Rater | None],
        days: tuple[int, int],
        days_before: tuple[int, int],
        by_points: bool,
    ) -> Standings:
        """The standings as they are now.

        Args:
            raters: Everybody who ever rated.
            changed: Who is another one than in `raters` of the last time, or None for who is gone.
            days, days_before: First and last day of the period, and of the same a day ago.
        """
        latest = self._latest
        if latest is None or self._days != (*days, *days_before) or latest.by_points != by_points:
            self._days, changed = (*days, *days_before), raters
            latest = Standings(*days, by_points, [], [], [], {}, NOTHING, {})
        if changed:
            latest = self._changed(latest, changed)
        self._raters, self._latest = raters, latest
        return latest

    def _changed(self, latest: Standings, changed: Mapping[str, Rater | None]) -> Standings:
        everybody, teams, total = dict(latest.everybody), dict(latest.teams), latest.total
        gone, come = [], []
        for who, rater in changed.items():
            old = everybody.pop(who, None)
            if old is not None:
                gone.append(old)
            new = self._entry(rater, latest.by_points) if rater is not None else None
            if new is not None and new.counts.ratings:
                everybody[who] = new
                come.append(new)
        for some, times in ((gone, -1), (come, 1)):
            total = total.with_(_together(some), times)
            for entry in some:
                if team := entry.rater.team:
                    counts, people = teams.get(team, (NOTHING, 0))
                    teams[team] = counts.with_(entry.counts, times), people + times
        entries, before = list(latest.entries), list(latest.before)
        if len(changed) * ONE_MOVED_IN > len(everybody):
            entries = sorted((entry for entry in everybody.values() if entry.face), key=ORDER)
            before = sorted(-entry.before for entry in entries if entry.before)
        else:
            _move(entries, before, gone, come)
        return Standings(
            latest.first,
            latest.last,
            latest.by_points,
            entries,
            [-entry.value for entry in entries],
            before,
            everybody,
            total,
            {team: one for team, one in teams.items() if one[1]},
        )

    def _entry(self, rater: Rater, by_points: bool) -> Entry:
        first, last, first_before, last_before = self._days
        counts, before = counts_of(rater, first, last), counts_of(rater, first_before, last_before)
        value, value_before = (
            (points(*counts), points(*before)) if by_points else (counts.ratings, before.ratings)
        )
        face = self._face(rater)
        name = face.name.casefold() if face else ""
        order = (-value, -counts.ratings, name, rater.contributor_id)
        return Entry(rater, face, counts, value, value_before, order)


def changes(before: Mapping[str, Rater], after: Mapping[str, Rater]) -> dict[str, Rater | None]:
    """Who is another one after, or None for who is gone."""
    found: dict[str, Rater | None] = {
        who: rater for who, rater in after.items() if before.get(who) is not rater
    }
    return found | dict.fromkeys(before.keys() - after.keys())


def _together(entries: Iterable[Entry]) -> Counts:
    """What these did in all."""
    return Counts(*map(sum, zip(NOTHING, *(entry.counts for entry in entries), strict=True)))


def _move(entries: list[Entry], before: list[int], gone: list[Entry], come: list[Entry]) -> None:
    """Take those who are gone out of lists that are in order, and put those in who come."""
    for entry in gone:
        if entry.face:
            del entries[bisect_left(entries, entry.order, key=ORDER)]
            if entry.before:
                del before[bisect_left(before, -entry.before)]
    for entry in come:
        if entry.face:
            insort(entries, entry, key=ORDER)
            if entry.before:
                insort(before, -entry.before)


def _found_by(entry: Entry) -> str:
    return folded(f"{entry.face.name}\n{entry.face.username}\n{entry.rater.team}")
