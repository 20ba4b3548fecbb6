"""What is measured, each in a process of its own: the server, the yardstick, and those who send to them."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.outcome import Load, Outcome
from tests.conftest import ROOT
from tests.serving import START_S, Serving, environment, free_port

# Beyond the time that is measured: starting, and signing a thousand people in on a slow machine.
PATIENCE_S = 180
# Ratings a minute: faster than anybody gets here, but counted as for people.
FASTEST = 100_000


@dataclass(frozen=True)
class Server:
    """Where something listens, and the process that does."""

    port: int
    pid: int


@contextlib.contextmanager
def sprint(database: Path, **settings: object) -> Iterator[Server]:
    """`python app.py` on a store; its file is `sprint.db` in a folder of its own."""
    with Serving(database.parent, cold=True, **settings) as serving:
        yield Server(serving.port, serving.pid)


@contextlib.contextmanager
def yardstick(database: Path) -> Iterator[Server]:
    """The bare route on an empty store."""
    with _module("tests.bench.yardstick", database.parent, database) as server:
        yield server


@contextlib.contextmanager
def bare(folder: Path, size: int) -> Iterator[Server]:
    """The bare route that sends so many bytes."""
    with _module("tests.bench.bare", folder, size) as server:
        yield server


@contextlib.contextmanager
def _module(name: str, folder: Path, word: object) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", name, str(word), str(port)], cwd=ROOT, env=environment(folder)
    )
    try:
        _await_port(port, process)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _await_port(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("The yardstick did not start.")


def measure(load: Load, on_line: Callable[[dict], None] = lambda line: None) -> Outcome:
    """Put a load on a server from a process of its own.

    Args:
        on_line: Told each line in which the load says how far it is.
    """
    seconds = load.seconds + load.warm_up_s
    return Outcome(**told("tests.bench.load", asdict(load), seconds, "outcome", on_line))


def told(
    module: str, words: dict, seconds: float, what: str, on_line: Callable[[dict], None] = lambda line: None
) -> dict:
    """What a module tells that runs in a process of its own.

    Args:
        words: What it is to do.
        seconds: How long it is busy once everything is ready.
        what: The name of what it tells at last.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    killing = threading.Timer(seconds + PATIENCE_S, process.kill)
    killing.start()
    try:
        process.stdin.write(json.dumps(words) + "\n")
        process.stdin.close()
        for line in map(json.loads, process.stdout):
            if what in line:
                return line[what]
            on_line(line)
        raise SystemExit(f"The load ended with {process.wait()} and told no {what}.")
    finally:
        killing.cancel()
        process.kill()
        process.wait()
