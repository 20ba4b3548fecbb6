"""How fast somebody rates: no person reads a hundred prompts in a minute, but an outbox of hours is welcome."""

from collections import Counter

# Ratings are counted by tenths of the time in which a burst may happen.
PARTS = 10
BURST = 100
MOST_PARTS_KEPT = 5000


class Pace:
    """Counts what contributors of this process did, by when it happened, in whatever order it arrives.

    Within any `BURST / per_minute` minutes (100 seconds by default) one may do `BURST` things: a burst
    at once, or `per_minute` a minute for ever.
    """

    def __init__(self, per_minute: int) -> None:
        """Begin to count.

        Args:
            per_minute: How many are allowed for each minute; 0 allows any number.
        """
        self._part_ms = 60_000 * BURST / (per_minute * PARTS) if per_minute else 0
        self._done: dict[str, Counter[int]] = {}

    def wait_ms(self, contributor: str, happened_at: int, now: int) -> int:
        """Count one thing more, or say how long to wait until it can be.

        Args:
            happened_at: The moment it counts for, if there is room; else it counts for now, if there
                is room: what claims to have happened all at once comes in no faster than by hand.
            now: Both in epoch milliseconds.

        Returns:
            0 if it was counted.
        """
        if not self._part_ms:
            return 0
        done = self._done.setdefault(contributor, Counter())
        for moment in (happened_at, now):
            if self._wait(done, moment) == 0:
                done[int(moment // self._part_ms)] += 1
                if len(done) > MOST_PARTS_KEPT:
                    for part in sorted(done)[: MOST_PARTS_KEPT // 2]:
                        del done[part]
                return 0
        return self._wait(done, now)

    def _wait(self, done: Counter[int], moment: int) -> int:
        part = int(moment // self._part_ms)
        recent = [done[part - PARTS + 1 + place] for place in range(PARTS)]
        over = sum(recent) - BURST
        if over < 0:
            return 0
        # Until enough of the oldest parts are so long ago that they count no more.
        for place, number in enumerate(recent):
            over -= number
            if over < 0:
                return max(1, round((part + place + 1) * self._part_ms - moment))
        raise AssertionError("there is never more in the parts than in all of them")
