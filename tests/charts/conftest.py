"""A sprint of three weeks, with sources of every name a file can bring in."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from components.charts.columns import Columns
from components.charts.numbers import Numbers
from components.live.moment import Moment
from components.records import DAY_MS, EVERYTHING, HOUR_MS, KINDS, SCORES, Filter, Prompt
from components.store import prompts
from components.store.store import Store
from tests.conftest import keep

MARCH_1 = 1_772_323_200_000  # 2026-03-01T00:00:00Z
HOSTILE = (
    "<b>bold</b>",
    "<img src=x onerror=\"document.title='ran'\">",
    "<a href='javascript:alert(1)'>link</a>",
    "a &lt;b&gt; &amp; c",
    "{{7*7}} %{x} ${y} $x^2$",
    "2026-03-01",
    "مصدر من اليمين إلى اليسار",
    "turned\u202eround\tand\nbroken",
    "",
    "organization/dataset-with-a-very-long-name-of-which-the-beginning-and-the-end-are-alike",
    "organization/dataset-with-a-very-long-name-but-another-middle-beginning-and-the-end-are-alike",
    "漢W" * 2500,
)
TASKS = ("write", "ask", "code", "<b>play</b>", "$x$")
# Rated least, so what is beyond the twelve is known.
LEAST_RATED = ("rare-1", "rare-2", "human")
SOURCES = HOSTILE + LEAST_RATED


@pytest.fixture
def rate(store: Store, person: Callable) -> Callable:
    """Rate a prompt as a contributor at a moment, and do not wait."""
    people: dict = {}

    def rate(who: int, prompt: Prompt, score: int, moment: int, shown_ms: int | None = 12_000) -> None:
        if who not in people:
            people[who] = person(f"person-{who}")
        event = people[who].event(prompt, score, received_at=moment, shown_ms=shown_ms)
        store.submit(lambda transaction: keep(transaction, [event]))

    return rate


def numbers_at(connection: Connection) -> Numbers:
    """The numbers of charts at one moment, the columns of metadata counted."""
    columns = Columns(budget_s=60)
    columns.follow(connection)
    return Numbers(Moment(connection), columns=columns)


def numbers_of(store: Store, read: Callable[[Numbers], object], chosen: Filter = EVERYTHING) -> object:
    """What a function makes of the numbers of charts."""
    with store.reading() as connection:
        return read(numbers_at(connection).under(chosen))


def tally(store: Store, reading: Callable) -> object:
    """What the store says."""
    with store.reading() as connection:
        return reading(connection)


@pytest.fixture
def many(store: Store, rate: Callable) -> Store:
    """The store with 34 prompts of each hostile source and one of each other, and more than 700 ratings over 21 days."""
    chance = random.Random(7)
    some = [
        Prompt(
            f"{n}, {place}",
            source,
            KINDS[n % 3],
            metadata={"task": TASKS[n % 5], "row": n, "<i>$x$</i>": n % 2 > 0},
        )
        for place, source in enumerate(HOSTILE)
        for n in range(34)
    ]
    some += [Prompt(f"least of {source}", source, "unknown") for source in LEAST_RATED]
    store.write(lambda transaction: prompts.add(transaction, some, {"file": "test"}))
    for number, prompt in enumerate(some[:-3]):
        for who in range(number % 4):
            moment = MARCH_1 + chance.randrange(20) * DAY_MS + chance.randrange(24) * HOUR_MS
            rate(who, prompt, chance.choice(SCORES), moment, chance.randrange(90_000))
    for prompt in some[-3:]:
        rate(9, prompt, 5, MARCH_1 + 20 * DAY_MS)
    store.write(lambda transaction: None)
    return store
