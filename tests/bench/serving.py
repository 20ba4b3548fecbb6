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
    with Serving(database.parent, **settings) as serving:
        yield Server(serving.port, serving.pid)


@contextlib.contextmanager
def yardstick(database: Path) -> Iterator[Server]:
    """The bare route on an empty store."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.yardstick", str(database), str(port)],
        cwd=ROOT,
        env=environment(database.parent),
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
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    killing = threading.Timer(load.seconds + load.warm_up_s + PATIENCE_S, process.kill)
    killing.start()
    try:
        process.stdin.write(json.dumps(asdict(load)) + "\n")
        process.stdin.close()
        for line in map(json.loads, process.stdout):
            if "outcome" in line:
                return Outcome(**line["outcome"])
            on_line(line)
        raise SystemExit(f"The load ended with {process.wait()} and told no outcome.")
    finally:
        killing.cancel()
        process.kill()
        process.wait()
