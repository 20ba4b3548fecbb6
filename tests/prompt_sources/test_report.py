"""The import report as a person and as a program reads it."""

import json

from components.prompt_sources.report import PLACES_KEPT, ImportReport
from components.prompt_sources.rows import Rejection


def test_it_reads_as_sentences_with_the_most_frequent_reason_first():
    report = ImportReport("prompts.csv")
    report.kept({"added": 2, "already_there": 1})
    report.reject(Rejection("line 7", "The source is empty."))
    report.reject(Rejection("line 8", "The prompt is empty."))
    report.reject(Rejection("line 9", "The prompt is empty."))
    assert str(report).splitlines() == [
        "prompts.csv: 6 read, 2 added, 1 already there, 3 rejected.",
        "2 rejected (line 8, line 9): The prompt is empty.",
        "1 rejected (line 7): The source is empty.",
    ]


def test_a_million_rejections_fit_into_memory_and_on_a_screen():
    report = ImportReport("prompts.csv")
    for number in range(100_000):
        report.reject(Rejection(f"line {number}", "The prompt is empty."))
    (rejected,) = report.rejected.values()
    assert (rejected.rows, len(rejected.places)) == (100_000, PLACES_KEPT)
    assert "line 19 and 99,980 more): The prompt is empty." in str(report)


def test_copies_ratings_and_what_was_left_out_are_told():
    report = ImportReport("prompts.jsonl", left_out={"not in en": 2})
    report.kept({"added": 5, "copies": 1, "ratings": 7, "people": 3})
    assert str(report).splitlines()[1:] == [
        "1 of them say exactly what another prompt does, and are rated there only.",
        "7 ratings by 3 people came with them.",
        "2 left out: not in en.",
    ]


def test_it_is_a_json_document_too():
    report = ImportReport("prompts.csv")
    report.kept({"added": 1, "already_there": 1})
    report.reject(Rejection("line 4", "The prompt is empty."))
    assert json.loads(json.dumps(report.as_dict())) == {
        "file": "prompts.csv",
        "read": 3,
        "added": 1,
        "already_there": 1,
        "copies": 0,
        "ratings": 0,
        "people": 0,
        "left_out": {},
        "rejected": 1,
        "reasons": [{"reason": "The prompt is empty.", "rows": 1, "places": ["line 4"]}],
        "import_id": None,
    }
