"""A sprint in which people were checked: some rate as one, some prompts are gold, some were rated again."""

import json

import numpy as np

from components.agreement.work import found
from components.records import Action, Prompt
from components.store import findings, gold, prompts
from components.store.findings import Made
from components.store.store import Store
from tests.conftest import Person, keep

PROMPTS = 40


def checked(store: Store, names: tuple[str, ...] = ("ada", "bob", "cy", "dora")) -> dict[str, Person]:
    """Everybody rated all prompts, the last as the second did; twelve are gold, and the second rated them again."""
    some = [Prompt(f"Prompt number {n}", f"source-{n % 3}", "human") for n in range(PROMPTS)]
    store.write(lambda tx: prompts.add(tx, some, {"file": "test"}))
    people = {name: Person(store, name) for name in names}
    rng = np.random.default_rng(2)
    worth = rng.integers(1, 6, PROMPTS)
    given = {name: np.clip(worth + rng.integers(-1, 2, PROMPTS), 1, 5) for name in names}
    given[names[1]] = given[names[-1]] = worth
    now = store.clock()
    for place, name in enumerate(names):
        told = [
            people[name].event(
                prompt, int(score), shown_ms=4000, received_at=now - (PROMPTS * (9 - place) - number) * 20_000
            )
            for number, (prompt, score) in enumerate(zip(some, given[name], strict=True))
        ]
        store.write(lambda tx, told=told: keep(tx, told))
    for prompt, score in zip(some[:12], worth, strict=False):
        store.write(lambda tx, one=prompt, score=int(score): gold.mark(tx, "terminal", one.prompt_id, score))
        people[names[1]].rates(prompt, int(score), action=Action.RATED_AGAIN)
    return people


def computed(store: Store) -> dict[str, object]:
    """What is found of it, as it is kept."""
    _, contents = found(store.database, lambda *step: None)
    return {name: json.loads(json.dumps(told)) for name, told in contents.items()}


def compute(store: Store) -> None:
    """Keep what is found, as the server does in the background."""
    version, contents = found(store.database, lambda *step: None)
    texts = {name: json.dumps(told) for name, told in contents.items()}
    store.write(lambda tx: findings.keep(tx, Made(version, store.clock(), 10), texts))
