"""A Space of the Hub: its code, its variables and secrets, and how far it is with starting."""

import time
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.hf_api import RepoFile

from components.backup.hub import MISSING, HubPlace
from components.backup.hub_files import by_path, holds_file, operations
from components.errors import BadSetting, PlaceRefused, PlaceUnreachable, SprintError

LAST_LINES = 12
# A log is asked for when something went wrong, and one of a running Space has no end.
LOG_S = 20.0


@dataclass(frozen=True)
class Standing:
    """A Space as it is at one moment.

    Attributes:
        head: The newest commit of its code.
        files: Every file by its path.
        variables: Names and values.
        secrets: Names alone: nobody can read the values again.
        stage: What the Hub says it is doing, such as BUILDING.
    """

    head: str
    files: Mapping[str, RepoFile]
    variables: Mapping[str, str]
    secrets: Collection[str]
    stage: str

    def holds(self, path: str, file: Path) -> bool:
        """Whether a path has the content of a file of ours."""
        return holds_file(self.files.get(path), file)


@dataclass(frozen=True)
class Stage:
    """How far a Space is.

    Attributes:
        name: As the Hub calls it, such as BUILDING.
        commit: Of the code that this is about; empty if the Hub does not tell.
        why: What the Hub says is wrong.
    """

    name: str
    commit: str
    why: str


class Space(HubPlace):
    """One Space, that belongs to whoever the token is of."""

    sort = "Space"

    def __init__(self, name: str, token: str, endpoint: str | None = None, **named: object) -> None:
        if not token:
            raise BadSetting(
                "To deploy, set HF_TOKEN to a token of the Hub that may write (https://huggingface.co/settings/tokens)."
            )
        super().__init__(name, token, endpoint, **named)
        # Reading a log ends when it is silent for some seconds, and not with the patience of the backup.
        self._logs = HfApi(endpoint, token)

    @property
    def page(self) -> str:
        """Where it stands on the Hub."""
        return f"{self._api.endpoint}/spaces/{self.name}"

    def standing(self) -> Standing | None:
        """How it stands; None if there is none that the token may see."""
        with self._as_sentence():
            try:
                told = self._api.space_info(self.name)
            except MISSING as error:
                if error.response.status_code != 404:
                    raise
                return None
            # First what only those may see who may change it.
            variables = self._api.get_space_variables(self.name)
            secrets = self._api.get_space_secrets(self.name)
            tree = self._api.list_repo_tree(self.name, recursive=True, repo_type="space", revision=told.sha)
            return Standing(
                told.sha,
                by_path(tree),
                {name: variable.value for name, variable in variables.items()},
                frozenset(secrets),
                self._api.get_space_runtime(self.name).stage,
            )

    def create(self, sdk: str, private: bool) -> None:
        """Make it, empty."""
        with self._as_sentence():
            self._api.create_repo(self.name, repo_type="space", space_sdk=sdk, private=private, exist_ok=True)

    def set_variable(self, name: str, value: str) -> None:
        """Give a variable a value that everybody may see."""
        with self._as_sentence():
            self._api.add_space_variable(self.name, name, value)

    def set_secret(self, name: str, value: str) -> None:
        """Give a secret a value that nobody can read again."""
        with self._as_sentence():
            self._api.add_space_secret(self.name, name, value)

    def upload(self, added: Mapping[str, Path], removed: Collection[str]) -> None:
        """Change the code: all of it in one commit, or nothing."""
        with self._as_sentence(), self._uploading(f"/api/spaces/{self.name}/xet-write-token/main"):
            try:
                self._api.create_commit(
                    self.name,
                    operations(added, removed),
                    commit_message="Deploy",
                    repo_type="space",
                    parent_commit=self._api.space_info(self.name).sha,
                )
            except ValueError as error:
                says = " ".join(str(error).split())
                raise PlaceRefused(f'The Hub does not take the head of README.md: "{says}".') from error

    def restart(self) -> None:
        """Start it again."""
        with self._as_sentence():
            self._api.restart_space(self.name)

    def stage(self) -> Stage:
        """How far it is."""
        with self._as_sentence():
            told = self._api.get_space_runtime(self.name)
        return Stage(str(told.stage), told.raw.get("sha") or "", told.raw.get("errorMessage") or "")

    def head(self) -> tuple[str, str]:
        """The newest commit of the code, and the address of the page without the Hub around it."""
        with self._as_sentence():
            told = self._api.space_info(self.name)
        return told.sha, told.host or ""

    def last_lines(self, build: bool) -> list[str]:
        """The end of the log of its building, or of its running; nothing if that cannot be read."""
        end = time.monotonic() + LOG_S
        lines: deque[str] = deque(maxlen=LAST_LINES)
        try:
            with self._as_sentence():
                for line in self._logs.fetch_space_logs(self.name, build=build):
                    lines.extend(part for part in line.splitlines() if part.strip())
                    if time.monotonic() > end:
                        break
        except (PlaceRefused, PlaceUnreachable):
            pass  # what is wrong is told without it
        return list(lines)

    def _is_private(self) -> bool:
        return bool(self._api.space_info(self.name).private)

    def _answered(self, error) -> SprintError:  # noqa: ANN001
        status = error.response.status_code
        says = " ".join((error.server_message or str(error)).split())[:300]
        if status == 402:
            return PlaceRefused(
                f'The Hub makes or changes {self.title} only for an account that pays for it; it says: "{says}".'
            )
        if status == 403:
            return PlaceRefused(
                f"HF_TOKEN may not make or change {self.title}: the name is taken, or is in an account or an "
                f'organization the token may not write to; name another one, or set another token (the Hub says: "{says}").'
            )
        if status == 400:
            return PlaceRefused(f'The Hub does not take that for {self.title}; it says: "{says}".')
        return super()._answered(error)
