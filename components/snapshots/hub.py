"""A dataset repository of the Hub that snapshots are pushed to: read at one commit, changed by one commit."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.hf_api import RepoFile

from components.backup.hub import CONFLICTS, HubPlace, answer_was_lost
from components.backup.hub_files import by_path, holds_file, operations
from components.errors import BadSetting, PlaceRefused, PlaceUnreachable, SprintError

NUMBERED = re.compile(r"v([1-9]\d*)")


@dataclass(frozen=True)
class Standing:
    """A repository as it stands at one commit.

    Attributes:
        head: The newest commit.
        files: Every file by its path.
        tags: Names of all tags.
    """

    head: str
    private: bool
    files: Mapping[str, RepoFile]
    tags: Collection[str]

    def holds(self, path: str, file: Path) -> bool:
        """Whether a path has the content of a file of ours, told by its hash."""
        return holds_file(self.files.get(path), file)

    @property
    def next_number(self) -> int:
        """The number of the next version."""
        numbers = [int(match[1]) for tag in self.tags if (match := NUMBERED.fullmatch(tag))]
        return max(numbers, default=0) + 1


class Moved(Exception):
    """Somebody else committed in between, or the answer was lost: look again.

    Attributes:
        sentence: What to say if that goes on.
        may_be_done: Whether the commit may have come through.
    """

    def __init__(self, sentence: SprintError, may_be_done: bool) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.may_be_done = may_be_done


class Repository(HubPlace):
    """One dataset of the Hub."""

    sort = "dataset"

    def __init__(self, name: str, token: str, endpoint: str | None = None, **named: object) -> None:
        """Prepare; nothing is asked yet.

        Raises:
            BadSetting: It is no name of a repository.
        """
        if not token:
            raise BadSetting("To push a dataset, set HF_TOKEN to a token of the Hub that may write to it.")
        super().__init__(name, token, endpoint, **named)

    @property
    def address(self) -> str:
        """Where people see it."""
        return f"{self._api.endpoint}/datasets/{self.name}"

    def standing(self) -> Standing | None:
        """How it stands; None if there is none that the token may see."""
        with self._as_sentence():
            try:
                details = self._api.dataset_info(self.name)
            except RepositoryNotFoundError as error:
                if error.response.status_code != 404:
                    raise
                return None
            files = by_path(
                self._api.list_repo_tree(self.name, recursive=True, repo_type="dataset", revision=details.sha)
            )
            refs = self._api.list_repo_refs(self.name, repo_type="dataset")
            return Standing(details.sha, bool(details.private), files, {tag.name for tag in refs.tags})

    def make(self, private: bool) -> None:
        """Make it; one that is there already stays as it is."""
        with self._as_sentence():
            self._api.create_repo(self.name, repo_type="dataset", private=private, exist_ok=True)

    def show_to(self, private: bool) -> None:
        """Make it private, or public."""
        with self._as_sentence():
            self._api.update_repo_settings(self.name, repo_type="dataset", private=private)

    def text(self, path: str, commit: str) -> str:
        """What a small file holds at a commit."""
        with self._as_sentence():
            return self._fetch(f"/datasets/{self.name}/resolve/{commit}/{path}").decode("utf-8", "replace")

    def download(self, path: str, commit: str, folder: Path) -> Path:
        """Put a file as it was at a commit into a folder."""
        with self._as_sentence():
            return Path(
                self._api.hf_hub_download(
                    self.name, path, repo_type="dataset", revision=commit, local_dir=folder
                )
            )

    def commit(self, head: str, added: Mapping[str, Path], removed: Collection[str], message: str) -> str:
        """Make one commit onto the newest one: all of it, or none. Returns its id.

        Raises:
            Moved: That is not the newest any more, or nobody knows whether it came through.
        """
        with self._as_sentence():
            try:
                with self._uploading(f"/api/datasets/{self.name}/xet-write-token/main"):
                    done = self._api.create_commit(
                        self.name,
                        operations(dict(sorted(added.items())), sorted(removed)),
                        commit_message=message,
                        repo_type="dataset",
                        parent_commit=head,
                    )
            except HfHubHTTPError as error:
                status = error.response.status_code
                if status in CONFLICTS or status == 429 or answer_was_lost(error):
                    raise Moved(self._answered(error), answer_was_lost(error)) from error
                raise
            return done.oid

    def tag(self, name: str, commit: str) -> None:
        """Give a commit a name that stays."""
        with self._as_sentence():
            self._api.create_tag(self.name, tag=name, revision=commit, repo_type="dataset", exist_ok=True)

    def _answered(self, error: HfHubHTTPError) -> SprintError:
        status = error.response.status_code
        if isinstance(error, RepositoryNotFoundError) and status == 404:
            return PlaceRefused(
                f"There is no dataset {self.name} that HF_TOKEN may write to: check the name, or set another token."
            )
        if status == 400:
            says = " ".join((error.server_message or str(error)).split())[:300]
            return PlaceRefused(f'{self._title()} does not take the snapshot; the Hub says: "{says}".')
        return super()._answered(error)


def lost(error: PlaceUnreachable) -> bool:
    """Whether what was asked for may have been done nevertheless: no answer came."""
    cause = error.__cause__
    return cause is not None and answer_was_lost(cause)
