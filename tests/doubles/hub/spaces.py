"""Spaces of the double: variables, secrets that nobody reads again, and a building that works or does not."""

import json
import re
from dataclasses import dataclass, field

from tests.doubles.hub.exchange import Answer, Request, refused, told
from tests.doubles.hub.repositories import MOMENT, Repositories, Repository

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What a Space goes through, a stage each time somebody asks, and the log of its building and of its running.
WELL = (("BUILDING", "APP_STARTING", "RUNNING"), ("Building", "Done"), ("Prompt Sprint is open",))
BROKEN = (
    ("BUILDING", "BUILD_ERROR"),
    (*(f"Collecting package {number}" for number in range(40)), "ERROR: No matching distribution found"),
    (),
)
ENDS = (
    ("BUILDING", "APP_STARTING", "RUNTIME_ERROR"),
    ("Building", "Done"),
    ("Traceback (most recent call last):", "ModuleNotFoundError: No module named 'components'"),
)
HEADLESS = (("CONFIG_ERROR",), (), ())
EMPTY = (("NO_APP_FILE",), (), ())


@dataclass
class Space:
    """What a Space has besides its code, and how often somebody asked since it last began to start."""

    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    commit: str = ""
    asked: int = 0
    stage: str = "NO_APP_FILE"
    paused: bool = False


class Spaces:
    """Every Space."""

    def __init__(self, repositories: Repositories) -> None:
        self.repositories = repositories
        self.kept: dict[str, Space] = {}

    def variables(self, request: Request, name: str) -> Answer:
        return told({key: {"value": value} for key, value in self._at(request, name).variables.items()})

    def set_variable(self, request: Request, name: str) -> Answer:
        space = self._set(request, name, "variables")
        return told({key: {"value": value} for key, value in space.variables.items()})

    def secrets(self, request: Request, name: str) -> Answer:
        return told({key: {"updatedAt": MOMENT} for key in self._at(request, name).secrets})

    def set_secret(self, request: Request, name: str) -> Answer:
        self._set(request, name, "secrets")
        return told({})

    def runtime(self, request: Request, name: str) -> Answer:
        repository = self.repositories.at(request, "space", name)
        space = self.kept.setdefault(name, Space())
        sha = space.commit
        if space.commit != repository.head:
            # A new commit is noticed a moment later: whoever asks at once is told of the code before.
            space.commit, space.asked, stage = repository.head, 0, space.stage
        else:
            stages = self._fate(repository)[0]
            stage = stages[min(space.asked, len(stages) - 1)]
            space.asked += 1
        space.stage = stage = "PAUSED" if space.paused else stage
        wrong = "Exit code: 1" if stage == "RUNTIME_ERROR" else None
        hardware = {"current": "cpu-basic", "requested": "cpu-basic"}
        known = {"stage": stage, "hardware": hardware, "storage": None, "gcTimeout": 172800}
        return told(known | ({"sha": sha} if sha else {}) | ({"errorMessage": wrong} if wrong else {}))

    def restart(self, request: Request, name: str) -> Answer:
        space = self._at(request, name, writes=True)
        space.asked, space.paused = 0, False
        return self.runtime(request, name)

    def pause(self, request: Request, name: str) -> Answer:
        self._at(request, name, writes=True).paused = True
        return self.runtime(request, name)

    def log(self, request: Request, name: str, which: str) -> Answer:
        self._at(request, name)
        _, build, run = self._fate(self.repositories.at(request, "space", name))
        lines = build if which == "build" else run
        events = [json.dumps({"data": f"{line}\n", "timestamp": MOMENT}) for line in lines]
        body = "".join(f"data: {event}\n\n" for event in events)
        return Answer(200, body.encode(), {"Content-Type": "text/event-stream"})

    def seen_by_tests(self, request: Request, name: str) -> Answer:
        space = self.kept[name]
        return told({"variables": space.variables, "secrets": space.secrets})

    def _fate(self, repository: Repository) -> tuple:
        """What becomes of this code."""
        files = {path: self._text(repository, path) for path in ("README.md", "requirements.txt", "app.py")}
        if "sdk: gradio" not in files["README.md"]:
            return HEADLESS
        if not files["app.py"]:
            return EMPTY
        if "no-such-package" in files["requirements.txt"]:
            return BROKEN
        if "components/settings.py" not in repository.files:
            return ENDS
        return WELL

    def _text(self, repository: Repository, path: str) -> str:
        file = repository.files.get(path)
        return self.repositories.contents.by_sha256(file.sha256).decode() if file else ""

    def _set(self, request: Request, name: str, kind: str) -> Space:
        space, wanted = self._at(request, name, writes=True), request.fields()
        others = space.secrets if kind == "variables" else space.variables
        if not NAME.fullmatch(wanted["key"]) or wanted["key"] in others:
            raise refused(400, f"{wanted['key']} is no name, or is taken")
        getattr(space, kind)[wanted["key"]] = wanted["value"]
        space.asked = 0
        return space

    def _at(self, request: Request, name: str, writes: bool = False) -> Space:
        self.repositories.at(request, "space", name, writes=writes)
        if request.account is None or name.split("/")[0] not in request.account.namespaces:
            raise refused(403, "You don't have the rights to see the settings of this Space")
        return self.kept.setdefault(name, Space())
