"""Files of a repository of the Hub: compared with ours by their hashes, and what a commit does to them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from huggingface_hub import CommitOperationAdd, CommitOperationDelete
from huggingface_hub.hf_api import RepoFile, RepoFolder

CHUNK = 1024 * 1024


def holds(there: RepoFile, content: BinaryIO, size: int) -> bool:
    """Whether a file of a repository has this content, without fetching it."""
    if there.size != size:
        return False
    if there.lfs is not None:
        return there.lfs.sha256 == _hash(hashlib.sha256(), content)
    return there.blob_id == _hash(hashlib.sha1(b"blob %d\0" % size), content)


def holds_file(there: RepoFile | None, file: Path) -> bool:
    """Whether a file of a repository, if there is one, has the content of a file of ours."""
    if there is None:
        return False
    with file.open("rb") as content:
        return holds(there, content, file.stat().st_size)


def by_path(entries: Iterable[RepoFile | RepoFolder]) -> dict[str, RepoFile]:
    """The files among the entries of a repository."""
    return {entry.path: entry for entry in entries if isinstance(entry, RepoFile)}


def operations(
    added: Mapping[str, Path | bytes], removed: Collection[str]
) -> list[CommitOperationAdd | CommitOperationDelete]:
    """What a commit does that adds these files, or replaces them, and removes those."""
    return [
        *(CommitOperationAdd(path, content) for path, content in added.items()),
        *(CommitOperationDelete(path, is_folder=False) for path in removed),
    ]


def _hash(digest: "hashlib._Hash", content: BinaryIO) -> str:
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
