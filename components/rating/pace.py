"""How fast somebody rates: no person reads a hundred prompts in a minute, but an outbox of hours is welcome."""

from collections import Counter, defaultdict
from collections.abc import Callable

# Ratings are counted by tenths of the time in which a burst may happen.
PARTS = 10
BURST = 100
# What was counted longer ago than twice this is forgotten, whenever it happened.
REMEMBERED_MS = 10 * 60_000


class Pace:
    """Counts what contributors of this process did, by when it happened, in whatever order it arrives.

    Within any `BURST / per_minute` minutes (100 seconds by default) one may do `BURST` things: a burst
    at once, or `per_minute` a minute for ever.
    """

    def __init__(self) -> None:
        self._part_ms = 0.0
        # The parts in which each contributor did something, of these minutes and of those before.
        self._done: dict[str, Counter[int]] = defaultdict(Counter)
        self._done_before: dict[str, Counter[int]] = {}
        self._since = 0

    def turn(self, now: int, per_minute: int) -> "Turn":
        """Begin to count for one transaction.

        Args:
            now: In epoch milliseconds.
            per_minute: How many are allowed for each minute; 0 allows any number.
        """
        part_ms = 60_000 * BURST / (per_minute * PARTS) if per_minute else 0
        if part_ms != self._part_ms:  # what was counted in other parts says nothing
            self._part_ms, self._done_before = part_ms, {}
            self._done.clear()
        return Turn(self._part_ms, self._of, self._note, now)

    def _of(self, contributor: str) -> list[Counter[int]]:
        known = (self._done.get(contributor), self._done_before.get(contributor))
        return [counted for counted in known if counted]

    def _note(self, counted: dict[str, Counter[int]], now: int) -> None:
        if now - self._since > REMEMBERED_MS:
            self._done_before, self._done, self._since = self._done, defaultdict(Counter), now
        for contributor, parts in counted.items():
            self._done[contributor].update(parts)


class Turn:
    """What is counted in one transaction; if that comes to nothing, so does this."""

    def __init__(
        self,
        part_ms: float,
        earlier: Callable[[str], list[Counter[int]]],
        note: Callable[[dict[str, Counter[int]], int], None],
        now: int,
    ) -> None:
        self._part_ms = part_ms
        self._earlier = earlier
        self._note = note
        self._now = now
        self._counted: dict[str, Counter[int]] = defaultdict(Counter)

    def wait_ms(self, contributor: str, happened_at: int) -> int:
        """How long to wait until the contributor may do one thing more; 0 if not at all."""
        if not self._part_ms or self._moment(contributor, happened_at) is not None:
            return 0
        return self._wait(contributor, self._now)

    def count(self, contributor: str, happened_at: int) -> None:
        """Count one thing for which there is no wait.

        It counts for the moment it happened, if there is room; else for now: what claims to have
        happened all at once comes in no faster than by hand.
        """
        if self._part_ms:
            moment = self._moment(contributor, happened_at)
            self._counted[contributor][self._part(self._now if moment is None else moment)] += 1

    def keep(self) -> None:
        """Make what was counted count for those who come later, too."""
        self._note(self._counted, self._now)

    def _moment(self, contributor: str, happened_at: int) -> int | None:
        if not self._wait(contributor, happened_at):
            return happened_at
        return None if self._wait(contributor, self._now) else self._now

    def _part(self, moment: int) -> int:
        return int(moment // self._part_ms)

    def _wait(self, contributor: str, moment: int) -> int:
        counted = [self._counted[contributor], *self._earlier(contributor)]
        if sum(map(Counter.total, counted)) < BURST:  # of nearly everybody
            return 0
        last = self._part(moment)
        recent = [0] * PARTS
        for parts in counted:
            for place in range(PARTS):
                recent[place] += parts.get(last - PARTS + 1 + place, 0)
        over = sum(recent) - BURST
        if over < 0:
            return 0
        # Until enough of the oldest parts are so long ago that they count no more.
        for place, number in enumerate(recent):
            over -= number
            if over < 0:
                return max(1, round((last + place + 1) * self._part_ms - moment))
        raise AssertionError("there is never more in the parts than in all of them")
