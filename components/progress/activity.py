"""What went on in the last hour, kept from refresh to refresh: only events that are new are looked at."""

from collections.abc import Mapping

from sqlalchemy import Connection

from components.records import HOUR_MS, MINUTE_MS
from components.store import events

ACTIVE_MS = 5 * MINUTE_MS
# At the start so many events of each writer are looked at; of a busier hour the beginning is missing.
MOST_EVENTS = 50_000
MOST_LIKED = 50
BEST = 5


class Activity:
    """Who is active, how many ratings were given in each minute, and which prompts were given a 5.

    What counts is when somebody decided, not when it came in, as everywhere in the sprint. A score that was changed
    counts again, and nothing is said of what was taken back since.
    """

    def __init__(self) -> None:
        self._read_to: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._minutes: dict[int, int] = {}
        self._liked: dict[str, int] = {}

    def read(self, connection: Connection, now: int) -> None:
        """Take in what is new."""
        since = now - HOUR_MS
        for writer, number, received_at in events.last(connection):
            before = self._read_to.get(writer, number - MOST_EVENTS)
            if number > before and received_at >= since:
                for contributor, prompt_id, score, at in events.rated_after(
                    connection, writer, before, since
                ):
                    self._take(contributor, prompt_id, score, at)
            self._read_to[writer] = number
        self._forget(now)

    def _take(self, contributor: str, prompt_id: str, score: int, at: int) -> None:
        self._seen[contributor] = max(at, self._seen.get(contributor, 0))
        minute = at // MINUTE_MS
        self._minutes[minute] = self._minutes.get(minute, 0) + 1
        if score == BEST:
            # The one liked last stands last.
            self._liked.pop(prompt_id, None)
            self._liked[prompt_id] = at

    def _forget(self, now: int) -> None:
        self._seen = {who: at for who, at in self._seen.items() if at > now - ACTIVE_MS}
        first = now // MINUTE_MS - HOUR_MS // MINUTE_MS
        self._minutes = {minute: ratings for minute, ratings in self._minutes.items() if minute > first}
        liked = [(prompt_id, at) for prompt_id, at in self._liked.items() if at > now - HOUR_MS]
        self._liked = dict(liked[-MOST_LIKED:])

    @property
    def active(self) -> int:
        """How many rated in the last five minutes."""
        return len(self._seen)

    @property
    def minutes(self) -> Mapping[int, int]:
        """Ratings that were given in each minute of the last hour that has any (minutes since the epoch)."""
        return self._minutes

    @property
    def last_hour(self) -> int:
        """How many ratings were given in the last 60 minutes."""
        return sum(self._minutes.values())

    @property
    def liked(self) -> list[str]:
        """Prompts that were given the best score within the hour, the last one foremost."""
        return list(reversed(self._liked))

    def changes_at(self, now: int) -> int | None:
        """When this says something else though nobody rates; None if it has nothing to say."""
        return (now // MINUTE_MS + 1) * MINUTE_MS if self._minutes else None
