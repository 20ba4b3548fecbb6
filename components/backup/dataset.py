"""A private dataset of the Hub as the place of a backup: one commit every few minutes."""

import logging
import random
import time
from collections.abc import Collection, Mapping
from io import BytesIO
from urllib.parse import quote

from huggingface_hub.errors import RevisionNotFoundError
from huggingface_hub.hf_api import RepoFile

from components.backup.hub import CONFLICTS, FAILURES, HubPlace, answer_was_lost
from components.backup.hub_files import by_path, holds, operations
from components.errors import PlaceUnreachable

log = logging.getLogger(__name__)

# Others that commit in between let a commit fail; so often it is made again at once.
ATTEMPTS = 5
# What the Hub puts into each new repository itself.
NOT_OURS = (".gitattributes",)
# A history is squashed when it holds what was removed, or is long; but not more often than this.
SQUASH_AGAIN_S = 3600.0
LONG_HISTORY = 200
NAMES_AT_ONCE = 500


class Dataset(HubPlace):
    """Files in a private dataset repository; every write is one commit onto the newest one, or none."""

    sort = "dataset"
    every_s = 180.0
    look_s = 0.0

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        # Not known of what was there before; so the first write of a process squashes.
        self._commits = LONG_HISTORY
        self._squashed_at: float | None = None

    def names(self, prefix: str = "") -> list[str]:
        """Every file whose name begins so."""
        with self._as_sentence():
            self._open()
            # One commit, listed whole, and chosen from here: no answer about a part is then taken for "nothing".
            found = self._api.list_repo_tree(
                self.name, recursive=True, repo_type="dataset", revision=self._head()
            )
            paths = (entry.path for entry in found if isinstance(entry, RepoFile))
            return sorted(path for path in paths if path.startswith(prefix) and path not in NOT_OURS)

    def read(self, name: str) -> bytes:
        """What a file holds."""
        with self._as_sentence():
            self._open()
            return self._fetch(f"/datasets/{self.name}/resolve/main/{quote(name)}")

    def write(self, files: Mapping[str, bytes]) -> None:
        """Keep new files, all at once."""
        with self._as_sentence():
            self._open()
            self._commit(added=files)
            self._squash_when_due()

    def remove(self, names: Collection[str]) -> None:
        """Remove files, soon from the history, too."""
        with self._as_sentence():
            self._open()
            self._commit(removed=names)
            self._commits += LONG_HISTORY
            self._squash_when_due()

    def _is_private(self) -> bool:
        return bool(self._api.dataset_info(self.name).private)

    def _create(self) -> None:
        self._api.create_repo(self.name, repo_type="dataset", private=True)

    def _head(self) -> str:
        return self._api.dataset_info(self.name).sha

    def _commit(self, added: Mapping[str, bytes] | None = None, removed: Collection[str] = ()) -> None:
        """Make one commit, onto a state of the repository that was looked at."""
        failed: Exception | None = None
        for attempt in range(ATTEMPTS):
            time.sleep(random.uniform(0.05, 0.25) * attempt)
            head = self._head()
            try:
                left = self._operations(head, added or {}, removed)
            except RevisionNotFoundError as error:
                # Another process squashed the history just now.
                failed = error
                continue
            if not left:
                return
            # A commit whose answer was lost and which is not there did fail.
            if failed is not None and answer_was_lost(failed):
                break
            try:
                self._send(head, left)
                self._commits += 1
                return
            except FAILURES as error:
                failed = error
                status = getattr(getattr(error, "response", None), "status_code", None)
                if status not in CONFLICTS and not answer_was_lost(error):
                    break
        raise failed

    def _operations(self, head: str, added: Mapping[str, bytes], removed: Collection[str]) -> list:
        """What is left to do at a commit.

        Raises:
            PlaceUnreachable: A file to be added is there with another content.
        """
        names = [*added, *removed]
        there: dict[str, RepoFile] = {}
        for start in range(0, len(names), NAMES_AT_ONCE):
            some = names[start : start + NAMES_AT_ONCE]
            found = self._api.get_paths_info(self.name, some, revision=head, repo_type="dataset")
            there |= by_path(found)
        for name in there.keys() & added.keys():
            if not holds(there[name], BytesIO(added[name]), len(added[name])):
                raise PlaceUnreachable(
                    f"{self._title()} already has {name}, with another content; it stays as it is."
                )
        return operations(
            {name: content for name, content in added.items() if name not in there},
            [name for name in removed if name in there],
        )

    def _send(self, head: str, operations: list) -> None:
        with self._uploading(f"/api/datasets/{self.name}/xet-write-token/main"):
            self._api.create_commit(
                self.name, operations, commit_message="Backup", repo_type="dataset", parent_commit=head
            )

    def _squash_when_due(self) -> None:
        """Make the history short; what was removed is gone only then."""
        now = self._clock()
        lately = self._squashed_at is not None and now < self._squashed_at + SQUASH_AGAIN_S
        if self._commits < LONG_HISTORY or lately:
            return
        self._squashed_at = now
        try:
            self._api.super_squash_history(self.name, repo_type="dataset", commit_message="Backup")
            self._commits = 1
        except FAILURES as error:
            # The backup itself is safe; an hour later this is tried again.
            log.warning("The history of %s was not squashed: %s", self.title, error)
