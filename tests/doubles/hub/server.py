"""A double of the Hub over HTTP: what the real client asks of repositories, Spaces and buckets, and faults on demand."""

import json
import re
import socket
import struct
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.doubles.hub.buckets import Buckets
from tests.doubles.hub.contents import Contents
from tests.doubles.hub.exchange import Answer, Fault, Request, ranged, refused, told, whoami
from tests.doubles.hub.repositories import Repositories
from tests.doubles.hub.spaces import Spaces

NAME = r"([^/]+/[^/]+)"
REPOSITORY = rf"/api/(model|dataset|space)s/{NAME}"
SPACE = rf"/api/spaces/{NAME}"
BUCKET = rf"/api/buckets/{NAME}"
# What tests ask, and never goes wrong.
OF_TESTS = ("/_faults", "/_requests", "/_spaces/")
CLOSE_WITH_RESET = struct.pack("ii", 1, 0)


class World:
    """What the double knows, for as long as it runs."""

    def __init__(self, folder: Path) -> None:
        self.contents = Contents(folder)
        self.repositories = Repositories(self.contents)
        self.buckets = Buckets(self.contents)
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self.lock = threading.Lock()
        self.spaces = Spaces(self.repositories)
        at, of, space = self.repositories, self.buckets, self.spaces
        self.routes: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
            ("POST", r"/_faults", self.go_wrong),
            ("GET", r"/_requests", lambda request: told(self.requests)),
            ("GET", r"/_blobs/(\w+)", self.blob),
            ("PUT", r"/_blobs/(\w+)", self.upload),
            ("GET", rf"/_spaces/{NAME}", space.seen_by_tests),
            ("GET", r"/api/whoami-v2", whoami),
            ("GET", rf"{SPACE}/variables", space.variables),
            ("POST", rf"{SPACE}/variables", space.set_variable),
            ("GET", rf"{SPACE}/secrets", space.secrets),
            ("POST", rf"{SPACE}/secrets", space.set_secret),
            ("GET", rf"{SPACE}/runtime", space.runtime),
            ("POST", rf"{SPACE}/restart", space.restart),
            ("POST", rf"{SPACE}/pause", space.pause),
            ("GET", rf"{SPACE}/logs/(build|run)", space.log),
            ("POST", r"/api/repos/create", at.create),
            ("DELETE", r"/api/repos/delete", at.delete),
            ("POST", r"/api/validate-yaml", lambda request: told({"warnings": [], "errors": []})),
            ("GET", REPOSITORY, at.describe),
            ("GET", rf"{REPOSITORY}/revision/(.+)", at.describe),
            ("GET", rf"{REPOSITORY}/commits/([^/]+)", at.history),
            ("GET", rf"{REPOSITORY}/tree/([^/]+)", at.tree),
            ("GET", rf"{REPOSITORY}/tree/([^/]+)/(.+)", at.tree),
            ("POST", rf"{REPOSITORY}/paths-info/([^/]+)", at.paths),
            ("POST", rf"{REPOSITORY}/preupload/([^/]+)", at.modes),
            ("POST", rf"{REPOSITORY}/commit/([^/]+)", at.commit),
            ("POST", rf"{REPOSITORY}/tag/(.+)", at.tag),
            ("GET", rf"{REPOSITORY}/refs", at.refs),
            ("POST", rf"{REPOSITORY}/super-squash/([^/]+)", at.squash),
            ("PUT", rf"{REPOSITORY}/settings", at.settings),
            ("GET", rf"{REPOSITORY}/xet-(read|write)-token/([^/]+)", at.xet_token),
            ("POST", rf"/(dataset|space)s/{NAME}\.git/info/lfs/objects/batch", at.large_files),
            ("GET", rf"/(dataset|space)s/{NAME}/resolve/([^/]+)/(.+)", at.resolve),
            ("POST", BUCKET, of.create),
            ("DELETE", BUCKET, of.delete),
            ("GET", BUCKET, of.describe),
            ("GET", rf"{BUCKET}/tree", of.tree),
            ("GET", rf"{BUCKET}/tree/(.+)", of.tree),
            ("POST", rf"{BUCKET}/paths-info", of.paths),
            ("POST", rf"{BUCKET}/batch", of.batch),
            ("PUT", rf"{BUCKET}/settings", of.settings),
            ("GET", rf"{BUCKET}/xet-(read|write)-token", of.xet_token),
            ("GET", rf"/buckets/{NAME}/resolve/(.+)", of.resolve),
        )

    def answer(self, request: Request) -> Answer:
        method = "GET" if request.method == "HEAD" else request.method
        for wanted, pattern, respond in self.routes:
            match = re.fullmatch(pattern, request.path)
            if method == wanted and match:
                try:
                    with self.lock:
                        return respond(request, *match.groups())
                except Answer as answer:
                    return answer
        return refused(404, f"The double has no {method} {request.path}.")

    def fault_of(self, request: Request) -> Fault | None:
        """The fault this request meets, if any."""
        with self.lock:
            return next((fault for fault in self.faults if fault.meets(request)), None)

    def go_wrong(self, request: Request) -> Answer:
        self.faults = [Fault(**wanted) for wanted in request.fields()["faults"]]
        return told({})

    def blob(self, request: Request, digest: str) -> Answer:
        content = self.contents.by_sha256(digest)
        if content is None:
            return refused(404, "There is no such blob.")
        return ranged(request, content, {})

    def upload(self, request: Request, digest: str) -> Answer:
        kept = self.contents.keep(request.body)
        return Answer() if kept == digest else refused(400, "The content has another hash.")


class Handler(BaseHTTPRequestHandler):
    """One connection; what goes wrong on it does so here."""

    protocol_version = "HTTP/1.1"

    def __init__(self, world: World, *arguments: object) -> None:
        self.world = world
        super().__init__(*arguments)

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self._body())
        fault = None
        if not request.path.startswith(OF_TESTS):
            self.world.requests.append(f"{request.method} {request.path}")
            fault = self.world.fault_of(request)
        if fault is None:
            self._send(self.world.answer(request))
        else:
            self._go_wrong(fault, request)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_: object) -> None:
        pass

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, answer: Answer, so_much: float = 1) -> None:
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: int(len(answer.body) * so_much)])

    def _go_wrong(self, fault: Fault, request: Request) -> None:
        if fault.does == "answer":
            answer = refused(fault.status, fault.error)
            self._send(Answer(answer.status, answer.body, answer.headers | fault.headers))
        elif fault.does == "delay":
            time.sleep(fault.seconds)
            self._send(self.world.answer(request))
        elif fault.does == "storage":
            answer = self.world.answer(request)
            self._send(told(json.loads(answer.body) | {"casUrl": fault.address}))
        else:
            if fault.does == "silence":
                time.sleep(fault.seconds)
            elif fault.does == "lose":
                self.world.answer(request)
            elif fault.does == "half":
                self._send(self.world.answer(request), so_much=0.5)
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_WITH_RESET)
        # The files made of the connection keep it open until they are closed, too.
        self.rfile.close()
        self.connection.close()
        self.close_connection = True


class Server(ThreadingHTTPServer):
    """The double, a thread for each connection."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that went away is none of the double's business; anything else is."""
        if not isinstance(sys.exception(), OSError | ValueError):
            super().handle_error(*_)


class Hub:
    """A running double, as a test sees it: an address, and what goes wrong there."""

    def __init__(self, address: str) -> None:
        self.address = address

    def goes_wrong(self, *faults: Fault) -> None:
        """Let these faults happen, and none of those before."""
        body = json.dumps({"faults": [asdict(fault) for fault in faults]}).encode()
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/_faults", body, headers)).close()

    def is_well(self) -> None:
        """Let nothing go wrong any more."""
        self.goes_wrong()

    def space(self, name: str) -> dict[str, dict[str, str]]:
        """The variables and the secrets of a Space, values included."""
        with urllib.request.urlopen(f"{self.address}/_spaces/{name}") as answer:
            return json.load(answer)

    def requests(self) -> list[str]:
        """Method and path of every request so far."""
        with urllib.request.urlopen(f"{self.address}/_requests") as answer:
            return json.load(answer)


@contextmanager
def running_hub(port: int = 0) -> Iterator[Hub]:
    """Run the double in threads of this process."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        server = Server(("127.0.0.1", port), partial(Handler, World(Path(folder))))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield Hub(f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            server.server_close()
