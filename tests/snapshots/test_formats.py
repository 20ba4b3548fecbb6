"""Formats: each gives back what it was given, and no spreadsheet runs anything in it."""

import csv
import json

import pyarrow.parquet as pq
import pytest
from datasets import Features, List, Value

from components.errors import BadSetting
from components.records import Action, Prompt
from components.snapshots.configurations import CONFIGURATIONS, DEFAULT, EVENTS, PROMPTS
from components.snapshots.formats import FORMATS, MORE
from components.snapshots.options import options
from components.store import prompts


@pytest.fixture
def folder(sprint, tmp_path):
    """A snapshot in every format, with a prompt that is a formula."""
    formula = Prompt("=HYPERLINK(1)", "+evil", "human")
    sprint.store.write(lambda tx: prompts.add(tx, [formula], {}))
    sprint.people[0].rates(formula, 2)
    return sprint.snapshot(tmp_path / "out", formats=MORE)


def rows_of(folder, configuration):
    return pq.read_table(folder / configuration.path).to_pylist()


def test_every_schema_is_the_one_that_datasets_makes():
    def feature(type_):
        if isinstance(type_, list):
            return List(feature(type_[0]))
        if isinstance(type_, dict):
            return {name: feature(part) for name, part in type_.items()}
        return Value(type_)

    for one in CONFIGURATIONS:
        features = Features({column.name: feature(column.type) for column in one.columns})
        assert features.arrow_schema.equals(one.schema(), check_metadata=True)


@pytest.mark.parametrize("configuration", [DEFAULT, EVENTS, PROMPTS], ids=lambda one: one.name)
def test_json_lines_give_back_every_row(folder, configuration):
    lines = (folder / f"jsonl/{configuration.name}.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {name: value.isoformat() if name == "at" else value for name, value in row.items()}
        for row in rows_of(folder, configuration)
    ]


def test_csv_gives_back_every_row_and_holds_no_formula(folder):
    with (folder / "csv/default.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    for row, due in zip(found, rows_of(folder, DEFAULT), strict=True):
        assert row["prompt"] == ("'=HYPERLINK(1)" if due["prompt"].startswith("=") else due["prompt"])
        assert json.loads(row["quality"]) == due["quality"]
        assert json.loads(row["raw_responses"]) == due["raw_responses"]
        assert float(row["avg_rating"]) == due["avg_rating"]
    assert "'+evil" in (folder / "csv/prompts.csv").read_text()


def test_argilla_gets_records_with_the_scores_as_they_were_given(folder):
    records = json.loads((folder / "argilla/records.json").read_text())
    settings = json.loads((folder / "argilla/settings.json").read_text())
    assert [one["name"] for one in settings["questions"]] == ["quality"]
    for record, row in zip(records, rows_of(folder, DEFAULT), strict=True):
        assert record["fields"] == {"prompt": row["prompt"]}
        assert [one["value"] for one in record["responses"]["quality"]] == row["raw_responses"]
        assert [one["user_id"] for one in record["responses"]["quality"]] == [
            one["user_id"] for one in row["quality"]
        ]


def test_every_format_has_files_of_its_own():
    paths = [path for one in FORMATS for path in one.paths]
    assert len(paths) == len(set(paths))
    with pytest.raises(BadSetting, match="'pdf' is no format of a dataset; besides Parquet there are csv"):
        options(formats=["pdf"])


def test_what_somebody_took_back_is_told_without_its_score(sprint, tmp_path, clock):
    clock.forward(minutes=1)
    ada, bob = sprint.people[:2]
    ada.rates(sprint.prompts[1], None, action=Action.WITHDRAWN)
    mistaken = bob.rates(sprint.prompts[5], 1)
    bob.undoes(mistaken)
    bob.rates(sprint.prompts[4], None, action=Action.FLAGGED, reason="spam")
    folder = sprint.snapshot(tmp_path / "out")
    found = rows_of(folder, EVENTS)
    of = {(row["prompt_id"], row["user_id"], row["action"]): row for row in found}
    place = (sprint.prompts[1].prompt_id, ada.contributor.pseudonym)
    assert (of[*place, "rated"]["score"], of[*place, "withdrawn"]["is_current"]) == (None, True)
    place = (sprint.prompts[5].prompt_id, bob.contributor.pseudonym)
    assert of[*place, "rated"]["score"] is None and not of[*place, "undone"]["is_current"]
    place = (sprint.prompts[4].prompt_id, bob.contributor.pseudonym)
    assert of[*place, "flagged"]["reason"] == "spam"
    rated = {row["prompt"]: row["raw_responses"] for row in rows_of(folder, DEFAULT)}
    assert rated[sprint.prompts[1].text] == [5] and sprint.prompts[5].text not in rated
