"""The command line: words in, words out, an exit code that a script can trust."""

import pytest

from tests.serving import command


@pytest.mark.parametrize("words", [("import", "no-such-file.jsonl"), ("snapshot",), ("nonsense",)])
def test_a_command_that_cannot_be_done_says_so_in_words(tmp_path, words):
    ended = command(tmp_path, *words)
    assert ended.returncode != 0 and ended.stderr and "Traceback" not in ended.stderr
