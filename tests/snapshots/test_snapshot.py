"""A snapshot as `datasets.load_dataset` reads it: the published schema, and every number as the events tell it."""

import json
import re
from collections import defaultdict
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from huggingface_hub import DatasetCard

from components.records import Prompt
from components.snapshots.configurations import BEST, CONFIGURATIONS, DEFAULT, EVENTS
from components.snapshots.configurations import PROMPTS as PROMPTS_TABLE
from components.snapshots.options import Options
from components.snapshots.snapshot import write_snapshot
from components.store import prompts

# The features of 10k_prompts_ranked, with its two later columns, in their order.
PUBLISHED = {
    "prompt": "string",
    "quality": [{"user_id": "string", "value": "string", "status": "string"}],
    "metadata": "string",
    "avg_rating": "float64",
    "num_responses": "int64",
    "agreement_ratio": "float64",
    "raw_responses": ["int64"],
    "kind": "string",
    "cluster_description": "string",
    "topic": "string",
}


def features_of(description):
    from datasets import Features, List, Value

    def feature(type_):
        if isinstance(type_, list):
            return List(feature(type_[0]))
        if isinstance(type_, dict):
            return {name: feature(part) for name, part in type_.items()}
        return Value(type_)

    return Features({name: feature(type_) for name, type_ in description.items()})


def test_the_default_has_exactly_the_published_features(sprint, read, tmp_path):
    rows = read(sprint.snapshot(tmp_path / "out"))
    assert rows.features == features_of(PUBLISHED)
    assert rows.column_names == list(PUBLISHED)


def test_every_number_follows_from_the_events(sprint, read, tmp_path):
    folder = sprint.snapshot(tmp_path / "out")
    ids = {(row["prompt"], row["metadata"]): row["prompt_id"] for row in read(folder, "prompts")}
    scores = defaultdict(dict)
    for event in read(folder, "events"):
        if event["is_current"] and event["action"] == "rated":
            assert event["user_id"] not in scores[event["prompt_id"]]
            scores[event["prompt_id"]][event["user_id"]] = event["score"]

    rows = list(read(folder))
    assert {ids[row["prompt"], row["metadata"]] for row in rows} == scores.keys()
    for row in rows:
        given = scores[ids[row["prompt"], row["metadata"]]]
        assert {rating["user_id"]: int(rating["value"]) + 1 for rating in row["quality"]} == given
        assert {rating["status"] for rating in row["quality"]} == {"submitted"}
        assert row["raw_responses"] == [given[rating["user_id"]] for rating in row["quality"]]
        assert row["num_responses"] == len(given) == len(row["quality"])
        assert row["avg_rating"] == pytest.approx(sum(given.values()) / len(given))
        most = max(row["raw_responses"].count(score) for score in row["raw_responses"])
        assert row["agreement_ratio"] == pytest.approx((most / len(given) - 0.2) / 0.8)


def test_the_ratings_are_those_that_were_given(sprint, read, tmp_path):
    given = {row["prompt"]: sorted(row["raw_responses"]) for row in read(sprint.snapshot(tmp_path / "out"))}
    texts = [prompt.text for prompt in sprint.prompts]
    # Of the third prompt, one opinion was changed, and an older one came in late.
    assert given == {texts[0]: [1, 2, 3, 4, 5], texts[1]: [5, 5], texts[2]: [3, 4], texts[3]: [3]}


def test_a_score_of_five_is_published_as_the_text_four(sprint, read, tmp_path):
    row = next(
        row for row in read(sprint.snapshot(tmp_path / "out")) if row["prompt"] == sprint.prompts[1].text
    )
    assert [rating["value"] for rating in row["quality"]] == ["4", "4"]
    assert row["raw_responses"] == [5, 5]


def test_metadata_is_json_with_the_published_keys_first(sprint, read, tmp_path):
    rows = {row["prompt"]: row for row in read(sprint.snapshot(tmp_path / "out"))}
    plain, evolved, passage = (rows[sprint.prompts[place].text] for place in (1, 3, 2))
    assert plain["metadata"] == '{"evolved_from": null, "kind": "human", "source": "greetings"}'
    metadata = json.loads(evolved["metadata"])
    assert list(metadata)[:3] == ["evolved_from", "kind", "source"]
    assert metadata["evolved_from"] == "Say hello in Welsh." and metadata["id"] == "v-1"
    assert metadata["nested"] == {"depth": [1, 2.5, None, "ä"]}
    assert json.loads(passage["metadata"])["context"] == "The Elbe flows to Hamburg."
    assert (evolved["topic"], evolved["cluster_description"]) == (
        "Greetings",
        "Short greetings in many languages",
    )
    assert (plain["topic"], plain["cluster_description"]) == (None, None)


def test_prompts_nobody_rated_are_in_only_if_asked_for(sprint, read, tmp_path):
    texts = {prompt.text for prompt in sprint.prompts}
    unrated = {"Not rated, only skipped.", "Never shown."}
    assert {row["prompt"] for row in read(sprint.snapshot(tmp_path / "few"))} == texts - unrated
    rows = {row["prompt"]: row for row in read(sprint.snapshot(tmp_path / "all", include_unrated=True))}
    assert rows.keys() == texts
    for text in unrated:
        row = rows[text]
        assert (row["num_responses"], row["avg_rating"], row["agreement_ratio"]) == (0, None, None)
        assert (row["quality"], row["raw_responses"], row["topic"]) == ([], [], None)


def test_events_are_complete_and_cut_to_the_hour(sprint, read, tmp_path):
    rows = list(read(sprint.snapshot(tmp_path / "out"), "events"))
    pseudonyms = {someone.id: someone.contributor.pseudonym for someone in sprint.people}
    assert sorted(map(tuple_of, rows)) == sorted(
        (
            event.prompt_id,
            pseudonyms[event.contributor],
            event.action,
            event.score or 0,
            event.shown_ms or 0,
            datetime.fromtimestamp(event.decided_at // 3_600_000 * 3600, UTC),
        )
        for event in sprint.events
    )
    assert sum(row["is_current"] for row in rows) == len({(row["prompt_id"], row["user_id"]) for row in rows})
    assert not any(row["is_late"] for row in rows)


def test_what_came_in_after_the_sprint_had_closed_is_marked(sprint, read, tmp_path):
    late = sprint.people[0].rates(sprint.prompts[0], 1, payload='{"late": true}')
    rows = read(sprint.snapshot(tmp_path / "out"), "events")
    [marked] = [row for row in rows if row["is_late"]]
    assert (marked["prompt_id"], marked["score"], marked["is_current"]) == (late.prompt_id, 1, True)


def tuple_of(row):
    numbers = (row["score"] or 0, row["shown_ms"] or 0)
    return (row["prompt_id"], row["user_id"], row["action"], *numbers, row["at"])


def test_the_order_of_rows_says_nothing_about_time(sprint, read, tmp_path):
    folder = sprint.snapshot(tmp_path / "out")
    events = [(row["prompt_id"], row["user_id"]) for row in read(folder, "events")]
    assert events == sorted(events)
    for row in read(folder):
        names = [rating["user_id"] for rating in row["quality"]]
        assert names == sorted(names)


def test_prompts_come_out_as_they_went_in(sprint, read, tmp_path):
    rows = {row["prompt_id"]: row for row in read(sprint.snapshot(tmp_path / "out"), "prompts")}
    assert rows.keys() == {prompt.prompt_id for prompt in sprint.prompts}
    for prompt in sprint.prompts:
        row = rows[prompt.prompt_id]
        assert (row["prompt"], row["context"]) == (prompt.text, prompt.context)
        assert (row["source"], row["kind"]) == (prompt.source, prompt.kind)
        topics = {name: row[name] for name in ("topic", "cluster_description") if row[name] is not None}
        known = json.loads(row["metadata"]) | topics
        assert {name: known[name] for name in prompt.metadata} == dict(prompt.metadata)


def test_nothing_in_it_names_a_person(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "out", include_unrated=True)
    secrets = {"user-name", "local"} | {event.event_id for event in sprint.events}
    secrets |= {someone.id for someone in sprint.people}
    contents = [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    # Compressed columns hide what they hold from a search of bytes.
    contents += [
        str(pq.read_table(folder / configuration.path).to_pydict())
        for configuration in CONFIGURATIONS
        if (folder / configuration.path).exists()
    ]
    assert len(contents) == 15
    assert [secret for secret in secrets for content in contents if secret in content] == []
    assert any(someone.contributor.pseudonym in contents[-4] for someone in sprint.people)


HOSTILE = (
    "---\nconfigs: []\n---\n# A heading",
    "```\n</code></pre><img src=x onerror=alert(1)>\n````\n# out of the fence",
    "{{ 7*7 }} {% raw %} ${7*7} {{ numbers.__class__ }} <script>alert(1)</script>",
    "| a | b |\n|---|---|\n| [x](javascript:alert(1)) | ![y](http://evil.example/y.png) |",
    "\u202eright to left\u2066 zero\u200bwidth \U000e0041 \ufeff\u2028line\u0085next",
    "'; DROP TABLE prompts; --\\",
    "emoji 👩‍👩‍👧 and 漢字 and العربية\r\nand\ta tab",
    "x" * 100_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_hostile_text_is_kept_exactly_and_breaks_nothing(store, person, read, tmp_path, text):
    name = " ".join(text.split())[:500]
    hostile = Prompt(
        text,
        name,
        "human",
        context=text,
        metadata={"license": text, "language": text, "topic": text, "x": [text]},
    )
    store.write(lambda tx: prompts.add(tx, [hostile], {}))
    person("ada").rates(hostile, 5)
    folder = tmp_path / "out"
    write_snapshot(store, folder)
    [row] = read(folder)
    assert row["prompt"] == row["topic"] == text
    metadata = json.loads(row["metadata"])
    assert (metadata["source"], metadata["context"], metadata["x"]) == (name, text, [text])
    [row] = read(folder, "prompts")
    assert (row["prompt"], row["context"], row["source"]) == (text, text, name)
    card = DatasetCard.load(folder / "README.md", ignore_metadata_errors=False)
    assert [config["config_name"] for config in card.data.configs] == ["default", "events", "prompts"]


def test_an_empty_sprint_gives_empty_tables(store, tmp_path):
    from datasets import load_dataset

    snapshot = write_snapshot(store, tmp_path / "out")
    assert (snapshot.prompts, snapshot.ratings, snapshot.contributors, snapshot.events) == (0, 0, 0, 0)
    for configuration in (DEFAULT, EVENTS, PROMPTS_TABLE):
        # Streamed, because datasets 5.2 refuses any table without rows when it is not.
        rows = load_dataset(str(tmp_path / "out"), configuration.name, split="train", streaming=True)
        assert rows.features.arrow_schema == configuration.schema()
        assert list(rows) == []


def test_prompts_can_be_read_before_anybody_rated(store, loaded, read, tmp_path):
    write_snapshot(store, tmp_path / "out")
    assert len(read(tmp_path / "out", "prompts")) == 12
    assert pq.read_table(tmp_path / "out" / "data").num_rows == 0


def test_it_tells_what_it_wrote(sprint, tmp_path):
    steps = []
    snapshot = write_snapshot(sprint.store, tmp_path / "out", on_progress=lambda *step: steps.append(step))
    assert (snapshot.prompts, snapshot.ratings, snapshot.numbers.every_prompt) == (4, 10, 6)
    assert (snapshot.contributors, snapshot.events) == (5, 15)
    assert str(snapshot).startswith(f"The dataset is in {tmp_path / 'out'}: prompts 4, ratings 10")
    assert re.fullmatch(r"prompt-sprint-2026-03-01T\d{4}", snapshot.file_name)
    done, totals = zip(*steps, strict=True)
    assert list(done) == sorted(done) and len(set(totals)) == 1 and done[-1] <= totals[0]


def test_files_are_ready_for_the_hub(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "out")
    for configuration in (DEFAULT, BEST, EVENTS, PROMPTS_TABLE):
        metadata = pq.ParquetFile(folder / configuration.path).metadata
        columns = [metadata.row_group(0).column(place) for place in range(metadata.num_columns)]
        assert {column.compression for column in columns} == {"ZSTD"}
        assert all(column.has_offset_index for column in columns)


def test_more_rows_than_are_held_at_once_all_come_out(store, make_prompts, person, read, tmp_path):
    many = make_prompts(5500)
    for start in range(0, len(many), prompts.ADD_AT_ONCE):
        some = many[start : start + prompts.ADD_AT_ONCE]
        store.write(lambda tx, some=some: prompts.add(tx, some, {}))
    person("ada").rates(many[0], 2)
    folder = tmp_path / "out"
    write_snapshot(store, folder, Options(include_unrated=True))
    assert {row["prompt"] for row in read(folder)} == {prompt.text for prompt in many}
    assert len(read(folder, "prompts")) == 5500


def test_real_prompts_come_out_as_they_went_in(shared, store, person, read, tmp_path):
    lines = (shared / "data/prompts/prompts_small.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    real = [
        Prompt(row["prompt"], row["source"], row["kind"], row.get("context"), row["id"], row) for row in rows
    ]
    for start in range(0, len(real), prompts.ADD_AT_ONCE):
        some = real[start : start + prompts.ADD_AT_ONCE]
        store.write(lambda tx, some=some: prompts.add(tx, some, {}))
    ada = person("ada")
    for place, prompt in enumerate(real[:50]):
        ada.rates(prompt, place % 5 + 1)
    write_snapshot(store, tmp_path / "out")
    rated = {json.loads(row["metadata"])["id"]: row for row in read(tmp_path / "out")}
    assert {prompt.own_id: prompt.text for prompt in real[:50]} == {
        own_id: row["prompt"] for own_id, row in rated.items()
    }
    assert [rated[prompt.own_id]["raw_responses"] for prompt in real[:5]] == [[1], [2], [3], [4], [5]]


def test_the_published_example_comes_out_as_it_was_published(shared, store, person, read, tmp_path):
    lines = (shared / "data/reference/dibt_10k_sample_rows.jsonl").read_text().splitlines()
    published = json.loads(lines[0])
    prompt = Prompt(published["prompt"], published["metadata"]["source"], published["kind"])
    store.write(lambda tx: prompts.add(tx, [prompt], {}))
    for place, score in enumerate(published["raw_responses"]):
        person(f"person-{place}").rates(prompt, score)
    write_snapshot(store, tmp_path / "out")
    [row] = read(tmp_path / "out")
    assert json.loads(row["metadata"]) == published["metadata"]
    assert [rating["value"] for rating in row["quality"]] == [
        rating["value"] for rating in published["quality"]
    ]
    same = ("prompt", "avg_rating", "num_responses", "agreement_ratio", "raw_responses", "kind")
    assert {name: row[name] for name in same} == {name: published[name] for name in same}
