"""What makes a row a prompt, and what is kept of it."""

import csv
import io
import json

import numpy
import pyarrow
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.prompt_sources.comma_separated import comma_separated
from components.prompt_sources.json_lines import json_lines
from components.prompt_sources.rows import LONGEST_TEXT, Rejection, Row, prompt_of
from components.records import Prompt

NEEDED = {"prompt": "p", "source": "s", "kind": "human"}
HALF = "\ud83d"  # the first half of an emoji, which no encoding can hold


def made(**columns):
    return prompt_of(Row("row 1", NEEDED | columns))


@pytest.mark.parametrize(
    "text",
    [
        "  spaces around \n",
        "<img src=x onerror=alert(1)>",
        "{{7*7}} and ${7*7}",
        "[link](javascript:alert(1))",
        "\u202eright to left\u202c",
        "zero\u200bwidth\u200d",
        "tab\tand\r\nline\x0bbreaks\u2028",
        "\ufeffmark",
        "x" * LONGEST_TEXT,
    ],
)
def test_text_and_context_are_kept_exactly(text):
    prompt = made(prompt=text, context=text)
    assert (prompt.text, prompt.context) == (text, text)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"prompt": None}, "The prompt is empty."),
        ({"prompt": "\u200b\u2028 "}, "The prompt is empty."),
        ({"prompt": float("nan")}, "The prompt is empty."),
        ({"prompt": ["p"]}, "The prompt is not text."),
        ({"prompt": b"p"}, "The prompt is not text."),
        ({"prompt": True}, "The prompt is not text."),
        ({"prompt": "x" * (LONGEST_TEXT + 1)}, "The prompt is longer than 100,000 characters."),
        ({"prompt": "p\0"}, "The prompt holds NUL characters or halves of characters."),
        ({"context": HALF}, "The context holds NUL characters or halves of characters."),
        ({"context": {"text": "c"}}, "The context is not text."),
        ({"context": "x" * (LONGEST_TEXT + 1)}, "The context is longer than 100,000 characters."),
        ({"source": " "}, "The source is empty."),
        ({"source": 3}, "The source is not text."),
        ({"source": "x" * 501}, "The source is longer than 500 characters."),
        ({"source": HALF}, "The source holds NUL characters or halves of characters."),
        ({"kind": "robot"}, "The kind is none of human, synthetic, unknown."),
        ({"kind": None}, "The kind is none of human, synthetic, unknown."),
        ({"kind": ["human"]}, "The kind is none of human, synthetic, unknown."),
        ({"id": ["a"]}, "The id is not text."),
        ({"id": True}, "The id is not text."),
        ({"prompt_id": "x" * 501}, "The prompt_id is longer than 500 characters."),
        ({"note": HALF}, "The other columns hold halves of characters."),
        ({HALF: "note"}, "The other columns hold halves of characters."),
        ({"note": "x" * 1_000_000}, "The other columns are longer than 1,000,000 characters together."),
    ],
)
def test_a_row_that_cannot_be_kept_is_rejected_with_its_reason(columns, reason):
    assert made(**columns) == Rejection("row 1", reason)


def test_nesting_without_end_is_rejected():
    nested = []
    for _ in range(5000):
        nested = [nested]
    assert made(note=nested) == Rejection("row 1", "The row is nested too deeply.")


@pytest.mark.parametrize("kind", ["Human", " HUMAN ", "human"])
def test_a_kind_is_forgiven_its_case_and_space(kind):
    assert made(kind=kind).kind == "human"


def test_space_around_a_source_does_not_make_two_of_it():
    assert made(source=" atlas ") == made(source="atlas")


@pytest.mark.parametrize("context", [None, "", " \n", float("nan")])
def test_a_context_with_nothing_in_it_is_none(context):
    assert made(context=context).context is None


@pytest.mark.parametrize(
    ("columns", "own_id", "metadata"),
    [
        ({}, None, {}),
        ({"id": "a"}, "a", {}),
        ({"id": 7}, "7", {}),
        ({"id": 7.0}, "7", {}),
        ({"prompt_id": "b"}, "b", {}),
        ({"id": None, "prompt_id": "b"}, "b", {}),
        ({"id": "a", "prompt_id": "b"}, "a", {"prompt_id": "b"}),
    ],
)
def test_a_rows_own_id_is_text(columns, own_id, metadata):
    prompt = made(**columns)
    assert (prompt.own_id, dict(prompt.metadata)) == (own_id, metadata)


def test_two_rows_that_differ_only_in_their_own_id_stay_two():
    assert made(id="a").prompt_id != made(id="b").prompt_id


def test_values_of_other_libraries_become_plain_json():
    columns = {
        "count": numpy.int64(3),
        "share": numpy.float32(0.5),
        "vector": numpy.array([1.0, float("inf")]),
        "scalar": pyarrow.scalar("text"),
        "array": pyarrow.array([1, None]),
        "gap": numpy.float64("nan"),
        "not_a_time": numpy.datetime64("NaT"),
        "empty": "",
        "deep": {"one": (1, 2), 2: {"nothing": None}},
        "nothing": None,
    }
    assert json.loads(json.dumps(made(**columns).metadata, allow_nan=False)) == {
        "count": 3,
        "share": 0.5,
        "vector": [1.0, None],
        "scalar": "text",
        "array": [1, None],
        "empty": "",
        "deep": {"one": [1, 2], "2": {"nothing": None}},
    }


def stated(text):
    """Why a text may be rejected, seen from outside."""
    return not text.strip() or "\0" in text or not text.isprintable()


@given(st.text())
@example("a\r\nb")
@example("a\rb")
@example('"')
@example('a"b,c\n"')
@example("\ufeff")
@example("\x1c")
def test_any_text_comes_through_jsonl_unless_it_is_rejected(text):
    row = json.dumps(NEEDED | {"prompt": text}).encode()
    (found,) = json_lines(io.BytesIO(row), "a file")
    assert_kept_or_stated(prompt_of(found), text)


@given(st.text())
@example("a\r\nb")
@example("a\rb")
@example('"')
@example('a"b,c\n"')
@example("\ufeff")
@example("=1+1;\t")
def test_any_text_comes_through_csv_unless_it_is_rejected(text):
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerows([["prompt", "source", "kind"], [text, "s", "human"], ["after", "s", "human"]])
    found, after = map(prompt_of, comma_separated(io.BytesIO(written.getvalue().encode()), "a file"))
    assert_kept_or_stated(found, text)
    assert after == Prompt("after", "s", "human")


def assert_kept_or_stated(outcome, text):
    if isinstance(outcome, Prompt):
        assert outcome.text == text
    else:
        assert outcome.reason in (
            "The prompt is empty.",
            "The prompt holds NUL characters or halves of characters.",
        )
        assert stated(text)
