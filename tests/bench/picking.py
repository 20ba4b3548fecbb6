"""Picking: how long the assignment takes to fill the card of somebody who has answered thousands of prompts.

Measured in this process, without HTTP and without the flush: a contributor skips one of the prompts
they hold, and then the time counts until they hold five again, as it does while others wait for their
ratings to be kept; `--thorough` looks at everything before it gives up, as when a card asks for more. The cases:

- usual: what they rated lies anywhere among the others.
- least rated: what they answered (skipped, so that it still wants ratings) is exactly what others rated least.
- all theirs: the same, and everything else has its ratings: there is nothing left for them.
- short ones: as least rated, and they chose short prompts.
- skipped: as least rated, and they chose to see again what they skipped.
"""

import argparse
import random
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from components.rating.assignment import MOST_HELD, Assignment
from components.records import ANYTHING, Action, Choice, Contributor, Event, Identity
from components.store import contributors, queue, sprints
from components.store.store import Store
from components.store.writer import Transaction
from tests.bench.stock import FOLDER, opened, stock
from tests.bench.table import Table, number, percentile, say_where
from tests.conftest import keep

CHOICES = {"short ones": Choice(length="short"), "skipped": Choice(skipped=True)}
CASES = ("usual", "least rated", "all theirs", *CHOICES)
# Only where there are so few that the contributor would otherwise have answered them all.
MOST_SHARE = 0.5
AT_ONCE = 200

# Ratings by others would take an hour to give to a million prompts; what they leave in the queue takes a second.
RATED_ONCE_BY_OTHERS = """
    UPDATE queue SET claims = 1, level = 1
    WHERE prompt_id NOT IN (SELECT prompt_id FROM ratings WHERE contributor = :contributor)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prompts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--answered", type=int, default=20_000, help="by the contributor, half of all at most"
    )
    parser.add_argument("--times", type=int, default=1000, help="how often is picked")
    parser.add_argument("--most-seconds", type=float, default=60, help="for one row")
    parser.add_argument("--thorough", action="store_true", help="look at every open prompt before giving up")
    parser.add_argument("--folder", type=Path, help=FOLDER)


def run(words: argparse.Namespace) -> None:
    with stock(words.folder) as stores:
        say_where("one contributor, a card of five")
        table = Table("prompts", "answered", "       case", "p50 ms", "p95 ms", "p99 ms", "most ms", "times")
        for prompts in words.prompts:
            answered = min(words.answered, int(prompts * MOST_SHARE))
            for case in CASES:
                database = stores.copy(prompts)
                store = opened(database)
                try:
                    took = sorted(picked(store, case, answered, words))
                finally:
                    store.close()
                    shutil.rmtree(database.parent)
                cuts = (number(percentile(took, percent), 2) for percent in (50, 95, 99))
                table.row(
                    number(prompts, 0), number(answered, 0), case, *cuts, number(took[-1], 2), len(took)
                )


def picked(store: Store, case: str, answered: int, words: argparse.Namespace) -> list[float]:
    """How many milliseconds each picking took."""
    ada = store.write(lambda tx: contributors.sign_in(tx, Identity("local", "ada", "ada", "Ada"), ()))
    prepare(store, ada, case, answered)
    took: list[float] = []
    until = time.monotonic() + words.most_seconds
    choice = CHOICES.get(case, ANYTHING)
    for _ in tqdm(range(words.times), case, leave=False):
        took.append(store.write(lambda tx: pick(tx, ada.contributor_id, choice, words.thorough)))
        if time.monotonic() > until:
            break
    return took


def pick(transaction: Transaction, contributor: str, choice: Choice, thorough: bool) -> float:
    """Skip a prompt of the card, so that one is missing; then the milliseconds until there is another."""
    sprint = sprints.standing(transaction)
    for prompt_id in Assignment(transaction, [contributor], sprint).held(contributor)[:1]:
        keep(transaction, [said(transaction, contributor, prompt_id)])
    began = time.perf_counter()
    assignment = Assignment(transaction, [contributor], sprint)
    assignment.top_up(contributor, MOST_HELD, choice, thorough)
    assignment.write()
    return 1000 * (time.perf_counter() - began)


def prepare(store: Store, ada: Contributor, case: str, answered: int) -> None:
    """Let the contributor answer prompts, and the others rate what the case wants."""
    with store.reading() as connection:
        everything = connection.exec_driver_sql("SELECT prompt_id FROM prompts ORDER BY prompt_id").scalars()
        theirs = random.Random(1).sample(everything.all(), answered)

    def answer(transaction: Transaction, some: list[str]) -> None:
        events = [said(transaction, ada.contributor_id, prompt_id, score) for prompt_id in some]
        keep(transaction, events)

    score = 3 if case == "usual" else None
    for some in tqdm(list(groups(theirs)), "answering", leave=False):
        store.write(lambda transaction, some=some: answer(transaction, some))
    store.write(lambda transaction: rated_by_others(transaction, ada.contributor_id, case))


def rated_by_others(transaction: Transaction, contributor: str, case: str) -> None:
    """Set the goal, and let the queue look as if others had rated everything else once, if the case wants it."""
    goal = 1 if case == "all theirs" else 3
    sprints.change(transaction, sprints.TERMINAL, {"ratings_per_prompt": goal})
    if case != "usual":
        transaction.connection.exec_driver_sql(RATED_ONCE_BY_OTHERS, {"contributor": contributor})
        transaction.connection.execute(queue.FORGET_LEVELS)
        transaction.connection.execute(queue.COUNT_LEVELS, {"slot": transaction.slot})


def said(transaction: Transaction, contributor: str, prompt_id: str, score: int | None = None) -> Event:
    """The event of rating a prompt now, or of skipping it with no score."""
    action = Action.SKIPPED if score is None else Action.RATED
    return Event(str(uuid.uuid4()), contributor, action, transaction.now, prompt_id, score)


def groups(prompt_ids: list[str]) -> Iterator[list[str]]:
    """As many at a time as one transaction takes."""
    for start in range(0, len(prompt_ids), AT_ONCE):
        yield prompt_ids[start : start + AT_ONCE]
