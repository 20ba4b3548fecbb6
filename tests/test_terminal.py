"""Progress on a terminal, and quiet where there is none."""

import os
import pty
import subprocess
import sys
import termios

from components.terminal import terminal_progress
from tests.conftest import ROOT

SHOW = """
from components.terminal import terminal_progress
with terminal_progress("folder/prompts.jsonl") as show:
    show(500_000, 1_000_000)
    show(1_000_000, 1_000_000)
"""


def test_a_log_is_not_filled_with_bars(capfd):
    with terminal_progress("prompts.jsonl") as show:
        show(1, None)
        show(2, None)
    assert capfd.readouterr() == ("", "")


def test_a_terminal_shows_file_and_share():
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 100))
    subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, stderr=end, check=True)
    os.close(end)
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert "prompts.jsonl: 100%" in shown
    assert "folder" not in shown
