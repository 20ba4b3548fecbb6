"""`python app.py` forked from a process that has imported it already: each start takes seconds less."""

import atexit
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT

BEGINNING = threading.Lock()
FORKING = multiprocessing.get_context("forkserver")
# Beginnings of the names of what libraries read of their environment while they are imported.
READ_AT_IMPORT = ("HF_", "GRADIO_ANALYTICS_ENABLED")
# What takes the time.
FORKING.set_forkserver_preload(["components.server"])


class Forked:
    """A process that runs `app.py` as its own, with the part of `subprocess.Popen` that tests need."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], out: Path, error: Path | None = None
    ) -> None:
        """Start it.

        Args:
            words: After `python app.py`.
            out: Where what it says is added.
            error: Where what goes wrong is, if that is another file.
        """
        said = [str(out), str(error or out)]
        self._process = FORKING.Process(target=_run, args=(list(words), dict(environment), said))
        # The first of them begins the process that forks, and with that imports what reads these. One at a time:
        # two would each put back what the other had set.
        with BEGINNING, pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                if name.startswith(READ_AT_IMPORT):
                    patch.setenv(name, value)
            self._process.start()
        # A test that was broken off must not keep the others from ending.
        atexit.register(self.kill)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Its exit code, once it has ended.

        Raises:
            subprocess.TimeoutExpired: It has not.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("app.py", timeout)
        return self._process.exitcode

    def send_signal(self, how: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, how)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _run(words: list[str], environment: dict[str, str], said: list[str]) -> None:
    for stream, path in zip((sys.stdout, sys.stderr), said, strict=True):
        with Path(path).open("ab", buffering=0) as file:
            os.dup2(file.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = ["app.py", *words]
    runpy.run_path("app.py", run_name="__main__")
