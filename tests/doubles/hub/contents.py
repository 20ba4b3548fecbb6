"""What files on the double hold: plain blobs, and what the real Xet client stored in a folder."""

import hashlib
import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import hf_xet

# Layout of a Xet shard: a header, then files; each a header and as many entries, and more if flags say so.
SHARD_HEADER = 48
ENTRY = 48
VERIFIED, WITH_SHA256 = 1 << 31, 1 << 30
END_OF_FILES = b"\xff" * 32
# So long a client may take from announcing a file until all of it can be read.
PATIENCE_S = 20.0


class Contents:
    """Bytes by their hashes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storages = count()
        self._shards: set[Path] = set()
        self._by_sha256: dict[str, bytes] = {}
        self._by_xet_hash: dict[str, bytes] = {}

    def new_storage(self) -> str:
        """An address for the Xet client to upload to, which it takes in the place of a server's.

        It is a folder for this upload alone, since the client locks it for as long as it likes.
        """
        return f"local://{self._folder / str(next(self._storages))}"

    def keep(self, content: bytes) -> str:
        """Keep bytes; gives their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self._by_sha256[digest] = content
        return digest

    def by_sha256(self, digest: str) -> bytes | None:
        """What has this SHA-256, however it was uploaded."""
        return self._found(self._by_sha256, digest)

    def by_xet_hash(self, xet_hash: str) -> bytes | None:
        """What the Xet client stored under this hash."""
        return self._found(self._by_xet_hash, xet_hash)

    def _found(self, known: dict[str, bytes], digest: str) -> bytes | None:
        until = time.monotonic() + PATIENCE_S
        while digest not in known and not self._take_in() and time.monotonic() < until:
            time.sleep(0.05)
        return known.get(digest)

    def _take_in(self) -> bool:
        """Read what was uploaded since; says whether that was all there is, with nothing still on its way."""
        all_there = True
        for shard in set(self._folder.glob("*/xet/xorbs/shards/*.mdb")) - self._shards:
            files = dict(_files_of(shard.read_bytes()))
            contents = {of: _read(shard.parents[3], of, size) for of, size in files.items()}
            if any(len(content) != files[of] for of, content in contents.items()):
                all_there = False
                continue
            self._shards.add(shard)
            self._by_xet_hash |= contents
            for content in contents.values():
                self.keep(content)
        return all_there


def _read(storage: Path, xet_hash: str, size: int) -> bytes:
    """What is there of a file, which is not all of it as long as the client writes."""
    if not size:
        return b""
    with tempfile.TemporaryDirectory() as copy:
        # The client still has the original locked.
        shutil.copytree(storage, copy, dirs_exist_ok=True)
        group = hf_xet.XetSession().new_download_stream_group(
            endpoint=f"local://{copy}", token="double", token_expiry_unix_secs=int(time.time()) + 3600
        )
        return b"".join(group.download_stream(hf_xet.XetFileInfo(xet_hash, size)))


def _files_of(shard: bytes) -> Iterator[tuple[str, int]]:
    """Xet hash and size of every file a shard tells of."""
    at = SHARD_HEADER
    while shard[at : at + 32] != END_OF_FILES:
        xet_hash = _hexadecimal(shard[at : at + 32])
        flags, entries = struct.unpack_from("<II", shard, at + 32)
        at += ENTRY
        size = sum(struct.unpack_from("<I", shard, at + number * ENTRY + 36)[0] for number in range(entries))
        at += ENTRY * entries * (2 if flags & VERIFIED else 1)
        at += ENTRY if flags & WITH_SHA256 else 0
        yield xet_hash, size


def _hexadecimal(stored: bytes) -> str:
    return "".join(f"{word:016x}" for word in struct.unpack("<4Q", stored))
