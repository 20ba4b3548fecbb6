"""Columns of metadata: those with few values, equal to a recount whatever happened in between, a little at a time."""

from collections import Counter

import orjson

from components.charts import metadata
from components.charts.columns import BLOCKS, Columns, few
from components.records import SCORES, Action, Prompt
from components.store import erasures, prompts
from tests.charts.conftest import MARCH_1, TASKS, numbers_of

PATIENT = 60.0


def recounted(store) -> dict:
    """What a new reading of everything finds."""
    columns = Columns(budget_s=PATIENT)
    followed(columns, store)
    return columns.counted


def followed(columns: Columns, store) -> bool:
    with store.reading() as connection:
        return columns.follow(connection)


def test_a_column_of_few_values_has_every_score_of_its_prompts(many):
    expected: Counter[tuple] = Counter()
    with many.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT metadata, ratings.score FROM ratings JOIN prompts ON prompts.prompt_id = ratings.prompt_id"
        ).all()
    for text, score in rows:
        if "task" in (told := orjson.loads(text)):
            expected[told["task"], score] += 1
    found: Counter[tuple] = Counter()
    for (column, value, _, _), given in recounted(many).items():
        if column == "task":
            found.update({(value, score): given[score] for score in SCORES if given[score]})
    assert found == expected and {value for value, _ in found} == {*TASKS}


def test_a_column_with_many_values_makes_no_groups(many):
    assert {key[0] for key in recounted(many)} == {"task", "<i>$x$</i>"}


def test_after_everything_people_do_it_equals_a_recount(store, person, clock):
    some = [Prompt(f"{n}", "a", "human", metadata={"task": TASKS[n % 3]}) for n in range(9)]
    store.write(lambda transaction: prompts.add(transaction, some, {}))
    columns, ada = Columns(budget_s=PATIENT), person("ada")
    followed(columns, store)
    for act in (
        lambda: ada.rates(some[0], 5),
        lambda: ada.rates(some[0], 2),
        lambda: ada.rates(some[1], 4),
        lambda: ada.undoes(ada.rates(some[2], 1)),
        lambda: ada.rates(some[1], None, action=Action.WITHDRAWN),
    ):
        clock.forward(minutes=1)
        act()
        assert not followed(columns, store)
        assert columns.counted == recounted(store)
    assert sum(sum(given.values()) for given in columns.counted.values()) == 1


def test_a_deleted_account_takes_its_ratings_along(store, person):
    some = [Prompt(f"{n}", "a", "human", metadata={"task": TASKS[n % 3]}) for n in range(9)]
    store.write(lambda transaction: prompts.add(transaction, some, {}))
    columns, ada, bob = Columns(budget_s=PATIENT), person("ada"), person("bob")
    for prompt in some:
        ada.rates(prompt, 5)
    bob.rates(some[0], 1)
    followed(columns, store)
    store.write(lambda transaction: erasures.begin(transaction, ada.id, "hash"))
    followed(columns, store)
    after = ""
    while after is not None:
        after = store.write(lambda transaction, after=after: erasures.go_on(transaction, ada.id, after, 3))
        followed(columns, store)
    assert columns.counted == recounted(store)
    assert sum(sum(given.values()) for given in columns.counted.values()) == 1


def test_without_time_it_goes_on_where_it_stopped(many):
    ticks = iter(range(10**9))
    columns = Columns(clock=lambda: next(ticks), budget_s=100)
    turns = 1
    while followed(columns, many):
        turns += 1
        assert columns.counted == {}  # half of it would tell something else
    assert turns > len(BLOCKS) // 100
    assert columns.counted == recounted(many)


def test_what_is_no_group_is_left_out():
    told = {
        "a": "x",
        "b": True,
        "c": 7,
        "d": 1.5,
        "e": None,
        "f": "y" * 61,
        "g": " ",
        "h": ["x"],
        "i": {"j": 1},
    }
    assert dict(few(told)) == {"a": "x", "b": "yes", "c": "7"}
    assert [*few(["a"])] == []


def test_the_chart_has_the_column_with_most_ratings_first_and_only_what_can_be_compared(store, rate):
    some = [
        Prompt(
            f"{n}",
            "a",
            "human",
            metadata={"always": "same", "task": TASKS[n % 2]} | ({"rare": n} if n < 2 else {}),
        )
        for n in range(8)
    ]
    store.write(lambda transaction: prompts.add(transaction, some, {}))
    for prompt in some:
        rate(0, prompt, 4, MARCH_1)
    store.write(lambda transaction: None)
    rows = numbers_of(store, metadata.table)
    assert [row.column for row in rows] == ["task", "task", "rare", "rare"]
    assert [row.scores.n for row in rows] == [4, 4, 1, 1]
