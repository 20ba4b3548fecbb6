"""JSONL files as they really come: half broken."""

import gzip
import json
import random

import pytest

from components.errors import UnreadablePrompts
from tests.prompt_sources.examples import ROWS, as_jsonl


def line(prompt, **others):
    row = {"prompt": prompt, "source": "s", "kind": "human", **others}
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def test_everything_good_comes_in_and_everything_else_is_reported_with_its_line(bring, texts):
    report = bring(
        ".jsonl",
        b"".join(
            [
                line("first"),
                b"\n",
                b'{"prompt": "cut off", "sou\n',  # 3
                line("second"),
                line("Grüße").decode().encode("latin-1"),  # 5
                b'["not", "an", "object"]\n',  # 6
                line(""),  # 7
                line(" \t\u200b "),  # 8
                line("no such kind", kind="robot"),  # 9
                b'{"prompt": "no source", "kind": "human"}\n',  # 10
                b'{"source": "s", "kind": "human"}\n',  # 11
                b'{"prompt": "no kind", "source": "s"}\n',  # 12
                line("x" * 1_000_000),  # 13
                line(["a", "list"]),  # 14
                line(7),  # 15
                line("a NUL \0"),  # 16
                b'{"prompt": "half \\ud83d", "source": "s", "kind": "human"}\n',  # 17
                line("first"),  # 18
                b"[" * 100_000 + b"\n",  # 19
                b"   \t \n",
                b'{"prompt": "huge", "source": "s", "kind": "human", "n": ' + b"9" * 5000 + b"}\n",  # 21
                line("last, without a line end").strip(),
            ]
        ),
    )
    assert texts() == ["first", "last, without a line end", "second"]
    assert (report.read, report.added, report.already_there, report.rows_rejected) == (20, 3, 1, 16)
    assert {rejected.reason: rejected.places for rejected in report.rejected.values()} == {
        "The line is not JSON.": ["line 3", "line 21"],
        "The row is not UTF-8.": ["line 5"],
        "The line is JSON, but not an object with columns.": ["line 6"],
        "The prompt is empty.": ["line 7", "line 8"],
        "The kind is none of human, synthetic, unknown.": ["line 9"],
        "The column `source` is missing.": ["line 10"],
        "The column `prompt` is missing.": ["line 11"],
        "The column `kind` is missing.": ["line 12"],
        "The prompt is longer than 100,000 characters.": ["line 13"],
        "The prompt is not text.": ["line 14", "line 15"],
        "The prompt holds NUL characters or halves of characters.": ["line 16", "line 17"],
        "The row is nested too deeply.": ["line 19"],
    }


def test_a_byte_order_mark_and_windows_line_ends_are_fine(bring, texts):
    mark = "\ufeff".encode()
    windows = as_jsonl(ROWS[:2]).replace(b"\n", b"\r\n")
    assert bring(".jsonl", mark + windows + mark + as_jsonl(ROWS[2:])).added == 4
    assert 'Say "hello",\nthen wave.' in texts()


def test_utf_16_is_one_sentence(bring):
    with pytest.raises(UnreadablePrompts, match="UTF-16.*UTF-8"):
        bring(".jsonl", as_jsonl(ROWS).decode().encode("utf-16"))


def test_a_name_that_hides_the_compression_is_one_sentence(bring):
    with pytest.raises(UnreadablePrompts, match=r"gzip; add \.gz"):
        bring(".jsonl", gzip.compress(as_jsonl(ROWS)))
    with pytest.raises(UnreadablePrompts, match=r"not compressed.*\.gz off"):
        bring(".jsonl.gz", as_jsonl(ROWS))


@pytest.mark.parametrize("ending", [".jsonl.gz", ".csv.gz"])
def test_of_a_cut_off_gzip_nothing_comes_in(ending, bring, texts):
    rows = [line(f"Prompt {number:05}") for number in range(3000)]
    if ending == ".csv.gz":
        rows = [b"prompt,source,kind\n", *(b"Prompt %05d,s,human\n" % number for number in range(3000))]
    packed = gzip.compress(b"".join(rows))
    with pytest.raises(UnreadablePrompts, match=r"further than line \d+ \(it is damaged or cut off\)"):
        bring(ending, packed[: len(packed) // 2])
    assert texts() == []


def test_of_a_damaged_gzip_nothing_comes_in(bring, texts):
    packed = bytearray(gzip.compress(b"".join(line(f"Prompt {number}") for number in range(10_000))))
    half = len(packed) // 2
    packed[half:] = random.Random(0).randbytes(len(packed) - half)
    with pytest.raises(UnreadablePrompts, match="nothing of it was brought in"):
        bring(".jsonl.gz", bytes(packed))
    assert texts() == []


def test_a_gzip_damaged_from_its_beginning_says_so(bring):
    with pytest.raises(UnreadablePrompts, match=r"could not be read \(it is damaged or cut off\)"):
        bring(".jsonl.gz", b"\x1f\x8b\x08" + b"\xff" * 100)


def test_compressed_parts_that_were_put_together_are_one_file(bring):
    parts = gzip.compress(as_jsonl(ROWS[:2])) + gzip.compress(as_jsonl(ROWS[2:]))
    report = bring(".jsonl.gz", parts)
    assert report.added == 4
