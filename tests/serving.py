"""A real server in a process of its own, on a free port, and people who talk to it over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.conftest import ROOT
from tests.forked import READ_AT_IMPORT, Forked

# Settings of the machine the tests run on must not leak into a server under test.
QUIET = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_OFFLINE": "1"}
KEPT = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "TMPDIR", "SSL_CERT_FILE")
START_S = 60
COMMAND_S = 120
SECRET = "a-secret-of-a-test-that-outlives-the-disk"


def environment(data_dir: Path, **settings: object) -> dict[str, str]:
    """What a process of the sprint gets to see of its environment."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | QUIET | {"DATA_DIR": str(data_dir)} | {name: str(value) for name, value in settings.items()}


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(data_dir: Path, *words: object, **settings: object) -> subprocess.CompletedProcess:
    """Run `python app.py ...` to its end."""
    texts = list(map(str, words))
    variables = environment(data_dir, **settings)
    if reads_at_import(settings):
        line = [sys.executable, "app.py", *texts]
        return subprocess.run(
            line, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=COMMAND_S
        )
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder) / name for name in ("out", "error")]
        code = Forked(texts, variables, *said).wait(COMMAND_S)
        return subprocess.CompletedProcess(texts, code, *(path.read_text() for path in said))


def reads_at_import(settings: Collection[str]) -> bool:
    """Whether these settings are some that libraries read while they are imported: a fork is too late for them."""
    return any(name.startswith(READ_AT_IMPORT) for name in settings)


class Serving:
    """`python app.py` on a port and folder of its own, which it keeps over a restart.

    Attributes:
        code: The folder of the code that is served: this repository's, if nothing else is said.
        cold: Whether it is to import everything itself, as it does where people run it; else it is forked.
        guests: What is to be closed before the server ends.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        code: Path = ROOT,
        cold: bool = False,
        **settings: object,
    ) -> None:
        self.data_dir = data_dir
        self.code = code
        self.cold = cold or code != ROOT or reads_at_import(settings)
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = settings
        self.guests = ExitStack()
        self._process: subprocess.Popen | Forked | None = None

    def start(self, until: str = "ok") -> "Serving":
        """Start it, and wait until it says how it is; "ok" is when people can rate."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._process = self._begin()
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if httpx.get(f"{self.address}/healthz", timeout=5).json()["status"] == until:
                    return self
            except (httpx.TransportError, ValueError):
                pass
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"The server did not start:\n{self.log()}")

    def _begin(self) -> "subprocess.Popen | Forked":
        settings = environment(self.data_dir, GRADIO_SERVER_PORT=self.port, **self.settings)
        path = self.data_dir / "server.log"
        if not self.cold:
            return Forked([], settings, path)
        with path.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "app.py"], cwd=self.code, env=settings, stdout=log, stderr=log
            )

    def log(self) -> str:
        """All that the server has said."""
        return (self.data_dir / "server.log").read_text()

    @property
    def pid(self) -> int:
        """The process that serves."""
        return self._process.pid

    def send(self, how: signal.Signals) -> None:
        """Send the process a signal, and do not wait for what comes of it."""
        self._process.send_signal(how)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the process and return its exit code."""
        self.send(how)
        try:
            return self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    def __enter__(self) -> "Serving":
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.guests.close()
        if self._process.poll() is None:
            self.stop(signal.SIGKILL)


class BackedUp(Serving):
    """A sprint whose backup is on a disk of its own, which may be taken away and put back."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.place = folder / "backup"
        self.place.mkdir()
        super().__init__(folder / "sprint", BACKUP_TO=self.place, SESSION_SECRET=SECRET, **settings)

    def take_away_backup(self) -> None:
        self.place.rename(self.place.with_name("unmounted"))

    def put_back_backup(self) -> None:
        self.place.with_name("unmounted").rename(self.place)

    def lose_disk(self) -> None:
        """End all at once, with nothing left of what the sprint kept itself."""
        self.stop(signal.SIGKILL)
        for file in self.data_dir.glob("sprint.db*"):
            file.unlink()


class Visitor(httpx.Client):
    """Somebody with a browser's cookies, who may sign in and rate."""

    def __init__(self, serving: Serving) -> None:
        super().__init__(base_url=serving.address, timeout=30)

    def signs_in(self, name: str) -> "Visitor":
        self.post("/login/local", json={"name": name}).raise_for_status()
        return self

    def asks(self, number: int = 5) -> list[dict]:
        return self.post("/api/next", json={"n": number}).raise_for_status().json()["prompts"]

    def sends(self, *events: dict) -> httpx.Response:
        return self.post("/api/ratings", json={"events": list(events)})


def rating(prompt_id: str, score: object = 4, **fields: object) -> dict:
    """An event as the page sends it."""
    return {
        "event_id": str(uuid.uuid4()),
        "prompt_id": prompt_id,
        "action": "rated",
        "score": score,
        **fields,
    }
