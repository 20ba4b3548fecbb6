"""The leaderboards of every period: kept while the page is renewed, and read by whoever asks for a part of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from operator import attrgetter

from components.account.progress import streak
from components.account.visibility import Face, face_of
from components.leaderboard.periods import PERIODS, Period
from components.leaderboard.standings import Entry, Standing, Standings, changes
from components.leaderboard.teams import teams_of, totals
from components.live.moment import Moment
from components.live.raters import Raters
from components.records import DAY_MS, Sprint
from components.store import sprints
from components.store.standings import Rater
from components.store.tallies import EPOCH, utc_day

# More is asked for by the page, a part at a time.
MOST_ROWS = 50
# What others see of somebody is made of these, and of who it is.
SEEN = attrgetter("username", "name", "picture", "profile", "visibility", "nickname")


@dataclass(frozen=True)
class Board:
    """One leaderboard at one moment, as everybody may see it; nothing in it changes any more.

    Attributes:
        now: Which moment it is, in epoch milliseconds.
    """

    sprint: Sprint
    now: int
    standings: Standings
    has_avatar: Callable[[str], bool]

    def document(self) -> dict:
        """The view: totals, and the first of those who are listed. Without a ranking the totals are all there is."""
        shown = self.sprint.ranking
        return self.heading() | {
            "rows": [self.row(entry) for entry in self.listed[:MOST_ROWS]],
            "teams": teams_of(self.standings) if shown and self.sprint.teams else [],
        }

    def heading(self) -> dict:
        """What stands above the rows: which days, which switches, and the totals, which no switch changes."""
        standings = self.standings
        return {
            "first_day": _day(standings.first),
            "last_day": _day(standings.last),
            "state": self.sprint.state_at(self.now),
            "ranking": self.sprint.ranking,
            "points": self.sprint.points,
            "teams_on": self.sprint.teams,
            "people": len(standings.everybody),
            "listed": len(self.listed),
            "total": totals(standings.total, self.sprint.points),
        }

    @property
    def listed(self) -> list[Entry]:
        """Those who stand on it; nobody if there is no ranking."""
        return self.standings.entries if self.sprint.ranking else []

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """The same by the key of what is seen of them."""
        return {entry.face.key: entry for entry in self.listed}

    def containing(self, words: str) -> list[Entry]:
        """Those who stand on it, whose name or team has these words in it."""
        return self.standings.containing(words) if self.sprint.ranking else []

    def row(self, entry: Entry) -> dict:
        """Somebody who is listed."""
        face = entry.face
        told = {
            "rank": self.standings.rank(entry),
            "moved": self.standings.moved(entry),
            "key": face.key,
            "name": face.name,
            "profile": face.profile,
            "avatar": self.has_avatar(face.picture),
        }
        if self.sprint.teams:
            told["team"] = entry.rater.team
        return told | totals(entry.counts, self.sprint.points) | self.days(entry)

    def days(self, entry: Entry) -> dict[str, int]:
        """On how many days of the period somebody rated, and how many days in a row up to now."""
        first, last = self.standings.first, self.standings.last
        days = {day.day: day.ratings for day in entry.rater.days}
        # Where it is earliest, yesterday goes on; whose own date is ahead of UTC has shown it.
        today = max(utc_day(self.now - DAY_MS), max(days))
        return {
            "days": len({day.day for day in entry.rater.days if first <= day.utc_day <= last}),
            "streak": streak(days, today),
        }


class Boards:
    """Keeps the board of each period up to date with the live views; the latest may be read from any thread."""

    def __init__(self, raters: Raters, has_avatar: Callable[[str], bool]) -> None:
        """Prepare.

        Args:
            has_avatar: Whether the picture at an address may be shown.
        """
        self._raters = raters
        self._has_avatar = has_avatar
        self._standings = {period.name: Standing(self._face) for period in PERIODS}
        self._faces: dict[str, tuple[tuple[str, ...], Face | None]] = {}
        self._changed: tuple[Mapping, Mapping, Mapping[str, Rater | None]] = ({}, {}, {})
        self._latest: Mapping[str, Board] = {}

    def board(self, moment: Moment, period: Period) -> Board:
        """The board of a period at a moment."""
        sprint = moment.read(sprints.current)
        today = moment.now // DAY_MS
        moment.holds_until((today + 1) * DAY_MS)
        standing, raters = self._standings[period.name], moment.read(self._raters.read)
        standings = standing.renewed(
            raters,
            self._changes(standing.raters, raters),
            period.days(sprint, today),
            period.days(sprint, today - 1),
            sprint.points,
        )
        made = Board(sprint, moment.now, standings, self._has_avatar)
        self._latest = {**self._latest, period.name: made}
        return made

    def _changes(self, before: Mapping[str, Rater], after: Mapping[str, Rater]) -> Mapping[str, Rater | None]:
        """Who changed; looked for once for all periods, which usually ask for the same."""
        known_before, known_after, found = self._changed
        if known_before is not before or known_after is not after:
            found = changes(before, after)
            self._changed = before, after, found
            for who, rater in found.items():
                if rater is None:
                    self._faces.pop(who, None)
        return found

    def _face(self, rater: Rater) -> Face | None:
        """What others see of somebody; made anew when something it is made of is another."""
        seen, known = SEEN(rater), self._faces.get(rater.contributor_id)
        if known is None or known[0] != seen:
            face = face_of(rater.contributor_id, rater, rater.visibility, rater.nickname)
            known = self._faces[rater.contributor_id] = (seen, face)
        return known[1]

    def latest(self, period: str) -> Board | None:
        """The latest board of a period; None before the first is made."""
        return self._latest.get(period)

    def person(self, key: str) -> tuple[Board, Entry] | None:
        """Who is seen under a key now, with the board of all there is; None if nobody is."""
        board = self._latest.get("all")
        entry = board.by_key.get(key) if board else None
        return (board, entry) if entry else None


def _day(day: int) -> str | None:
    return (EPOCH + timedelta(day)).isoformat() if abs(day) < 10**5 else None
