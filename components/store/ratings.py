"""Ratings at rest: at most one opinion for each prompt and contributor, the latest of their events."""

from bisect import insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, mul

from sqlalchemy import Connection, RowMapping, text

from components.errors import EventIdReused, InvalidAction, UnknownPrompt
from components.records import (
    EARNING_MARKS,
    FLAG_REASONS,
    FLAGS_TO_RETIRE,
    OPINIONS,
    SCORES,
    WANTED,
    Action,
    Cell,
    Event,
    Opinion,
    Sprint,
)
from components.store import events, queue, sprints, tallies
from components.store.database import streamed
from components.store.statement import Statement
from components.store.tallies import PROMPT_COLUMNS, SCORE_COLUMNS
from components.store.writer import Transaction

OPINION_COLUMNS = tuple(Opinion.__dataclass_fields__)
OPINION_VALUES = attrgetter(*OPINION_COLUMNS)

KEEP = Statement(
    """
    INSERT INTO ratings (contributor, prompt_id, action, score, decided_at, day, event_id, reason, late,
                         completes, thin)
    SELECT contributor, prompt_id, action, score, decided_at, day, event_id, reason, late, completes, thin
    FROM {given} WHERE true
    ON CONFLICT (contributor, prompt_id) DO UPDATE
    SET action = excluded.action, score = excluded.score, decided_at = excluded.decided_at,
        day = excluded.day, event_id = excluded.event_id, reason = excluded.reason,
        late = excluded.late, completes = excluded.completes, thin = excluded.thin
    """,
    "contributor",
    "prompt_id",
    "action",
    "score int",
    "decided_at int",
    "day",
    "event_id",
    "reason",
    "late int",
    "completes int",
    "thin int",
)
DROP = Statement(
    "DELETE FROM ratings WHERE (contributor, prompt_id) IN (SELECT contributor, prompt_id FROM {given})",
    "contributor",
    "prompt_id",
)
PROMPTS = Statement(
    f"""
    SELECT given.prompt_id, source, kind, length_class, language, prompt_tallies.cell, level, claims,
           {", ".join(PROMPT_COLUMNS)}
    FROM {{given}}
    JOIN prompt_tallies ON prompt_tallies.prompt_id = given.prompt_id
    JOIN cells ON cells.cell = prompt_tallies.cell
    LEFT JOIN queue ON queue.prompt_id = given.prompt_id
    """,
    "prompt_id",
    returns=8 + len(PROMPT_COLUMNS),
)
LEASED = Statement(
    """
    SELECT given.contributor, given.prompt_id FROM {given}
    JOIN leases ON leases.contributor = given.contributor AND leases.prompt_id = given.prompt_id
    """,
    "contributor",
    "prompt_id",
    returns=2,
)
STATUSES = Statement(
    "SELECT given.prompt_id, status FROM {given} JOIN prompts ON prompts.prompt_id = given.prompt_id",
    "prompt_id",
    returns=2,
)
# Of contributors who are excluded: up to which prompt their opinions do not count.
COUNTED_OUT = Statement("SELECT contributor, through FROM counted_out", returns=2)
RATED_BEFORE = Statement(
    """
    SELECT COUNT(DISTINCT contributor) FROM events
    WHERE prompt_id = :prompt_id AND contributor <> :contributor AND action = 'rated' AND received_at <= :at
    """,
    returns=1,
)
COUNT = text("SELECT COUNT(*) FROM ratings WHERE action = 'rated'")
EVERY = text(f"""
    SELECT prompt_id, contributor, {", ".join(OPINION_COLUMNS)} FROM ratings ORDER BY prompt_id, contributor
""")

# What others thought is shown only if there are so many of them that nobody's score is given away.
CROWD = 2
# Scores so far apart that one more opinion helps, where the sprint wants it.
CONTESTED = 3

Pair = tuple[str, str]


def opinion(event: Event) -> Opinion:
    """What an event says its contributor thinks of its prompt."""
    day = tallies.plausible_day(event.local_date, event.decided_at)
    noted = event.noted
    marks = [int(bool(noted.get(mark))) for mark in ("late", *EARNING_MARKS)] if noted else ()
    return Opinion(event.action, event.score, event.decided_at, day, event.event_id, event.reason, *marks)


def others(scores: Sequence[int], own_score: int | None) -> dict[str, object] | None:
    """What the others gave a prompt: n, counts of the scores 1 to 5, mean; None if they are too few to tell.

    Args:
        scores: How many gave 1, 2, 3, 4 and 5, oneself included.
        own_score: Of oneself, if it is counted.
    """
    counts = [number - (score == own_score) for score, number in zip(SCORES, scores, strict=True)]
    n = sum(counts)
    if n < CROWD:
        return None
    return {"n": n, "counts": counts, "mean": sum(map(mul, SCORES, counts)) / n}


def outcome(history: Collection[Event]) -> Opinion | None:
    """What somebody thinks of a prompt after all they did to it, in whatever order it arrived."""
    history = list(history)
    undone = {event.target for event in history if event.action == Action.UNDONE}
    said = [opinion(event) for event in history if event.action in OPINIONS and event.event_id not in undone]
    return max(said, key=lambda one: one.precedence, default=None)


@dataclass(slots=True)
class Counted:
    """A prompt with its tally and its place in the queue, as they stand while a group is kept.

    Attributes:
        counts: One number for each of `PROMPT_COLUMNS`.
        level, claims: Its place in the queue; None if it is not handed out.
        status: A `Status`; None if it stands in the queue, and so is wanted.
    """

    prompt_id: str
    cell: Cell
    cell_id: int
    level: int | None
    claims: int | None
    counts: dict[str, int]
    status: str | None = None

    @property
    def scores(self) -> list[int]:
        """How many ratings it has of each score, 1 to 5."""
        return [self.counts[name] for name in SCORE_COLUMNS]

    @property
    def held_back(self) -> bool:
        """Whether so many flagged it for one reason that it waits for an organizer."""
        return max(map(self.counts.__getitem__, FLAG_REASONS)) >= FLAGS_TO_RETIRE

    def extra(self, sprint: Sprint) -> int:
        """How many ratings it wants beyond the goal: 1 if its scores are far apart, else 0."""
        if not sprint.extra_rating:
            return 0
        given = [score for score, number in zip(SCORES, self.scores, strict=True) if number > 0]
        return int(bool(given) and given[-1] - given[0] >= CONTESTED)


class Group:
    """Events that are kept together: what they touch is read at once, what they change is written at once.

    Nothing is written before `write`.

    Attributes:
        sprint: As it stands at this moment.
    """

    def __init__(self, transaction: Transaction, told: Sequence[Event], pairs: Sequence[Pair] = ()) -> None:
        """Read all that stands about these events and their prompts.

        Args:
            told: The events that may be kept.
            pairs: Contributor and prompt_id of other opinions that may be changed.
        """
        self._transaction = transaction
        self.sprint = sprints.standing(transaction)
        pairs = sorted({(event.contributor, event.prompt_id) for event in told} | set(pairs))
        ids = [(event.contributor, event.event_id) for event in told]
        ids += [(event.contributor, event.target) for event in told if event.target]
        self._known = events.known(transaction, ids)
        self._histories: dict[Pair, list[Event]] = {pair: [] for pair in pairs}
        for event in events.between(transaction, pairs):
            self._histories[event.contributor, event.prompt_id].append(event)
        self._opinions = {pair: outcome(history) for pair, history in self._histories.items()}
        self._undone = {_target(event) for history in self._histories.values() for event in history}
        self._leased = set(map(tuple, transaction.read(LEASED, pairs)))
        self._out: dict[str, str] = dict(transaction.read(COUNTED_OUT))
        self._prompts = counted(transaction, sorted({prompt_id for _, prompt_id in pairs}))
        self._before = {
            prompt_id: (prompt.level, prompt.claims) for prompt_id, prompt in self._prompts.items()
        }
        self._said: dict[Pair, list[Opinion]] = {}
        self._crowds: dict[Pair, bool] = {}
        self._appended: list[Event] = []
        self._changed: set[Pair] = set()
        self._ended: set[Pair] = set()
        self._begun: dict[Pair, int] = {}
        self._tallies = tallies.Changes()

    def keep(self, event: Event, lease_until: int = 0) -> bool:
        """Take an event in, and all that follows from it.

        Args:
            lease_until: Until when somebody who undoes what they said is handed the prompt again.

        Returns:
            Whether the event is new; the same one sent again changes nothing.

        Raises:
            UnknownPrompt: There is no such prompt.
            EventIdReused: The contributor used the event's id for something else.
            InvalidAction: It undoes an undo.
        """
        if self.knows(event):
            return False
        pair = event.contributor, event.prompt_id
        prompt = self._prompts.get(event.prompt_id)
        if prompt is None:
            raise UnknownPrompt("There is no such prompt in this sprint; ask for the next ones.")
        history = self._histories[pair]
        before = self._opinions[pair]
        undone = next((one for one in history if event.target and one.event_id == event.target), None)
        if undone is not None and undone.action == Action.UNDONE:
            raise InvalidAction("An undo cannot be undone; say again what you think of the prompt.")
        if history and self._saw_the_crowd(pair, history):
            event = event.marked(crowd_shown=True)
        if event.action == Action.RATED_AGAIN and before is not None and "before" not in event.noted:
            event = event.marked(before=before.score)
        history.append(event)
        self._known[event.contributor, event.event_id] = event
        self._appended.append(event)
        if self.counts(*pair):
            self._tallies.spend(prompt.cell, event, 1)
        after = self._after(event, history)
        self._settle(pair, prompt)
        if before != after:
            self._replace(pair, prompt, before, after)
            gone_back = event.action == Action.UNDONE and after is None
            if gone_back and prompt.claims is not None and lease_until:
                self._begun[pair] = lease_until
                prompt.claims += 1
        self._place(prompt)
        return True

    def _after(self, event: Event, history: list[Event]) -> Opinion | None:
        """What its contributor thinks of the prompt with the newest event of a history."""
        pair = event.contributor, event.prompt_id
        before = self._opinions[pair]
        # The same as the outcome of all, without going through all of it for each of a thousand edits.
        if event.action == Action.UNDONE:
            self._undone.add(_target(event))
            if before is None or before.event_id != event.target:
                return before
            return self._newest_left(*pair, history)
        if event.action not in OPINIONS or (*pair, event.event_id) in self._undone:
            return before
        said = opinion(event)
        if (steps := self._said.get(pair)) is not None:
            insort(steps, said, key=attrgetter("precedence"))
        return said if before is None or said.precedence > before.precedence else before

    def _newest_left(self, contributor: str, prompt_id: str, history: list[Event]) -> Opinion | None:
        """The opinion that stands when the current one is undone, step by step back."""
        said = self._said.get((contributor, prompt_id))
        if said is None:
            said = [opinion(event) for event in history if event.action in OPINIONS]
            self._said[contributor, prompt_id] = sorted(said, key=attrgetter("precedence"))
            said = self._said[contributor, prompt_id]
        while said and (contributor, prompt_id, said[-1].event_id) in self._undone:
            said.pop()
        return said[-1] if said else None

    def knows(self, event: Event) -> bool:
        """Whether an event is kept already.

        Raises:
            EventIdReused: Its id is, but for something else.
        """
        known = self._known.get((event.contributor, event.event_id))
        if known is None:
            return False
        if known.body != event.body:
            raise EventIdReused("This event_id was already used for something else; make a new one.")
        return True

    def undoes_elsewhere(self, event: Event) -> bool:
        """Whether it undoes what its contributor is known to have said of another prompt.

        `keep` takes that, and it does nothing: a store may have taken it before it knew of the other.
        """
        undone = self._known.get((event.contributor, event.target)) if event.target else None
        return undone is not None and undone.prompt_id != event.prompt_id

    def earning(self, event: Event, thin: Collection[str]) -> dict[str, bool]:
        """Which of `EARNING_MARKS` a rating is to be marked with that comes in now.

        The first rating somebody gives a prompt settles it: to change one's mind, or to take a rating back
        and give it again, earns nothing more.

        Args:
            thin: Sources with few ratings yet.
        """
        prompt = self._prompts.get(event.prompt_id)
        if prompt is None or event.action != Action.RATED:
            return {}
        history = self._histories[event.contributor, event.prompt_id]
        rated = [one for one in history if one.action == Action.RATED]
        if rated:
            earned = min(rated, key=attrgetter("received_at", "event_id")).noted
            return {mark: True for mark in EARNING_MARKS if earned.get(mark)}
        holds = (sum(prompt.scores) + 1 == self.sprint.ratings_per_prompt, prompt.cell.source in thin)
        return {mark: True for mark, held in zip(EARNING_MARKS, holds, strict=True) if held}

    def counts(self, contributor: str, prompt_id: str) -> bool:
        """Whether what somebody says of a prompt is counted: not of one who is excluded."""
        through = self._out.get(contributor)
        return through is None or prompt_id > through

    def recount(self, contributor: str, prompt_id: str, change: int) -> None:
        """Count what somebody says of a prompt in all that is not about them alone (1), or no longer (-1)."""
        pair, prompt = (contributor, prompt_id), self._prompts.get(prompt_id)
        if prompt is None:
            return
        for event in self._histories[pair]:
            self._tallies.spend(prompt.cell, event, change)
        said = self._opinions[pair]
        if said is not None:
            self._count(prompt, said, change)
            self._place(prompt)

    def forget(self, contributor: str, prompt_id: str) -> None:
        """Take somebody's opinion of a prompt out of everything that is counted."""
        pair, prompt = (contributor, prompt_id), self._prompts[prompt_id]
        if self.counts(*pair):
            for event in self._histories[pair]:
                self._tallies.spend(prompt.cell, event, -1)
        self._settle(pair, prompt)
        self._replace(pair, prompt, self._opinions[pair], None)
        self._place(prompt)

    def prompt(self, prompt_id: str) -> Counted:
        """A prompt as it stands now."""
        return self._prompts[prompt_id]

    def opinion(self, contributor: str, prompt_id: str) -> Opinion | None:
        """What somebody thinks of a prompt now."""
        return self._opinions[contributor, prompt_id]

    def said_again(self, contributor: str, prompt_id: str) -> bool:
        """Whether somebody has rated a prompt that came again, and not taken that back."""
        pair = contributor, prompt_id
        return any(
            event.action == Action.RATED_AGAIN and (*pair, event.event_id) not in self._undone
            for event in self._histories[pair]
        )

    def write(self) -> None:
        """Write everything, each table in the order of its keys."""
        transaction = self._transaction
        transaction.append(*self._appended)
        kept, dropped = [], []
        for pair in sorted(self._changed):
            now = self._opinions[pair]
            if now is None:
                dropped.append(pair)
            else:
                kept.append((*pair, *OPINION_VALUES(now)))
        transaction.change(KEEP, kept)
        transaction.change(DROP, dropped)
        self._tallies.write(transaction)
        transaction.change(queue.END_LEASE, sorted(self._ended - self._begun.keys()))
        transaction.change(queue.LEASE, [(*pair, until) for pair, until in sorted(self._begun.items())])
        self._write_places()

    def _saw_the_crowd(self, pair: Pair, history: list[Event]) -> bool:
        """Whether a contributor had been shown what others gave a prompt before they changed their mind.

        That is asked once for each group: what is told within it was not answered yet.
        """
        if pair not in self._crowds:
            new = {one.event_id for one in self._appended}
            rated = [one for one in history if one.action == Action.RATED]
            shown = [one.received_at for one in rated if one.event_id not in new]
            named = {"contributor": pair[0], "prompt_id": pair[1], "at": max(shown, default=0)}
            self._crowds[pair] = bool(shown) and self._transaction.read(RATED_BEFORE, **named)[0][0] >= CROWD
        return self._crowds[pair]

    def _settle(self, pair: Pair, prompt: Counted) -> None:
        """End the contributor's lease on the prompt, if any."""
        if self._begun.pop(pair, None) is not None or (pair in self._leased and pair not in self._ended):
            if pair in self._leased:
                self._ended.add(pair)
            if prompt.claims is not None:
                prompt.claims -= 1

    def _replace(self, pair: Pair, prompt: Counted, before: Opinion | None, after: Opinion | None) -> None:
        if before == after:
            return
        self._opinions[pair] = after
        self._changed.add(pair)
        counts = self.counts(*pair)
        for said, change in ((before, -1), (after, 1)):
            if said is not None:
                self._tallies.count_person(pair[0], prompt.cell, said, change)
                if counts:
                    self._count(prompt, said, change)

    def _count(self, prompt: Counted, said: Opinion, change: int) -> None:
        column = tallies.column_of(said)
        if column is None:
            return
        ratings = sum(prompt.scores)
        self._tallies.count(prompt.prompt_id, prompt.cell, said, change)
        prompt.counts[column] += change
        if said.score is None:
            return
        if prompt.status is None or prompt.status in WANTED:
            self._tallies.move(prompt.cell_id, ratings, ratings + change)
        if prompt.claims is not None:
            prompt.claims += change

    def _place(self, prompt: Counted) -> None:
        """Give the prompt its level, or take it out of the queue, or let it come back."""
        if prompt.held_back == (prompt.claims is None):
            pass
        elif prompt.held_back:
            if self._status(prompt) != "kept":
                prompt.claims = None
        elif self._status(prompt) in WANTED:
            held = queue.leases_on(self._transaction, prompt.prompt_id)
            held -= sum(one == prompt.prompt_id for _, one in self._ended)
            held += sum(one == prompt.prompt_id for _, one in self._begun)
            prompt.claims = sum(prompt.scores) + held
        prompt.level = None if prompt.claims is None else prompt.claims - prompt.extra(self.sprint)

    def _status(self, prompt: Counted) -> str:
        if prompt.status is None:
            [(_, prompt.status)] = self._transaction.read(STATUSES, [(prompt.prompt_id,)])
        return prompt.status

    def _write_places(self) -> None:
        moved = queue.Levels()
        changed, added, removed = [], [], []
        for prompt_id, (level, claims) in sorted(self._before.items()):
            prompt = self._prompts[prompt_id]
            if (level, claims) == (prompt.level, prompt.claims):
                continue
            if claims is not None:
                moved.leave(prompt.cell_id, level, claims)
            if prompt.claims is None:
                removed.append((prompt_id,))
                continue
            moved.enter(prompt.cell_id, prompt.level, prompt.claims)
            if claims is None:
                place = queue.place_of(prompt_id)
                added.append((prompt_id, prompt.cell_id, prompt.claims, prompt.level, place))
            else:
                changed.append((prompt_id, prompt.claims - claims, prompt.level - level))
        self._transaction.change(queue.CLAIM, changed)
        self._transaction.change(queue.ADD, added)
        self._transaction.change(queue.REMOVE, removed)
        moved.write(self._transaction)


def _target(event: Event) -> tuple[str, str | None, str | None]:
    """What an event undoes, if anything: only its own contributor's, and of the same prompt."""
    return event.contributor, event.prompt_id, event.target


def counted(transaction: Transaction, prompt_ids: Sequence[str]) -> dict[str, Counted]:
    """Prompts as they stand now; one that the store does not know is left out."""
    found = {}
    for prompt_id, source, kind, length_class, language, cell_id, level, claims, *counts in transaction.read(
        PROMPTS, [[prompt_id] for prompt_id in prompt_ids]
    ):
        cell = Cell(source, kind, length_class, language)
        counts = dict(zip(PROMPT_COLUMNS, counts, strict=True))
        found[prompt_id] = Counted(prompt_id, cell, cell_id, level, claims, counts)
    if elsewhere := [(one.prompt_id,) for one in found.values() if one.claims is None]:
        for prompt_id, status in transaction.read(STATUSES, elsewhere):
            found[prompt_id].status = status
    return found


def count(connection: Connection) -> int:
    """How many scores there are, one for each prompt and contributor."""
    return connection.execute(COUNT).scalar_one()


def every(connection: Connection) -> Iterator[RowMapping]:
    """Every current opinion, skips included, ordered by prompt_id and contributor, a few at a time."""
    yield from streamed(connection, EVERY).mappings()
