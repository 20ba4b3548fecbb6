"""A process of its own for what computes long: the server's threads would have to wait for it again and again."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Whoever rates comes first.
NICE = 10
# Between two words of how far it is.
REST_S = 0.2

# What is done now, and how much of how much.
OnProgress = Callable[[str, int, int], None]


class Process:
    """Runs a module of this project to its end, unless it is told to end before."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._ended = False

    def run(self, module: str, asked: Mapping, on_progress: OnProgress) -> Mapping:
        """Have a module's `work` done: a function of what is asked and how far it is; returns what it found.

        Args:
            asked: Handed over on stdin: anybody on the machine can read arguments, and there may be a password in it.
            on_progress: If that raises, the process ends.

        Raises:
            RuntimeError: It came to no end; the log has why.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", "components.agreement.process", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # A Ctrl-C in the terminal is for the server, which ends this then.
            start_new_session=True,
        )
        if self._ended:
            self._process.terminate()
        with self._process as process:
            try:
                process.stdin.write(json.dumps(asked))
                process.stdin.close()
                for line in process.stdout:
                    told = json.loads(line)
                    if "found" in told:
                        return told["found"]
                    on_progress(told["doing"], told["done"], told["total"])
            except BaseException:
                process.terminate()
                raise
        raise RuntimeError(f"{module} came to no end; it stopped with {process.returncode}.")

    def end(self) -> None:
        """Let it end now."""
        self._ended = True
        if self._process is not None:
            self._process.terminate()


def answer(module: str) -> None:
    """Be such a process: do what is asked on stdin, say in lines of JSON how far it is, and at last what was found."""
    asked = json.loads(sys.stdin.read())
    _stand_back()
    told_at = 0.0

    def on_progress(doing: str, done: int, total: int) -> None:
        nonlocal told_at
        # Not more often than anybody looks.
        if time.monotonic() - told_at > REST_S:
            told_at = time.monotonic()
            _say({"doing": doing, "done": done, "total": total})

    # Not before: numpy counts the cores when it is imported, and would take all of them.
    _say({"found": import_module(module).work(asked, on_progress)})


def _stand_back() -> None:
    """Leave the processor to others, and all cores but one."""
    os.nice(NICE)
    with contextlib.suppress(AttributeError, OSError):  # not everywhere
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _say(told: Mapping) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    answer(sys.argv[1])
