"""Recording what contributors say: the requests of a moment are kept together, each item stands or falls alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from components.account.account import SIGNED_OUT
from components.account.progress import own_progress
from components.errors import (
    BadEvent,
    InvalidAction,
    NotSignedIn,
    SprintError,
    StoreUnavailable,
    TooFast,
    UnknownPrompt,
)
from components.rating.assignment import LEASE_MS, MOST_HELD, Assignment, Expiry
from components.rating.pace import Pace, Turn
from components.rating.repeats import may_come_again, repeat_for
from components.rating.rules import SCORED, read_event
from components.records import ANYTHING, Action, Choice, Event, Sprint
from components.store import contributors, erasures, gold, prompts, tallies
from components.store.contributors import Standing
from components.store.ratings import Group, others
from components.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Submission:
    """One request of a contributor.

    Attributes:
        signed_in_at: Since when their session is good, in epoch milliseconds.
        items: What they did, oldest first.
        choice: What they want to rate next.
        behind_ms: How far the clock of their device is behind ours.
        local_date: What date it is for them, if they tell; anything may come.
    """

    contributor: str
    signed_in_at: int
    items: Sequence[Mapping[str, object]]
    choice: Choice = ANYTHING
    behind_ms: int = 0
    local_date: object = None


@dataclass(slots=True)
class Receipt:
    """What became of a request's items.

    Attributes:
        confirmed: Ids of events that are kept, whether now or by an earlier request.
        rejected: An event_id and the reason for each that is not.
        revealed: What was hidden until a prompt was rated: its source and kind, and what others gave.
        retry_after_ms: If some were done faster than a person can, when to send those again that are
            named neither way.
        waits: Why those wait.
    """

    confirmed: list[str] = field(default_factory=list)
    rejected: list[dict[str, str]] = field(default_factory=list)
    revealed: list[dict[str, object]] = field(default_factory=list)
    retry_after_ms: int | None = None
    waits: SprintError | None = None


SHOWN = ("confirmed", "rejected", "revealed", "retry_after_ms")
STILL_COMING = "Prompts are still being brought in; what waits here is taken when its prompt is there."
UNDOES_ELSEWHERE = "What this undo names was said of another prompt; send it with the prompt_id of that one."


def record(
    transaction: Transaction,
    submissions: Sequence[Submission],
    pace: Pace,
    prompts_coming: bool = False,
    thin: Collection[str] = (),
    expiry: Expiry | None = None,
) -> list[dict[str, object] | SprintError]:
    """Keep every item that can be kept, and lease what to rate next.

    Args:
        prompts_coming: Whether a prompt that is unknown now may still be brought in.
        thin: Sources with few ratings yet: one more for them earns more.
        expiry: When leases that are over were looked for last; without it they are now.

    Returns:
        For each request what became of it, with `next` and `me`; or why nothing of it could be taken.
    """
    people = contributors.standing(transaction, {one.contributor for one in submissions})
    read = [
        _read(transaction, one, people[one.contributor]) if _is_present(one, people) else []
        for one in submissions
    ]
    group = Group(transaction, [event for told in read for _, event in told if isinstance(event, Event)])
    turn = pace.turn(transaction.now, group.sprint.ratings_per_minute)
    transaction.after_commit.append(turn.keep)
    receipts = [_keep(transaction, group, told, turn, prompts_coming, thin) for told in read]
    group.write()
    if group.sprint.gold_feedback:
        _tell_gold(transaction, receipts)

    answers: list[dict[str, object] | SprintError] = []
    present = sorted({one.contributor for one in submissions if _is_present(one, people)})
    # Nothing more is wanted of who is excluded.
    rating = [contributor for contributor in present if not people[contributor].excluded]
    assignment = Assignment(transaction, rating, group.sprint, expiry)
    assignment.prepare(
        [one.contributor for one in submissions if one.choice == ANYTHING and one.contributor in rating]
    )
    days = tallies.days_of(transaction, present)
    for one, receipt in zip(submissions, receipts, strict=True):
        if not _is_present(one, people):
            answers.append(NotSignedIn(SIGNED_OUT))
        elif receipt.waits and not (receipt.confirmed or receipt.rejected):
            answers.append(receipt.waits)
        else:
            goal = people[one.contributor].daily_goal
            today, enough = own_day(one, transaction.now), group.sprint.ratings_per_contributor
            me = own_progress(days.get(one.contributor, {}), today, goal, enough)
            leased, again = [], []
            if one.contributor in rating:
                leased = assignment.top_up(one.contributor, MOST_HELD, one.choice, thorough=False)
                again = _again(transaction, one, receipt, group.sprint)
            answers.append({**_as_dict(receipt), "next": leased + again, "again": again, "me": me})
    assignment.write()
    _show(transaction, answers)
    return answers


def _again(transaction: Transaction, one: Submission, receipt: Receipt, sprint: Sprint) -> list[str]:
    """The prompt somebody is to rate again now, if any."""
    ratings = len(receipt.revealed)
    found = repeat_for(transaction, one.contributor, sprint, one.choice, ratings)
    return [found] if found else []


def own_day(submission: Submission, now: int) -> str:
    """The date it is for the contributor: as they tell, else as the last of their items tells, else in UTC."""
    told = [*(item["local_date"] for item in submission.items), submission.local_date]
    dates = [date for date in told if isinstance(date, str)]
    return tallies.plausible_day(dates[-1] if dates else None, now)


def _is_present(submission: Submission, people: Mapping[str, Standing]) -> bool:
    person = people.get(submission.contributor)
    return person is not None and submission.signed_in_at >= person.sessions_valid_from


def _read(
    transaction: Transaction, submission: Submission, person: Standing
) -> list[tuple[str, Event | BadEvent]]:
    """Each item's event_id, with the event it is or the reason why it is none."""
    told: list[tuple[str, Event | BadEvent]] = []
    for place, item in enumerate(submission.items):
        # Received in their order, the last one now: else a device that tells no time, or a wrong one,
        # would leave it to chance which of two opinions in one request is the newer.
        received_at = transaction.now - (len(submission.items) - 1 - place)
        try:
            event = read_event(item, submission.contributor, received_at, submission.behind_ms)
            # To the second, which setting a clock right leaves open.
            said_at = received_at if event.happened_at is None else item["happened_at"] + submission.behind_ms
            if _is_from_before(transaction, event, person, said_at):
                raise BadEvent("You deleted your account after this; it is not taken any more.")
        except BadEvent as error:
            told.append((item["event_id"], error))
        else:
            told.append((item["event_id"], event))
    return told


def _is_from_before(transaction: Transaction, event: Event, person: Standing, said_at: int) -> bool:
    """Whether it was said, at that moment of our clock, before its contributor deleted their account, and came back."""
    if not person.events_valid_from:
        return False
    from_before = min(said_at, event.received_at) < person.events_valid_from
    return from_before or erasures.buried(transaction, event.event_id)


def _keep(
    transaction: Transaction,
    group: Group,
    told: Sequence[tuple[str, Event | BadEvent]],
    turn: Turn,
    prompts_coming: bool,
    thin: Collection[str],
) -> Receipt:
    receipt = Receipt()
    for event_id, event in told:
        try:
            if isinstance(event, BadEvent):
                raise event
            if not group.knows(event):
                # What comes after it waits, too: in another order it might be another opinion.
                receipt.retry_after_ms = turn.wait_ms(event.contributor, event.decided_at) or None
                if receipt.retry_after_ms:
                    receipt.waits = TooFast(receipt.retry_after_ms)
                    break
                marks = group.earning(event, thin)
                if event.action == Action.RATED_AGAIN:
                    _check_again(transaction, group, event)
                if group.undoes_elsewhere(event):
                    raise InvalidAction(UNDOES_ELSEWHERE)
                if group.sprint.state_at(event.received_at) == "closed":
                    marks["late"] = True
                group.keep(event.marked(**marks) if marks else event, transaction.now + LEASE_MS)
                turn.count(event.contributor, event.decided_at)
        except BadEvent as error:
            # A browser that has what a lost disk had may be back before the prompts are.
            if prompts_coming and isinstance(error, UnknownPrompt):
                receipt.waits = StoreUnavailable(STILL_COMING)
                break
            receipt.rejected.append({"event_id": event_id, "reason": str(error)})
            continue
        receipt.confirmed.append(event_id)
        if event.action in SCORED:
            receipt.revealed.append(_revealed(group, event))
    return receipt


def _check_again(transaction: Transaction, group: Group, event: Event) -> None:
    # Who has not rated a prompt shall not be told what others gave it.
    stands = group.opinion(event.contributor, event.prompt_id)
    if stands is None or stands.action != Action.RATED:
        raise InvalidAction("Only a prompt you have rated can be rated again; rate it.")
    # Else anybody could make up how consistent they are.
    said = group.said_again(event.contributor, event.prompt_id)
    if said or not may_come_again(transaction, event.contributor, group.sprint, event.prompt_id):
        raise InvalidAction("This prompt does not come again to you now; what you gave it before stands.")


def _tell_gold(transaction: Transaction, receipts: Sequence[Receipt]) -> None:
    revealed = [one for receipt in receipts for one in receipt.revealed]
    scores = gold.scores_of(transaction, {one["prompt_id"] for one in revealed}) if revealed else {}
    for one in revealed:
        one["gold"] = scores.get(one["prompt_id"])


def _revealed(group: Group, event: Event) -> dict[str, object]:
    prompt = group.prompt(event.prompt_id)
    counts = group.counts(event.contributor, event.prompt_id)
    own = group.opinion(event.contributor, event.prompt_id) if counts else None
    return {
        "prompt_id": prompt.prompt_id,
        "source": prompt.cell.source,
        "kind": prompt.cell.kind,
        "score": event.score,
        "gold": None,
        "crowd": others(prompt.scores, own.score if own else None),
    }


def _as_dict(receipt: Receipt) -> dict[str, object]:
    return {name: getattr(receipt, name) for name in SHOWN}


def _show(transaction: Transaction, answers: Sequence[dict[str, object] | SprintError]) -> None:
    """Put what a rater may see of them in the place of the ids of leased prompts."""
    given = [answer for answer in answers if isinstance(answer, dict)]
    leased = {prompt_id for answer in given for prompt_id in answer["next"]}
    shown = prompts.shown_to(transaction, leased) if leased else {}
    for answer in given:
        again = answer.pop("again")
        answer["next"] = [
            shown[prompt_id] | ({"again": True} if prompt_id in again else {}) for prompt_id in answer["next"]
        ]
