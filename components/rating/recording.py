"""Recording what contributors say: each item of a request stands or falls alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from components.errors import BadEvent
from components.rating.rules import read_event
from components.records import Action
from components.store import prompts, ratings
from components.store.writer import Transaction


@dataclass
class Receipt:
    """What became of a request's items.

    Attributes:
        confirmed: Ids of events that are kept, whether now or by an earlier request.
        rejected: An event_id and the reason for each that is not.
        revealed: prompt_id, source and kind of the prompts that were rated: open after, blind before.
    """

    confirmed: list[str] = field(default_factory=list)
    rejected: list[dict[str, str]] = field(default_factory=list)
    revealed: list[dict[str, str]] = field(default_factory=list)


def record(transaction: Transaction, contributor: str, items: Sequence[Mapping[str, object]]) -> Receipt:
    """Keep every item that can be kept, in their order, and say what became of each."""
    receipt = Receipt()
    for place, item in enumerate(items):
        # Received in their order, the last one now: else a device that tells no time, or a wrong one,
        # would leave it to chance which of two opinions in one request is the newer.
        received_at = transaction.now - (len(items) - 1 - place)
        try:
            event = read_event(item, contributor, received_at)
            ratings.keep(transaction, event)
        except BadEvent as error:
            receipt.rejected.append({"event_id": item["event_id"], "reason": str(error)})
            continue
        receipt.confirmed.append(item["event_id"])
        if event.action == Action.RATED:
            prompt = prompts.find(transaction.connection, event.prompt_id)
            receipt.revealed.append({name: prompt[name] for name in ("prompt_id", "source", "kind")})
    return receipt
