"""Files of a repository of the Hub, compared with ours by their hashes."""

import hashlib
from typing import BinaryIO

from huggingface_hub.hf_api import RepoFile

CHUNK = 1024 * 1024


def holds(there: RepoFile, content: BinaryIO, size: int) -> bool:
    """Whether a file of a repository has this content, without fetching it."""
    if there.size != size:
        return False
    if there.lfs is not None:
        return there.lfs.sha256 == _hash(hashlib.sha256(), content)
    return there.blob_id == _hash(hashlib.sha1(b"blob %d\0" % size), content)


def _hash(digest: "hashlib._Hash", content: BinaryIO) -> str:
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
