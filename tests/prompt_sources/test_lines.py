"""Lines of any length, in little memory."""

import gzip
import io
import tracemalloc

import pytest

from components.prompt_sources.importing import import_prompts
from components.prompt_sources.lines import LONGEST_LINE, lines
from components.prompt_sources.rows import Damaged

MB = 1024 * 1024
GOOD = {
    ".jsonl": b'{"prompt": "p", "source": "s", "kind": "human"}\n',
    ".csv": b"p,s,human\n",
}
HEADER = {".jsonl": b"", ".csv": b"prompt,source,kind\n"}


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
@pytest.mark.parametrize("opening", [b"", b'"'], ids=["plain", "open quote"])
def test_an_endless_line_is_rejected_in_little_memory(ending, opening, tmp_path, store):
    path = tmp_path / f"prompts{ending}"
    with path.open("wb") as file:
        file.write(HEADER[ending] + opening)
        for _ in range(64):
            file.write(b"x" * MB)
        file.write(b"\n" + GOOD[ending])
    tracemalloc.start()
    report = import_prompts(store, str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    number = 2 if ending == ".csv" else 1
    (rejected,) = report.rejected.values()
    assert (report.added, rejected.places) == (1, [f"line {number}"])
    assert rejected.reason == "The row is longer than 16 MB."
    assert peak < 48 * MB


def test_an_endless_line_of_a_small_compressed_file_is_rejected_in_little_memory(tmp_path, store):
    path = tmp_path / "prompts.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(64):
            file.write(b"x" * MB)
    tracemalloc.start()
    report = import_prompts(store, str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.rows_rejected == 1
    assert peak < 48 * MB


def test_a_line_of_just_the_greatest_length_is_read():
    longest, longer = b"x" * LONGEST_LINE + b"\n", b"x" * (LONGEST_LINE + 1) + b"\n"
    found = list(lines(io.BytesIO(longest + longer + b"end"), "a file"))
    assert found == [(1, longest), (2, None), (3, b"end")]


def test_a_disk_that_fails_ends_the_lines_with_its_reason():
    class FailingDisk(io.RawIOBase):
        def __init__(self):
            self.answers = [b"one\ntwo\nthr"]

        def readable(self):
            return True

        def readinto(self, buffer):
            if not self.answers:
                raise OSError(5, "Input/output error")
            answer = self.answers.pop()
            buffer[: len(answer)] = answer
            return len(answer)

    remaining = lines(io.BufferedReader(FailingDisk()), "a file")
    assert [next(remaining), next(remaining)] == [(1, b"one\n"), (2, b"two\n")]
    with pytest.raises(Damaged, match="Input/output error"):
        next(remaining)
