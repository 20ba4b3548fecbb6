"""Gold prompts: what organizers say should be given stays with the prompt, wherever it goes."""

import json
from contextlib import closing

import pytest

from components.errors import BadSetting, InvalidScore, UnknownPrompt
from components.organizing.gold import Mark, mark_all, read_marks
from components.organizing.sprint import change
from components.records import Action
from components.store import gold, moderation
from components.store.absorption import absorb
from components.store.audit import audit
from tests.rating.test_recording import rating, sends
from tests.store.stores import hashed, merged, new_store, rows, rows_of


def mark(store, organizer, prompt, score):
    return store.write(lambda tx: gold.mark(tx, organizer.id, prompt.prompt_id, score))


def scores(store):
    with store.reading() as connection:
        return gold.scores(connection)


def counted(store):
    return [sorted(rows(store, table), key=str) for table in ("prompt_tallies", "queue", "coverage_tallies")]


def test_a_mark_is_an_event_and_nothing_that_is_counted(store, loaded, person):
    grace = person("grace")
    before = counted(store)
    assert mark(store, grace, loaded[0], 4)
    assert not mark(store, grace, loaded[0], 4)
    assert mark(store, grace, loaded[0], 2)
    assert scores(store) == {loaded[0].prompt_id: 2}
    told = [json.loads(row["payload"]) for row in rows(store, "events", f"action = '{Action.GOLD}'")]
    assert told == [{"from": None, "to": 4}, {"from": 4, "to": 2}]
    assert mark(store, grace, loaded[0], None) and scores(store) == {}
    assert counted(store) == before
    assert audit(store).differences == []
    with pytest.raises(InvalidScore):
        mark(store, grace, loaded[0], 6)
    with pytest.raises(UnknownPrompt):
        store.write(lambda tx: gold.mark(tx, grace.id, "0" * 32, 3))


def test_marks_survive_a_merge_and_are_taken_over_by_another_store(store, loaded, person, clock, tmp_path):
    grace = person("grace")
    with closing(new_store(tmp_path / "other.db", clock)) as other:
        other.write(lambda tx: absorb(tx, rows_of(store), hashed))
        clock.forward(minutes=1)
        mark(store, grace, loaded[0], 4)
        other.write(lambda tx: absorb(tx, rows_of(store), hashed))
        assert scores(other) == scores(store) == {loaded[0].prompt_id: 4}
        assert audit(other).differences == []
        old = rows_of(other)
    clock.forward(minutes=1)
    mark(store, grace, loaded[0], 5)
    for both in ([old, rows_of(store)], [rows_of(store), old]):
        with merged(tmp_path, both, clock) as one:
            assert scores(one) == {loaded[0].prompt_id: 5}


def test_a_backup_from_before_there_was_gold_is_taken_in(store, loaded, clock, tmp_path):
    new = {"gold", "repeat_every", "repeat_after", "repeat_after_days", "gold_feedback"}
    old = [(table, {name: row[name] for name in row.keys() - new}) for table, row in rows_of(store)]
    with merged(tmp_path, [old], clock) as one:
        assert scores(one) == {} and len(rows(one, "prompts")) == 12
        assert rows(one, "sprint")[0]["repeat_after"] == 50


def test_a_file_marks_by_id_and_by_text(store, loaded, person, tmp_path):
    ids = tmp_path / "ids.csv"
    ids.write_text(f"prompt_id,score\n{loaded[0].prompt_id},4\n{'0' * 32},2\n")
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"prompt": "PROMPT  number 1", "score": 3}\n{"prompt": "no such", "score": "none"}\n')
    steps = []
    told = mark_all(store, "terminal", read_marks(ids), lambda *step: steps.append(step))
    assert (told.new, told.same, told.unknown, steps) == (1, 0, 1, [(2, 2)])
    told = mark_all(store, "terminal", read_marks(texts), lambda *step: None)
    assert (told.new, told.same, told.unknown) == (1, 0, 1)
    assert scores(store) == {loaded[0].prompt_id: 4, loaded[1].prompt_id: 3}
    mark_all(store, "terminal", [Mark(loaded[0].prompt_id, None)], lambda *step: None)
    with store.reading() as connection:
        [row] = moderation.listed(connection, "gold", "", 1, 50).rows
    assert (row["prompt_id"], row["gold"]) == (loaded[1].prompt_id, 3)
    for wrong in ("prompt,score\nPrompt number 1,six\n", "prompt\nPrompt number 1\n"):
        ids.write_text(wrong)
        with pytest.raises(BadSetting):
            read_marks(ids)


def test_the_gold_score_is_told_after_the_rating_and_only_where_organizers_let_it(store, loaded, person):
    grace, ada = person("grace"), person("ada")
    mark(store, grace, loaded[0], 2)
    assert sends(ada, rating(loaded[0], 4))["revealed"][0]["gold"] is None
    change(store, "terminal", gold_feedback=True)
    both = sends(ada, rating(loaded[0], 4), rating(loaded[1], 4))["revealed"]
    assert [one["gold"] for one in both] == [2, None]
    assert all("gold" not in one for one in sends(ada)["next"])
