"""What to rate next: prompts with the fewest ratings first, each leased to one contributor at a time.

A lease counts as a rating to come, so that the wanted number is met and not overshot when many
rate at once; one that is not used in time goes back to the others.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import partial

from components.records import ANYTHING, NOT_OPEN, Action, Cell, Choice, Quota, Sprint
from components.store import queue
from components.store.queue import ALL, Waiting
from components.store.writer import Transaction

# Long enough to read five long prompts and be called to the door.
LEASE_MS = 15 * 60_000
# As many as a card prefetches.
MOST_HELD = 5
# So many open places are plenty: nobody needs to be given fewer prompts because of the others.
PLENTY = 200
# So many prompts of a ring are looked at for somebody who knows most of them, then four times as many,
# before the next ring is tried; only who finds nothing anywhere has all of them looked at.
WINDOWS = (64, 256)
# Of somebody who chooses there are many small rings at each level: fewer looks at each, then the next level.
CHOSEN_WINDOWS = (8,)
FEW_RINGS = 40
# So often prompts of a stretch are offered to others, where somebody knows theirs.
ROUNDS = 3
# Whoever looks for leases that are over walks through all there are: not for every rating.
LOOK_AGAIN_MS = 1000


class Expiry:
    """Gives prompts back whose leases are over; belongs to one process, and looks for them about once a second."""

    def __init__(self) -> None:
        self._looked_at: int | None = None

    def look(self, transaction: Transaction) -> None:
        """Give back what is over, if it is time to look."""
        now, before = transaction.now, self._looked_at
        # A clock that is set back must not keep anybody waiting.
        if before is not None and before <= now < before + LOOK_AGAIN_MS:
            return
        queue.end_expired(transaction)
        transaction.after_commit.append(partial(setattr, self, "_looked_at", now))


class Assignment:
    """Hands out prompts to the contributors of one transaction, one after the other.

    Leases that are over are given back first. `write` has to follow.
    """

    def __init__(
        self,
        transaction: Transaction,
        contributors: Collection[str],
        sprint: Sprint,
        expiry: Expiry | None = None,
    ) -> None:
        """Read what is open in a sprint and what these contributors hold.

        Args:
            expiry: When leases that are over were looked for last; without it they are now.
        """
        self._transaction = transaction
        self._sprint = sprint
        self._goal = sprint.ratings_per_prompt
        self._state = sprint.state_at(transaction.now)
        (expiry or Expiry()).look(transaction)
        leased = queue.how_many_held(transaction, contributors)
        self._held = Counter({who: held for who, (held, _) in leased.items()})
        self._first_ends = {who: ends for who, (_, ends) in leased.items()}
        self._levels = queue.open_levels(transaction, self._goal)
        self._leases = queue.Leases(transaction)
        self._proposed: dict[str, list[Waiting]] = {}
        self._taken: set[str] = set()
        self._cells: _Cells | None = None
        self._holders: int | None = None

    def held(self, contributor: str) -> list[str]:
        """What a contributor holds and may rate now, the lease that ends first foremost."""
        self.write()
        if self._state != "open":
            return []
        return list(queue.held(self._transaction, [contributor])[contributor])

    def prepare(self, contributors: Collection[str]) -> None:
        """Look for prompts for many at once, before each of them is topped up: one search instead of hundreds.

        What is found here and taken by somebody else meanwhile is searched for again one by one.
        """
        lowest = min((level for level, prompts in self._levels.items() if prompts), default=None)
        if lowest is None or self._state != "open" or self._sprint.quotas or self._fair_share() < MOST_HELD:
            return
        # For the first prompt that somebody misses they come from one place, for the second from another:
        # what one person is given at once should not all be of one source.
        for number in range(MOST_HELD):
            self._offer(lowest, [who for who in set(contributors) if MOST_HELD - self._held[who] > number])

    def top_up(
        self, contributor: str, wanted: int, choice: Choice = ANYTHING, thorough: bool = True
    ) -> list[str]:
        """Lease prompts to a contributor until they hold as many as wanted; returns only the new ones.

        Args:
            wanted: How many, at most `MOST_HELD`. Fewer are handed out when few places are open, so
                that the others have something to rate too; none while the sprint is not open.
            thorough: Whether to look at every open prompt before giving up. Not while others wait for
                their ratings to be kept: whoever knows nearly all of them asks for more by itself.
        """
        if self._state != "open":
            return []
        self._renew(contributor)
        missing = min(wanted, MOST_HELD) - self._held[contributor]
        if missing > 0:
            missing = min(missing, self._fair_share())
        if missing <= 0:
            return []
        if choice.skipped:
            found = self._skipped(contributor, missing, choice, thorough)
        elif choice == ANYTHING and not self._sprint.quotas:
            found = self._anything(contributor, missing, thorough)
        else:
            found = self._chosen(contributor, missing, choice, thorough)
        return [prompt.prompt_id for prompt in found]

    def give_back(self, contributor: str, choice: Choice) -> None:
        """End the contributor's leases on prompts that are not what they chose to rate now."""
        unwanted = [
            prompt_id
            for prompt_id, cell, said in queue.cells_held(self._transaction, contributor)
            if not choice.takes(cell) or said != (Action.SKIPPED if choice.skipped else None)
        ]
        if unwanted:
            self.write()
            queue.end(self._transaction, [(contributor, prompt_id) for prompt_id in unwanted])
            self._held[contributor] -= len(unwanted)
            self._levels = queue.open_levels(self._transaction, self._goal)
            self._cells = None

    def why_nothing(self, contributor: str, choice: Choice = ANYTHING) -> str:
        """One sentence on why a contributor is given no prompt, and what would bring more."""
        if self._state != "open":
            return NOT_OPEN[self._state]
        self.write()
        levels = queue.levels(self._transaction)
        if not levels:
            return "There are no prompts to rate; an organizer brings them in under Organize."
        narrow = " of this length and language" if choice.length != "any" or choice.language else ""
        if choice.skipped:
            return (
                f"Nothing{narrow} that you skipped is left to look at again; go back to new prompts to go on."
            )
        below = [cell for level, _, cell, _, _ in levels if level < self._goal]
        if below and not any(choice.takes(cell) for cell in below):
            return f"No prompt{narrow} wants ratings now; choose any to go on."
        open_cells = _Cells(levels, self._goal, self._sprint.quotas, choice)
        if below and open_cells.lowest() is None:
            return "The prompts that are left are more than the organizers want rated of their kind for now."
        if below and narrow:
            return f"You have rated or skipped every prompt{narrow} that still wants ratings; choose any to go on."
        if below:
            return "You have rated or skipped every prompt that still wants ratings; new prompts would bring more."
        if queue.holders(self._transaction):
            return (
                "The last open prompts are with other contributors; "
                "any they leave come back within a quarter of an hour."
            )
        ratings = "rating" if self._goal == 1 else f"{self._goal} ratings"
        return f"Every prompt has its {ratings}: the goal is reached."

    def may_look_again(self, contributor: str, choice: Choice = ANYTHING) -> bool:
        """Whether a contributor skipped something of what they chose that could be handed to them again."""
        if self._state != "open":
            return False
        return next(self._skips(contributor, choice, thorough=True), None) is not None

    def write(self) -> None:
        """Write what was handed out."""
        self._leases.write()

    def _offer(self, level: int, asking: list[str]) -> None:
        """Find a prompt for each of many, next to each other in the ring: a few pages to write, not hundreds."""
        if not asking:
            return
        random.shuffle(asking)
        place = queue.some_place(self._transaction, level)
        offered = queue.stretch(self._transaction, level, place, len(asking))
        for _ in range(ROUNDS):
            pairs = list(zip(asking, offered, strict=False))
            if not pairs:
                return
            ids = [(who, prompt.prompt_id) for who, prompt in pairs]
            known = queue.known(self._transaction, ids)
            for pair, (who, prompt) in zip(ids, pairs, strict=True):
                if pair not in known:
                    self._proposed.setdefault(who, []).append(prompt)
            # Whoever knows theirs is offered that of somebody else who knew theirs.
            left = [one for pair, one in zip(ids, pairs, strict=True) if pair in known]
            asking = [who for who, _ in left]
            offered = [prompt for _, prompt in left[1:] + left[:1]]

    def _renew(self, contributor: str) -> None:
        # Only a lease in its second half is renewed: most ratings find nothing to write here.
        now = self._transaction.now
        late = now + LEASE_MS // 2
        if self._first_ends.pop(contributor, late) < late:
            held = queue.held(self._transaction, [contributor])[contributor]
            # Not those beyond what a card prefetches, which undoing has brought: they go back in time.
            ending = [prompt_id for prompt_id, ends in list(held.items())[-MOST_HELD:] if ends < late]
            queue.renew(self._transaction, contributor, ending, now + LEASE_MS)

    def _fair_share(self) -> int:
        """How many prompts one contributor may be given at once, so that the others have some too."""
        places = sum((self._goal - level) * prompts for level, prompts in self._levels.items())
        if places >= PLENTY:
            return MOST_HELD
        if self._holders is None:
            self._holders = queue.holders(self._transaction)
        # As if one more were about to come: the first of many must not take what is there.
        return max(1, places // (self._holders + 2))

    def _lease(self, contributor: str, found: list[Waiting]) -> list[Waiting]:
        for prompt in found:
            # A millisecond apart, so that they are shown in the order in which they were found.
            until = self._transaction.now + LEASE_MS - MOST_HELD + self._held[contributor] + 1
            self._leases.add(contributor, prompt, until)
            self._held[contributor] += 1
            self._taken.add(prompt.prompt_id)
            for level, change in ((prompt.level, -1), (prompt.level + 1, 1)):
                if level < self._goal:
                    self._levels[level] = self._levels.get(level, 0) + change
            if self._cells is not None:
                self._cells.claim(prompt)
        return found

    def _anything(self, contributor: str, missing: int, thorough: bool) -> list[Waiting]:
        """Prompts from the lowest level on, wherever they come from."""
        found: list[Waiting] = []
        for prompt in self._proposed.pop(contributor, ()):
            if len(found) < missing and prompt.prompt_id not in self._taken:
                found += self._lease(contributor, [prompt])
        if len(found) >= missing:
            return found
        for windows in (WINDOWS, (ALL,)) if thorough else (WINDOWS,):
            for level in sorted(level for level, prompts in self._levels.items() if prompts):
                ring = _Ring(level, None, self._levels[level])
                # One after the other, each from a place of its own.
                while len(found) < missing and (one := self._from_ring(contributor, ring, 1, windows)):
                    found += one
                if len(found) >= missing:
                    return found
            if found or not self._levels:
                return found
        return found

    def _chosen(self, contributor: str, missing: int, choice: Choice, thorough: bool) -> list[Waiting]:
        """The same from those cells that are wanted and whose quotas have room."""
        found: list[Waiting] = []
        quick, all_of_them = (CHOSEN_WINDOWS, FEW_RINGS), ((ALL,), ALL)
        for windows, rings in (quick, all_of_them) if thorough else (quick,):
            self.write()
            self._cells = _Cells(queue.levels(self._transaction), self._goal, self._sprint.quotas, choice)
            while len(found) < missing and rings and (ring := self._cells.lowest()):
                rings -= 1
                wanted = min(missing - len(found), self._cells.room(ring.cell))
                more = self._from_ring(contributor, ring, wanted, windows)
                found += more
                if len(more) < wanted:
                    self._cells.leave_out(ring)
            if found:
                break
        return found

    def _skipped(self, contributor: str, missing: int, choice: Choice, thorough: bool) -> list[Waiting]:
        found: list[Waiting] = []
        for prompt in self._skips(contributor, choice, thorough):
            found += self._lease(contributor, [prompt])
            if len(found) >= missing:
                break
        return found

    def _skips(self, contributor: str, choice: Choice, thorough: bool) -> Iterator[Waiting]:
        self.write()
        self._cells = _Cells(queue.levels(self._transaction), self._goal, self._sprint.quotas, choice)
        skips = queue.skipped_by(self._transaction, contributor, self._goal, WINDOWS[1], thorough)
        return (prompt for prompt in skips if self._cells.takes(prompt.cell))

    def _from_ring(
        self, contributor: str, ring: "_Ring", wanted: int, windows: Collection[int]
    ) -> list[Waiting]:
        found: list[Waiting] = []
        for window in windows:
            where = ring.level, self._place_in(ring), window, wanted - len(found)
            only = {"only_its_cell": ring.cell is not None}
            some = queue.unknown_to(self._transaction, contributor, *where, **only)
            if any(self._leases.has(prompt.prompt_id) for prompt in some):
                self.write()
                some = queue.unknown_to(self._transaction, contributor, *where, **only)
            found += self._lease(contributor, some)
            if len(found) >= wanted or ring.prompts <= window:
                break
        return found

    def _place_in(self, ring: "_Ring") -> queue.Place:
        if ring.cell is None:
            return queue.some_place(self._transaction, ring.level)
        return queue.Place(ring.cell, random.getrandbits(63))


class _Ring:
    """The prompts of one level of the queue, or those of them in one cell."""

    def __init__(self, level: int, cell: int | None, prompts: int) -> None:
        self.level, self.cell, self.prompts = level, cell, prompts


class _Cells:
    """The rings that a choice and the quotas leave open, and how much room the quotas have."""

    def __init__(
        self,
        levels: list[tuple[int, int, Cell, int, int]],
        goal: int,
        quotas: tuple[Quota, ...],
        choice: Choice,
    ) -> None:
        self._quotas = quotas
        self._goal = goal
        self._claimed = Counter[Quota]()
        self._cells: dict[int, Cell] = {}
        # How many prompts each cell has at each level.
        self._levels: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for level, cell_id, cell, prompts, claims in levels:
            for quota in quotas:
                if quota.covers(cell):
                    self._claimed[quota] += claims
            if level < goal and choice.takes(cell):
                self._cells[cell_id] = cell
                self._levels[level][cell_id] = prompts

    def takes(self, cell: int) -> bool:
        """Whether prompts of a cell may be handed out."""
        return cell in self._cells and self.room(cell) > 0

    def room(self, cell: int) -> int:
        """How many more claims the quotas leave to a cell."""
        if not self._quotas:
            return ALL
        covering = [quota for quota in self._quotas if quota.covers(self._cells[cell])]
        return max(0, min((quota.ratings - self._claimed[quota] for quota in covering), default=ALL))

    def lowest(self) -> _Ring | None:
        """A ring at the lowest level that has one, each as likely as it has prompts; None if there is none."""
        for level in sorted(self._levels):
            rings = {
                c: prompts for c, prompts in self._levels[level].items() if prompts > 0 and self.room(c) > 0
            }
            if rings:
                [cell] = random.choices(list(rings), list(rings.values()))
                return _Ring(level, cell, rings[cell])
        return None

    def leave_out(self, ring: _Ring) -> None:
        """Do not come back to a ring: there is nothing for this contributor in it."""
        del self._levels[ring.level][ring.cell]

    def claim(self, prompt: Waiting) -> None:
        """Note that a prompt was handed out."""
        if prompt.cell in self._levels[prompt.level]:
            self._levels[prompt.level][prompt.cell] -= 1
        for quota in self._quotas:
            if prompt.cell in self._cells and quota.covers(self._cells[prompt.cell]):
                self._claimed[quota] += 1
